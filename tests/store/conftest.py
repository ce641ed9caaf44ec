"""The stores that the tests run on."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from safety.store import SqlStore, desk_tables, migrate, open_store, tables
from safety.store.memory import MemoryStore
from tests.support.postgres import PostgresServer

BUSY_SECONDS = 0.2  # how long a test waits for a lock that nobody gives up


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'safety.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "safety.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_shared(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database with the tables, which tests use one after another."""
    with postgres_server.fresh_database() as url:
        migrate(url)
        yield url


@pytest.fixture
def sqlite_store(sqlite_template: Path, sqlite_url: str) -> Iterator[SqlStore]:
    """An empty store in SQLite."""
    shutil.copy(sqlite_template, str(make_url(sqlite_url).database))
    with closing(open_store(sqlite_url, busy_seconds=BUSY_SECONDS)) as store:
        yield store


@pytest.fixture
def postgres_store(postgres_shared: str) -> Iterator[SqlStore]:
    """An empty store in PostgreSQL; making a database for each test would take most of the time."""
    with closing(open_store(postgres_shared)) as store:
        yield store
        with store.writing() as connection:
            connection.exec_driver_sql(
                "SET LOCAL session_replication_role = replica"
            )  # no triggers
            every = (*tables.metadata.sorted_tables, *desk_tables.metadata.sorted_tables)
            names = ", ".join(table.name for table in every)
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")


@pytest.fixture(params=["sqlite", "postgres"])
def sql_store(request: pytest.FixtureRequest) -> SqlStore:
    """An empty store in a database, once of each kind."""
    store: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return store


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> MemoryStore | SqlStore:
    """An empty store, once of each kind."""
    if request.param == "memory":
        return MemoryStore()
    found: SqlStore = request.getfixturevalue(f"{request.param}_store")
    return found
