"""Days counted by hand on a calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.days import DayCount, Days, count_days, parse_days


def between(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last))


class TestParseDays:
    @pytest.mark.parametrize(
        ("value", "precision", "days"),
        [
            ("2014", "year", between("2014-01-01", "2014-12-31")),
            ("2016-02", "month", between("2016-02-01", "2016-02-29")),
            ("2014-05-06", "day", between("2014-05-06", "2014-05-06")),
            ("2014-05-06T14:30+08:00", "minute", between("2014-05-06", "2014-05-06")),
        ],
    )
    def test_a_partial_date_is_the_interval_of_its_days(
        self, value: str, precision: str, days: Days
    ) -> None:
        assert parse_days({"value": value, "precision": precision}) == days

    def test_an_unknown_date_has_no_days(self) -> None:
        assert parse_days(None) is None
        assert parse_days({"null": "UNK"}) is None


class TestDays:
    def test_only_a_complete_date_is_exact(self) -> None:
        assert between("2014-05-06", "2014-05-06").exact
        assert not between("2014-05-01", "2014-05-31").exact

    def test_order_is_sure_only_where_the_intervals_do_not_meet(self) -> None:
        may, mid_may = between("2014-05-01", "2014-05-31"), between("2014-05-15", "2014-05-15")
        june = between("2014-06-01", "2014-06-01")

        assert may.surely_before(june)
        assert not may.surely_before(mid_may)
        assert may.maybe_before(mid_may)
        assert mid_may.maybe_before(may)
        assert not june.maybe_before(may)
        assert not june.maybe_before(june)

    def test_an_interval_does_not_run_backwards(self) -> None:
        with pytest.raises(ValueError, match="latest"):
            between("2014-05-02", "2014-05-01")
        with pytest.raises(ValueError, match="more days"):
            DayCount(2, 1)


class TestCountDays:
    @pytest.mark.parametrize(
        ("start", "end", "count"),
        [
            # 2016 is a leap year: 28 February to 1 March are two days
            (between("2016-02-28", "2016-02-28"), between("2016-03-01", "2016-03-01"), (2, 2)),
            # May to 10 June: from the 31st 10 days, from the 1st 40
            (between("2014-05-01", "2014-05-31"), between("2014-06-10", "2014-06-10"), (10, 40)),
            (between("2014-05-06", "2014-05-06"), between("2014-05-01", "2014-05-31"), (-5, 25)),
        ],
    )
    def test_a_difference_of_partial_dates_is_a_range(
        self, start: Days, end: Days, count: tuple[int, int]
    ) -> None:
        assert count_days(start, end) == DayCount(*count)

    @given(st.lists(st.dates(), min_size=4, max_size=4))
    def test_every_day_that_may_be_meant_lies_in_the_range(self, days: list[date]) -> None:
        first, second = sorted(days[:2]), sorted(days[2:])
        count = count_days(Days(*first), Days(*second))

        assert all(count.fewest <= (b - a).days <= count.most for a in first for b in second)


class TestDayCount:
    def test_it_is_exact_only_as_one_number(self) -> None:
        assert DayCount(7, 7).exact == 7
        assert DayCount(7, 8).exact is None

    @pytest.mark.parametrize(
        ("count", "answer"),
        [
            ((5, 90), True),
            ((4, 4), False),
            ((91, 99), False),
            ((4, 5), None),
            ((90, 95), None),
            ((3, 100), None),
        ],
    )
    def test_a_range_that_may_lie_inside_or_outside_is_neither(
        self, *, count: tuple[int, int], answer: bool | None
    ) -> None:
        assert DayCount(*count).within(5, 90) is answer
