"""
Dates as HL7 V3 writes them (CCYYMMDDhhmmss.ffff+hhmm, cut anywhere) as partial dates.

A shorter string is a less precise date; nothing is ever filled in.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from schemas.values import PartialDate, Precision, is_in_era

_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:(?P<month>\d{2})(?:(?P<day>\d{2})"
    r"(?:(?P<hour>[01]\d|2[0-3])(?:(?P<minute>[0-5]\d)(?:(?P<second>[0-5]\d)"
    r"(?P<fraction>\.\d{1,9})?)?)?)?)?)?(?P<offset>[+-]\d{1,4})?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2}?)(?P<minutes>[0-5]\d)?")
_MAX_OFFSET = timedelta(hours=14)
_DAY = len("2014-05-06")
_ZONE = len("+08:00")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """
    What a TS says.

    Attributes:
        partial: The date, as precise as the model holds it.
        instant: The moment, if the TS goes to the minute; aware only if it has an offset.
        exact: False if `partial` says less than was written.
    """

    partial: PartialDate
    instant: datetime | None
    exact: bool

    @property
    def day(self) -> date | None:
        """The complete calendar day, as the sender's calendar has it, or None."""
        if self.partial.precision in {Precision.YEAR, Precision.MONTH}:
            return None
        return date.fromisoformat(self.partial.value[:_DAY])


def parse_timestamp(text: str) -> Timestamp | None:
    """Read a TS; None if it is not one, or not in the calendar, or not in the contract's years."""
    found = _SHAPE.fullmatch(text)
    if found is None or not is_in_era(int(found["year"])):
        return None
    try:
        date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
        offset = _offset(found["offset"])
        return _at_moment(found, offset) if found["minute"] else _on_day(found)
    except ValueError:
        return None


def _on_day(found: re.Match[str]) -> Timestamp:
    """A day or less of precision; an hour alone and an offset have no place in it."""
    parts = [part for part in (found["year"], found["month"], found["day"]) if part]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
    exact = found["hour"] is None and found["offset"] is None
    return Timestamp(PartialDate(value="-".join(parts), precision=precision), None, exact)


def _at_moment(found: re.Match[str], offset: timezone | None) -> Timestamp:
    day = f"{found['year']}-{found['month']}-{found['day']}"
    clock = ":".join(part for part in (found["hour"], found["minute"], found["second"]) if part)
    instant = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=offset)
    precision = Precision.SECOND if found["second"] else Precision.MINUTE
    zone = instant.isoformat()[-_ZONE:] if offset is not None else ""
    partial = PartialDate(value=f"{day}T{clock}{zone}", precision=precision)
    return Timestamp(partial, instant, found["fraction"] is None)


def _offset(text: str | None) -> timezone | None:
    """
    Read "+8", "+08" or "+0800".

    Raises:
        ValueError: If no place on earth has this offset.
    """
    if text is None:
        return None
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise ValueError(text)
    size = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if size > _MAX_OFFSET:
        raise ValueError(text)
    return timezone(size if found["sign"] == "+" else -size)
