"""The qualification passes on an installation that is well, and not on one that is not."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from pypdf import PdfReader

from consumers.qualification import checks, run
from consumers.qualification.checks import OPERATIONAL, Bench
from consumers.settings import load_settings
from reports.qualification import (
    Check,
    Installation,
    Qualification,
    render_pdf,
    validate_qualification,
)
from safety.errors import SafetyError
from safety.store import migrate, open_store
from safety.store.queries import due
from tests.support.decisions import knowledge

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def qualified(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Qualification:
    """A qualification without a look at services, on SQLite."""
    monkeypatch.setattr(run, "examine", lambda _: iter(()))
    return run.qualify(load_settings(database_url=f"sqlite:///{tmp_path / 'none.db'}"))


class TestQualify:
    def test_passes_every_operational_check(self, qualified: Qualification) -> None:
        made = [check for check in qualified.checks if check.number.startswith("OQ")]

        assert len(made) == len(OPERATIONAL)
        assert [check for check in made if not check.passed] == []

    def test_gives_a_report_that_can_be_followed(self, qualified: Qualification) -> None:
        assert validate_qualification(qualified) == ()

    def test_leaves_the_database_of_the_settings_alone(
        self, qualified: Qualification, tmp_path: Path
    ) -> None:
        assert qualified.checks
        assert not (tmp_path / "none.db").exists()

    def test_its_pdf_has_every_check_and_room_to_sign(self, qualified: Qualification) -> None:
        pages = PdfReader(BytesIO(render_pdf(qualified))).pages
        text = re.sub(r"[\s\u200b]+", "", "".join(page.extract_text() for page in pages))

        assert all(check.number in text for check in qualified.checks)
        assert all(who in text for who in ("Performedby", "Reviewedby", "Approvedby"))

    def test_runs_in_a_database_that_is_named(
        self, monkeypatch: pytest.MonkeyPatch, postgres_url: str
    ) -> None:
        monkeypatch.setattr(run, "examine", lambda _: iter(()))

        qualified = run.qualify(load_settings(), scratch=postgres_url)

        assert [c for c in qualified.failures if c.number.startswith("OQ")] == []
        assert "postgresql" in qualified.installation.facts["Database of the operational checks"]

    def test_a_check_that_cannot_be_carried_out_has_not_passed(self) -> None:
        def broken(_: Bench) -> Check:
            """It works."""
            raise SafetyError("the disk is full")

        check = run._carried_out("OQ-01", broken, None)  # type: ignore[arg-type]

        assert (check.passed, check.title, check.found) == (False, "It works.", "the disk is full")


class TestTheChecksCanFail:
    """Each is shown an installation that does it wrong."""

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Any:
        url = f"sqlite:///{tmp_path / 'scratch.db'}"
        migrate(url)
        with closing(open_store(url)) as store:
            bench = Bench(store, knowledge(), load_settings(), tmp_path)
            bench.process(bench.records)
            yield bench

    def test_a_wrong_due_date(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        shifted = [{**each, "due": date(2030, 1, 1)} for each in checks._due_dates()]
        monkeypatch.setattr(checks, "_due_dates", lambda: shifted)

        assert not checks.due_dates_are_right(bench).passed

    @pytest.mark.parametrize(
        ("table", "column", "check"),
        [
            ("case_versions", "digest", checks.history_replays),
            ("case_versions", "knowledge", checks.decisions_name_their_knowledge),
            ("case_versions", "changes", checks.changes_lead_to_the_case),
        ],
    )
    def test_a_record_that_was_changed(
        self, bench: Bench, table: str, column: str, check: Callable[[Bench], Check]
    ) -> None:
        assert check(bench).passed
        with bench.store.writing() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = '[]'")  # noqa: S608

        assert not check(bench).passed

    def test_a_table_that_lets_itself_be_changed(self, bench: Bench) -> None:
        with bench.store.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER alerts_no_delete")

        check = checks.the_record_refuses_change(bench)

        assert not check.passed
        assert "alerts" in check.found

    def test_a_form_that_lost_text(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(checks, "find_lost_text", lambda *_: ("lost",))

        assert not checks.documents_hold_everything(bench).passed

    def test_a_log_that_tells_too_much(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        process = Bench.process

        def telling(self: Bench, records: Any) -> Any:
            structlog.get_logger().info("read", where=checks.MARK)
            return process(self, records)

        monkeypatch.setattr(Bench, "process", telling)

        assert not checks.logs_hold_no_patient(bench).passed
        assert checks.MARK not in capsys.readouterr().out

    def test_the_duties_it_knows_are_among_those_that_stand(self, bench: Bench) -> None:
        standing = {(duty.case_id, duty.recipient) for duty in due(bench.store)}

        assert {(each["case"], each["recipient"]) for each in checks._due_dates()} <= standing


class TestValidateQualification:
    def of(self, *made: Check) -> Qualification:
        return Qualification(Installation({}), made, NOON, NOON)

    def check(self, number: str = "IQ-01", **changes: Any) -> Check:
        told = {
            "requirements": ("R9",),
            "title": "It works.",
            "expected": "1",
            "found": "1",
            "passed": True,
        }
        return Check(number, **{**told, **changes})

    def codes(self, *made: Check) -> list[str]:
        return [fault.code for fault in validate_qualification(self.of(*made))]

    def test_accepts_one_check_of_each_part(self) -> None:
        assert self.codes(self.check("IQ-01"), self.check("OQ-01")) == []

    def test_finds_a_part_without_checks(self) -> None:
        assert self.codes(self.check("OQ-01")) == ["part_without_checks"]

    @pytest.mark.parametrize("number", ["PQ-01", "OQ-1", "IQ-01"])
    def test_finds_a_number_that_is_none_or_stands_twice(self, number: str) -> None:
        made = (self.check("IQ-01"), self.check("OQ-01"), self.check(number))

        assert "number_unusable" in self.codes(*made)

    @pytest.mark.parametrize("requirement", ["R0", "R21", "R1 ", "X"])
    def test_finds_a_requirement_that_does_not_exist(self, requirement: str) -> None:
        made = (self.check("IQ-01"), self.check("OQ-01", requirements=(requirement,)))

        assert self.codes(*made) == ["requirement_unknown"]

    @pytest.mark.parametrize("silent", ["title", "expected", "found"])
    def test_finds_a_check_that_says_nothing(self, silent: str) -> None:
        made = (self.check("IQ-01"), self.check("OQ-01", **{silent: ""}))

        assert self.codes(*made) == ["nothing_said"]

    def test_without_checks_nothing_has_passed(self) -> None:
        assert not self.of().passed
        assert not self.of(self.check("IQ-01"), self.check("OQ-01", passed=False)).passed
