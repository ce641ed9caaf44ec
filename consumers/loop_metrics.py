"""What the consumer loop tells of its work, in the words of `consumers.metrics`."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from kafka import TopicPartition

from consumers import metrics
from consumers.fate import Fate
from consumers.handlers import Handled
from consumers.telemetry import Telemetry
from safety.store.model import Partition


class LoopMetrics:
    """Counts and times the batches of one loop."""

    def __init__(self, telling: Telemetry) -> None:
        self._metrics = telling.metrics
        self._pulse = telling.pulse
        self._began = 0.0
        self._oldest: float | None = None
        self._known: frozenset[Partition] = frozenset()

    def polled(self, lag: Mapping[Partition, int]) -> None:
        """The broker was asked: we are alive, and know how far behind we are."""
        self._pulse.beat()
        self._metrics.set(metrics.LAST_POLL, value=time.time())
        self._metrics.set(metrics.PARTITIONS, value=len(lag))
        if self._known != lag.keys():
            self._metrics.forget(metrics.LAG)  # partitions that went are no lag of ours
            self._known = frozenset(lag)
        for (topic, partition), records in lag.items():
            self._metrics.set(metrics.LAG, topic, str(partition), value=records)

    def begun(self, polled: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """A batch was polled; a partition's first record is its oldest."""
        self._began = time.monotonic()
        written = [records[0].timestamp for records in polled.values() if records]
        known = [each for each in written if each is not None and each > 0]
        self._oldest = min(known) / 1000 if known else None

    def failed(self, error: Exception, fate: Fate) -> None:
        """Handling failed. While it is tried again the process is well; its database is not."""
        self._pulse.beat()
        self._metrics.count(metrics.FAULTS, type(error).__name__, fate.value)

    def stored(self, handled: Handled) -> None:
        """The batch's decisions are stored."""
        if self._oldest is not None:
            self._metrics.observe(metrics.DECISION_SECONDS, time.time() - self._oldest)
        for (topic, _), tally in handled.tallies.items():
            for result in ("accepted", "repeated", "quarantined"):
                amount = getattr(tally, result)
                self._metrics.count(metrics.MESSAGES, topic, result, amount=amount)
            for reason, number in tally.reasons.items():
                self._metrics.count(metrics.QUARANTINED, reason, amount=number)
        self._metrics.count(metrics.VERSIONS, amount=len(handled.batch.versions))
        for alert in handled.batch.alerts:
            self._metrics.count(metrics.ALERTS, alert.kind)

    def done(self, handled: Handled) -> None:
        """The batch is stored, and published as far as the broker took it."""
        self._metrics.count(metrics.BATCHES)
        records = sum(tally.records for tally in handled.tallies.values())
        self._metrics.observe(metrics.BATCH_RECORDS, records)
        self._metrics.observe(metrics.BATCH_SECONDS, time.monotonic() - self._began)
