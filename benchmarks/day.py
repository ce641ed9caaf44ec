"""
A day in the life: everything runs together, things break, and nothing is lost.

Apache Kafka, PostgreSQL, two consumers, the watch and the desk run as processes of their own, as in
production; a service manager of ours starts again what ends. A sender publishes a hundred messages
a second, a person clicks through the desk, and in between processes are killed, the broker is
killed, the database is restarted. In the end the counts must reconcile, every chain must be whole,
and everything must have been published. `make day MINUTES=15`; exit code 1 if anything is amiss.
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import httpx
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from psycopg import sql
from rich.console import Console

from consumers.embedded_broker import find_free_port
from consumers.handlers import Record
from consumers.publish import key_of
from consumers.simulation import simulate_secure
from safety.store import SqlStore, grant_application, migrate, open_store
from safety.store.queries import summary_counts
from safety.store.verify import verify_store
from schemas.topics import INCOMING, TOPICS
from tests.support.apache_kafka import ApacheKafka
from tests.support.postgres import PostgresServer, needs_postgres, prepared_postgres
from tests.support.reconcile import assert_all_published

SAFETY = Path(sys.executable).with_name("safety")
ROLE = "safety_app"
PASSWORD = "correct-horse-battery"  # noqa: S105 - of a person who is made up
PARTITIONS = 4
MESSAGES_A_SUBJECT = 60  # of the simulated study, at the least
SEED = 20130701
LOOK_EVERY_S = 0.5  # at a page of the desk
CATCH_UP_S = 600
STOP_S = 60
AWAY_S = 5

console = Console(stderr=True, highlight=False)


def main() -> None:
    """Live the day, and tell of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=15)
    options.add_argument("--rate", type=int, default=100, help="messages a second")
    options.add_argument("--out", type=Path, help="write the figures to this file, JSON")
    told = options.parse_args()
    figures = live(told.minutes, told.rate)
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    if told.out is not None:
        told.out.parent.mkdir(parents=True, exist_ok=True)
        told.out.write_text(text + "\n", encoding="utf-8")
    sys.stdout.write(text + "\n")
    sys.exit(1 if figures["amiss"] else 0)


