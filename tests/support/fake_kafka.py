"""
A Kafka of one's own making, in memory: for what a real broker does not do on demand.

`FakeConsumer` and `FakeProducer` do what the loop and the outbox ask of kafka-python,
and no more. A test moves partitions, deletes records, or lets the broker fail.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kafka import ConsumerRebalanceListener, TopicPartition
from kafka.errors import KafkaTimeoutError

from consumers.handlers import Record


@dataclass(frozen=True, slots=True)
class FakeConsumerRecord:
    """One record as a consumer gives it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None
    timestamp: int = 1_400_000_000_000  # milliseconds


class FakeLog:
    """What the broker holds: each partition a list of records, some of them deleted."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self.partitions: dict[TopicPartition, list[FakeConsumerRecord]] = {}
        self.begins: dict[TopicPartition, int] = {}
        self.append(records)

    def append(self, records: Iterable[Record]) -> None:
        """Add records, each to its own partition; the offsets are ours to give."""
        for record in records:
            partition = TopicPartition(record.topic, record.partition)
            held = self.partitions.setdefault(partition, [])
            held.append(
                FakeConsumerRecord(
                    topic=record.topic,
                    partition=record.partition,
                    offset=held[-1].offset + 1 if held else 0,
                    key=None if record.key is None else record.key.encode(),
                    headers=[(name, value.encode()) for name, value in record.headers.items()],
                    value=record.value,
                )
            )

    def end(self, partition: TopicPartition) -> int:
        """The offset after the last record."""
        held = self.partitions.get(partition)
        return held[-1].offset + 1 if held else self.begins.get(partition, 0)


@dataclass
class FakeConsumer:
    """
    The one member of its group.

    Attributes:
        polls: How often it was polled.
        committed: Every offset that Kafka was told, in order.
        closed: How it was closed, as the value of `autocommit`.
        before_poll: Called with the number of the poll, before it.
    """

    log: FakeLog
    polls: int = 0
    committed: list[Mapping[TopicPartition, int]] = field(default_factory=list)
    closed: bool | None = None
    before_poll: Callable[[int], object] = int
    _positions: dict[TopicPartition, int] = field(default_factory=dict)
    _listener: ConsumerRebalanceListener | None = None
    _joining: bool = True

    def subscribe(self, topics: Sequence[str], listener: ConsumerRebalanceListener) -> None:
        del topics
        self._listener = listener

    def rebalance(self) -> None:
        """Lose all partitions and get them again at the next poll, at Kafka's own offsets."""
        assert self._listener is not None
        self._listener.on_partitions_revoked(list(self._positions))
        self._positions, self._joining = {}, True

    def poll(self, timeout_ms: int, max_records: int) -> dict[TopicPartition, list[Any]]:
        del timeout_ms
        self.before_poll(self.polls)
        self.polls += 1
        if self._joining:
            assert self._listener is not None
            known = {tp: at for told in self.committed for tp, at in told.items()}
            self._positions = {tp: known.get(tp, 0) for tp in self.log.partitions}
            self._listener.on_partitions_assigned(list(self._positions))
            self._joining = False
        found: dict[TopicPartition, list[Any]] = {}
        for partition, position in self._positions.items():
            left = max_records - sum(map(len, found.values()))
            there = [each for each in self.log.partitions[partition] if each.offset >= position]
            if there[:left]:
                found[partition] = there[:left]
                self._positions[partition] = found[partition][-1].offset + 1
        return found

    def assignment(self) -> set[TopicPartition]:
        return set(self._positions)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        if partition not in self._positions:
            raise ValueError("Unassigned partition")
        beyond = offset > self.log.end(partition) or offset < self.log.begins.get(partition, 0)
        # As Apache Kafka: out of range begins at what there is.
        self._positions[partition] = self.log.begins.get(partition, 0) if beyond else offset

    def seek_to_beginning(self, partition: TopicPartition) -> None:
        self.seek(partition, self.log.begins.get(partition, 0))

    def beginning_offsets(self, partitions: Sequence[TopicPartition]) -> dict[TopicPartition, int]:
        return {each: self.log.begins.get(each, 0) for each in partitions}

    def highwater(self, partition: TopicPartition) -> int:
        return self.log.end(partition)

    def position(self, partition: TopicPartition, timeout_ms: int) -> int:
        del timeout_ms
        return self._positions[partition]

    def commit_async(self, offsets: Mapping[TopicPartition, Any]) -> None:
        self.committed.append({each: told.offset for each, told in offsets.items()})

    def close(self, *, autocommit: bool) -> None:
        self.closed = autocommit


@dataclass
class FakeProducer:
    """
    Takes messages, or fails.

    Attributes:
        sent: Topic, key and value of what was acknowledged, in order.
        failures: How many of the next flushes fail.
    """

    sent: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    failures: int = 0
    closed: bool = False
    _waiting: list[tuple[str, bytes, bytes]] = field(default_factory=list)

    def send(self, topic: str, *, key: bytes, value: bytes, headers: object) -> "FakeProducer":
        del headers
        self._waiting.append((topic, key, value))
        return self

    def flush(self, timeout: float) -> None:
        del timeout
        waiting, self._waiting = self._waiting, []
        if self.failures:
            self.failures -= 1
            raise KafkaTimeoutError("the broker does not answer")
        self.sent += waiting

    def get(self, timeout: float) -> None:
        """What `send` returned is acknowledged: `flush` has seen to that."""

    def close(self, timeout: float) -> None:
        del timeout
        self.closed = True
