"""Changing what is stored as only the owner of a database could."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from safety.store import SqlStore


@contextmanager
def behind_the_back(store: SqlStore) -> Iterator[Connection]:
    """Give a connection on which triggers and foreign keys do not guard the tables."""
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            guards = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name GLOB '*_no_*'"
            for name in connection.scalars(text(guards)).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield connection


def falsify(database: Path, statement: str) -> None:
    """Change a row behind the back of the triggers that forbid it."""
    connection = sqlite3.connect(database, isolation_level=None)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(statement)
    connection.close()
