"""
The values that fields are made of: partial dates, quantities, countries, unknowns.

Models are closed (an unknown field is refused) and frozen. A value that is
unknown on purpose is `{"null": "UNK"}`; a field left out says nothing at all.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, TypeVar
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.countries import COUNTRIES
from schemas.vocabulary import NullFlavor

Moment = TypeVar("Moment", date, datetime)


class Closed(BaseModel):
    """Base of every message model: unknown fields refused, instances frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Explicit(Closed):
    """A value withheld or unknown on purpose, with the reason."""

    null: NullFlavor


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


# Nobody whom a report is about lived outside these years, and at the ends of the calendar no
# instant can be moved to another time zone.
FIRST_YEAR, LAST_YEAR = 1900, 2100


def is_in_era(year: int) -> bool:
    """Tell whether a year can be meant in a report."""
    return FIRST_YEAR <= year <= LAST_YEAR


def _outside_era() -> PydanticCustomError:
    return PydanticCustomError(
        "outside_era", f"the year must be {FIRST_YEAR} to {LAST_YEAR}; check the date"
    )


# Digits are ASCII: other scripts' digits match \d too.
_MONTH = r"\d{4}-\d{2}"
_DAY = rf"{_MONTH}-\d{{2}}"
_MINUTE = rf"{_DAY}T([01]\d|2[0-3]):[0-5]\d"
_OFFSET = r"([+-]((0\d|1[0-3]):[0-5]\d|14:00))?"  # no place on earth is further from UTC

_SHAPES = {
    Precision.YEAR: re.compile(r"\d{4}", re.ASCII),
    Precision.MONTH: re.compile(_MONTH, re.ASCII),
    Precision.DAY: re.compile(_DAY, re.ASCII),
    Precision.MINUTE: re.compile(_MINUTE + _OFFSET, re.ASCII),
    Precision.SECOND: re.compile(rf"{_MINUTE}:[0-5]\d{_OFFSET}", re.ASCII),
}


class PartialDate(Closed):
    """
    A date as far as it is known; never padded with an invented month or day.

    `value` is ISO 8601 cut at `precision`: "2014", "2014-05", "2014-05-06",
    "2014-05-06T14:30+08:00".
    """

    value: str
    precision: Precision

    @model_validator(mode="after")
    def _is_a_real_date(self) -> "PartialDate":
        if not _SHAPES[self.precision].fullmatch(self.value):
            raise PydanticCustomError(
                "partial_date",
                "the value must be a date, and a time, of the shape that its precision names",
            )
        if not is_in_era(int(self.value[:4])):
            raise _outside_era()
        day = self.value[:10]
        try:
            date.fromisoformat(day + "2000-01-01"[len(day) :])
        except ValueError:
            raise PydanticCustomError("partial_date", "this day is not in the calendar") from None
        return self


# Above any count of cells or viral copies in a litre or a body; a bound keeps sums and products
# with other numbers within what can be written down.
LIMIT = 10**15

Number = Annotated[Decimal, Field(allow_inf_nan=False, max_digits=30, gt=-LIMIT, lt=LIMIT)]


class Quantity(Closed):
    """A number with its unit, as reported."""

    value: Number
    unit: Annotated[str, StringConstraints(min_length=1, max_length=50)]


class Result(Closed):
    """A test result: a number that may be a bound ("<0.5"), with its unit as reported."""

    value: Number
    unit: Annotated[str, StringConstraints(max_length=50)] = ""
    comparator: Literal["<", "<=", ">", ">="] | None = None


class Code(Closed):
    """A code of a terminology, with the version it was chosen from."""

    system: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    code: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    version: Annotated[str, StringConstraints(max_length=40)] | None = None


def _known_country(code: str) -> str:
    if code not in COUNTRIES:
        raise PydanticCustomError(
            "unknown_country", "not an ISO 3166-1 alpha-2 country code; use two capitals such as CN"
        )
    return code


def _in_era(moment: Moment) -> Moment:
    if not is_in_era(moment.year):
        raise _outside_era()
    return moment


_ZONES = available_timezones()


def _known_zone(name: str) -> str:
    if name not in _ZONES:
        raise PydanticCustomError(
            "unknown_zone", "not an IANA time zone; use a name such as Asia/Shanghai"
        )
    return name


Country = Annotated[str, AfterValidator(_known_country)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_era)]
CalendarDay = Annotated[date, AfterValidator(_in_era)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:\-]{1,100}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Text = Annotated[str, StringConstraints(max_length=100_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
