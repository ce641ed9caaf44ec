"""
What does a running process count and time, and what may a label hold?

One closed list: a metric that is not on it cannot be written, and the page of the manual
is made from it. Labels hold names of our own making (a topic, a reason, a state, the class
of an error), never a value of a message: a value that is no plain name is written as
`other`, so no patient's data can get out this way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}|[0-9]{1,6}")
OTHER = "other"

Kind = TypeVar("Kind", Counter, Gauge)

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600)  # seconds
SIZES = (1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)  # records


class Sort(Enum):
    """How a metric behaves."""

    COUNTER = "counter"  # only grows; its name ends in _total where it is read
    GAUGE = "gauge"  # what is the case now
    HISTOGRAM = "histogram"  # how often up to each bound


@dataclass(frozen=True, slots=True)
class Metric:
    """
    One metric.

    Attributes:
        name: As Prometheus reads it, without the suffix of its sort.
        unit: Of its value: records, seconds, messages...
        labels: What its series are told apart by.
        buckets: Upper bounds of a histogram, in its unit.
    """

    name: str
    sort: Sort
    unit: str
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


def _counter(name: str, unit: str, says: str, *labels: str) -> Metric:
    return Metric(f"safety_{name}", Sort.COUNTER, unit, says, labels)


def _gauge(name: str, unit: str, says: str, *labels: str) -> Metric:
    return Metric(f"safety_{name}", Sort.GAUGE, unit, says, labels)


def _histogram(name: str, unit: str, says: str, buckets: tuple[float, ...]) -> Metric:
    return Metric(f"safety_{name}", Sort.HISTOGRAM, unit, says, (), buckets)


MESSAGES = _counter(
    "messages",
    "messages",
    "Messages read, by topic and by what became of them: accepted, repeated, quarantined.",
    "topic",
    "result",
)
QUARANTINED = _counter(
    "quarantined", "messages", "Messages put in quarantine, by reason code.", "reason"
)
BATCHES = _counter("batches", "batches", "Batches stored.")
BATCH_RECORDS = _histogram("batch_records", "records", "Records of a batch that was stored.", SIZES)
BATCH_SECONDS = _histogram(
    "batch_seconds", "seconds", "From polled to stored and published, for a batch.", FAST
)
DECISION_SECONDS = _histogram(
    "decision_seconds",
    "seconds",
    "From the time Kafka wrote a record to its decision stored; for the oldest record of a batch."
    " After a standstill it shows how long messages waited.",
    FAST,
)
VERSIONS = _counter("case_versions", "versions", "Versions of cases made.")
ALERTS = _counter("alerts", "alerts", "Alerts raised, by kind.", "kind")
FAULTS = _counter(
    "faults",
    "faults",
    "Faults met while handling, by the class of the error and its fate: retry, resync, halt.",
    "error",
    "fate",
)
LAG = _gauge(
    "consumer_lag_records",
    "records",
    "Records that the broker holds and this consumer has not stored, by partition.",
    "topic",
    "partition",
)
PARTITIONS = _gauge("consumer_partitions", "partitions", "Partitions assigned to this consumer.")
LAST_POLL = _gauge(
    "consumer_last_poll_timestamp_seconds", "seconds", "When the broker was last asked; Unix time."
)
OUTBOX_BEHIND = _gauge(
    "outbox_behind", "flag", "1 while stored messages may wait to be published, else 0."
)
PUBLISHED = _counter(
    "published", "messages", "Messages published from the outbox, by topic.", "topic"
)
DUTIES = _gauge(
    "open_duties",
    "duties",
    "Duties to report that are open at the last look of the watch, by authority and by how they"
    " stand: overdue, due_soon, later.",
    "authority",
    "standing",
)
LAST_LOOK = _gauge(
    "watch_last_look_timestamp_seconds", "seconds", "When the watch last saw all clocks; Unix time."
)
INFO = _gauge(
    "build_info",
    "flag",
    "Always 1; the version and the digest of the knowledge.",
    "version",
    "knowledge",
)

METRICS: tuple[Metric, ...] = (
    MESSAGES,
    QUARANTINED,
    BATCHES,
    BATCH_RECORDS,
    BATCH_SECONDS,
    DECISION_SECONDS,
    VERSIONS,
    ALERTS,
    FAULTS,
    LAG,
    PARTITIONS,
    LAST_POLL,
    OUTBOX_BEHIND,
    PUBLISHED,
    DUTIES,
    LAST_LOOK,
    INFO,
)


class Metrics:
    """
    The metrics of one process, each at its place on a registry of its own.

    Writing one costs about a microsecond; where nobody reads them they are harmless.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._counters = {each: self._make(Counter, each) for each in _of(Sort.COUNTER)}
        self._gauges = {each: self._make(Gauge, each) for each in _of(Sort.GAUGE)}
        self._histograms = {
            each: Histogram(
                each.name, each.says, each.labels, registry=self.registry, buckets=each.buckets
            )
            for each in _of(Sort.HISTOGRAM)
        }

    def _make(self, kind: type[Kind], metric: Metric) -> Kind:
        return kind(metric.name, metric.says, metric.labels, registry=self.registry)

    def count(self, metric: Metric, *labels: str, amount: float = 1) -> None:
        """Add to a counter, its labels in their order."""
        if amount:
            _series(self._counters[metric], labels).inc(amount)

    def set(self, metric: Metric, *labels: str, value: float) -> None:
        """Set a gauge, its labels in their order."""
        _series(self._gauges[metric], labels).set(value)

    def observe(self, metric: Metric, value: float) -> None:
        """Add a value to a histogram; a negative one, from a clock set back, counts as 0."""
        self._histograms[metric].observe(max(value, 0.0))

    def forget(self, metric: Metric) -> None:
        """Drop all series of a gauge, before those that are the case now are set."""
        self._gauges[metric].clear()


def plain_name(label: str) -> str:
    """Give a label as it may be shown: itself if it is a plain name, else `other`."""
    return label if NAME.fullmatch(label) else OTHER


def _of(sort: Sort) -> Sequence[Metric]:
    return [metric for metric in METRICS if metric.sort is sort]


def _series(made: Kind, labels: Sequence[str]) -> Kind:
    return made.labels(*(plain_name(label) for label in labels)) if labels else made
