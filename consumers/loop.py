"""
The consumer: poll, handle, store with the offset, and only then tell Kafka.

The stored offset is the truth. When partitions are assigned we seek to it; a
batch moves it by compare-and-set in the transaction that stores what the batch
decided. A consumer that lost its partitions can therefore not store late work,
and a killed one continues where its last whole batch ended.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

import structlog
from kafka import KafkaConsumer, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from consumers.bounds import QuarantineBound
from consumers.cases import CaseCache
from consumers.fate import Fate, fate_of
from consumers.gate import Gate
from consumers.handlers import Handled, Record, Tally, handle_batch, parse_all
from consumers.learned import KnowledgeOverTime
from consumers.loop_metrics import LoopMetrics
from consumers.outbox import Outbox
from consumers.positions import Positions
from consumers.telemetry import Telemetry
from safety.errors import BrokerUnavailableError, TransientError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.model import Outgoing, Partition, Progress
from schemas.parse import Message, Refused

log = structlog.get_logger(__name__)

POLL_MS = 200
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
BREATH_S = 0.1  # between polls of no use
AWAY_PAUSE_S = 0.5  # between polls while the broker is away
LOOK_EVERY_S = 5.0


@dataclass(frozen=True, slots=True)
class Limits:
    """
    How the loop behaves.

    Attributes:
        bound: When to stop because of too much quarantine.
        batch_records: Records handled in one transaction at most.
        retry_seconds: How long a transient fault is retried before it halts us.
        cases: Cases kept in memory between batches.
        gate: What a message has to pass beside its contract, such as the ICH schema.
    """

    bound: QuarantineBound
    batch_records: int
    retry_seconds: float
    cases: int
    gate: Gate | None = None


class ConsumerLoop:
    """
    One consumer of the group, single-threaded.

    Args:
        consumer: A kafka-python consumer that does not commit by itself.

        store: Where everything is kept.

        outbox: What to send with.

        knowledge: What to decide with.

        limits: Sizes, times and bounds.

        telling: What the process tells of itself.
    """

    def __init__(
        self,
        consumer: KafkaConsumer,
        store: SqlStore,
        outbox: Outbox,
        knowledge: Knowledge,
        limits: Limits,
        telling: Telemetry | None = None,
    ) -> None:
        self._consumer = consumer
        self._store = store
        self._outbox = outbox
        self._over_time = KnowledgeOverTime(knowledge)
        self._knowledge = knowledge  # as the last batch was decided with
        self._limits = limits
        self._cache = CaseCache(limits.cases)
        self._positions = Positions(consumer)
        telling = telling or Telemetry()
        self._metrics = LoopMetrics(telling)
        self._tracing = telling.tracing
        self._stopping = Event()
        self._away_since: float | None = None  # since when the broker has not been reached
        self._behind = True  # some message may wait in the outbox
        self._looked_at = 0.0
        self.tally = Tally()

    def stop(self) -> None:
        """Finish the batch at hand, then end; safe to call from a signal handler."""
        self._stopping.set()

    def run(
        self,
        topics: Sequence[str],
        *,
        idle_seconds: float | None = None,
        on_batch: Callable[[Tally], None] | None = None,
    ) -> Tally:
        """
        Consume until stopped, or until there has been nothing to read for a while.

        Args:
            topics: What to read.

            idle_seconds: End when all assigned partitions were at their end this long.

            on_batch: Called with the running counts after each batch, for a progress display.

        Returns:
            The counts of this run.
        """
        self._positions.subscribe(topics)
        busy_at = time.monotonic()
        try:
            while not self._stopping.is_set():
                polled = self._poll(POLL_MS, self._limits.batch_records)
                self._metrics.polled(self._positions.lag())
                if self._positions.stale:
                    self._patiently(self._go_to_stored_offsets)
                    continue  # what was polled began at Kafka's offset, not at ours
                if polled:
                    self._metrics.begun(polled)
                    self._handle([_record(r) for records in polled.values() for r in records])
                    busy_at = time.monotonic()
                    if on_batch is not None:
                        on_batch(self.tally)
                    continue
                self._send_left_over()
                idle = time.monotonic() - busy_at
                if self._positions.at_end() and idle_seconds is not None and idle >= idle_seconds:
                    break
        finally:
            self._consumer.close(autocommit=False)
            self._outbox.close()
        return self.tally

    def _poll(
        self, timeout_ms: int, most: int
    ) -> Mapping[TopicPartition, Sequence[ConsumerRecord]]:
        """
        Poll; while the broker cannot be reached it brings nothing.

        Raises:
            BrokerUnavailableError: It has not been reached for as long as faults are retried.
        """
        try:
            polled: Mapping[TopicPartition, Sequence[ConsumerRecord]] = self._consumer.poll(
                timeout_ms=timeout_ms, max_records=most
            )
        except KafkaError as error:
            if not error.retriable:
                raise
            self._wait_for_broker(error)
            return {}
        self._away_since = None
        return polled

    def _wait_for_broker(self, error: KafkaError) -> None:
        now = time.monotonic()
        self._away_since = self._away_since or now
        fault = BrokerUnavailableError(
            f"the broker cannot be reached ({type(error).__name__}); check that it runs, and the"
            " network between; nothing is lost"
        )
        self._metrics.failed(fault, Fate.RETRY)
        if now - self._away_since >= self._limits.retry_seconds:
            raise fault from None
        log.warning("the broker is away", error=type(error).__name__, seconds=AWAY_PAUSE_S)
        self._stopping.wait(AWAY_PAUSE_S)

    def _go_to_stored_offsets(self) -> None:
        self._cache.clear()
        self._behind = True  # who had the partitions before may not have sent what it stored
        self._positions.go_to_stored(self._load_progress)

    def _load_progress(self, partitions: Collection[Partition]) -> Mapping[Partition, Progress]:
        with self._store.transaction() as transaction:
            return transaction.progress(partitions)

    def _handle(self, records: Sequence[Record]) -> None:
        """Store a batch with its offsets, or nothing of it and go to the stored offsets again."""
        if self._positions.are_continued_by(records):
            with self._tracing.batch(records):
                with self._tracing.step("parse"):
                    parsed = parse_all(records, self._limits.gate)
                self._patiently(lambda: self._store_batch(records, parsed))

    def _patiently(self, work: Callable[[], None]) -> None:
        """
        Do what needs the database; while it fails for a passing reason, again.

        Ends without having done the work when partitions move meanwhile or we are to stop.
        """
        began = time.monotonic()
        pause = FIRST_PAUSE_S
        while True:
            try:
                work()
            except Exception as error:
                fate = fate_of(error)
                self._metrics.failed(error, fate)
                if fate is Fate.RESYNC:
                    self._positions.lost("another consumer moves an offset of ours")
                    return
                if fate is not Fate.RETRY or time.monotonic() - began >= self._limits.retry_seconds:
                    raise
                log.warning("trying again", error=type(error).__name__, seconds=pause)
            else:
                return
            if not self._wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def _wait(self, seconds: float) -> bool:
        """
        Wait and stay in the group; False if we are to stop, or partitions moved meanwhile.

        A poll keeps us in the group; what little it brings is dropped, for we go to the stored
        offsets afterwards. Pausing the partitions is not enough: kafka-python 3.0.12 keeps what
        it had fetched of a paused partition for ever, if partitions move before it is resumed.
        """
        until = time.monotonic() + seconds
        before = self._consumer.assignment()
        while not self._stopping.is_set():
            time.sleep(BREATH_S)
            self._poll(0, 1)  # once at least, however long we slept
            if time.monotonic() >= until:
                break
        self._positions.give_up()
        return not self._stopping.is_set() and self._consumer.assignment() == before

    def _store_batch(
        self, records: Sequence[Record], parsed: Sequence[tuple[Record, Message | Refused]]
    ) -> None:
        now = datetime.now(UTC)
        with self._store.transaction() as transaction:
            knowledge = self._over_time.refresh(transaction)
            if knowledge is not self._knowledge:
                self._cache.clear()  # what it holds was judged with what was known before
            with self._tracing.step("decide"):
                handled = handle_batch(
                    transaction,
                    records,
                    parsed,
                    knowledge=knowledge,
                    cache=self._cache,
                    now=now,
                )
            self._limits.bound.check(handled.parked)
            with self._tracing.step("save"):
                transaction.save(handled.batch, now=now)
            moves = self._positions.after(records, handled.tallies)
            for before, after in moves:
                transaction.advance(before, after)
        if knowledge is not self._knowledge:
            self._store.keep_knowledge(knowledge.digest, knowledge.parts(), now=now)
            self._knowledge = knowledge
        self._stored(handled, [after for _, after in moves])

    def _stored(self, handled: Handled, progress: Sequence[Progress]) -> None:
        """The batch is safe: remember, publish, and let Kafka know for its lag display."""
        self._positions.keep(progress)
        self._limits.bound.observe(handled.parked)
        for live in handled.cases.values():
            self._cache.put(live)
        for subject in handled.subjects.values():
            self._cache.subjects.put(subject)
        for tally in handled.tallies.values():
            self.tally.add(tally)
        self._metrics.stored(handled)
        with self._tracing.step("publish"):
            self._publish(handled.batch.outgoing)
        self._metrics.done(handled)
        offsets = {
            TopicPartition(each.topic, each.partition): OffsetAndMetadata(each.next_offset, "", -1)
            for each in progress
        }
        try:
            self._consumer.commit_async(offsets)
        except KafkaError as error:
            log.warning("Kafka did not take our offsets; ours count", error=type(error).__name__)

    def _publish(self, messages: Sequence[Outgoing]) -> None:
        """Send what was stored just now; behind older messages, if some of those wait."""
        try:
            if self._behind:
                self._outbox.send_left_over()
            else:
                self._outbox.send(messages)
        except TransientError as error:
            self._behind = True
            log.warning("outgoing messages wait in the outbox", error=type(error).__name__)
        else:
            self._behind = False

    def _send_left_over(self) -> None:
        """Send what waits in the outbox; if we know of none, look now and then."""
        if self._behind or time.monotonic() - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = time.monotonic()
            self._behind = True
            self._publish(())


def _record(record: ConsumerRecord) -> Record:
    return Record(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=None if record.key is None else record.key.decode(errors="replace"),
        headers={
            name: value.decode(errors="replace")
            for name, value in record.headers
            if value is not None
        },
        value=record.value,
    )
