"""
Where do we stand in each partition that is ours?

What is stored is the truth. When partitions come or go, when another consumer got
ahead of us, or when what was polled was not handled, we go to the stored offsets.
A broker that does not fit them is noticed here: one that never held what we stored,
and one that deleted what we did not read yet.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from threading import Event

import structlog
from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from consumers.handlers import Record, Tally
from safety.errors import InvariantError
from safety.store.model import Partition, Progress

log = structlog.get_logger(__name__)

BEYOND_S = 10.0  # many fetches
CONFLICTS = 20  # in a row; that many no rebalance explains
ANSWER_MS = 200

LoadProgress = Callable[[Collection[Partition]], Mapping[Partition, Progress]]

_OTHER_BROKER = (
    "this database belongs to another broker, or the topic was made anew: use the right database,"
    " or a new one"
)


class _Moves(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes that partitions came or went; called in the client's own thread."""

    def __init__(self, moved: Event) -> None:
        self._moved = moved

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        log.debug("partitions go", partitions=len(revoked))
        self._moved.set()

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        log.debug("partitions come", partitions=len(assigned))
        self._moved.set()


class Positions:
    """
    The partitions of one consumer, each with what is stored of it.

    Args:
        consumer: A kafka-python consumer that does not commit by itself.
    """

    def __init__(self, consumer: KafkaConsumer) -> None:
        self._consumer = consumer
        self._moved = Event()
        self._stored: dict[Partition, Progress | None] = {}
        self._conflicts = 0
        self._beyond_since: float | None = None

    def subscribe(self, topics: Sequence[str]) -> None:
        """Join the group of the consumer to read these topics."""
        self._consumer.subscribe(topics=list(topics), listener=_Moves(self._moved))

    @property
    def stale(self) -> bool:
        """Whether we have to go to the stored offsets before we read on."""
        return self._moved.is_set()

    def give_up(self) -> None:
        """What was polled is not handled: go to the stored offsets before reading on."""
        self._moved.set()

    def go_to_stored(self, load: LoadProgress) -> None:
        """Read what is stored of the partitions that are ours now, and go there."""
        self._moved.clear()
        assigned = sorted(self._consumer.assignment())
        try:
            stored = load([(each.topic, each.partition) for each in assigned])
        except Exception:
            self._moved.set()
            raise
        self._stored = {
            (each.topic, each.partition): stored.get((each.topic, each.partition))
            for each in assigned
        }
        try:
            for partition, progress in zip(assigned, self._stored.values(), strict=True):
                if progress is None:
                    self._consumer.seek_to_beginning(partition)
                else:
                    self._consumer.seek(partition, progress.next_offset)
        except ValueError:  # the client's word for a partition that has gone meanwhile
            self._moved.set()
        else:
            log.info("partitions assigned", partitions=len(assigned))

    def are_continued_by(self, records: Iterable[Record]) -> bool:
        """
        Tell whether records begin where the stored offsets end, in each partition.

        1. a partition that came meanwhile, or records from before: no, we have to go to the
           stored offsets; a topic that was made anew brings us back here again and again;
        2. a gap: yes, transactions and compaction leave such; but what was deleted before we
           read it is lost.

        Raises:
            InvariantError: The broker does not fit what is stored.
        """
        first: dict[Partition, int] = {}
        for record in records:
            first.setdefault((record.topic, record.partition), record.offset)
        for name, offset in first.items():
            progress = self._stored.get(name)
            if name not in self._stored or (progress and offset < progress.next_offset):
                self.lost(f"{name[0]} {name[1]} gives records from before the stored offset")
                return False
            if progress and offset > progress.next_offset:
                self._check_retention(TopicPartition(*name), progress.next_offset)
        return True

    def _check_retention(self, partition: TopicPartition, stored: int) -> None:
        begins = self._consumer.beginning_offsets([partition])[partition]
        if begins > stored:
            raise InvariantError(
                f"{partition.topic} {partition.partition} is stored up to offset {stored}, but"
                f" begins at {begins}: what was between is deleted and was never read; lengthen the"
                " topic's retention, have the senders publish it again, then set next_offset of"
                f" this partition in stream_offsets to {begins}"
            )

    def lost(self, why: str) -> None:
        """
        Our place is another's by now, or was never ours: go to the stored offsets.

        Raises:
            InvariantError: This came so often in a row that it is no rebalance.
        """
        self._conflicts += 1
        if self._conflicts > CONFLICTS:
            raise InvariantError(f"{why}, {CONFLICTS} times in a row; {_OTHER_BROKER}")
        log.warning("going to the stored offsets again")
        self._moved.set()

    def after(
        self, records: Iterable[Record], tallies: Mapping[Partition, Tally]
    ) -> list[tuple[Progress | None, Progress]]:
        """Give for each partition of a batch, by name, what is stored and what shall be."""
        next_offsets = {(each.topic, each.partition): each.offset + 1 for each in records}
        moves: list[tuple[Progress | None, Progress]] = []
        for name, next_offset in sorted(next_offsets.items()):
            before, tally = self._stored[name], tallies[name]
            known = before or Progress(*name, 0, 0, 0, 0, 0)
            moved = Progress(
                topic=name[0],
                partition=name[1],
                next_offset=next_offset,
                records=known.records + tally.records,
                accepted=known.accepted + tally.accepted,
                repeated=known.repeated + tally.repeated,
                quarantined=known.quarantined + tally.quarantined,
            )
            moves.append((before, moved))
        return moves

    def keep(self, stored: Iterable[Progress]) -> None:
        """Note what has been stored."""
        self._conflicts = 0
        self._stored |= {(each.topic, each.partition): each for each in stored}

    def lag(self) -> Mapping[Partition, int]:
        """How many records of each of our partitions are not stored yet, as of the last fetch."""
        ends = {
            name: self._consumer.highwater(TopicPartition(*name))
            for name in self._stored
            if TopicPartition(*name) in self._consumer.assignment()
        }
        stored = {name: each.next_offset if each else 0 for name, each in self._stored.items()}
        return {name: max(end - stored[name], 0) for name, end in ends.items() if end is not None}

    def at_end(self) -> bool:
        """
        Tell whether we have read all that the broker holds of our partitions.

        The end is what came with the last fetch: not every broker answers exactly when asked for
        the end of a partition. Only where none came, as for an empty partition of Apache Kafka,
        the broker is asked. Partitions move just now: we do not know.

        Raises:
            InvariantError: More is stored than the broker holds, and not only until the next
                fetch, when another consumer has just read on.
        """
        reached, beyond = bool(self._stored), ""
        for name, progress in self._stored.items():
            partition = TopicPartition(*name)
            try:
                end = self._consumer.highwater(partition)
                if end is None:
                    end = self._consumer.end_offsets([partition])[partition]
                position = self._consumer.position(partition, timeout_ms=ANSWER_MS)
            except KafkaError:
                return False
            if position is None:
                reached = False
                continue
            if progress and end < progress.next_offset:
                beyond = (
                    f"{name[0]} {name[1]} is stored up to offset {progress.next_offset}, but ends"
                    f" at {end}; {_OTHER_BROKER}"
                )
            reached = reached and position >= end
        self._check_beyond(beyond)
        return reached and not beyond

    def _check_beyond(self, beyond: str) -> None:
        if not beyond:
            self._beyond_since = None
        elif self._beyond_since is None:
            self._beyond_since = time.monotonic()
        elif time.monotonic() - self._beyond_since >= BEYOND_S:
            raise InvariantError(beyond)
