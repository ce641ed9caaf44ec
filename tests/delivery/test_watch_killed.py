"""A consumer that watches the clocks, killed again and again: each alert is told once."""

import signal
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safety.store import SqlStore, tables
from safety.store.submissions import open_duties
from schemas.topics import ALERTS
from tests.support.brokers import Broker, published, put
from tests.support.consuming import ConsumerProcess
from tests.support.dying import WATCH_MOMENTS, run_until
from tests.support.streams import examples_in_any_order
from tests.support.tables import rows_of

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

THRESHOLDS = ((1,), (1, 30), (1, 30, 365))  # days late, as the company sets them one after another


def overdue(told: Sequence[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    """Count the alerts that differ, by duty and kind."""
    return Counter((duty, kind) for duty, kind, _ in set(told) if kind == "overdue")


class TestKilledWhileWatching:
    def test_each_duty_is_told_once_a_threshold_and_none_is_left_out(
        self, topics: Broker, database_url: str, store: SqlStore, tmp_path: Path
    ) -> None:
        settings = {"database_url": database_url, "kafka_bootstrap": topics.bootstrap}
        log = tmp_path / "log"
        put(topics, examples_in_any_order())
        with ConsumerProcess(settings, log, idle_seconds=1) as consumer:
            assert consumer.wait() == 0

        for days in THRESHOLDS:
            watched = settings | {"watch_overdue": days, "watch_seconds": 1}
            for moment in WATCH_MOMENTS:
                with ConsumerProcess(
                    watched, log, run=run_until, moment=moment, signal=signal.SIGKILL, watching=True
                ) as consumer:
                    assert consumer.wait() == -signal.SIGKILL, moment
            with ConsumerProcess(watched, log, idle_seconds=1, watching=True) as consumer:
                assert consumer.wait() == 0

        late = {
            each.obligation.obligation_id: (datetime.now(UTC).date() - each.obligation.due).days
            for each in open_duties(store)
        }
        expected = {
            (duty, "overdue"): len({max(t for t in each if t <= days) for each in THRESHOLDS})
            for duty, days in late.items()
            if days >= 1
        }
        stored = [
            (r["obligation_id"], r["kind"], r["alert_id"]) for r in rows_of(store, tables.alerts)
        ]
        sent = [
            (event["data"]["obligation_id"], event["data"]["kind"], event["id"])
            for _, event in published(topics, ALERTS.name)
        ]
        assert len(expected) > 20
        assert max(expected.values()) == len(THRESHOLDS)
        assert overdue(stored) == overdue(sent) == expected
        assert len(stored) == len(set(stored))
