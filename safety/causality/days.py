"""
Which days may a partial date mean, and how many days may lie between two of them?

A date known to the month is the interval of its days. Nothing is padded: a difference of two such
dates is the range of differences, and only a range of one day is an exact number.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_YEAR, _MONTH = len("2014"), len("2014-05")


@dataclass(frozen=True, slots=True)
class Days:
    """The first and the last day that a date may mean; both the same where it is complete."""

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError("the latest day lies before the earliest")

    @property
    def exact(self) -> bool:
        """Whether the day is known."""
        return self.earliest == self.latest

    def surely_before(self, other: "Days") -> bool:
        """Whether every day this may mean lies before every day the other may mean."""
        return self.latest < other.earliest

    def maybe_before(self, other: "Days") -> bool:
        """Whether some day this may mean lies before some day the other may mean."""
        return self.earliest < other.latest


@dataclass(frozen=True, slots=True)
class DayCount:
    """A number of calendar days, as far as the dates tell: from `fewest` to `most`."""

    fewest: int
    most: int

    def __post_init__(self) -> None:
        if self.most < self.fewest:
            raise ValueError("more days at least than at most")

    @property
    def exact(self) -> int | None:
        """The number, where it is one number."""
        return self.fewest if self.fewest == self.most else None

    def within(self, first: int, last: int) -> bool | None:
        """Whether the number lies from first to last; None where it may or may not."""
        if first <= self.fewest and self.most <= last:
            return True
        return False if self.most < first or last < self.fewest else None


def parse_days(partial: Mapping[str, str] | None) -> Days | None:
    """
    Give the days that a partial date of a message may mean.

    Args:
        partial: `{"value": "2014-05", "precision": "month"}` and its like; None or an explicit
            unknown (`{"null": "UNK"}`) mean no day.
    """
    return None if partial is None or "value" not in partial else _days_of(partial["value"])


@lru_cache(maxsize=10_000)  # the same dates are read again with every message of a case
def _days_of(text: str) -> Days:
    if len(text) == _YEAR:
        return Days(date(int(text), 1, 1), date(int(text), 12, 31))
    if len(text) == _MONTH:
        year, month = int(text[:_YEAR]), int(text[_YEAR + 1 :])
        return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    day = date.fromisoformat(text[: len("2014-05-06")])
    return Days(day, day)


def count_days(start: Days, end: Days) -> DayCount:
    """Count the calendar days from one date to another; negative where the end lies before."""
    return DayCount((end.earliest - start.latest).days, (end.latest - start.earliest).days)
