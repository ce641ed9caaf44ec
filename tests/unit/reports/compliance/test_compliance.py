"""
What became of each duty, counted by hand.

January 2026 at EMA: due on the 10th and sent on the 10th (on time), due on the 10th and sent on the
13th (3 days late), due on the 31st and sent on 9 February (9 days late), due on the 12th and never
sent (overdue), due on the 20th and found not to be required. Rate 1 of 4.
"""

import csv
from datetime import date
from io import StringIO
from xml.etree import ElementTree as ET

import pytest

from reports.compliance import (
    Compliance,
    build_compliance,
    render_csv,
    render_json,
    render_svg,
    validate_compliance,
)
from safety.store.submissions import DutyOutcome

AS_OF = date(2026, 3, 1)


def duty(
    due: str,
    sent: str | None = None,
    *,
    state: str | None = None,
    to: str = "EMA",
    held: str | None = None,
) -> DutyOutcome:
    return DutyOutcome(
        case_id="c",
        authority=to,
        recipient="EVPM",
        duty="initial",
        rule_id="EU-4",
        due=date.fromisoformat(due),
        held=date.fromisoformat(held or due),
        state=state or ("submitted" if sent else None),
        submitted_on=None if sent is None else date.fromisoformat(sent),
    )


JANUARY = (
    duty("2026-01-10", "2026-01-10"),
    duty("2026-01-10", "2026-01-13"),
    duty("2026-01-31", "2026-02-09"),
    duty("2026-01-12"),
    duty("2026-01-20", state="not_required"),
)


def built(*outcomes: DutyOutcome) -> Compliance:
    return build_compliance(outcomes, as_of=AS_OF)


class TestBuild:
    def test_counts_a_month_as_counted_by_hand(self) -> None:
        (month,) = built(*JANUARY).months

        assert (month.authority, month.month) == ("EMA", date(2026, 1, 1))
        assert (month.on_time, month.days_late, month.overdue, month.not_required) == (
            1,
            (3, 9),
            1,
            1,
        )
        assert (month.rate, month.median_late, month.most_late) == (0.25, 6, 9)

    def test_the_due_day_itself_is_still_open(self) -> None:
        (month,) = built(duty("2026-03-01")).months

        assert (month.open, month.overdue, month.rate) == (1, 0, None)

    def test_the_day_after_it_is_overdue_also_with_a_draft(self) -> None:
        (month,) = built(duty("2026-02-28", state="approved")).months

        assert (month.open, month.overdue, month.rate) == (0, 1, 0)

    def test_a_date_that_was_not_known_then_makes_late_and_is_counted_apart(self) -> None:
        (month,) = built(
            duty("2026-01-14", "2026-01-16", held="2026-01-17"),
            duty("2026-01-14", "2026-01-18", held="2026-01-17"),
        ).months

        assert (month.days_late, month.late_unknown) == ((2, 4), 1)

    def test_a_rejected_report_was_not_sent(self) -> None:
        (month,) = built(duty("2026-02-28", state="rejected")).months

        assert month.overdue == 1

    def test_the_month_is_that_of_the_due_date_by_authority(self) -> None:
        told = built(
            duty("2026-01-31", "2026-02-02"),
            duty("2026-02-01", "2026-02-02"),
            duty("2026-01-31", "2026-01-02", to="FDA"),
        )

        assert [(m.authority, m.month.month, m.rate) for m in told.months] == [
            ("EMA", 1, 0),
            ("EMA", 2, 0),
            ("FDA", 1, 1),
        ]

    def test_the_range_counts_both_its_ends(self) -> None:
        told = build_compliance(
            [duty("2026-01-09"), duty("2026-01-10"), duty("2026-01-12"), duty("2026-01-13")],
            as_of=AS_OF,
            since=date(2026, 1, 10),
            until=date(2026, 1, 12),
        )

        assert told.duties == 2

    def test_every_duty_is_placed_once(self) -> None:
        told = built(*JANUARY, duty("2026-04-01"))

        assert list(validate_compliance(told)) == []
        assert told.duties == 6

    def test_a_count_that_does_not_add_up_is_named(self) -> None:
        told = built(*JANUARY)

        wrong = Compliance(told.as_of, None, told.months, told.duties + 1)
        twice = Compliance(told.as_of, None, told.months * 2, told.duties * 2)
        assert list(validate_compliance(wrong)) == [
            "6 duties were counted and 5 were placed in a month"
        ]
        assert list(validate_compliance(twice)) == ["EMA 2026-01 stands twice"]


class TestRender:
    def test_json_and_csv_say_the_same(self) -> None:
        told = built(*JANUARY, duty("2026-01-05", "2026-01-05", to="FDA"))

        (ema, fda) = csv.DictReader(StringIO(render_csv(told)))
        assert ema["on_time_rate"] == "0.25"
        assert fda["most_days_late"] == ""
        assert [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in render_json(told)["months"]
        ] == [ema, fda]

    def test_the_plot_says_each_rate_and_authority_in_text(self) -> None:
        told = built(*JANUARY, duty("2026-02-05", "2026-02-05", to="FDA"))

        root = ET.fromstring(render_svg(told))  # noqa: S314 - our own
        said = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
        assert {"EMA", "FDA", "25", "100", "2026-01", "2026-02", "overdue, not sent"} <= said

    def test_the_same_figures_give_the_same_bytes(self) -> None:
        assert render_svg(built(*JANUARY)) == render_svg(built(*JANUARY))

    @pytest.mark.parametrize("years", [1, 12])
    def test_many_months_and_none_can_be_drawn(self, years: int) -> None:
        told = built(*(duty(f"{2014 + year}-05-10") for year in range(years)))

        assert b"</svg>" in render_svg(told)
        assert b"nothing fell due" in render_svg(built())
