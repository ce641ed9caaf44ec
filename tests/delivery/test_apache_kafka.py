"""Nodes of Apache Kafka that die while a consumer reads: nothing is lost, nothing counts twice."""

import random
from pathlib import Path

import pytest

from safety.store import SqlStore
from schemas.topics import TOPICS
from tests.support.apache_kafka import ApacheKafka
from tests.support.brokers import PARTITIONS, put
from tests.support.consuming import ConsumerProcess
from tests.support.reconcile import assert_ended_well
from tests.support.scene import Undisturbed
from tests.support.streams import examples_in_any_order, study

MESSAGES = 1_500
SMALL_BATCH = 10  # records: so that the nodes die in the middle of the stream
RETRY_S = 60  # a cluster that elects a leader is a passing fault
LONG_WAIT_S = 150

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


class TestALeaderDies:
    def test_each_partitions_leader_killed_in_turn_changes_nothing(
        self, sqlite_url: str, sqlite_store: SqlStore, undisturbed: Undisturbed, tmp_path: Path
    ) -> None:
        chance = random.Random(1763)  # noqa: S311 - moments, no secrets
        stream = [*examples_in_any_order(), *study(7, 40, MESSAGES - len(examples_in_any_order()))]
        with ApacheKafka(tmp_path / "cluster", nodes=3) as cluster:
            cluster.create_topics([topic.name for topic in TOPICS], PARTITIONS)
            ends = put(cluster, stream)
            settings = {
                "database_url": sqlite_url,
                "kafka_bootstrap": cluster.bootstrap,
                "batch_records": SMALL_BATCH,
                "retry_seconds": RETRY_S,
            }
            with ConsumerProcess(settings, tmp_path / "log", idle_seconds=5) as consumer:
                for partition in range(3):
                    for _ in range(chance.randint(1, 8)):
                        assert consumer.batch(), "it ended by itself"
                    leader = cluster.leader("pv.study-records", partition)
                    cluster.kill(leader)
                    assert consumer.batch(), "it did not go on without the node"
                    cluster.start(leader)
                assert consumer.wait(LONG_WAIT_S) == 0

            assert_ended_well(sqlite_store, cluster, ends, stream, undisturbed=undisturbed)


class TestTheOnlyNodeDies:
    def test_the_consumer_waits_for_it_and_goes_on(
        self, sqlite_url: str, sqlite_store: SqlStore, undisturbed: Undisturbed, tmp_path: Path
    ) -> None:
        stream = [*examples_in_any_order(), *study(9, 40, MESSAGES - len(examples_in_any_order()))]
        with ApacheKafka(tmp_path / "cluster") as kafka:
            kafka.create_topics([topic.name for topic in TOPICS], PARTITIONS)
            ends = put(kafka, stream)
            settings = {
                "database_url": sqlite_url,
                "kafka_bootstrap": kafka.bootstrap,
                "batch_records": SMALL_BATCH,
            }
            with ConsumerProcess(settings, tmp_path / "log", idle_seconds=10) as consumer:
                for _ in range(5):
                    assert consumer.batch(), "it ended by itself"
                kafka.kill(1)
                kafka.start(1)
                assert consumer.wait(LONG_WAIT_S) == 0

            assert_ended_well(sqlite_store, kafka, ends, stream, undisturbed=undisturbed)
