"""Several consumers share the topics: one comes, one is killed, one is late, one is to end."""

import random
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from safety.store import SqlStore
from safety.store.queries import summary_counts
from tests.support.brokers import Broker, put
from tests.support.consuming import ConsumerProcess, wait_until
from tests.support.dying import run_until
from tests.support.reconcile import assert_ended_well
from tests.support.scene import Undisturbed
from tests.support.streams import examples_in_any_order, study

pytestmark = pytest.mark.kafka


@pytest.fixture
def settings(topics: Broker, database_url: str) -> Mapping[str, Any]:
    return {
        "database_url": database_url,
        "kafka_bootstrap": topics.bootstrap,
        "batch_records": 10,
    }


def read(store: SqlStore) -> int:
    """How many records are stored."""
    return sum(each.records for each in summary_counts(store).progress)


def is_published(store: SqlStore) -> bool:
    return summary_counts(store).unpublished == 0


def end(*consumers: ConsumerProcess) -> None:
    """Ask them to end, all at once, and see that they do."""
    for consumer in consumers:
        consumer.send(signal.SIGTERM)
    assert [consumer.wait() for consumer in consumers] == [0] * len(consumers)


class TestComingAndGoing:
    def test_two_consumers_a_third_and_a_kill_give_the_tables_of_one(
        self,
        topics: Broker,
        settings: Mapping[str, Any],
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        one_at_a_time = settings["database_url"].startswith("sqlite")  # so they get on slowly
        messages = 2_000 if one_at_a_time else 5_000
        stream = [*examples_in_any_order(), *study(8, 80, messages)]
        ends = put(topics, stream)
        log = tmp_path / "log"

        with ConsumerProcess(settings, log) as first, ConsumerProcess(settings, log) as second:
            assert first.batch()
            assert second.batch()
            with ConsumerProcess(settings, log) as third:
                assert third.batch()
                assert read(store) < len(stream), "there is nothing left to fight for"
                assert first.kill() == -signal.SIGKILL
                wait_until(lambda: read(store) >= len(stream))
                wait_until(lambda: is_published(store))
                end(second, third)

        assert_ended_well(store, topics, ends, stream, undisturbed=undisturbed)


class TestRebalanceStorm:
    def test_ten_that_come_and_go_beside_one_that_stays_change_nothing(
        self,
        topics: Broker,
        settings: Mapping[str, Any],
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        chance = random.Random(520)  # noqa: S311 - moments, no secrets
        stream = [*examples_in_any_order(), *study(12, 40, 1_500)]
        ends = put(topics, stream)
        log = tmp_path / "log"

        with ConsumerProcess(settings, log) as steady:
            assert steady.batch()
            for visit in range(10):
                with ConsumerProcess(settings, log) as visitor:
                    time.sleep(chance.uniform(0.1, 2))  # some leave before they have joined
                    if visit % 2:
                        visitor.send(signal.SIGTERM)
                        visitor.wait()
            wait_until(lambda: read(store) >= len(stream))
            wait_until(lambda: is_published(store))
            end(steady)

        assert_ended_well(store, topics, ends, stream, undisturbed=undisturbed)


class TestLateConsumer:
    """Stopped for longer than its session, it wakes up with work that is another's by now."""

    def test_what_it_had_polled_is_not_stored_late(
        self,
        topics: Broker,
        settings: Mapping[str, Any],
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        stream = [*examples_in_any_order(), *study(9, 12, 300)]
        ends = put(topics, stream)
        log = tmp_path / "late"

        with ConsumerProcess(
            settings, log, run=run_until, moment="polled", signal=signal.SIGSTOP
        ) as late:
            wait_until(lambda: is_stopped(late))
            with ConsumerProcess(settings, tmp_path / "other") as other:
                wait_until(lambda: read(store) == len(stream))
                late.send(signal.SIGCONT)
                wait_until(lambda: "going to the stored offsets again" in log.read_text())
                more = study(10, 12, 300)
                ends |= put(topics, more)
                wait_until(lambda: read(store) == len(stream) + len(more))
                wait_until(lambda: is_published(store))
                end(late, other)

        assert_ended_well(store, topics, ends, [*stream, *more], undisturbed=undisturbed)

    def test_what_it_was_about_to_commit_is_stored_once(
        self,
        topics: Broker,
        settings: Mapping[str, Any],
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        stream = [*examples_in_any_order(), *study(9, 12, 100)]
        ends = put(topics, stream)
        logs = [tmp_path / "late", tmp_path / "other"]

        def assignments(log: Path) -> int:
            return log.read_text().count("partitions come") if log.exists() else 0

        with ConsumerProcess(settings, logs[1]) as other:
            wait_until(lambda: assignments(logs[1]) == 1)
            with ConsumerProcess(
                settings,
                logs[0],
                run=run_until,
                moment="offset moved, not committed",
                signal=signal.SIGSTOP,
            ) as late:
                wait_until(lambda: assignments(logs[0]) == 1 and assignments(logs[1]) == 2)
                more = study(10, 12, 500)
                ends |= put(topics, more)
                wait_until(lambda: is_stopped(late))
                # It takes over, or, where one writer locks out all others, waits for the lock.
                wait_until(
                    lambda: (
                        assignments(logs[1]) == 3 or "StoreUnavailableError" in logs[1].read_text()
                    )
                )
                late.send(signal.SIGCONT)
                wait_until(lambda: read(store) == len(stream) + len(more))
                wait_until(lambda: is_published(store))
                end(late, other)

        assert_ended_well(store, topics, ends, [*stream, *more], undisturbed=undisturbed)


def is_stopped(consumer: ConsumerProcess) -> bool:
    """Tell whether the system has stopped it; field 3 of proc_pid_stat(5)."""
    stat = Path("/proc", str(consumer.pid), "stat").read_text()
    return stat.rpartition(") ")[2].startswith("T")


class TestAskedToEnd:
    def test_sigterm_finishes_the_batch_and_leaves_the_rest_to_the_next(
        self,
        topics: Broker,
        settings: Mapping[str, Any],
        store: SqlStore,
        undisturbed: Undisturbed,
        tmp_path: Path,
    ) -> None:
        stream = [*examples_in_any_order(), *study(11, 12, 400)]
        ends = put(topics, stream)
        log = tmp_path / "log"

        with ConsumerProcess(settings, log) as consumer:
            for _ in range(3):
                assert consumer.batch()
            consumer.send(signal.SIGTERM)
            while consumer.batch():
                pass
            assert consumer.wait() == 0
        stored = read(store)
        assert stored == consumer.records, "what it counted and what it stored differ"
        assert 0 < stored < len(stream)
        assert is_published(store)

        with ConsumerProcess(settings, log, idle_seconds=1) as consumer:
            assert consumer.wait() == 0
        assert_ended_well(store, topics, ends, stream, undisturbed=undisturbed)
