"""What is measured with, and on: the stream, a broker, databases, the machine."""

import os
import platform
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Literal
from unittest.mock import patch
from uuid import uuid4

from sqlalchemy import text

from benchmarks.results import Machine, Stream
from consumers.embedded_broker import EmbeddedBroker, find_binary
from consumers.input_files import read_records
from consumers.publish import publish
from consumers.recordfile import render_line
from consumers.settings import load_settings
from consumers.simulation import simulate_secure
from consumers.wiring import build_producer
from safety.store import migrate
from safety.store.connect import make_engine
from schemas.topics import TOPICS
from tests.support import postgres

RECORDS_PER_SUBJECT = 60  # of a simulated study, at the least
PARTITIONS = 4

# The tests' server need not survive a power cut; this one shall wait for its disk like any other.
DURABLE = {
    "autovacuum": "on",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
TOLD = ("server_version", "fsync", "synchronous_commit", "autovacuum", "shared_buffers")

Backend = Literal["PostgreSQL", "SQLite"]


def write_stream(path: Path, seed: int, messages: int) -> Stream:
    """
    Write the first messages of a simulated SECURE study to a file, one a line.

    The study has as many subjects as it takes; they are told of a few at a time, so the
    beginning is like the rest.
    """
    study = simulate_secure(seed, subjects=messages // RECORDS_PER_SUBJECT + 1)
    size = 0
    by_topic: Counter[str] = Counter()
    with path.open("wb") as file:
        for record in islice(study, messages):
            file.write(render_line(record))
            size += len(record.value)
            by_topic[record.topic] += 1
    if by_topic.total() != messages:
        raise ValueError(f"the simulated study has {by_topic.total()} messages, not {messages}")
    return Stream(seed, messages, size / messages, dict(by_topic))


@contextmanager
def broker_with(file: Path) -> Iterator[EmbeddedBroker]:
    """Run a broker of our own that has the records of a file on its topics."""
    with EmbeddedBroker() as broker:
        broker.create_topics([topic.name for topic in TOPICS], PARTITIONS)
        producer = build_producer(load_settings(kafka_bootstrap=broker.bootstrap))
        try:
            publish(read_records([file]), producer)
        finally:
            producer.close(timeout=10)
        yield broker


class Databases:
    """Empty databases with the product's tables, of either kind."""

    def __init__(self, folder: Path, server: postgres.PostgresServer) -> None:
        self._folder = folder
        self._server = server

    @contextmanager
    def fresh(self, backend: Backend) -> Iterator[str]:
        """Give the URL of a new one, and remove it when the block ends."""
        if backend == "PostgreSQL":
            with self._server.fresh_database() as url:
                migrate(url)
                yield url
            return
        name = f"{uuid4().hex[:12]}.db"
        url = f"sqlite:///{self._folder / name}"
        migrate(url)
        try:
            yield url
        finally:
            for file in self._folder.glob(f"{name}*"):
                file.unlink()


@contextmanager
def databases_in(folder: Path) -> Iterator[Databases]:
    """Run a PostgreSQL server of our own; SQLite's files lie in the folder."""
    found = find_spec(postgres.PACKAGE)
    if found is None or found.origin is None:
        raise FileNotFoundError("needs PostgreSQL: pip install 'sorafenib-safety[test]'")
    with (
        patch.dict(postgres.SETTINGS, DURABLE),
        postgres.run_postgres(Path(found.origin).parent) as server,
    ):
        yield Databases(folder, server)


def describe_machine(databases: Databases) -> Machine:
    """Tell what this is measured on."""
    with databases.fresh("PostgreSQL") as url:
        engine = make_engine(url)
        with engine.connect() as connection:
            server = {name: str(connection.scalar(text(f"SHOW {name}"))) for name in TOLD}
        engine.dispose()
    broker = subprocess.run(  # noqa: S603 - our own binary
        [find_binary(), "--version"], capture_output=True, check=True, text=True
    )
    packages = ("kafka-python", "crc32c", "pydantic", "SQLAlchemy", "psycopg", "orjson")
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 0,
        memory_gib=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        system=f"{platform.system()} {platform.machine()}",
        load=os.getloadavg()[0],
        versions={
            "Python": platform.python_version(),
            **{name: version(name) for name in packages},
            "PostgreSQL": server.pop("server_version"),
            "SQLite": sqlite3.sqlite_version,
            "Tansu": broker.stdout.split()[-1],
        },
        postgresql=server,
    )


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed processor"
