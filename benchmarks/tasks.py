"""
The measured programs, each in a process of its own.

`python -m benchmarks.tasks` reads a task as JSON from its input and writes a figure as
JSON to its output. Loading code, contracts and knowledge, opening the store and joining
the consumer group are not measured; a Kafka program is measured from the moment its
partitions are assigned until its last batch is done.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from unittest.mock import patch
from uuid import uuid4

from kafka import ConsumerRebalanceListener, TopicPartition
from kafka.consumer.fetcher import ConsumerRecord
from pydantic import TypeAdapter

from benchmarks.bulk import load_batches, read_batches
from benchmarks.meter import Meter, peak_mib
from benchmarks.results import Figure
from benchmarks.steps import DECISION, PIPELINE, StepTimers, step_timers
from consumers.backfill import process_records
from consumers.embedded_broker import GROUP_SETTINGS
from consumers.handlers import Record, Tally
from consumers.input_files import read_records
from consumers.log import configure_quiet_log
from consumers.loop import ConsumerLoop
from consumers.memory import load_for_a_long_run
from consumers.replay import Difference, replay
from consumers.settings import Settings, load_settings
from consumers.wiring import build_consumer, build_loop, build_store
from safety.errors import InvariantError
from safety.store import open_store
from schemas.parse import parse_record
from schemas.topics import INCOMING

POLL_MS = 200
PATIENCE_SECONDS = 60.0  # so long without a record: the stream is not what it should be

ALL_TOPICS = tuple(topic.name for topic in INCOMING)


@dataclass(frozen=True, slots=True)
class Task:
    """
    What to measure.

    Attributes:
        program: Which; see `PROGRAMS`.
        messages: How many there are to go through.
        topics: Which of them the Kafka programs read.
        bootstrap: The broker that has them.
        file: The file that has them.
        database: The store to fill or to replay.
        source: The store whose rows are loaded.
        timers: Put timers around the steps.
    """

    program: Literal["poll", "parse", "consume", "process", "bulk", "replay"]
    messages: int
    topics: tuple[str, ...] = ALL_TOPICS
    bootstrap: str = ""
    file: Path | None = None
    database: str = ""
    source: str = ""
    timers: bool = False


def main() -> None:
    """Do the task of standard input."""
    configure_quiet_log()
    task = TypeAdapter(Task).validate_json(sys.stdin.buffer.read())
    sys.stdout.buffer.write(TypeAdapter(Figure).dump_json(measure(task)))


def measure(task: Task) -> Figure:
    """Do a task in this process."""
    for topic in ALL_TOPICS:
        parse_record(topic, b"{}")  # builds the models of its contracts
    return PROGRAMS[task.program](task)


def poll(task: Task) -> Figure:
    """Poll with kafka-python and do nothing with what comes."""
    return _poll(task, lambda _: None)


def parse(task: Task) -> Figure:
    """Poll, and validate each record by its contract."""

    def validate(record: ConsumerRecord) -> None:
        headers = {name: value.decode() for name, value in record.headers}
        parse_record(record.topic, record.value, key=record.key.decode(), headers=headers)

    return _poll(task, validate)


def _poll(task: Task, take: Callable[[ConsumerRecord], None]) -> Figure:
    settings = _settings(task)
    consumer = build_consumer(settings)
    meter, before = Meter(), peak_mib()
    consumer.subscribe(topics=list(task.topics), listener=_StartOnAssignment(meter))
    seen = batches = 0
    busy_at = time.monotonic()
    while seen < task.messages:
        polled = consumer.poll(timeout_ms=POLL_MS, max_records=settings.batch_records)
        for records in polled.values():
            for record in records:
                take(record)
            seen += len(records)
            busy_at = time.monotonic()
        batches += bool(polled)
        if time.monotonic() - busy_at > PATIENCE_SECONDS:
            raise InvariantError(f"only {seen} of {task.messages} records came")
    meter.lap()
    consumer.close(autocommit=False)
    return _figure(seen, meter, before, {"batches": batches})


class _StartOnAssignment(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, meter: Meter) -> None:
        self._meter = meter

    def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        """Nothing to do."""

    def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        """Begin to measure."""
        del assigned
        self._meter.start()


def consume(task: Task) -> Figure:
    """Run `safety consume` until it has stored and published what there is."""
    settings = _settings(task)
    knowledge, store = load_for_a_long_run(settings), build_store(settings)  # as the product does
    store.keep_knowledge(knowledge.digest, knowledge.parts(), now=datetime.now(UTC))
    loop = build_loop(settings, store, knowledge)
    meter, batches = Meter(), 0

    def on_batch(tally: Tally) -> None:
        nonlocal batches
        meter.lap()
        batches += 1
        if tally.records >= task.messages:
            loop.stop()

    with _timers(task) as timers:

        def at_start() -> None:
            timers.clear()
            meter.start()

        before = peak_mib()
        with _after_assignment(at_start):
            tally = loop.run(task.topics, idle_seconds=PATIENCE_SECONDS, on_batch=on_batch)
    store.close()
    if tally.records != task.messages:
        raise InvariantError(f"{tally.records} of {task.messages} records came")
    return _figure(tally.messages, meter, before, _counts(tally) | {"batches": batches}, timers)


@contextmanager
def _after_assignment(act: Callable[[], None]) -> Iterator[None]:
    """Do something whenever the loop has gone to the stored offsets of its partitions."""
    resync = ConsumerLoop._go_to_stored_offsets  # noqa: SLF001 - it tells nobody

    def resync_and_act(loop: ConsumerLoop) -> None:
        resync(loop)
        act()

    with patch.object(ConsumerLoop, "_go_to_stored_offsets", resync_and_act):
        yield


def process(task: Task) -> Figure:
    """Run `safety process` on a file."""
    assert task.file is not None  # noqa: S101 - as the task must be
    knowledge, store = load_for_a_long_run(_settings(task)), open_store(task.database)
    with _timers(task) as timers:
        records: Iterable[Record] = read_records([task.file])
        if task.timers:
            records = timers.drawing("read file", records)
        before, meter = peak_mib(), Meter()
        tallies = process_records(records, store, knowledge)
        meter.lap()
    store.close()
    total = Tally()
    for tally in tallies.values():
        total.add(tally)
    return _figure(total.messages, meter, before, _counts(total), timers)


def bulk(task: Task) -> Figure:
    """Load the rows of one store into another that is empty."""
    batches = read_batches(task.source)
    before = peak_mib()
    meter = load_batches(task.database, batches)
    rows = sum(len(portion.rows) for batch in batches for portion in batch)
    return _figure(task.messages, meter, before, {"batches": len(batches), "rows": rows})


def replay_check(task: Task) -> Figure:
    """Run `safety replay --check`; through messages about cases and records of subjects."""
    knowledge, store = load_for_a_long_run(_settings(task)), open_store(task.database)
    before, meter = peak_mib(), Meter()
    result = replay(store, knowledge, on_difference=_refuse)
    meter.lap()
    store.close()
    counts = {"cases": result.cases, "versions": result.versions}
    return _figure(result.messages, meter, before, counts)


def _refuse(difference: Difference) -> None:
    raise InvariantError(
        f"version {difference.version} of a case came out otherwise in its {difference.what}"
    )


PROGRAMS: Mapping[str, Callable[[Task], Figure]] = {
    "poll": poll,
    "parse": parse,
    "consume": consume,
    "process": process,
    "bulk": bulk,
    "replay": replay_check,
}


def _settings(task: Task) -> Settings:
    return load_settings(
        database_url=task.database,
        kafka_bootstrap=task.bootstrap,
        kafka_group=f"bench-{uuid4().hex[:8]}",
        **GROUP_SETTINGS,
    )


@contextmanager
def _timers(task: Task) -> Iterator[StepTimers]:
    with step_timers(*((PIPELINE, DECISION) if task.timers else ())) as timers:
        yield timers


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "accepted": tally.accepted,
        "repeated": tally.repeated,
        "quarantined": tally.quarantined,
    }


def _figure(
    messages: int,
    meter: Meter,
    before_mib: float,
    counts: dict[str, int],
    timers: StepTimers | None = None,
) -> Figure:
    return Figure(
        messages=messages,
        seconds=meter.seconds,
        cpu_seconds=meter.cpu_seconds,
        peak_mib=peak_mib(),
        before_mib=before_mib,
        counts=counts,
        steps={} if timers is None else timers.spent,
    )


if __name__ == "__main__":
    main()
