"""
Marked secrets in every field of every message, and a search of all that others may see.

What must not hold one: logs, metrics, traces, keys and headers on Kafka, all that goes out but the
payload of a dead letter, mail, webhooks, reasons of quarantine, the audit trail; of the desk
addresses, headers and error pages; of commands what they say of errors. Where people read of a
case the secrets do stand: that is looked at as well, so that the search is known to find them.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.request import urlopen

import pytest
from fastapi import FastAPI
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

import consumers.loop
from consumers.backfill import process_records
from consumers.embedded_broker import find_free_port
from consumers.handlers import Record, Tally
from consumers.service import run_consumer
from consumers.settings import Settings, load_settings
from consumers.watch import deliver_alerts, look_once, thresholds_of
from desk.cli.app import run
from desk.web.app import create_app
from desk.web.context import Desk, Manners
from desk.web.passwords import hash_password
from safety.store import SqlStore, migrate, open_store, tables
from safety.store.audit import audit_entries
from safety.store.model import Batch
from safety.store.people import Role, add_user
from safety.store.queries import summary_counts
from safety.store.queue import Asked, list_queue
from safety.store.transaction import SqlTransaction
from schemas.topics import TOPICS
from tests.support.brokers import MOST_BYTES, Broker, put
from tests.support.consuming import ConsumerProcess
from tests.support.decisions import knowledge
from tests.support.listening import mail_server, web_server
from tests.support.marked import (
    MARK,
    broken_events,
    broken_icsrs,
    found_in,
    marked_events,
    marked_icsrs,
    unreadable,
)
from tests.support.tables import rows_of

ENOUGH = 100_000  # messages in quarantine
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
NAME, PASSWORD = "wang", "correct-horse-battery"
SHOWN = 3  # finds of each place
PATIENCE_S = 300  # with thousands of messages on a busy machine


def everything() -> list[Record]:
    """All messages with secrets in them, those that nobody can read in the middle."""
    good = [*marked_events(), *marked_icsrs()]
    half = len(good) // 2
    bad = [*broken_events(), *broken_icsrs(), *unreadable()]
    return [*good[:half], *bad, *good[half:]]


def leaks(seen: Mapping[str, str | bytes]) -> dict[str, list[str]]:
    """Give the secrets that were found, and where."""
    found = {name: found_in(text)[:SHOWN] for name, text in seen.items()}
    return {name: finds for name, finds in found.items() if finds}


@pytest.mark.kafka
class TestWhileConsuming:
    def test_no_secret_is_in_what_others_see(
        self, topics: Broker, sqlite_url: str, sqlite_store: SqlStore, tmp_path: Path
    ) -> None:
        ends = put(topics, everything())
        log, page = tmp_path / "log", tmp_path / "metrics"
        settings = {
            "database_url": sqlite_url,
            "kafka_bootstrap": topics.bootstrap,
            "quarantine_run": ENOUGH,
            "log_level": "DEBUG",
        }
        with ConsumerProcess(settings, log, run=run_into_an_error, idle_seconds=1) as consumer:
            assert consumer.wait() == 0, log.read_text()[-3_000:]
        with web_server() as collector, mail_server() as mail, web_server() as hook:
            listening = {
                "traces_endpoint": f"http://127.0.0.1:{collector.port}/v1/traces",
                "metrics_port": find_free_port(),
                "mail_host": "127.0.0.1",
                "mail_port": mail.port,
                "mail_security": "none",
                "mail_from": "safety@example.org",
                "mail_to": "officer@example.org",
                "webhook_url": f"http://127.0.0.1:{hook.port}/",
                "webhook_secret": "long enough for this test",
            }
            with ConsumerProcess(
                settings | listening, log, run=run_and_scrape, page=page, idle_seconds=1
            ) as consumer:
                assert consumer.wait(PATIENCE_S) == 0, log.read_text()[-3_000:]
            told = load_settings(**settings, **listening)
            look_once(
                sqlite_store,
                thresholds_of(told),
                today=date(2026, 3, 17),
                now=datetime.now(UTC),
            )
            assert deliver_alerts(told, sqlite_store, lambda _: False) > 0
            heard = {
                name: b"".join(str(headers).encode() + body for headers, body in inbox.got)
                for name, inbox in (("spans", collector), ("mail", mail), ("webhook", hook))
            }

        progress = summary_counts(sqlite_store).progress
        assert {(each.topic, each.partition): each.next_offset for each in progress} == ends
        assert sum(each.quarantined for each in progress) >= len(broken_events())
        assert sum(each.accepted for each in progress) >= len(marked_events()) / 2
        assert all(heard.values())
        states = str([row["state"] for row in rows_of(sqlite_store, tables.case_versions)])
        assert len(found_in(states)) > len(marked_events()), "there was nothing to be found"
        assert "trying again" in log.read_text()
        seen: dict[str, str | bytes] = {
            "log": log.read_bytes(),
            "metrics": page.read_bytes(),
            **heard,
            **published_without_payload(topics),
            **kept(sqlite_store),
        }
        assert leaks(seen) == {}


def run_into_an_error(settings: Settings, **others: Any) -> Tally:
    """Consume; the first batch meets an error that nobody foresaw, whose text tells a secret."""
    with (
        patch.object(consumers.loop, "handle_batch", side_effect=ValueError(MARK)),
        suppress(ValueError),
    ):
        return run_consumer(settings, **others)
    return Tally()


def run_into_a_fault(settings: Settings, **others: Any) -> Tally:
    """Consume; the database refuses the first rows, and its driver quotes them."""
    original = SqlTransaction.save
    fault = OperationalError("INSERT", {"state": MARK}, _busy())
    faults = [fault, fault]

    def save(work: SqlTransaction, batch: Batch, *, now: datetime) -> None:
        if faults:
            with work._working():
                raise faults.pop()
        original(work, batch, now=now)

    with patch.object(SqlTransaction, "save", save):
        return run_consumer(settings, **others)


def _busy() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(f"database is locked: {MARK}")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_BUSY, "SQLITE_BUSY"
    return error


def run_and_scrape(
    settings: Settings, *, page: Path, on_batch: Callable[[Tally], None], **others: Any
) -> Tally:
    """Consume, in spite of faults, and keep what Prometheus reads after each batch."""

    def scrape(tally: Tally) -> None:
        with urlopen(f"http://127.0.0.1:{settings.metrics_port}/metrics", timeout=30) as answer:
            page.write_bytes(answer.read())
        on_batch(tally)

    return run_into_a_fault(settings, on_batch=scrape, **others)


_PAYLOAD = re.compile(rb'"payload_base64":"[^"]*"')


def published_without_payload(broker: Broker) -> dict[str, bytes]:
    """Give all that was published, keys and headers first; of dead letters without the payload."""
    found: dict[str, bytes] = {}
    outgoing = [topic.name for topic in TOPICS if topic.direction == "out"]
    with closing(
        KafkaConsumer(bootstrap_servers=broker.bootstrap, fetch_max_bytes=MOST_BYTES)
    ) as reader:
        partitions = [
            TopicPartition(name, n) for name in outgoing for n in reader.partitions_for_topic(name)
        ]
        reader.assign(partitions)
        reader.seek_to_beginning(*partitions)
        ends = reader.end_offsets(partitions)
        while any(reader.position(each) < ends[each] for each in partitions):
            for records in reader.poll(timeout_ms=500).values():
                for record in records:
                    told = _PAYLOAD.sub(b"", record.value)
                    text = b"%s %s %s\n" % (record.key, str(record.headers).encode(), told)
                    found[record.topic] = found.get(record.topic, b"") + text
    assert found.keys() == set(outgoing)
    return found


def kept(store: SqlStore) -> dict[str, str]:
    """Give what is stored to be seen by those who may not read of patients."""
    parked = rows_of(store, tables.quarantine)
    return {
        "alerts": str(rows_of(store, tables.alerts)),
        "quarantine": str([(row["reason"], row["path"], row["advice"]) for row in parked]),
        "audit trail": str(audit_entries(store, limit=10_000)),
    }


@pytest.fixture(scope="module")
def marked_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all that is marked, and a person who may do everything."""
    path = tmp_path_factory.mktemp("marked") / "safety.db"
    migrate(f"sqlite:///{path}")
    with closing(open_store(f"sqlite:///{path}")) as store:
        process_records(everything(), store, knowledge(), clock=lambda: NOW)
        secret = hash_password(PASSWORD)
        add_user(store, NAME, Role.APPROVER, password_hash=secret, now=NOW, full_name="W")
    return path


