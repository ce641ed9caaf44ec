"""
What does a cell of a CDISC dataset say: a date as far as it is known, a number, a yes or a no?

Nothing is filled in. A date keeps the precision that the source had: ISO 8601 cut short
(`2014-05`, `2014---17`), the forms that collection sheets use (`02JAN2014`, `UN-UNK-2014`), the
days and seconds since 1960 that SAS counts, and in ADaM the flag that says what was imputed.
"""

import hashlib
import re
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from schemas.values import LIMIT, is_in_era

Json = dict[str, Any]

_EPOCH = datetime(1960, 1, 1)  # noqa: DTZ001 - a SAS instant has no zone
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2}|-)(?:-(?P<day>\d{2}|-))?)?-*"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?.*|[T ].*)?",
    re.ASCII,
)
_SHEET = re.compile(r"(?P<day>\d{1,2}|U[NK]+)?[-/ ]?(?P<month>[A-Z]{3})[-/ ]?(?P<year>\d{4})")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_COUNTED = re.compile(r"-?\d+(?:\.\d*)?(?:E[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_LONGEST_YEAR = 4  # digits of a number that is a year, not a count of days
_KEPT_OF_IMPUTED = {"D": 7, "M": 4}  # characters of the date that were not imputed
_YES = frozenset({"Y", "YES", "TRUE", "1"})
_NO = frozenset({"N", "NO", "FALSE", "0"})
_BOUNDED = re.compile(r"\s*(?P<bound><=|>=|<|>|≤|≥)?\s*(?P<number>[^<>=≤≥]+)")
_BOUNDS = {"≤": "<=", "≥": ">="}
_LONGEST_KEY = 100


def read_date(
    text: str | None, *, imputed: str | None = None, seconds: bool = False
) -> Json | None:
    """
    Give a date as `PartialDate` has it; None where no year is told or nothing can be read.

    Args:
        text: The cell.

        imputed: The ADaM imputation flag beside it: D, the day was made up; M, the month; Y, all.

        seconds: A bare number counts seconds since 1960, not days.
    """
    if not text or imputed == "Y":
        return None
    value = _value_of(text.strip().upper(), seconds=seconds)
    if value is None:
        return None
    if imputed in _KEPT_OF_IMPUTED:
        value = value[: _KEPT_OF_IMPUTED[imputed]]
    precision = {4: "year", 7: "month", 10: "day", 16: "minute", 19: "second"}[len(value)]
    return {"value": value, "precision": precision}


def read_day(text: str | None, *, seconds: bool = False) -> date | None:
    """Give a date that is known to the day; None where it is not."""
    told = read_date(text, seconds=seconds)
    return None if told is None else whole_day(told)


def whole_day(told: Json | None) -> date | None:
    """Give the calendar day of a partial date that has one."""
    if told is None or told["precision"] in {"year", "month"}:
        return None
    return date.fromisoformat(told["value"][:10])


def may_precede(first: Json | None, second: Json | None) -> bool:
    """Whether what is known of two dates leaves it open, or says, that the first is not later."""
    if first is None or second is None:
        return True
    shared = min(len(first["value"]), len(second["value"]), 10)
    return bool(first["value"][:shared] <= second["value"][:shared])


def _value_of(text: str, *, seconds: bool) -> str | None:
    if _COUNTED.fullmatch(text) and not (len(text) == _LONGEST_YEAR and text.isdigit()):
        return _counted(text, seconds=seconds)
    if (sheet := _SHEET.fullmatch(text)) is not None:
        month = sheet["month"]
        day = (sheet["day"] or "").zfill(2)
        parts = [sheet["year"]]
        if month in _MONTHS:
            parts.append(f"{_MONTHS.index(month) + 1:02d}")
            parts += [day] if day.isdigit() and day != "00" else []
        return _real("-".join(parts))
    if (iso := _ISO.fullmatch(text)) is None:
        return None
    value = iso["year"]
    if (iso["month"] or "-") != "-":
        value += f"-{iso['month']}"
        if (iso["day"] or "-") != "-":
            value += f"-{iso['day']}"
            if iso["hour"] and iso["minute"]:
                value += f"T{iso['hour']}:{iso['minute']}"
                value += f":{iso['second']}" if iso["second"] else ""
    return _real(value)


def _counted(text: str, *, seconds: bool) -> str | None:
    count = float(text)
    try:
        at = _EPOCH + (timedelta(seconds=round(count)) if seconds else timedelta(days=count // 1))
    except OverflowError:
        return None
    value = at.isoformat()
    return _real(value if seconds else value[:10])


def _real(value: str) -> str | None:
    """Give a value only if the calendar has it, and the clock."""
    if not is_in_era(int(value[:4])):
        return None
    try:
        datetime.fromisoformat(value[:10] + "2000-01-01"[len(value[:10]) :] + value[10:])
    except ValueError:
        return None
    return value


def read_number(text: str | None) -> Decimal | None:
    """Give a finite number; None where the cell holds none."""
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < LIMIT else None


def plain_number(number: Decimal) -> int | float:
    """Give a number as JSON has it: whole ones without a point."""
    return int(number) if number == number.to_integral_value() else float(number)


def read_count(text: str | None) -> int | None:
    """Give a whole number; a file of numbers may write 3 as 3.0."""
    number = read_number(text)
    return None if number is None or number != number.to_integral_value() else int(number)


def read_bounded(text: str | None) -> tuple[Decimal, str | None] | None:
    """Give a result that may be a bound: `<0.5` is (0.5, "<")."""
    match = _BOUNDED.fullmatch(text or "")
    number = None if match is None else read_number(match["number"].strip())
    if match is None or number is None:
        return None
    return number, _BOUNDS.get(match["bound"], match["bound"])


def read_flag(text: str | None) -> bool | None:
    """Give yes, no, or nothing said."""
    word = (text or "").upper()
    return True if word in _YES else (False if word in _NO else None)


def key_of(text: str) -> str:
    """
    Give a text as a key of our messages; one that has to be changed gets a digest of the original.

    Two texts never share a key by having the same characters replaced.
    """
    plain = re.sub(r"[^A-Za-z0-9_.:\-]", "-", text)
    if plain == text and 0 < len(text) <= _LONGEST_KEY // 2:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{plain[: _LONGEST_KEY // 2 - 9]}-{digest}"