class Service:
    """
    A process that is started again when it ends, as a service manager does.

    Attributes:
        ends: Its exit codes; negative is the signal that killed it.
    """

    def __init__(self, name: str, arguments: list[str], env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.ends: list[int] = []
        self._arguments = arguments
        self._env = dict(env)
        self._log = log
        self._stopping = False
        self._process = self._spawn()
        self._manager = threading.Thread(target=self._manage, daemon=True)
        self._manager.start()

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self._process.kill()

    def stop(self) -> None:
        """Ask it to end, and let it be; safe to call twice."""
        self._stopping = True
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._manager.join()

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as printed:
            return subprocess.Popen(  # noqa: S603 - our own command
                [SAFETY, *self._arguments],
                env=os.environ | self._env,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
            )

    def _manage(self) -> None:
        while True:
            self.ends.append(self._process.wait())
            if self._stopping:
                return
            time.sleep(1)
            self._process = self._spawn()


class Sender(threading.Thread):
    """Publishes the messages of a simulated study at a steady rate."""

    def __init__(self, bootstrap: str, messages: int, rate: int) -> None:
        super().__init__(daemon=True)
        self.sent = 0
        self.refused: Counter[str] = Counter()
        self._broker, self._messages, self._rate = bootstrap, messages, rate

    def run(self) -> None:
        """Publish all of them; what the broker has not confirmed is sent again by the client."""
        producer = KafkaProducer(
            bootstrap_servers=self._broker,
            acks="all",
            delivery_timeout_ms=180_000,
            request_timeout_ms=10_000,
        )
        waiting = []
        begun = time.monotonic()
        stream = simulate_secure(SEED, self._messages // MESSAGES_A_SUBJECT + 1)
        for number, record in zip(range(self._messages), stream, strict=False):
            early = begun + number / self._rate - time.monotonic()
            if early > 0:
                time.sleep(early)
            key = key_of(Record(record.topic, -1, 0, record.key, record.headers, record.value))
            waiting.append(
                producer.send(
                    record.topic,
                    key=None if key is None else key.encode(),
                    value=record.value,
                    headers=[(name, value.encode()) for name, value in record.headers.items()],
                )
            )
            self.sent += 1
        for each in waiting:
            try:
                each.get(timeout=180)
            except Exception as error:  # noqa: BLE001 - counted, and told in the end
                self.refused[type(error).__name__] += 1
        producer.close()


@dataclass
class Visits:
    """How long each page took, and how the desk answered."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Any]:
        """Give percentiles in milliseconds by page."""
        found: dict[str, Any] = {"answers": dict(self.answers)}
        for page, took in self.seconds.items():
            cuts = quantiles(took, n=100) if len(took) > 1 else [took[0]] * 99
            found[page] = {
                "visits": len(took),
                **{f"p{p}_ms": round(cuts[p - 1] * 1000, 1) for p in (50, 95, 99)},
                "max_ms": round(max(took) * 1000, 1),
            }
        return found


class Person(threading.Thread):
    """Clicks through the desk: the queue, its most urgent case, why, the timeline, a search."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.visits = Visits()
        self._url = url
        self._ending = threading.Event()
        self._csrf = ""

    def end(self) -> None:
        """Go home."""
        self._ending.set()
        self.join()

    def run(self) -> None:
        """Click until told to go."""
        with httpx.Client(base_url=self._url, timeout=60) as browser:
            while not self._ending.is_set():
                try:
                    self._round(browser)
                except httpx.HTTPError as error:
                    self.visits.answers[type(error).__name__] += 1
                    self._ending.wait(LOOK_EVERY_S)

    def _round(self, browser: httpx.Client) -> None:
        text = self._visit(browser, "queue", "/")
        if 'name="password"' in text:
            form = {"name": "officer", "password": PASSWORD}
            browser.post("/sign-in", data=form)
            return
        found = re.search('name="csrf" content="([^"]+)"', text)
        self._csrf = found[1] if found else self._csrf
        case = re.search(r'href="(/case/[^"/?#]+)"', text)
        if case is not None:
            self._visit(browser, "case", case[1])
            self._visit(browser, "why", f"{case[1]}/why")
            self._visit(browser, "timeline", f"{case[1]}/timeline")
        words = {"csrf": self._csrf, "words": "diarrhea"}
        self._visit(browser, "search", "/search", data=words)

    def _visit(
        self, browser: httpx.Client, page: str, path: str, data: Mapping[str, str] | None = None
    ) -> str:
        begun = time.monotonic()
        if data is not None:
            answer = browser.post(path, follow_redirects=True, data=data)
        else:
            answer = browser.get(path, follow_redirects=True)
        took = time.monotonic() - begun
        self.visits.answers[str(answer.status_code)] += 1
        if answer.status_code == httpx.codes.OK:
            self.visits.seconds.setdefault(page, []).append(took)
        self._ending.wait(LOOK_EVERY_S)
        return answer.text


class Database:
    """
    A PostgreSQL that can be restarted, with what it holds.

    Attributes:
        owner: Its address for who makes the tables.
        ours: Its address for the software.
    """

    def __init__(self, server: PostgresServer) -> None:
        self.owner = f"postgresql+psycopg://postgres@/postgres?host={server.home}"
        self.ours = self.owner.replace("postgres@", f"{ROLE}@")
        self._server = server
        self._running = ExitStack()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._running.enter_context(self._server.running(end=signal.SIGINT))

    def stop(self) -> None:
        """Disconnect everybody and stop it."""
        self._running.close()

    def prepare(self) -> None:
        """Make tables and role; what is committed is written."""
        self._server.execute(sql.SQL("ALTER DATABASE postgres SET synchronous_commit = on"))
        self._server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
        migrate(self.owner)
        grant_application(self.owner, ROLE)


@dataclass(frozen=True, slots=True)
class Scene:
    """All that runs, and the port of the desk."""

    kafka: ApacheKafka
    database: Database
    services: Mapping[str, Service]
    port: int

    def restart_broker(self) -> None:
        """Kill it with SIGKILL; start it with what it wrote."""
        self.kafka.kill(1)
        time.sleep(AWAY_S)
        self.kafka.start(1)

    def restart_database(self) -> None:
        """Stop it as an administrator does, and start it."""
        self.database.stop()
        time.sleep(AWAY_S)
        self.database.start()

    def stop(self) -> None:
        """Ask the processes to end."""
        for each in self.services.values():
            each.stop()


@contextmanager
def everything(folder: Path) -> Iterator[Scene]:
    """Run everything for as long as the `with` block lasts."""
    with ExitStack() as stack:
        kafka = stack.enter_context(ApacheKafka(folder / "kafka"))
        kafka.create_topics([topic.name for topic in TOPICS], PARTITIONS)
        database = Database(stack.enter_context(prepared_postgres(needs_postgres())))
        database.start()
        stack.callback(database.stop)
        database.prepare()
        port = find_free_port()
        env = {
            "SAFETY_DATABASE_URL": database.ours,
            "SAFETY_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "SAFETY_WATCH_SECONDS": "30",
            "SAFETY_NEW_PASSWORD": PASSWORD,
        }
        subprocess.run(  # noqa: S603 - our own command
            [SAFETY, "user", "add", "officer", "--role", "approver"],
            env=os.environ | env,
            check=True,
            capture_output=True,
        )
        commands = {
            "consumer 1": ["consume"],
            "consumer 2": ["consume"],
            "watch": ["watch"],
            "desk": ["desk", "--insecure", "--port", str(port)],
        }
        services = {
            name: Service(name, arguments, env, folder / f"{name}.log")
            for name, arguments in commands.items()
        }
        scene = Scene(kafka, database, services, port)
        stack.callback(scene.stop)
        yield scene


def plan_of(scene: Scene) -> list[tuple[float, str, Callable[[], None]]]:
    """Give what breaks, and after which share of the time."""
    kill = {name: each.kill for name, each in scene.services.items()}
    return [
        (0.20, "consumer 1 killed with SIGKILL", kill["consumer 1"]),
        (0.35, f"broker killed with SIGKILL, started {AWAY_S} s later", scene.restart_broker),
        (0.50, "watch killed with SIGKILL", kill["watch"]),
        (0.60, f"database stopped, started {AWAY_S} s later", scene.restart_database),
        (0.75, "desk killed with SIGKILL", kill["desk"]),
        (0.85, "consumer 2 killed with SIGKILL", kill["consumer 2"]),
    ]


def live(minutes: float, rate: int) -> dict[str, Any]:
    """Run everything for so long, break things, and give what came of it."""
    seconds = minutes * 60
    told: list[str] = []
    with tempfile.TemporaryDirectory(prefix="day-") as folder, everything(Path(folder)) as scene:
        sender = Sender(scene.kafka.bootstrap, int(seconds * rate), rate)
        person = Person(f"http://127.0.0.1:{scene.port}")
        begun = time.monotonic()

        def note(what: str) -> None:
            told.append(f"{time.monotonic() - begun:.0f} s: {what}")
            console.print(told[-1])

        sender.start()
        person.start()
        for share, what, breaks in plan_of(scene):
            time.sleep(max(0.0, begun + share * seconds - time.monotonic()))
            note(what)
            breaks()
        sender.join()
        sent_s = time.monotonic() - begun
        note("all is sent")
        with closing(open_store(scene.database.owner)) as store:
            caught_up_s = catch_up(store, scene.kafka)
            note("all is read and published" if caught_up_s is not None else "it did not catch up")
            person.end()
            scene.stop()
            figures = {
                "minutes": minutes,
                "sent": sender.sent,
                "sent_a_second": round(sender.sent / sent_s, 1),
                "not_confirmed": dict(sender.refused),
                "events": told,
                "caught_up_after_s": None if caught_up_s is None else round(caught_up_s, 1),
                "ends": {each.name: each.ends for each in scene.services.values()},
                "desk": person.visits.figures(),
                **reconcile(store, scene.kafka),
            }
    return figures | {"amiss": amiss(figures)}


def ends_of(kafka: ApacheKafka) -> dict[tuple[str, int], int]:
    """Give how many records each incoming partition holds."""
    with closing(KafkaConsumer(bootstrap_servers=kafka.bootstrap)) as reader:
        partitions = [TopicPartition(t.name, n) for t in INCOMING for n in range(PARTITIONS)]
        told = reader.end_offsets(partitions)
    return {(each.topic, each.partition): end for each, end in told.items() if end}


def catch_up(store: SqlStore, kafka: ApacheKafka) -> float | None:
    """Wait until all is read and published; gives how long, None if it did not come about."""
    begun = time.monotonic()
    ends = ends_of(kafka)
    while time.monotonic() - begun < CATCH_UP_S:
        counts = summary_counts(store)
        read = {(each.topic, each.partition): each.next_offset for each in counts.progress}
        if read == ends and counts.unpublished == 0:
            return time.monotonic() - begun
        time.sleep(1)
    return None


def reconcile(store: SqlStore, kafka: ApacheKafka) -> dict[str, Any]:
    """Compare what is on the broker with what is stored, and check every seal."""
    ends = ends_of(kafka)
    progress = summary_counts(store).progress
    console.print("checking every seal, and what was published")
    try:
        assert_all_published(store, kafka)
    except AssertionError:
        published = False
    else:
        published = True
    return {
        "records_on_the_broker": sum(ends.values()),
        "records_read": sum(each.records for each in progress),
        "accepted": sum(each.accepted for each in progress),
        "repeated": sum(each.repeated for each in progress),
        "quarantined": sum(each.quarantined for each in progress),
        "partitions_that_differ": sum(
            ends.get((each.topic, each.partition)) != each.records for each in progress
        ),
        "seals_broken": sum(1 for _ in verify_store(store)),
        "all_published": published,
    }


def amiss(figures: Mapping[str, Any]) -> list[str]:
    """Name what must not be."""
    read = figures["records_read"]
    fates = figures["accepted"] + figures["repeated"] + figures["quarantined"]
    checks = {
        "not everything was read and published in time": figures["caught_up_after_s"] is None,
        "the broker did not confirm a message": bool(figures["not_confirmed"]),
        "fewer records on the broker than were sent": figures["records_on_the_broker"]
        < figures["sent"],
        "records read are not those on the broker": read != figures["records_on_the_broker"]
        or figures["partitions_that_differ"] > 0,
        "a message has no fate, or two": fates != read,  # one JSON message a record
        "a seal is broken": figures["seals_broken"] > 0,
        "something was not published": not figures["all_published"],
        "the desk did not answer": not figures["desk"].get("case"),
    }
    return [name for name, wrong in checks.items() if wrong]


if __name__ == "__main__":
    main()
