"""
`safety due` on one case of 2014: an initial report of 7 May and a follow-up of 21 May.

The EMA's initial report is due Thursday 22 May, its follow-up Thursday 5 June 2014; three working
days before are Monday 19 May and Monday 2 June.
"""

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.unit.desk.cli.conftest import INITIAL, Call

EMA = ("due", "--authority", "EMA", "--json")
CASE = "SECURE-EDC:16621-03-012-AE04"


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SAFETY_TARGET_MARGINS", "SAFETY_TARGET_HOLIDAYS"):
        monkeypatch.delenv(name, raising=False)


def dates(told: list[dict[str, str]], name: str) -> list[str]:
    return [duty[name] for duty in told]


class TestTarget:
    def test_stands_beside_the_legal_date(self, ask: Call) -> None:
        told = ask(*EMA).json

        assert dates(told, "due") == ["2014-05-22", "2014-06-05"]
        assert dates(told, "target") == ["2014-05-19", "2014-06-02"]
        assert "05-19" in ask("due").out

    def test_follows_the_settings(self, ask: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SAFETY_TARGET_MARGINS", "0:0, 15:1")
        monkeypatch.setenv("SAFETY_TARGET_HOLIDAYS", "CN")

        # Monday 2 June 2014 was the Dragon Boat Festival in China; it stands in nobody's way here
        assert dates(ask(*EMA).json, "target") == ["2014-05-21", "2014-06-04"]
        monkeypatch.setenv("SAFETY_TARGET_MARGINS", "15:3")
        assert dates(ask(*EMA).json, "target")[1] == "2014-05-30"

    @pytest.mark.parametrize(
        ("name", "value"), [("HOLIDAYS", "XX"), ("MARGINS", "15"), ("MARGINS", "15:x")]
    )
    def test_a_wrong_setting_is_named(
        self, ask: Call, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(f"SAFETY_TARGET_{name}", value)

        told = ask("due")
        assert told.code == 2
        assert f"SAFETY_TARGET_{name}" in told.err


class TestCalendar:
    def test_writes_every_open_duty_whatever_the_limit(self, ask: Call, tmp_path: Path) -> None:
        file = tmp_path / "due.ics"
        told = ask("due", "--authority", "EMA", "--limit", "1", "--calendar", file)

        starts = [
            event.decoded("dtstart").isoformat()
            for event in Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        ]
        assert starts == ["2014-05-19", "2014-05-22", "2014-06-02", "2014-06-05"]
        assert "4 entries" in told.err

    def test_a_file_that_cannot_be_written_is_wrong_usage(self, ask: Call, tmp_path: Path) -> None:
        assert ask("due", "--calendar", tmp_path / "none" / "due.ics").code == 2


class TestUnderRulesOf:
    def test_lists_what_would_be_open_by_the_law_of_another_day(self, ask: Call) -> None:
        told = ask("due", "--under-rules-of", "2026-01-01", "--json").json

        # by hand: No. 66 in the place of Decree 81, the British row that began in 2021, and four
        # whose law was the same in 2014
        assert {(duty["recipient"], duty["rule"]) for duty in told} == {
            ("EVPM", "EU-4"),
            ("CDR", "CN-4"),
            ("MHRA", "UK-3"),
            ("FDA", "US-6"),
            ("HC", "CA-4"),
            ("PMDA", "JP-4"),
        }

    def test_leaves_out_what_was_sent_to_that_recipient_for_that_report(self, work: Call) -> None:
        work("process", INITIAL)
        (duty,) = work(*EMA).json
        said = ("--obligation", duty["obligation"], "--state", "submitted", "--by", "officer-3")
        assert work("submission", "record", CASE, *said, "--at", "2014-05-20T09:00+08:00").code == 0

        told = work("due", "--under-rules-of", "2026-01-01", "--json").json
        assert {duty["recipient"] for duty in told} == {"CDR", "MHRA", "FDA", "HC", "PMDA"}

    def test_narrows_by_authority_date_and_knowledge(self, ask: Call) -> None:
        asked = ("due", "--under-rules-of", "2026-01-01", "--json")

        assert len(ask(*asked, "--authority", "MHRA").json) == 2
        assert len(ask(*asked, "--as-of", "2014-05-20", "--within", "3").json) == 6
        assert ask(*asked, "--as-known-at", "2014-06-01T00:00:00+00:00").json == []


class TestKnownAt:
    def test_nothing_was_known_before_it_was_recorded(self, ask: Call) -> None:
        assert ask("due", "--as-known-at", "2014-06-01T00:00:00+00:00", "--json").json == []
        assert len(ask("due", "--as-known-at", "2099-06-01T00:00:00+00:00", "--json").json) == len(
            ask("due", "--json").json
        )

    def test_an_instant_without_offset_is_wrong_usage(self, ask: Call) -> None:
        assert ask("due", "--as-known-at", "2014-06-01T00:00:00").code == 2
