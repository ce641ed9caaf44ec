"""What operators do, and what befalls them: upgrades, backups, floods, clocks set back."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text

from consumers.handlers import Record
from safety.store import SqlStore, open_store, tables
from safety.store.connect import make_engine
from safety.store.sql import MIGRATING
from safety.store.verify import verify_store
from schemas.parse import Refused, parse_record
from tests.support.brokers import Broker
from tests.support.disturbed import run_with_jumping_clock
from tests.support.postgres import PostgresServer
from tests.support.scene import Scene, Undisturbed, read
from tests.support.streams import examples_in_any_order, study
from tests.support.tables import rows_of

pytestmark = pytest.mark.kafka


@contextmanager
def migrating(url: str) -> Iterator[Connection]:
    """Open the transaction in which `safety migrate` of another version would work."""
    with closing(SqlStore(make_engine(url))) as store, store.writing() as connection:
        if store.dialect == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATING})"))
        yield connection


class TestMigratedUnderAConsumer:
    def test_it_halts_between_two_batches_and_goes_on_after_the_way_back(
        self, scene: Scene, database_url: str
    ) -> None:
        change = text("UPDATE alembic_version SET version_num = :version")

        with scene.start(database_url) as consumer:
            assert consumer.batch(), scene.printed
            with migrating(database_url) as connection:
                ours = connection.scalar(text("SELECT version_num FROM alembic_version"))
                connection.execute(text("ALTER TABLE message_log ADD COLUMN of_tomorrow TEXT"))
                connection.execute(change, {"version": "9999"})
            assert consumer.wait() == 1
        assert "SchemaError" in scene.printed
        assert "9999" in scene.printed
        with scene.start(database_url) as older:  # beside the newer software
            assert older.wait() == 1
        with migrating(database_url) as connection:
            connection.execute(text("ALTER TABLE message_log DROP COLUMN of_tomorrow"))
            connection.execute(change, {"version": ours})

        with scene.consumer(database_url):
            pass
        scene.ends_well(database_url)


class TestBackup:
    def test_of_sqlite_while_it_is_written_is_gone_on_from(
        self, scene: Scene, sqlite_url: str, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.db"

        with scene.start(sqlite_url) as consumer:
            assert consumer.batch(), scene.printed
            with (
                closing(sqlite3.connect(str(make_url(sqlite_url).database))) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
            assert consumer.batch(), "it did not go on after the backup"
            consumer.kill()

        restored(scene, f"sqlite:///{copy}")

    def test_of_postgresql_while_it_is_written_is_gone_on_from(
        self,
        scene: Scene,
        migrated_postgres: str,
        postgres_server: PostgresServer,
        tmp_path: Path,
    ) -> None:
        dump = tmp_path / "safety.dump"

        def program(name: str, database: str, *arguments: str | Path) -> None:
            where = [f"--host={postgres_server.home}", "--username=postgres", "--dbname", database]
            done = [postgres_server.programs / name, *where, *arguments]
            subprocess.run(done, check=True, capture_output=True)

        with scene.start(migrated_postgres) as consumer:
            assert consumer.batch(), scene.printed
            name = str(make_url(migrated_postgres).database)
            program("pg_dump", name, "--format=custom", f"--file={dump}")
            assert consumer.batch(), "it did not go on after the backup"
            consumer.kill()

        with postgres_server.fresh_database() as url:
            program("pg_restore", str(make_url(url).database), "--exit-on-error", dump)
            restored(scene, url)


def restored(scene: Scene, url: str) -> None:
    """See that a backup from the middle of the stream is whole, and consume the rest into it."""
    with closing(open_store(url)) as store:
        assert 0 < read(store) < len(scene.stream)
        assert list(verify_store(store)) == []
    with scene.consumer(url):
        pass
    scene.ends_well(url)


class TestPoisonFlood:
    def test_stops_the_consumer_before_it_until_a_person_has_looked(
        self,
        topics: Broker,
        undisturbed: Undisturbed,
        sqlite_url: str,
        sqlite_store: SqlStore,
        tmp_path: Path,
    ) -> None:
        (first,) = study(17, 12, 1)
        flood = [replace(first, value=b"no JSON %d" % number) for number in range(200)]
        scene = Scene(
            topics, undisturbed, tmp_path, [*examples_in_any_order(), *flood, *study(13, 16, 200)]
        )
        for stops in (1, 2, 3):  # whoever starts it again, as a service manager does
            with scene.start(sqlite_url, quarantine_run=20) as consumer:
                assert consumer.wait() == 1
            assert scene.printed.count("QuarantineLimitError: ") == stops
            # Some of it may be stored: good messages of other partitions come between.
            refused = [row["payload"] for row in rows_of(sqlite_store, tables.quarantine)]
            parked = sum(payload.startswith(b"no JSON") for payload in refused)
            assert parked < len(flood), "the flood went in"
        assert read(sqlite_store) < len(scene.stream)

        with scene.consumer(sqlite_url, quarantine_run=1_000):
            pass
        scene.ends_well(sqlite_url, quarantine_run=1_000)


class TestClockSetBack:
    def test_the_versions_of_every_case_still_share_out_all_of_time(
        self,
        topics: Broker,
        undisturbed: Undisturbed,
        sqlite_url: str,
        sqlite_store: SqlStore,
        tmp_path: Path,
    ) -> None:
        # Without what goes to quarantine: its earliest due date is counted from our own day.
        stream = [each for each in (*examples_in_any_order(), *study(13, 16, 400)) if is_read(each)]
        scene = Scene(topics, undisturbed, tmp_path, stream)

        with scene.consumer(sqlite_url, run=run_with_jumping_clock):
            pass

        versions = rows_of(sqlite_store, tables.case_versions)
        by_case = {
            case_id: sorted(of_case, key=lambda row: row["version"])
            for case_id, of_case in groupby(
                sorted(versions, key=lambda row: row["case_id"]), key=lambda row: row["case_id"]
            )
        }
        assert any(
            later["recorded_at"] < first["recorded_at"]
            for of_case in by_case.values()
            for first, later in pairwise(of_case)
        ), "the clock went back between no two versions of a case"
        with sqlite_store.reading() as connection:
            validity = connection.execute(tables.case_validity.select()).mappings().all()
        for case_id in by_case:
            spans = sorted(
                (row["version"], row["valid_from"], row["valid_to"])
                for row in validity
                if row["case_id"] == case_id
            )
            assert all(end == begin for (_, _, end), (_, begin, _) in pairwise(spans))
            assert all(begin <= end for _, begin, end in spans[:-1])
            assert spans[-1][2] is None
        scene.ends_well(sqlite_url)


def is_read(record: Record) -> bool:
    """Tell whether no message in a record is refused."""
    messages = parse_record(record.topic, record.value, key=record.key, headers=record.headers)
    return not any(isinstance(each, Refused) for each in messages)
