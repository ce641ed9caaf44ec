"""The loop against a broker and a database that misbehave on demand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from kafka import TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaConnectionError

from consumers import loop as looping
from consumers import positions
from consumers.bounds import QuarantineBound, QuarantineLimitError
from consumers.handlers import Record, Tally
from consumers.loop import ConsumerLoop, Limits
from consumers.outbox import Outbox
from consumers.telemetry import Telemetry
from safety.errors import (
    BrokerUnavailableError,
    InvariantError,
    OffsetConflictError,
    StoreUnavailableError,
)
from safety.store import SqlStore, migrate, tables
from safety.store.connect import make_engine
from safety.store.model import Outgoing
from safety.store.queries import summary_counts
from safety.store.transaction import SqlTransaction
from tests.support.decisions import knowledge
from tests.support.fake_kafka import FakeConsumer, FakeLog, FakeProducer
from tests.support.streams import adverse_event
from tests.support.tables import rows_of

TOPIC = "pv.adverse-events"
PARTITION = TopicPartition(TOPIC, 0)


class FaultyStore(SqlStore):
    """A database whose next transactions fail at their end."""

    def __init__(self, url: str) -> None:
        super().__init__(make_engine(url))
        self.faults: list[Exception] = []

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        with super().transaction() as work:
            yield work
            if self.faults:
                raise self.faults.pop(0)


@dataclass
class Bench:
    """A loop and all that it is connected to."""

    log: FakeLog
    consumer: FakeConsumer
    producer: FakeProducer
    store: FaultyStore
    options: dict[str, Any] = field(default_factory=dict)
    telling: Telemetry = field(default_factory=Telemetry)

    def run(self) -> ConsumerLoop:
        """Consume until all is read."""
        loop = self.loop()
        loop.run([TOPIC], idle_seconds=0)
        return loop

    def loop(self) -> ConsumerLoop:
        """Build it."""
        limits = Limits(
            bound=QuarantineBound(run=50, ratio=0.9), batch_records=3, retry_seconds=5.0, cases=100
        )
        return ConsumerLoop(
            self.consumer,
            self.store,
            Outbox(self.store, self.producer, self.telling),
            knowledge(),
            replace(limits, **self.options),
            self.telling,
        )

    def told(self, name: str, **labels: str) -> float | None:
        """What a metric says."""
        return self.telling.metrics.registry.get_sample_value(name, labels)

    def fail_after(self, polls: int, *faults: Exception) -> None:
        """Let transactions fail from a poll on: 0 joins the group, 1 and on bring batches."""
        self.consumer.before_poll = lambda number: (
            self.store.faults.extend(faults) if number == polls else None
        )

    def stored(self) -> list[str]:
        """The ids of the messages that are in the log."""
        return [row["message_id"] for row in rows_of(self.store, tables.message_log)]

    def stored_offset(self) -> int:
        """How far the partition is stored; 0 if it never was."""
        return next((each.next_offset for each in summary_counts(self.store).progress), 0)


def good(number: int) -> Record:
    """A report of a case of its own."""
    case = {"sender": "EDC", "sender_case_id": f"case-{number}"}
    value = orjson.dumps(adverse_event(f"m{number}", case=case))
    return Record(TOPIC, 0, number, f"EDC:case-{number}", {}, value)


def bad(number: int) -> Record:
    return Record(TOPIC, 0, number, None, {}, b"not JSON")


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """Seven good messages, batches of three, nothing to wait for."""
    monkeypatch.setattr(looping, "FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr(looping, "BREATH_S", 0.001)
    monkeypatch.setattr(looping, "AWAY_PAUSE_S", 0.001)
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    log = FakeLog(good(number) for number in range(7))
    found = Bench(log, FakeConsumer(log), FakeProducer(), FaultyStore(url))
    yield found
    found.store.close()


ALL = [f"m{number}" for number in range(7)]


class TestRun:
    def test_stores_all_publishes_it_and_tells_kafka(self, bench: Bench) -> None:
        loop = bench.run()

        assert bench.stored() == ALL
        assert loop.tally.accepted == 7
        assert bench.consumer.committed[-1] == {PARTITION: 7}
        assert len(bench.producer.sent) == len(rows_of(bench.store, tables.outbox)) > 7
        assert summary_counts(bench.store).unpublished == 0

    def test_leaves_the_group_without_committing_for_kafka(self, bench: Bench) -> None:
        bench.run()

        assert bench.consumer.closed is False
        assert bench.producer.closed

    def test_tells_of_each_batch(self, bench: Bench) -> None:
        told: list[int] = []
        bench.consumer.before_poll = lambda _: told.append(bench.stored_offset())

        bench.run()

        assert [offset for offset in told if offset] == [3, 6, 7]

    def test_asked_to_stop_it_finishes_the_batch_at_hand(self, bench: Bench) -> None:
        told: list[int] = []
        loop = bench.loop()

        def stop(tally: Tally) -> None:
            told.append(tally.records)
            loop.stop()

        loop.run([TOPIC], on_batch=stop)

        assert told == [3]
        assert bench.stored_offset() == 3
        assert bench.consumer.closed is False


class TestBrokerAway:
    def test_is_waited_out_wherever_it_is_polled(self, bench: Bench) -> None:
        bench.store.faults = [StoreUnavailableError("the server restarts")] * 2
        bench.consumer.before_poll = away(1, 2, 4)

        loop = bench.run()

        assert bench.stored() == ALL
        assert loop.tally.accepted == 7
        faults = {"error": "BrokerUnavailableError", "fate": "retry"}
        assert bench.told("safety_faults_total", **faults) == 3

    def test_for_too_long_ends_it_with_what_to_check(self, bench: Bench) -> None:
        bench.options["retry_seconds"] = 0.01
        bench.consumer.before_poll = away(*range(1, 1_000))

        with pytest.raises(BrokerUnavailableError, match="check that it runs"):
            bench.run()

        assert bench.consumer.closed is False

    def test_who_is_not_let_in_is_not_kept_waiting(self, bench: Bench) -> None:
        def refuse(_: int) -> None:
            raise GroupAuthorizationFailedError("group")

        bench.consumer.before_poll = refuse

        with pytest.raises(GroupAuthorizationFailedError):
            bench.run()


def away(*polls: int) -> Callable[[int], None]:
    """Let the broker be away at these polls, as kafka-python says it; an attempt counts as one."""
    attempts = count()

    def fail(_: int) -> None:
        if next(attempts) in polls:
            raise KafkaConnectionError("Connection reset by peer")

    return fail


class TestTransientFaults:
    @pytest.mark.parametrize("faults", [1, 4])
    def test_are_waited_out_and_all_is_stored_once(self, bench: Bench, faults: int) -> None:
        bench.store.faults = [StoreUnavailableError("the server restarts")] * faults

        loop = bench.run()

        assert bench.stored() == ALL
        assert loop.tally.accepted == 7
        assert bench.store.faults == []

    def test_are_waited_out_in_the_group(self, bench: Bench) -> None:
        """A consumer that does not poll is put out of its group after a while."""
        bench.store.faults = [StoreUnavailableError("the server restarts")] * 3
        left_at_polls: list[int] = []
        bench.consumer.before_poll = lambda _: left_at_polls.append(len(bench.store.faults))

        bench.run()

        assert {1, 2} & set(left_at_polls), "it did not poll between one fault and the next"

    def test_that_do_not_end_stop_it_with_nothing_stored(self, bench: Bench) -> None:
        bench.options = {"retry_seconds": 0.0}
        bench.fail_after(1, StoreUnavailableError("it is gone"))

        with pytest.raises(StoreUnavailableError, match="it is gone"):
            bench.run()

        assert bench.stored() == []
        assert bench.stored_offset() == 0
        assert bench.consumer.committed == []
        assert bench.consumer.closed is False

    def test_while_marking_what_was_sent_cost_nothing(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        send = Outbox.send
        calls: list[int] = []

        def fails_once(outbox: Outbox, messages: Sequence[Outgoing]) -> None:
            calls.append(len(messages))
            if len(calls) == 2:
                raise StoreUnavailableError("the server restarts")
            send(outbox, messages)

        monkeypatch.setattr(Outbox, "send", fails_once)

        bench.run()

        assert bench.stored() == ALL
        assert summary_counts(bench.store).unpublished == 0


class TestUnforeseenFaults:
    def test_halt_it_without_storing_the_batch(self, bench: Bench) -> None:
        bench.fail_after(2, ZeroDivisionError("a bug"))

        with pytest.raises(ZeroDivisionError):
            bench.run()

        assert bench.stored() == ALL[:3]
        assert bench.stored_offset() == 3
        assert bench.consumer.committed == [{PARTITION: 3}]
        assert bench.consumer.closed is False


class TestMovingPartitions:
    def test_it_goes_to_the_stored_offset_not_to_kafkas(self, bench: Bench) -> None:
        bench.run()
        bench.log.append([good(7)])
        bench.consumer = FakeConsumer(bench.log)  # Kafka knows nothing: it begins at 0

        loop = bench.run()

        assert loop.tally.records == 1
        assert loop.tally.repeated == 0
        assert bench.stored_offset() == 8

    def test_a_batch_at_hand_is_dropped_and_read_again(self, bench: Bench) -> None:
        moved: list[int] = []

        def move(number: int) -> None:
            if number == 2 and not moved:
                bench.store.faults = [StoreUnavailableError("the server restarts")]
            if number == 3:
                moved.append(number)
                bench.consumer.rebalance()

        bench.consumer.before_poll = move

        loop = bench.run()

        assert moved
        assert bench.stored() == ALL
        assert loop.tally.records == 7

    def test_who_loses_a_race_for_an_offset_goes_to_it(self, bench: Bench) -> None:
        bench.fail_after(2, OffsetConflictError("it is another's"))

        loop = bench.run()

        assert bench.stored() == ALL
        assert loop.tally.records == 7

    def test_who_loses_every_race_halts(self, bench: Bench) -> None:
        def fail_at_each_batch(number: int) -> None:
            if number % 2:  # every other poll goes to the stored offset
                bench.store.faults.append(OffsetConflictError("it is another's"))

        bench.consumer.before_poll = fail_at_each_batch

        with pytest.raises(InvariantError, match="20 times in a row"):
            bench.run()


class TestBrokerThatDoesNotFit:
    def test_a_topic_made_anew_with_fewer_records_halts_it(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(positions, "BEYOND_S", 0.0)
        bench.run()
        bench.log = FakeLog()
        bench.log.partitions[PARTITION] = []
        bench.consumer = FakeConsumer(bench.log)

        with pytest.raises(InvariantError, match="stored up to offset 7, but ends at 0"):
            bench.run()

    def test_a_topic_made_anew_with_other_records_halts_it(self, bench: Bench) -> None:
        bench.run()
        bench.log = FakeLog([good(100)])
        bench.consumer = FakeConsumer(bench.log)

        with pytest.raises(InvariantError, match="records from before the stored offset"):
            bench.run()
        assert bench.stored() == ALL

    def test_records_deleted_unread_halt_it(self, bench: Bench) -> None:
        bench.run()
        bench.log.append(good(number) for number in range(7, 12))
        bench.log.begins[PARTITION] = 10
        bench.consumer = FakeConsumer(bench.log)
        held = bench.log.partitions[PARTITION]
        bench.log.partitions[PARTITION] = [each for each in held if each.offset >= 10]

        with pytest.raises(InvariantError, match="stored up to offset 7, but begins at 10"):
            bench.run()
        assert bench.stored_offset() == 7

    def test_a_gap_that_transactions_leave_is_read_over(self, bench: Bench) -> None:
        bench.run()
        bench.log.append(good(number) for number in range(7, 10))
        held = bench.log.partitions[PARTITION]
        bench.log.partitions[PARTITION] = [each for each in held if each.offset != 7]
        bench.consumer = FakeConsumer(bench.log)

        bench.run()

        assert bench.stored_offset() == 10
        assert bench.stored() == sorted([*ALL, "m8", "m9"])


class TestPublishing:
    def test_what_could_not_be_sent_goes_out_later_and_first(self, bench: Bench) -> None:
        bench.producer.failures = 2

        bench.run()

        sent = [(topic, orjson.loads(value)["id"]) for topic, _, value in bench.producer.sent]
        rows = [(row["topic"], row["message_id"].partition("/")[2]) for row in stored_outbox(bench)]
        assert sent == rows

    def test_what_an_earlier_run_left_goes_out_before_anything_new(self, bench: Bench) -> None:
        bench.producer.failures = 1_000
        bench.run()
        assert bench.producer.sent == []
        bench.log.append([good(7)])
        bench.consumer, bench.producer = FakeConsumer(bench.log), FakeProducer()

        bench.run()

        ids = [orjson.loads(value)["id"] for _, _, value in bench.producer.sent]
        assert ids[0] == "EDC:case-0/1"
        assert len(ids) == len(set(ids)) == len(stored_outbox(bench))


def stored_outbox(bench: Bench) -> list[dict[str, Any]]:
    """The outbox in the order it was stored."""
    return [dict(row) for _, row in bench.store.dump({tables.outbox: [tables.outbox.c.id.name]})]


class TestQuarantineBound:
    def test_a_run_of_bad_messages_stops_it_with_nothing_of_the_batch_stored(
        self, bench: Bench
    ) -> None:
        bench.log.append(bad(number) for number in range(7, 20))
        bench.options = {"bound": QuarantineBound(run=6, ratio=1.0), "batch_records": 4}

        with pytest.raises(QuarantineLimitError, match="9 messages in a row"):
            bench.run()

        # Batches of four: 0 to 3, 4 to 7 with the first bad one, 8 to 11, and that is five.
        assert bench.stored_offset() == 12
        assert len(rows_of(bench.store, tables.quarantine)) == 5
        assert bench.consumer.committed[-1] == {PARTITION: 12}

    def test_a_share_of_bad_messages_stops_it(self, bench: Bench) -> None:
        bench.log.append((bad if number % 3 == 0 else good)(number) for number in range(7, 150))
        bench.options = {"bound": QuarantineBound(run=50, ratio=0.2), "batch_records": 30}

        with pytest.raises(QuarantineLimitError, match="of the last 120 messages"):
            bench.run()

        assert bench.stored_offset() == 90  # below 100 messages a share says nothing

    def test_a_batch_that_is_handled_twice_counts_once(self, bench: Bench) -> None:
        bench.log.append(bad(number) for number in range(7, 10))
        bench.options = {"bound": QuarantineBound(run=4, ratio=1.0), "batch_records": 10}
        bench.fail_after(1, *[StoreUnavailableError("the server restarts")] * 2)

        bench.run()

        assert len(rows_of(bench.store, tables.quarantine)) == 3

    def test_the_same_messages_stop_it_again_until_a_person_has_looked(self, bench: Bench) -> None:
        bench.log.append(bad(number) for number in range(7, 20))
        for _ in range(2):
            bench.options = {"bound": QuarantineBound(run=6, ratio=1.0), "batch_records": 20}
            bench.consumer = FakeConsumer(bench.log)
            with pytest.raises(QuarantineLimitError, match="13 messages in a row"):
                bench.run()
        bench.options = {"bound": QuarantineBound(run=50, ratio=1.0), "batch_records": 20}
        bench.consumer = FakeConsumer(bench.log)

        bench.run()

        assert bench.stored_offset() == 20


class TestMetricsOfTheLoop:
    def test_counts_what_became_of_the_messages(self, bench: Bench) -> None:
        bench.log.append([bad(7), replace(good(0), offset=8)])

        bench.run()

        of_topic = {"topic": TOPIC}
        assert bench.told("safety_messages_total", **of_topic, result="accepted") == 7
        assert bench.told("safety_messages_total", **of_topic, result="quarantined") == 1
        assert bench.told("safety_messages_total", **of_topic, result="repeated") == 1
        assert bench.told("safety_quarantined_total", reason="not_json") == 1
        assert bench.told("safety_batches_total") == 3
        assert bench.told("safety_batch_records_sum") == 9

    def test_a_batch_is_counted_once_however_often_it_is_tried(self, bench: Bench) -> None:
        bench.fail_after(1, StoreUnavailableError("gone"), StoreUnavailableError("still gone"))

        bench.run()

        of_fault = {"error": "StoreUnavailableError", "fate": "retry"}
        assert bench.told("safety_faults_total", **of_fault) == 2
        assert bench.told("safety_messages_total", topic=TOPIC, result="accepted") == 7

    def test_shows_how_far_behind_it_is(self, bench: Bench) -> None:
        seen: list[float | None] = []
        bench.consumer.before_poll = lambda _: seen.append(
            bench.told("safety_consumer_lag_records", topic=TOPIC, partition="0")
        )

        bench.run()

        assert [each for each in seen if each is not None][:3] == [7.0, 4.0, 1.0]
        assert bench.told("safety_consumer_lag_records", topic=TOPIC, partition="0") == 0

    def test_counts_what_is_published_and_what_waits(self, bench: Bench) -> None:
        bench.producer.failures = 1

        bench.run()

        published = bench.told("safety_published_total", topic="pv.case-decisions")
        assert published == 7
        assert bench.told("safety_outbox_behind") == 0
