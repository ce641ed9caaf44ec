"""Open the store that a URL names, if its tables are those of this software."""

from pathlib import Path

from safety.errors import SchemaError
from safety.store.connect import BUSY_SECONDS, make_engine
from safety.store.schema import check_schema, newest
from safety.store.sql import SqlStore


def open_store(url: str, *, durable: bool = True, busy_seconds: float = BUSY_SECONDS) -> SqlStore:
    """
    Open a store.

    Args:
        url: `sqlite:///path/to/file` or `postgresql://user:password@host/database`.

        durable: SQLite only: a confirmed transaction survives a power cut, at the price of
            waiting for the disk once a batch; without, the last ones may be lost, never others.

        busy_seconds: SQLite only: how long to wait for another writer.

    Raises:
        SchemaError: The URL names no database that we could use, or its tables belong to another
            version of the software; the message says what to type.
        StoreUnavailableError: The database cannot be reached.
    """
    engine = make_engine(url, durable=durable, busy_seconds=busy_seconds)
    store = SqlStore(engine, version=newest())
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        raise SchemaError(f"{store.place} does not exist; create it with: safety migrate")
    try:
        with store.reading() as connection:
            check_schema(connection, store.place)
    except BaseException:
        store.close()
        raise
    return store
