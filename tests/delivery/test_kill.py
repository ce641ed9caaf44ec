"""A consumer killed with SIGKILL again and again leaves the tables of one that ran undisturbed."""

import random
import signal
import time
from pathlib import Path

import pytest

from safety.store import SqlStore
from safety.store.queries import summary_counts
from tests.support.brokers import Broker, put
from tests.support.consuming import ConsumerProcess
from tests.support.dying import MOMENTS, run_until
from tests.support.reconcile import assert_ended_well
from tests.support.scene import Undisturbed
from tests.support.streams import examples_in_any_order, study

MESSAGES = 5_000
KILLS = 52
SMALL_BATCH = 6  # records: the smaller, the more there is to interrupt
MOST_BATCHES = 10  # waited for before a kill
LONGEST_NAP_S = 0.03  # until the kill; some ten batches go by on a fast machine, so that
# KILLS lives read 52 x (5 + 5) x 6 = 3,120 records on average: never the whole stream

pytestmark = pytest.mark.kafka


class TestKilledAtRandom:
    @pytest.mark.slow
    def test_fifty_kills_over_five_thousand_messages_change_nothing(
        self,
        topics: Broker,
        database_url: str,
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        chance = random.Random(2014)  # noqa: S311 - moments, no secrets
        stream = [*examples_in_any_order(), *study(3, 80, MESSAGES - len(examples_in_any_order()))]
        ends = put(topics, stream)
        settings = {
            "database_url": database_url,
            "kafka_bootstrap": topics.bootstrap,
            "batch_records": SMALL_BATCH,
        }
        log = tmp_path / "log"

        for _ in range(KILLS):
            with ConsumerProcess(settings, log) as consumer:
                for _ in range(chance.randint(0, MOST_BATCHES)):
                    assert consumer.batch(), "it ended by itself"
                time.sleep(chance.uniform(0, LONGEST_NAP_S))  # into the middle of something
                assert consumer.kill() == -signal.SIGKILL
        read = sum(each.records for each in summary_counts(store).progress)
        assert 0 < read < MESSAGES, "the last kill came after the end of the stream"
        with ConsumerProcess(settings, log, idle_seconds=1) as consumer:
            assert consumer.wait() == 0

        assert_ended_well(store, topics, ends, stream, undisturbed=undisturbed)


class TestKilledAtTheWorstMoments:
    def test_a_kill_at_each_of_them_changes_nothing(
        self,
        topics: Broker,
        database_url: str,
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        stream = [*examples_in_any_order(), *study(5, 12, 600)]
        ends = put(topics, stream)
        settings = {
            "database_url": database_url,
            "kafka_bootstrap": topics.bootstrap,
            "batch_records": SMALL_BATCH,
        }
        log = tmp_path / "log"

        for moment in MOMENTS:
            with ConsumerProcess(
                settings, log, run=run_until, moment=moment, signal=signal.SIGKILL
            ) as consumer:
                assert consumer.wait() == -signal.SIGKILL, moment
        with ConsumerProcess(settings, log, idle_seconds=1) as consumer:
            assert consumer.wait() == 0

        assert_ended_well(store, topics, ends, stream, undisturbed=undisturbed)
