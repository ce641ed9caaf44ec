"""
How long from a message to its decision, and how much faster are two consumers than one?

`python -m benchmarks.live` sends messages of the simulated study at a steady rate to a broker,
with a consumer on PostgreSQL behind it, and waits for each decision to be published. Then it lets
one consumer, and two, read the same stream as fast as they can. Prints what it measured, and keeps
it as JSON. Broker, database, sender, reader and consumers share the machine.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from os import cpu_count, environ, getloadavg
from pathlib import Path
from statistics import quantiles
from threading import Thread
from typing import Any
from uuid import uuid4

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from rich.console import Console

from benchmarks.environment import PARTITIONS, Databases, broker_with, databases_in, write_stream
from consumers.embedded_broker import GROUP_SETTINGS, EmbeddedBroker
from consumers.handlers import Record
from consumers.input_files import read_records
from consumers.publish import key_of
from consumers.settings import load_settings
from consumers.wiring import build_producer
from safety.errors import InvariantError
from safety.store import open_store
from safety.store.queries import summary_counts
from schemas.parse import Message, parse_record
from schemas.topics import CASE_DECISIONS, INCOMING

WARM_UP = 500  # messages before those that count: code is loaded, the group has formed
PATIENCE_S = 300.0
POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class Delay:
    """From handing a message to the producer to reading its decision, milliseconds."""

    rate: int  # messages a second
    sent: int
    decisions: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    longest_ms: float


@dataclass(frozen=True, slots=True)
class Together:
    """So many consumers of one group over the same stream."""

    consumers: int
    messages: int
    seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description=__doc__)
    parser.add_argument("--rate", type=int, default=200, help="messages a second")
    parser.add_argument("--seconds", type=int, default=60, help="how long they are sent")
    parser.add_argument("--messages", type=int, default=20_000, help="for one consumer, and two")
    parser.add_argument("--seed", type=int, default=1, help="which simulated study")
    parser.add_argument("--out", type=Path, default=Path("var/bench/live.json"))
    options = parser.parse_args(arguments)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    found: dict[str, Any] = {"cores": cpu_count(), "load": getloadavg()[0]}
    with (
        tempfile.TemporaryDirectory(dir=options.out.parent) as place,
        databases_in(Path(place)) as databases,
    ):
        folder = Path(place)
        delay = measure_delay(options.rate, options.seconds, options.seed, folder, databases)
        together = [
            measure_together(number, options.messages, options.seed, folder, databases)
            for number in (1, 2)
        ]
    found |= {"delay": asdict(delay), "together": [asdict(one) for one in together]}
    options.out.write_text(json.dumps(found, indent=2))
    Console().print_json(json.dumps(found))


def measure_delay(rate: int, seconds: int, seed: int, folder: Path, databases: Databases) -> Delay:
    """Send at a steady rate, and wait for each decision."""
    file = folder / "steady.jsonl"
    write_stream(file, seed, WARM_UP + rate * seconds)
    with broker_with(_head(file, folder, WARM_UP)) as broker, databases.fresh("PostgreSQL") as url:
        decided: dict[str, float] = {}
        reading = Thread(target=_read_decisions, args=(broker, decided), daemon=True)
        reading.start()
        with _consumers(1, broker, url, folder):
            _wait_for(url, WARM_UP)
            sent = _send(broker, islice(read_records([file]), WARM_UP, None), rate)
            _wait_for(url, WARM_UP + rate * seconds)
            time.sleep(1)  # for the last decisions to be read
    delays = [1_000 * (decided[name] - at) for name, at in sent.items() if name in decided]
    if not delays:
        raise InvariantError("no decision came for any message")
    cuts = quantiles(delays, n=100)
    return Delay(rate, len(sent), len(delays), cuts[49], cuts[94], cuts[98], max(delays))


def measure_together(
    number: int, messages: int, seed: int, folder: Path, databases: Databases
) -> Together:
    """Let so many consumers read a stream, timed from when each has its share of it."""
    file = folder / "stream.jsonl"
    if not file.exists():
        write_stream(file, seed, messages)
    with (
        broker_with(file) as broker,
        databases.fresh("PostgreSQL") as url,
        _consumers(number, broker, url, folder),
    ):
        first, begun = _wait_for(url, 1), time.perf_counter()
        last = _wait_for(url, messages)
        return Together(number, last - first, time.perf_counter() - begun)


@contextmanager
def _consumers(number: int, broker: EmbeddedBroker, url: str, folder: Path) -> Iterator[None]:
    """Run so many consumers; each has its share of the partitions when the block begins."""
    told = {"SAFETY_DATABASE_URL": url, "SAFETY_KAFKA_BOOTSTRAP": broker.bootstrap}
    told |= {f"SAFETY_{name.upper()}": str(value) for name, value in GROUP_SETTINGS.items()}
    command = [str(Path(sys.executable).with_name("safety")), "consume"]
    logs = [folder / f"consumer-{uuid4().hex}.log" for _ in range(number)]
    running = []
    for log in logs:
        with log.open("wb") as printed:
            running.append(
                subprocess.Popen(command, env={**environ, **told}, stdout=printed, stderr=printed)  # noqa: S603
            )
    try:
        _wait_until(lambda: all(_has_its_share(log, number) for log in logs))
        yield
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(60)


def _send(broker: EmbeddedBroker, records: Iterator[Record], rate: int) -> dict[str, float]:
    """Send records at a rate; gives when each message was handed over."""
    sent: dict[str, float] = {}
    settings = load_settings(kafka_bootstrap=broker.bootstrap)
    with closing(build_producer(settings)) as producer:
        begun = time.time()
        for place, record in enumerate(records):
            time.sleep(max(0.0, begun + place / rate - time.time()))
            name = _name_of(record)
            if name is not None:
                sent.setdefault(name, time.time())
            _hand_over(producer, record)
    return sent


def _name_of(record: Record) -> str | None:
    found = parse_record(record.topic, record.value, key=record.key, headers=record.headers)
    one = found[0]
    return f"{one.source} {one.message_id}" if isinstance(one, Message) else None


def _hand_over(producer: KafkaProducer, record: Record) -> None:
    key = key_of(record)
    producer.send(
        record.topic,
        key=None if key is None else key.encode(),
        value=record.value,
        headers=[(name, value.encode()) for name, value in record.headers.items()],
    )


def _read_decisions(broker: EmbeddedBroker, decided: dict[str, float]) -> None:
    """Note when each decision can be read."""
    consumer = KafkaConsumer(bootstrap_servers=broker.bootstrap, enable_auto_commit=False)
    places = [TopicPartition(CASE_DECISIONS.name, number) for number in range(PARTITIONS)]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    while True:
        for records in consumer.poll(timeout_ms=20).values():
            now = time.time()
            for record in records:
                decided.setdefault(orjson.loads(record.value)["data"]["caused_by"], now)


def _has_its_share(log: Path, consumers: int) -> bool:
    share = PARTITIONS * len(INCOMING) // consumers
    return f'"partitions": {share},' in log.read_text(encoding="utf-8")


def _wait_for(url: str, records: int) -> int:
    """Wait until so many records are stored; gives how many are."""
    stored = 0

    def are_stored() -> bool:
        nonlocal stored
        stored = sum(each.records for each in summary_counts(store).progress)
        return stored >= records

    with closing(open_store(url)) as store:
        _wait_until(are_stored)
    return stored


def _wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise InvariantError(f"the consumers did not get on in {PATIENCE_S:.0f} s")
        time.sleep(POLL_S)


def _head(file: Path, folder: Path, count: int) -> Path:
    """Write the first lines of a file to another."""
    with file.open("rb") as lines, (folder / "head.jsonl").open("wb") as head:
        head.writelines(islice(lines, count))
    return folder / "head.jsonl"


if __name__ == "__main__":
    main()
