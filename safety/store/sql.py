"""
The store in a database: SQLite or PostgreSQL, the same code.

PostgreSQL runs at READ COMMITTED. That is enough: whatever two writers could both
decide on the same ground is guarded by a compare-and-set (the head of a case by its
number of messages, a partition by its progress) or by a unique key, and a writer
who waited for a row reads it again before it compares. Rows are locked in the order
of case ids, so writers that share cases wait for each other and do not deadlock.
SQLite lets one writer in at a time: a transaction takes the write lock when it begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    select,
)

from safety.errors import (
    SchemaError,
)
from safety.store import tables
from safety.store.faults import faults_of
from safety.store.transaction import SqlTransaction, insert_new

BEGIN_WRITING = {"begin": "BEGIN IMMEDIATE"}  # SQLite; see `safety.store.connect`
# A unit of work looks up keys only. PostgreSQL would read whole tables for it as long as it has
# no statistics, which is when a backfill runs.
ONLY_KEYS = "SET LOCAL enable_seqscan = off"
MIGRATING = 0x50_56_53_41_46_45  # "PVSAFE": PostgreSQL's advisory lock: who migrates has it alone
STREAMED = 500  # rows in memory at a time
STREAM = {"stream_results": True, "yield_per": STREAMED}


class SqlStore:
    """
    A database; `safety.store.open_store` makes one.

    Args:
        engine: Connections to it.

        version: The version of the tables that this software may write to; None to write whatever
            it is, as who makes the tables must.

    Attributes:
        place: The database as it may be named in a message: no password.
    """

    def __init__(self, engine: Engine, *, version: str | None = None) -> None:
        self._engine = engine
        self._version = version
        self.place = place_of(engine.url)

    @property
    def dialect(self) -> str:
        """Which kind of database: sqlite or postgresql."""
        return self._engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """
        Begin a unit of work; it is stored when the block ends, an exception undoes it.

        Raises:
            StoreUnavailableError: The database cannot be reached, is locked, or another writer
                came first; nothing of this unit is stored.
        """
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(ONLY_KEYS)
            work = SqlTransaction(connection, self.place)
            yield work
            work.finish()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """
        Give a connection in a transaction that writes.

        Raises:
            SchemaError: The tables are not those of this software any more.
        """
        with faults_of(self.place), self._engine.connect() as connection:
            connection.execution_options(**BEGIN_WRITING)
            with connection.begin():
                if self._version is not None:
                    self._keep_version(connection, self._version)
                yield connection

    def _keep_version(self, connection: Connection, version: str) -> None:
        """Let no migration begin before this transaction ends, and see that none was since."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock_shared({MIGRATING})")
        # A statement of its own: it sees what a migration did that we have just waited for.
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found != version:
            raise SchemaError(
                f"{self.place} was migrated from version {version} to {found} while this process"
                " ran; start it again with the software of that version"
            )

    @contextmanager
    def reading(self, *, snapshot: bool = False) -> Iterator[Connection]:
        """
        Give a connection in a transaction that reads.

        Args:
            snapshot: All statements see the same state (on SQLite they always do).
        """
        with faults_of(self.place), self._engine.connect() as connection:
            if snapshot and connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    def keep_knowledge(self, digest: str, parts: Mapping[str, str], *, now: datetime) -> None:
        """Record once which knowledge a digest stands for."""
        rows = [(digest, part, part_digest, now) for part, part_digest in sorted(parts.items())]
        with self.writing() as connection:
            insert_new(connection, tables.knowledge, rows)

    def dump(
        self, orders: Mapping[Table, Sequence[str]]
    ) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        """Give all rows of these tables, each table in its order, as they stand at one instant."""
        with self.reading(snapshot=True) as connection:
            for table, order in orders.items():
                asked = select(table).order_by(*(table.c[name] for name in order))
                with connection.execute(asked, execution_options=STREAM) as found:
                    for row in found.mappings():
                        yield table, dict(row)

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    def __repr__(self) -> str:
        return f"SqlStore({self.place})"


def place_of(url: URL) -> str:
    """Name a database in words that hold no password."""
    if url.get_backend_name() == "sqlite":
        return f"the SQLite database {url.database}"
    host = url.host or url.query.get("host", "localhost")
    return f"the PostgreSQL database {url.database} at {host}"
