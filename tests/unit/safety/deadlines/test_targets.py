"""
Internal targets, counted by hand on the calendars of 2026.

17 March 2026 is a Tuesday, 14 March a Saturday. China's National Day holiday of 2026 runs from
Thursday 1 to Wednesday 7 October; Saturday 10 October is worked in exchange (State Council's notice
for 2026, as the package `holidays` has it). 3 October is the Day of German Unity; Reformation Day,
31 October, is a holiday in Hamburg and not in Berlin.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.deadlines import Obligation
from safety.deadlines.targets import Margin, Targets, load_calendars
from safety.errors import KnowledgeError
from tests.support.decisions import obligations
from tests.support.reports import report

MARGINS = (Margin(0, 0), Margin(7, 1), Margin(15, 3))
EMA = next(duty for duty in obligations(report()) if duty.authority == "EMA")


def duty(due: str, days: int = 15) -> Obligation:
    day = date.fromisoformat(due)
    return replace(EMA, due=day, days=days, day_zero=day - timedelta(days=days))


def target(due: str, days: int = 15, *, places: tuple[str, ...] = ()) -> str:
    return Targets(MARGINS, load_calendars(places)).target(duty(due, days)).isoformat()


class TestTarget:
    @pytest.mark.parametrize(
        ("due", "days", "expected"),
        [
            ("2026-03-17", 15, "2026-03-12"),  # Tuesday: Monday, Friday, Thursday
            ("2026-03-14", 15, "2026-03-10"),  # Saturday: Friday, then three days
            ("2026-03-15", 15, "2026-03-10"),  # Sunday: the same
            ("2026-03-16", 7, "2026-03-13"),  # Monday: one working day before is Friday
            ("2026-03-14", 5, "2026-03-13"),  # no margin, but no Saturday either
            ("2026-03-17", 5, "2026-03-17"),
            ("2026-06-01", 90, "2026-05-27"),  # the margin of 15 days or more
        ],
    )
    def test_rolls_back_over_weekends_then_by_the_margin(
        self, due: str, days: int, expected: str
    ) -> None:
        assert target(due, days) == expected

    def test_a_duty_due_at_once_has_its_day_zero_as_target_also_on_a_sunday(self) -> None:
        assert target("2026-03-15", 0) == "2026-03-15"

    def test_a_limit_below_all_margins_has_none(self) -> None:
        assert Targets((Margin(7, 1),)).target(duty("2026-03-17", 5)) == date(2026, 3, 17)

    def test_never_lies_before_day_zero(self) -> None:
        wide = Targets((Margin(0, 30),))

        assert wide.target(duty("2026-03-17", 7)) == date(2026, 3, 10)

    def test_public_holidays_are_no_working_days_and_a_worked_saturday_is_one(self) -> None:
        # due Sunday 11 October: Saturday 10 is worked; then Friday 9, Thursday 8, Wednesday 30 Sept
        assert target("2026-10-11", places=("CN",)) == "2026-09-30"
        # weekends only: Friday 9, then 8, 7, 6
        assert target("2026-10-11") == "2026-10-06"

    def test_a_day_counts_only_if_it_is_worked_at_all_offices(self) -> None:
        # the worked Saturday is none in Berlin: Friday 9, then Thursday 8, 30 and 29 September
        assert target("2026-10-11", places=("CN", "DE-BE")) == "2026-09-29"

    def test_a_subdivision_has_its_own_holidays(self) -> None:
        friday = "2025-10-31"

        assert target(friday, 5, places=("DE-BE",)) == "2025-10-31"
        assert target(friday, 5, places=("DE-HH",)) == "2025-10-30"

    @pytest.mark.parametrize("place", ["XX", "DE-ZZ", ""])
    def test_a_place_that_nobody_knows_is_named(self, place: str) -> None:
        with pytest.raises(KnowledgeError, match=f"known for {place};"):
            load_calendars((place,))

    @given(
        st.dates(date(2013, 1, 1), date(2030, 12, 31)),
        st.sampled_from((0, 5, 7, 15, 30, 60, 90)),
        st.lists(st.tuples(st.integers(0, 90), st.integers(0, 10)), max_size=4),
        st.sampled_from(((), ("CN",), ("US", "GB"))),
    )
    def test_is_never_after_the_legal_date_nor_before_day_zero_nor_a_day_off(
        self, due: date, days: int, margins: list[tuple[int, int]], places: tuple[str, ...]
    ) -> None:
        calendars = load_calendars(places)
        asked = duty(due.isoformat(), days)
        found = Targets(tuple(Margin(*each) for each in margins), calendars).target(asked)

        assert asked.day_zero <= found <= asked.due
        if found > asked.day_zero:
            assert all(calendar.is_working_day(found) for calendar in calendars)
            assert calendars or found.weekday() < 5
