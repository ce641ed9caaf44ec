"""What a calendar of duties holds: an entry for each legal date and for each internal target."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """
    One day by which something must, or should, have been sent.

    Attributes:
        uid: The same as long as the duty rests on the same ground, so that a date that moves moves
            the entry and makes no second one.
        day: The last day that is on time.
        title: Who is told what, under which rule; ids and names of ours only.
        text: The provision, the arithmetic, the state of the report.
        authority: For a program that filters or colours by it.
        is_target: An internal target, not a legal date.
    """

    uid: str
    day: date
    title: str
    text: str
    authority: str
    is_target: bool


@dataclass(frozen=True, slots=True)
class DutyCalendar:
    """The entries by day, and when they were made."""

    entries: tuple[CalendarEntry, ...]
    made_at: datetime
