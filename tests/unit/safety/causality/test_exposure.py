"""
Doses, times to onset and dose at onset.

Days are counted by hand; doses are those of the label: 400 mg twice a day (800 mg), once a day
(400 mg) and every other day (200 mg), regulatory facts 4.4.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.days import DayCount, Days, parse_days
from safety.causality.dose_periods import Period, derive_daily_mg, read_doses, read_exposure
from safety.causality.exposure import (
    DoseAtOnset,
    ExposureHistory,
    count_from_first_dose,
    count_from_last_dose,
    derive_dose_at,
    derive_exposure,
)
from tests.support.reports import fold_all, report


def day(text: str) -> Days:
    found = parse_days({"value": text})
    assert found is not None
    return found


def period(
    start: str | None, end: str | None, daily: int | None, name: str = "p", *, ongoing: bool = False
) -> Period:
    return Period(
        name,
        day(start) if start else None,
        day(end) if end else None,
        None if daily is None else Decimal(daily),
        ongoing,
    )


def history(*periods: tuple[str | None, str | None, int | None]) -> ExposureHistory:
    return derive_exposure(
        period(*each, name=f"p{place}") for place, each in enumerate(periods, start=1)
    )


def mg(dose: DoseAtOnset) -> tuple[int, int]:
    return int(dose.lowest_mg), int(dose.highest_mg)


def changes(told: ExposureHistory) -> list[tuple[str, str, int | None]]:
    return [
        (
            change.kind,
            change.on.earliest.isoformat(),
            None if change.after_mg is None else int(change.after_mg),
        )
        for change in told.changes
    ]


class TestDeriveDailyMg:
    @pytest.mark.parametrize(
        ("dose", "interval", "daily"),
        [
            (("400", "mg"), ("12", "h"), "800"),
            (("400", "mg"), ("1", "d"), "400"),
            (("400", "mg"), ("48", "h"), "200"),
            (("0.4", "g"), ("2", "d"), "200"),
            (("200", "毫克"), ("6", "h"), "800"),
            (("0", "mg"), None, "0"),
        ],
    )
    def test_amount_and_interval_give_the_dose_of_a_day(
        self, dose: tuple[str, str], interval: tuple[str, str] | None, daily: str
    ) -> None:
        every = None if interval is None else {"value": interval[0], "unit": interval[1]}

        assert derive_daily_mg({"value": dose[0], "unit": dose[1]}, every) == Decimal(daily)

    @pytest.mark.parametrize(
        ("dose", "interval"),
        [
            (None, {"value": "12", "unit": "h"}),
            ({"value": "400", "unit": "mg"}, None),
            ({"value": "2", "unit": "tablets"}, {"value": "12", "unit": "h"}),
            ({"value": "400", "unit": "mg"}, {"value": "1", "unit": "{cyclical}"}),
            ({"value": "400", "unit": "mg"}, {"value": "0", "unit": "h"}),
        ],
    )
    def test_what_is_not_told_or_not_understood_stays_unknown(
        self, dose: dict[str, str] | None, interval: dict[str, str] | None
    ) -> None:
        assert derive_daily_mg(dose, interval) is None


class TestReadDoses:
    def test_doses_of_a_case_become_periods(self) -> None:
        dose: dict[str, Any] = {
            "dose_id": "1",
            "dose": {"value": 400, "unit": "mg"},
            "interval": {"value": 12, "unit": "h"},
            "start": {"value": "2026-01", "precision": "month"},
            "end": {"value": "2026-02-26", "precision": "day"},
        }
        drug = {"drug_id": "d1", "role": "suspect", "name": "sorafenib", "doses": [dose]}
        state = fold_all(report(drugs=[drug])).state

        assert not read_doses(state, state.drugs[0])[0].ongoing
        assert read_doses(state, state.drugs[0]) == (
            Period("drugs/d1/doses/1", day("2026-01"), day("2026-02-26"), Decimal(800)),
        )


class TestReadExposure:
    @pytest.mark.parametrize(
        ("record", "daily"),
        [
            ({"dose": {"value": "400", "unit": "mg"}, "per_day": 2, "every_days": 1}, "800"),
            ({"dose": {"value": "400", "unit": "mg"}, "per_day": 1, "every_days": 2}, "200"),
            # an interruption
            ({"dose": {"value": "0", "unit": "mg"}, "per_day": 0, "every_days": 1}, "0"),
            ({"dose": {"value": "400", "unit": "mg"}, "every_days": 1}, None),
            ({"dose": {"value": "2", "unit": "tablets"}, "per_day": 2}, None),
        ],
    )
    def test_records_of_a_study_become_periods(
        self, record: dict[str, Any], daily: str | None
    ) -> None:
        start = {"value": "2014-05-06", "precision": "day"}
        (read,) = read_exposure({"EX01": record | {"start": start, "ongoing": True}})

        assert read == Period(
            "EX01", day("2014-05-06"), None, None if daily is None else Decimal(daily), ongoing=True
        )


class TestDeriveExposure:
    def test_a_dose_that_a_study_says_is_unknown_is_a_dose(self) -> None:
        told = {
            "start": {"value": "2014-05-06", "precision": "day"},
            "dose": {"null": "UNK"},
            "per_day": 2,
        }

        (read,) = read_exposure({"EX01": told})

        assert read.daily_mg is None
        assert read.dosed

    def test_a_study_tells_interruption_and_stop_as_times_without_dose(self) -> None:
        told = history(
            ("2014-05-01", "2014-05-20", 800),
            ("2014-05-21", "2014-05-30", 0),
            ("2014-05-31", "2014-06-30", 400),
            ("2014-07-01", None, 0),
        )

        assert changes(told) == [
            ("stopped", "2014-05-21", 0),
            ("restarted", "2014-05-31", 400),
            ("stopped", "2014-07-01", 0),
        ]
        assert told.first_dose == day("2014-05-01")
        assert [change.before_mg for change in told.changes] == [800, 800, 400]

    def test_a_case_tells_an_interruption_as_a_gap(self) -> None:
        told = history(
            ("2014-05-01", "2014-05-20", 800),
            ("2014-05-31", "2014-06-30", 800),
        )

        assert changes(told) == [
            ("stopped", "2014-05-21", 0),
            ("restarted", "2014-05-31", 800),
            ("stopped", "2014-07-01", 0),
        ]

    def test_the_order_of_telling_does_not_matter(self) -> None:
        one = period("2014-05-01", None, 800, "a")
        two = period("2014-05-20", None, 400, "b")
        three = period("2014-06-20", None, 800, "c")

        told = derive_exposure([three, one, two])

        assert told == derive_exposure([one, two, three])
        assert changes(told) == [
            ("reduced", "2014-05-20", 400),
            ("increased", "2014-06-20", 800),
        ]

    def test_a_period_without_end_lasts_until_the_next_begins(self) -> None:
        told = history(("2014-05-01", None, 800), ("2014-05-20", None, 400))

        assert [stay.last for stay in told.stays] == [day("2014-05-19"), None]

    def test_an_unknown_dose_is_a_dose_and_no_reduction(self) -> None:
        told = history(("2014-05-01", "2014-05-19", None), ("2014-05-20", None, 400))

        assert told.first_dose == day("2014-05-01")
        assert changes(told) == []

    def test_an_end_known_to_the_month_stops_on_one_of_the_days_after(self) -> None:
        (stop,) = history(("2014-04-01", "2014-05", 800)).changes

        assert (stop.on.earliest, stop.on.latest) == (date(2014, 5, 2), date(2014, 6, 1))

    def test_a_dose_without_start_leaves_the_first_dose_unknown(self) -> None:
        told = history((None, None, 800), ("2014-05-20", None, 400))

        assert told.first_dose is None
        assert len(told.undated) == 1

    def test_nothing_taken_has_no_first_dose(self) -> None:
        assert history().first_dose is None
        assert history(("2014-05-01", None, 0)).first_dose is None

    def test_a_time_without_drug_before_the_first_dose_is_no_interruption(self) -> None:
        assert changes(history(("2014-05-01", "2014-05-09", 0), ("2014-05-10", None, 800))) == []


class TestDeriveDoseAt:
    PERIODS = (
        ("2014-05-01", "2014-05-19", 800),
        ("2014-05-20", "2014-05-25", 0),
        ("2014-05-26", None, 400),
    )

    @pytest.mark.parametrize(
        ("onset", "dose"),
        [
            ("2014-04-30", (0, 0)),
            ("2014-05-01", (800, 800)),
            ("2014-05-19", (800, 800)),
            ("2014-05-22", (0, 0)),
            ("2014-05-26", (400, 400)),
            ("2014-06", (400, 400)),
            ("2014-05", (0, 800)),
        ],
    )
    def test_a_partial_onset_gives_the_range_of_doses(
        self, onset: str, dose: tuple[int, int]
    ) -> None:
        found = derive_dose_at(history(*self.PERIODS), day(onset))

        assert found is not None
        assert mg(found) == dose
        assert found.exact_mg == (dose[0] if dose[0] == dose[1] else None)

    def test_a_day_told_for_two_doses_may_have_had_either(self) -> None:
        told = history(("2014-05-01", "2014-05-20", 800), ("2014-05-20", None, 400))
        found = derive_dose_at(told, day("2014-05-20"))

        assert found is not None
        assert mg(found) == (400, 800)
        assert found.sources == ("p1", "p2")

    def test_a_dose_that_may_not_have_begun_may_be_none(self) -> None:
        found = derive_dose_at(history(("2014-05", None, 800)), day("2014-05-10"))

        assert found is not None
        assert mg(found) == (0, 800)

    def test_a_dose_that_may_have_ended_may_be_none(self) -> None:
        found = derive_dose_at(history(("2014-04-01", "2014-05", 800)), day("2014-05-10"))

        assert found is not None
        assert mg(found) == (0, 800)

    @pytest.mark.parametrize(
        ("told", "onset"),
        [
            (history(*PERIODS), None),
            (history(), "2014-05-10"),
            (history(("2014-05-01", None, None)), "2014-05-10"),
            (history((None, None, 800), ("2014-05-20", None, 400)), "2014-05-21"),
        ],
    )
    def test_what_is_not_known_gives_no_dose(
        self, told: ExposureHistory, onset: str | None
    ) -> None:
        assert derive_dose_at(told, day(onset) if onset else None) is None


class TestTimeToOnset:
    @pytest.mark.parametrize(
        ("start", "onset", "days"),
        [
            ("2014-05-01", "2014-05-29", (28, 28)),
            ("2014-05-01", "2014-05-01", (0, 0)),
            ("2014-05-02", "2014-05-01", (-1, -1)),
            # from the 31st 10 days, from the 1st 40
            ("2014-05", "2014-06-10", (10, 40)),
            ("2013", "2014-01-01", (1, 365)),
        ],
    )
    def test_from_the_first_dose(self, start: str, onset: str, days: tuple[int, int]) -> None:
        told = history((start, None, 800))

        assert count_from_first_dose(told, day(onset)) == DayCount(*days)

    @pytest.mark.parametrize(
        ("end", "onset", "days"),
        [
            (None, "2014-06-10", (0, 0)),
            ("2014-05-31", "2014-05-31", (0, 0)),
            ("2014-05-31", "2014-06-10", (10, 10)),
            # stopped some day in May: on the 31st or, at the earliest, the 1st
            ("2014-05", "2014-06-10", (10, 40)),
            ("2014-06-15", "2014-06", (0, 15)),
        ],
    )
    def test_from_the_last_dose(self, end: str | None, onset: str, days: tuple[int, int]) -> None:
        told = history(("2014-05-01", end, 800))

        assert count_from_last_dose(told, day(onset)) == DayCount(*days)

    def test_the_last_dose_is_the_one_before_the_onset(self) -> None:
        told = history(("2014-05-01", "2014-05-10", 800), ("2014-06-01", None, 800))

        assert count_from_last_dose(told, day("2014-05-13")) == DayCount(3, 3)

    @pytest.mark.parametrize(
        "told", [history(), history(("2014-05-01", None, 800)), history((None, None, 800))]
    )
    def test_without_a_dose_before_the_onset_there_is_no_count(self, told: ExposureHistory) -> None:
        assert count_from_last_dose(told, day("2014-04-30")) is None

    def test_a_dose_that_may_have_begun_later_is_no_last_dose(self) -> None:
        assert count_from_last_dose(history(("2014-05", None, 800)), day("2014-05-10")) is None

    def test_the_day_of_the_first_dose_counts(self) -> None:
        told = history(("2014-05-01", None, 800))

        assert count_from_last_dose(told, day("2014-05-01")) == DayCount(0, 0)

    def test_an_unknown_onset_has_no_time(self) -> None:
        told = history(("2014-05-01", None, 800))

        assert count_from_first_dose(told, None) is None
        assert count_from_last_dose(told, None) is None

    @given(
        starts=st.lists(st.dates(date(2014, 1, 1), date(2014, 12, 31)), min_size=1, max_size=4),
        month=st.integers(1, 12),
        within=st.integers(1, 28),
    )
    def test_a_complete_onset_lies_in_the_range_of_its_month(
        self, starts: list[date], month: int, within: int
    ) -> None:
        told = history(*((start.isoformat(), None, 800) for start in starts))
        whole = count_from_first_dose(told, day(f"2014-{month:02d}"))
        exact = count_from_first_dose(told, day(f"2014-{month:02d}-{within:02d}"))

        assert whole is not None
        assert exact is not None
        assert exact.exact is not None
        assert whole.fewest <= exact.exact <= whole.most
