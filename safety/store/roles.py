"""
What may the running software do in the database, and what not even it?

Tables are made by their owner, who runs `safety migrate` and nothing else. The software
runs as another role, which this module gives just what it needs: it may add to the log
and to everything that is kept for ever, but change or delete nothing of it; elsewhere it
may change only what is meant to change. Triggers refuse the same to everybody, the owner
included, until somebody takes the triggers away.

PostgreSQL only: a SQLite file belongs to whoever may write the file.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, Table

from safety.errors import SchemaError
from safety.store import desk_tables, tables
from safety.store.connect import make_engine
from safety.store.sql import SqlStore

VERSION_TABLE = "alembic_version"  # the software reads it at its start


def grant_application(url: str, role: str) -> None:
    """
    Give a role what the running software needs, and take from it what it does not.

    Args:
        url: The database, as its owner; a role that exists there.

        role: Name of the role that `safety consume`, `watch` and `desk` run as.

    Raises:
        SchemaError: It is no PostgreSQL database, or there is no such role.
        StoreUnavailableError: The database cannot be reached.
    """
    store = SqlStore(make_engine(url))
    try:
        with store.writing() as connection:
            if connection.dialect.name != "postgresql":
                raise SchemaError(f"{store.place} has no roles; only PostgreSQL has them")
            asked = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            if connection.exec_driver_sql(asked, (role,)).first() is None:
                raise SchemaError(
                    f"{store.place} has no role of this name; create it first:"
                    " CREATE ROLE name LOGIN PASSWORD '...'"
                )
            for statement in _statements(connection, role):
                connection.exec_driver_sql(statement)
    finally:
        store.close()


def _statements(connection: Connection, role: str) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    to = quote(role)
    schema = quote(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM {to}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {to}"
    yield f"REVOKE ALL ON {quote(VERSION_TABLE)} FROM {to}"
    yield f"GRANT SELECT ON {quote(VERSION_TABLE)} TO {to}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {to}"
    for table in (*tables.metadata.sorted_tables, *desk_tables.metadata.sorted_tables):
        yield f"GRANT {', '.join(rights_on(table))} ON {quote(table.name)} TO {to}"


def rights_on(table: Table) -> tuple[str, ...]:
    """
    Give the rights on a table that the software needs, beside reading.

    1. kept for ever: to add;
    2. some columns say what becomes of a row later: to add, and to change these columns;
    3. disposable, such as what is computed from the rest: to add, change and delete;
    4. any other, such as the head of a case: to add and to change.
    """
    if table.info.get("append_only"):
        return ("INSERT",)
    later = [column.name for column in table.columns if column.info.get("later")]
    if later:
        return ("INSERT", f"UPDATE ({', '.join(later)})")
    if table.info.get("disposable"):
        return ("INSERT", "UPDATE", "DELETE")
    return ("INSERT", "UPDATE")
