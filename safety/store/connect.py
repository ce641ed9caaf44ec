"""
How do connections to the database behave? The only place that makes an engine.

SQLite keeps a write-ahead log beside the file, checks foreign keys, and begins its
transactions when we say so. PostgreSQL is always reached through psycopg 3.
"""

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from safety.errors import SchemaError

BUSY_SECONDS = 10.0
CONNECT_SECONDS = 10
_BREATH_S = 0.05  # between tries of what SQLite does not wait for by itself
# A network that was cut says nothing: without these a connection over it waits for a quarter of an
# hour. Seconds, but the last in milliseconds; they do nothing on a Unix socket.
KEEPALIVE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def make_engine(url: str, *, durable: bool = True, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """
    Prepare connections; none is made yet.

    Args:
        url: `sqlite:///...` or `postgresql://...`.

        durable: SQLite only, see `safety.store.open.open_store`.

        busy_seconds: SQLite only: how long to wait for another writer.

    Raises:
        SchemaError: The URL names no database that we could use.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the port is no number
        raise SchemaError(_NO_URL) from None  # the cause would quote the URL, password included
    backend = parsed.drivername.partition("+")[0]
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "application_name": "sorafenib-safety",
                **KEEPALIVE,
                **dict(parsed.query),
            },
            hide_parameters=True,
            pool_pre_ping=True,
        )
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        engine = create_engine(
            parsed.set(drivername="sqlite"),
            connect_args={"timeout": busy_seconds},
            hide_parameters=True,
        )
        _prepare_sqlite(engine, durable=durable, busy_seconds=busy_seconds)
        return engine
    raise SchemaError(_NO_URL)


_NO_URL = "the store's URL must be sqlite:///path/to/file or postgresql://user@host/database"


def _prepare_sqlite(engine: Engine, *, durable: bool, busy_seconds: float) -> None:
    """Write-ahead log, foreign keys, and transactions that begin when we say so."""

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        del record
        connection.isolation_level = None  # or the driver would begin late, and not for reads
        _write_ahead(connection, busy_seconds)
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options: dict[str, Any] = dict(connection.get_execution_options())
        connection.exec_driver_sql(options.get("begin", "BEGIN"))


def _write_ahead(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """Ask for the write-ahead log; SQLite does not wait by itself while another changes to it."""
    until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_BREATH_S)
        else:
            return
