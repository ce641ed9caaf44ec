"""Does the database guard what is kept for ever, and does its clock agree with ours?"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from safety.store import tables
from safety.store.parked import ParkedState
from safety.store.sql import SqlStore

_POSTGRES_GUARDS = """
SELECT t.relname FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A')
"""
_SQLITE_GUARDS = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
_SQLITE_EACH = 2  # one trigger refuses changes, one deletions


def change_guards(store: SqlStore) -> Sequence[str]:
    """Give the append-only tables whose triggers, which refuse changes, are not in place."""
    with store.reading() as connection:
        postgres = _is_postgres(connection)
        asked = _POSTGRES_GUARDS if postgres else _SQLITE_GUARDS
        guarded = [row[0] for row in connection.exec_driver_sql(asked)]
    least = 1 if postgres else _SQLITE_EACH
    return [table.name for table in tables.APPEND_ONLY if guarded.count(table.name) < least]


def may_change_the_log(store: SqlStore) -> bool:
    """Tell whether our role in PostgreSQL could change the log, its triggers set aside."""
    with store.reading() as connection:
        if not _is_postgres(connection):
            return False
        asked = "SELECT has_table_privilege('message_log', 'UPDATE')"
        return bool(connection.exec_driver_sql(asked).scalar_one())


def clock_of(store: SqlStore) -> datetime | None:
    """Give the database's own time; None for SQLite, which has ours."""
    with store.reading() as connection:
        if not _is_postgres(connection):
            return None
        told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return told.astimezone(UTC)


def waiting(store: SqlStore) -> tuple[int, int]:
    """How many messages are parked in quarantine, and how many wait to be published."""
    parked, outbox = tables.quarantine.c.state, tables.outbox.c.published_at
    with store.reading() as connection:
        return (
            connection.scalar(select(func.count()).where(parked == ParkedState.PARKED.value)) or 0,
            connection.scalar(select(func.count()).where(outbox.is_(None))) or 0,
        )


def _is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"
