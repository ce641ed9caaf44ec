"""
By when should a report be sent, so that a legal date is not the day everybody wakes up?

An internal target lies before the legal date, which it never moves. It is a working day: from the
due date the target rolls back, over weekends and public holidays, and then by so many working days
more as the company's margin for that limit says. It never rolls forward, and never lies before day
zero: a death that is due at once has its day zero as its target, whatever day that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import holidays

from safety.deadlines.obligation import Obligation
from safety.errors import KnowledgeError

WEEKEND = 5  # Saturday; where no calendar says otherwise
ONE_DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """What tells working days; the country calendars of the package `holidays` do."""

    def is_working_day(self, key: date, /) -> bool:
        """Whether people work that day."""


@dataclass(frozen=True, slots=True)
class Margin:
    """For duties of so many calendar days or more, so many working days before the due date."""

    limit_days: int
    working_days: int


@dataclass(frozen=True)
class Targets:
    """
    A company's internal targets.

    Attributes:
        margins: By limit; the one of the greatest limit that a duty reaches counts.
        calendars: Of the offices that take part; a day counts if it is a working day in all.
    """

    margins: tuple[Margin, ...]
    calendars: tuple[WorkingDays, ...] = ()

    def target(self, duty: Obligation) -> date:
        """Give the day by which a duty's report should be sent."""
        margin = max(
            (m for m in self.margins if m.limit_days <= duty.days),
            key=lambda m: m.limit_days,
            default=Margin(0, 0),
        )
        day = self._rolled_back(duty.due, duty.day_zero)
        for _ in range(margin.working_days):
            day = self._rolled_back(day - ONE_DAY, duty.day_zero)
        return day

    def _rolled_back(self, day: date, first: date) -> date:
        """Give the last working day until this day, or the first day if there is none."""
        while day > first and not self._works(day):
            day -= ONE_DAY
        return max(day, first)

    def _works(self, day: date) -> bool:
        if not self.calendars:
            return day.weekday() < WEEKEND
        return all(calendar.is_working_day(day) for calendar in self.calendars)


def load_calendars(places: Sequence[str]) -> tuple[WorkingDays, ...]:
    """
    Load the public holidays of places.

    Args:
        places: Country codes (ISO 3166-1), with a subdivision where it matters: CN, DE-BE.

    Raises:
        KnowledgeError: The library knows no such place; names it.
    """
    return tuple(_calendar(place) for place in places)


def _calendar(place: str) -> WorkingDays:
    country, _, subdivision = place.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        raise KnowledgeError(
            f"no public holidays are known for {place}; name a country by its ISO code, with a"
            " subdivision where it matters, such as CN or DE-BE"
        ) from None
