"""Apache Kafka over TLS with passwords: our clients get in, others are told what to check."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consumers.service import run_consumer
from consumers.settings import load_settings
from consumers.topics import create_missing_topics
from consumers.wiring import build_admin
from desk.cli.failures import ExitCode
from safety.store import SqlStore
from tests.support.apache_kafka import ApacheKafka, Secured, needs_apache_kafka
from tests.support.brokers import put
from tests.support.certificates import make_certificates
from tests.support.consuming import SHORT_SESSION
from tests.support.reconcile import assert_all_published, assert_reconciled
from tests.support.streams import examples_in_any_order

USER, PASSWORD = "safety", "right-7c1e"

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ApacheKafka, dict[str, Any]]]:
    """A node, and the settings of who may connect."""
    needs_apache_kafka()
    folder = tmp_path_factory.mktemp("secured")
    authority, identity = make_certificates(folder, "ours")
    secured = Secured(identity, USER, PASSWORD)
    settings = {
        "kafka_bootstrap": secured.bootstrap,
        "kafka_security": "SASL_SSL",
        "kafka_ca_file": authority,
        "kafka_username": USER,
        "kafka_password": PASSWORD,
    }
    with ApacheKafka(folder / "cluster", secured=secured) as kafka:
        yield kafka, settings


class TestWhoMayConnect:
    def test_makes_topics_consumes_and_publishes(
        self, node: tuple[ApacheKafka, dict[str, Any]], sqlite_url: str, sqlite_store: SqlStore
    ) -> None:
        kafka, may = node
        settings = load_settings(database_url=sqlite_url, **may, **SHORT_SESSION)
        with closing(build_admin(settings)) as admin:
            create_missing_topics(admin, partitions=2)
        ends = put(kafka, examples_in_any_order())

        run_consumer(settings, idle_seconds=1)

        assert_reconciled(sqlite_store, ends, examples_in_any_order())
        assert_all_published(sqlite_store, kafka)


class TestWhoMayNot:
    @pytest.mark.parametrize(
        ("name", "setting"),
        [("kafka_password", "SAFETY_KAFKA_PASSWORD"), ("kafka_ca_file", "SAFETY_KAFKA_CA_FILE")],
    )
    def test_is_told_what_to_check_and_no_password(
        self, node: tuple[ApacheKafka, dict[str, Any]], tmp_path: Path, name: str, setting: str
    ) -> None:
        other, _ = make_certificates(tmp_path, "another")
        wrong = {"kafka_password": "wrong-51ab", "kafka_ca_file": other}
        told = node[1] | {name: wrong[name]}
        environment = {f"SAFETY_{key.upper()}": str(value) for key, value in told.items()}

        # A process of its own: the client leaves its connections open when it gives up.
        ended = subprocess.run(
            [sys.executable, "-c", "from desk.cli.app import main; main()", "topics", "create"],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            check=False,
        )

        assert ended.returncode == ExitCode.UNAVAILABLE, ended.stderr
        assert setting in ended.stderr
        assert told["kafka_password"] not in ended.stderr + ended.stdout