@pytest.fixture
def marked_store(marked_database: Path) -> Iterator[SqlStore]:
    """The store on it; what a test adds stays there."""
    with closing(open_store(f"sqlite:///{marked_database}")) as store:
        yield store


class Visitor:
    """Somebody who opens pages, and keeps the addresses and headers that they saw."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False)
        self.pages: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.csrf = ""

    def get(self, path: str) -> tuple[int, str]:
        answer = self.client.get(path)
        self.pages[path] = answer.text
        self.headers[path] = str(answer.headers)
        return answer.status_code, answer.text

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        answer = self.client.post(path, data={"csrf": self.csrf, **fields})
        self.headers[f"POST {path}"] = str(answer.headers)
        return answer.status_code, answer.text

    def sign_in(self) -> None:
        assert self.post("/sign-in", name=NAME, password=PASSWORD)[0] == 303
        found = re.search('name="csrf" content="([^"]+)"', self.get("/")[1])
        assert found is not None
        self.csrf = found[1]

    @property
    def addresses(self) -> str:
        """All addresses that the pages lead to."""
        return str(
            [re.findall('(?:href|action|src)="([^"]*)"', each) for each in self.pages.values()]
        )


class TestAtTheDesk:
    @pytest.fixture
    def desk(self, marked_store: SqlStore) -> FastAPI:
        manners = Manners(secure=False, hosts=("testserver",), as_of=date(2026, 3, 17))
        app = create_app(Desk(marked_store, knowledge(), manners, lambda: NOW))

        @app.get("/unforeseen")
        def unforeseen() -> None:
            raise ValueError(MARK)

        return app

    def test_addresses_headers_and_error_pages_tell_no_secret(
        self, desk: FastAPI, marked_store: SqlStore, capfd: pytest.CaptureFixture[str]
    ) -> None:
        visitor = Visitor(desk)
        visitor.sign_in()
        listed = list_queue(marked_store, Asked(), user=NAME, today=NOW.date(), limit=100)
        rows = [each.row for each in listed]
        assert rows
        for row in rows:
            for page in ("", "/why", "/timeline", "/versions", "/history", "/documents"):
                assert visitor.get(f"/case/{row.ref}{page}")[0] == 200
            visitor.get(f"/case/{row.ref}/cioms.pdf?policy=fda")
            visitor.get(f"/case/{row.ref}/e2b.xml?receiver=FDA")
        for page in ("/quarantine", "/audit", "/account", "/help", "/rows"):
            visitor.get(page)
        assert visitor.post("/search", words=MARK)[0] == 303
        assert visitor.post("/export", what=MARK)[0] < 500
        assert found_in(str(visitor.pages)), "the pages told of no case"
        failures = {
            "unforeseen": visitor.get("/unforeseen"),
            "no such case": visitor.get(f"/case/{MARK}"),
            "no such page": visitor.get(f"/{MARK}"),
            "no such filter": visitor.get(f"/?stage={MARK}&authority={MARK}"),
            "bad decision": visitor.post(
                f"/case/{rows[0].ref}/decide", kind=MARK, version="1", reason=MARK
            ),
            "bad form": visitor.post(f"/case/{rows[0].ref}/decide", version=MARK),
            "forged": visitor.post("/account", csrf=MARK, zone=MARK),
        }
        assert failures["unforeseen"][0] == 500
        assert failures["no such case"][0] == 404
        told = {name: text for name, (status, text) in failures.items() if status >= 400}
        assert len(told) >= 5
        printed = capfd.readouterr()

        assert (
            leaks(
                {
                    **told,
                    "addresses": visitor.addresses,
                    "headers": str(list(visitor.headers.values())),
                    "printed": printed.out + printed.err,
                    **kept(marked_store),
                }
            )
            == {}
        )


class TestOfCommands:
    def test_errors_and_lists_tell_no_secret(
        self,
        marked_database: Path,
        tmp_path: Path,
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        files = tmp_path / "files"
        files.mkdir()
        for number, record in enumerate((*broken_icsrs(), *broken_events()[::20], *unreadable())):
            (files / f"{number}.{'xml' if 'icsr' in record.topic else 'json'}").write_bytes(
                record.value or b""
            )
        database = ["--database", f"sqlite:///{marked_database}"]
        seen: dict[str, str] = {}

        def called(*arguments: str) -> None:
            capfd.readouterr()
            run([*database, *arguments])
            printed = capfd.readouterr()
            seen[" ".join(arguments)] = printed.out + printed.err

        called("process", str(files))
        called("e2b", "validate", str(files / "0.xml"))
        called("quarantine", "list", "--limit", "2000")
        called("quarantine", "redrive", "--all")
        called("due")
        called("digest")
        called("replay", "--check")
        called("audit", "verify")
        called("audit", "seals")
        monkeypatch.setattr("consumers.backfill.handle_batch", _fails)
        called("process", str(files))

        assert "an error nobody foresaw (ValueError at" in seen[f"process {files}"]
        assert leaks(seen) == {}


def _fails(*_: object, **__: object) -> None:
    raise ValueError(MARK)
