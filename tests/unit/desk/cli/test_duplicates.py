"""What a person sees of two cases that may be one, and decides."""

import sqlite3
from pathlib import Path

import orjson
import pytest

from desk.cli.app import run
from desk.cli.duplicates import value_of
from safety.duplicates import Event, load_weights
from tests.support.duplicates import EDC, HOSPITAL, OF_HOSPITAL, reported
from tests.support.fingerprints import told

WHO = ("--by", "reviewer-1", "--reason", "compared")


@pytest.fixture
def two_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database with one event told by the study and by a hospital."""
    monkeypatch.setenv("SAFETY_DATABASE_URL", f"sqlite:///{tmp_path / 'safety.db'}")
    messages = tmp_path / "messages"
    messages.mkdir()
    for name, record in (("a", reported("a")), ("b", reported("b", OF_HOSPITAL))):
        (messages / f"{name}.json").write_bytes(record.value or b"")
    assert run(["migrate"]) == 0
    assert run(["process", str(messages)]) == 0
    return tmp_path


def pairs(capsys: pytest.CaptureFixture[str], state: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["case", "duplicates", "--state", state, "--json"]) == 0
    found: list[dict[str, object]] = orjson.loads(capsys.readouterr().out)
    return found


@pytest.mark.usefixtures("two_cases")
class TestCaseDuplicates:
    def test_shows_both_side_by_side(self, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()

        assert run(["case", "duplicates", EDC]) == 0
        shown = capsys.readouterr().out
        assert "Pulmonary" in shown or "embolism" in shown
        assert "2026-02-27" in shown

    def test_is_part_of_case_show(self, capsys: pytest.CaptureFixture[str]) -> None:
        capsys.readouterr()

        assert run(["case", "show", HOSPITAL, "--json"]) == 0
        told = orjson.loads(capsys.readouterr().out)
        assert [each["case"] for each in told["possible_duplicates"]] == [EDC]

    def test_a_merge_and_its_undoing_move_the_pair(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["case", "merge", HOSPITAL, "--into", EDC, *WHO]) == 0
        assert "R1 is r1" in capsys.readouterr().out
        assert [each["state"] for each in pairs(capsys, "all")] == ["merged"]

        assert run(["case", "undo-merge", HOSPITAL, *WHO]) == 0
        assert [each["state"] for each in pairs(capsys, "all")] == ["open"]

    def test_two_that_were_merged_are_no_two_events(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["case", "merge", HOSPITAL, "--into", EDC, *WHO]) == 0

        for pair in ((HOSPITAL, EDC), (EDC, HOSPITAL)):
            assert run(["case", "distinct", *pair, *WHO]) == 2
            assert f"case {HOSPITAL} was merged into {EDC}" in capsys.readouterr().err
        assert [each["state"] for each in pairs(capsys, "all")] == ["merged"]

    @pytest.mark.parametrize(
        ("same", "said"),
        [
            ("reactions:R7=r1", f"case {HOSPITAL} has no R7 among its reactions; it has R1"),
            ("reactions:R1=r7", f"case {EDC} has no r7 among its reactions; it has r1"),
        ],
    )
    def test_what_a_case_does_not_have_is_not_the_same_as_anything(
        self, capsys: pytest.CaptureFixture[str], same: str, said: str
    ) -> None:
        capsys.readouterr()

        assert run(["case", "merge", HOSPITAL, "--into", EDC, "--same", same, *WHO]) == 2
        assert said in " ".join(capsys.readouterr().err.split())
        assert [each["state"] for each in pairs(capsys, "all")] == ["open"]

    def test_two_events_are_asked_about_no_more_until_that_is_taken_back(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["case", "distinct", EDC, HOSPITAL, *WHO]) == 0
        assert pairs(capsys, "open") == []

        assert run(["case", "distinct", EDC, HOSPITAL, "--take-back", *WHO]) == 0
        assert len(pairs(capsys, "open")) == 1

    def test_cases_stored_before_the_search_are_found_by_it(
        self, two_cases: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with sqlite3.connect(two_cases / "safety.db") as database:
            for table in ("case_fingerprints", "duplicate_keys", "duplicate_pairs"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
        database.close()
        assert pairs(capsys, "all") == []

        assert run(["case", "find-duplicates"]) == 0
        assert [each["other"] for each in pairs(capsys, "open")] == [HOSPITAL]
        assert run(["case", "find-duplicates"]) == 0
        assert len(pairs(capsys, "open")) == 1

    @pytest.mark.parametrize(
        "typed",
        [
            ("merge", HOSPITAL, "--into", "EDC:nobody", *WHO),
            ("merge", HOSPITAL, "--into", HOSPITAL, *WHO),
            ("merge", HOSPITAL, "--into", EDC, "--same", "R1=r1", *WHO),
            ("undo-merge", HOSPITAL, *WHO),
            ("distinct", EDC, "EDC:nobody", *WHO),
            ("distinct", EDC, EDC, *WHO),
            ("duplicates", "EDC:nobody"),
            ("duplicates", "--state", "perhaps"),
        ],
    )
    def test_what_cannot_be_done_says_so_and_records_nothing(
        self, typed: tuple[str, ...], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["case", *typed]) == 2
        capsys.readouterr()
        assert run(["quarantine", "list", "--json"]) == 0
        assert orjson.loads(capsys.readouterr().out) == []


class TestValueOf:
    @pytest.mark.parametrize("field", sorted({field for field, _ in load_weights().bits}))
    def test_shows_every_field_that_is_compared(self, field: str) -> None:
        shown = told(
            numbers=("EDC:1",),
            start="2026-01-02",
            death="2026-03-01",
            drugs=("entecavir",),
            reporters=("hospital",),
            sender="edc",
            events=(Event("Diarrhea", "2026-02-27", "2026-03-01"),),
        )

        assert value_of(shown, field) not in {"", "None"}
