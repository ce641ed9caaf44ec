"""The calendar of what is open, read back by a reader of iCalendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar

from reports.calendar import build_calendar, render_calendar, validate_calendar
from safety.deadlines.targets import Margin, Targets
from safety.store.submissions import OpenDuty
from tests.support.decisions import obligations
from tests.support.reports import correction, report

TARGETS = Targets((Margin(0, 0), Margin(15, 3)))
NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
EARLIER = [{"channel": "affiliate", "day": "2026-02-27"}]


def rendered(*reports: Any, state: str | None = None) -> bytes:
    duties = [OpenDuty(d, state) for d in obligations(*reports) if d.authority == "EMA"]
    made = build_calendar(duties, TARGETS, made_at=NOW)
    content = render_calendar(made)
    assert list(validate_calendar(made, content)) == []
    return content


def events(content: bytes) -> dict[str, Any]:
    read = Calendar.from_ical(content)
    return {str(event["summary"]).partition(":")[0]: event for event in read.walk("VEVENT")}


class TestCalendar:
    def test_holds_the_legal_date_and_the_target_as_whole_days(self) -> None:
        found = events(rendered(report()))

        # 2 March + 15 days is Tuesday 17 March; three working days before is Thursday 12 March
        assert {name: event.decoded("dtstart") for name, event in found.items()} == {
            "Due": date(2026, 3, 17),
            "Target": date(2026, 3, 12),
        }
        assert found["Due"].decoded("dtend") == date(2026, 3, 18)
        assert found["Due"]["transp"] == "TRANSPARENT"

    def test_names_authority_rule_case_provision_and_state(self) -> None:
        due = events(rendered(report(), state="draft"))["Due"]

        assert str(due["summary"]) == "Due: EMA EVPM: initial under EU-4, EDC:16621-01-001-AE01"
        assert "Directive 2001/83/EC, Article 107(3)" in str(due["description"])
        assert "Report: draft" in str(due["description"])

    def test_a_date_that_moves_keeps_its_entry(self) -> None:
        before = events(rendered(report()))["Due"]
        after = events(rendered(report(), correction(awareness=EARLIER)))["Due"]

        assert before["uid"] == after["uid"]
        assert after.decoded("dtstart") == date(2026, 3, 14)

    def test_only_the_legal_date_reminds_a_day_before(self) -> None:
        found = events(rendered(report()))

        (alarm,) = found["Due"].walk("VALARM")
        assert alarm.decoded("trigger") == timedelta(days=-1)
        assert found["Target"].walk("VALARM") == []

    def test_says_nothing_of_the_patient(self) -> None:
        content = rendered(report())

        assert b"embolism" not in content
        assert b"male" not in content

    def test_a_long_line_is_folded_and_chinese_stays_chinese(self) -> None:
        (duty,) = [d for d in obligations(report()) if d.authority == "EMA"]
        chinese = OpenDuty(replace(duty, case_id="EDC:甲乙-1"), None)
        made = build_calendar([chinese], TARGETS, made_at=NOW)
        content = render_calendar(made)

        assert max(len(line) for line in content.split(b"\r\n")) <= 75
        assert "EDC:甲乙-1" in str(events(content)["Due"]["summary"])

    def test_a_calendar_that_lost_an_entry_or_gained_one_is_named(self) -> None:
        duties = [OpenDuty(d, None) for d in obligations(report()) if d.authority == "EMA"]
        made = build_calendar(duties, TARGETS, made_at=NOW)
        none = build_calendar([], TARGETS, made_at=NOW)

        assert len(list(validate_calendar(made, render_calendar(none)))) == 2
        assert list(validate_calendar(none, render_calendar(made))) == [
            "2 entries stand in the calendar that nobody asked for"
        ]
