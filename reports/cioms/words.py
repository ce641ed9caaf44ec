"""
How values are written on the form: dates DD-MMM-YYYY, amounts with their unit, unknowns by name.

Empty where nothing was said, UNK where it is unknown on purpose; never "N/A" for unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from safety.case import Entry, Value, is_null
from schemas.countries import COUNTRIES

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
UNKNOWN = "UNK"
_NULLS = {
    "MSK": "PRIVACY",
    "NA": "not applicable",
    "ASKU": "UNK (asked)",
    "NASK": "UNK (not asked)",
}
_UNITS = {
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "min": "minutes",
    "s": "seconds",
    "{decade}": "decades",
    "{trimester}": "trimesters",
}
_PER_DAY = {"24": "once daily", "12": "twice daily", "8": "three times daily"}


def words_of(entry: Entry, name: str, say: Callable[[Any], str] = str) -> str:
    """Give a field in words: its value, the name of its unknown, or nothing."""
    value = entry.raw(name)
    if value is None:
        return ""
    if is_null(value):
        return _NULLS.get(value["null"], UNKNOWN)
    return say(value).strip()


def say_date(partial: Mapping[str, str]) -> str:
    """Write a date as far as it is known: 06-MAY-2014, MAY-2014, 2014; the time if told."""
    day, _, clock = partial["value"].partition("T")
    year, month, number = (*day.split("-"), "", "")[:3]
    written = "-".join(part for part in (number, month and MONTHS[int(month) - 1], year) if part)
    return f"{written} {clock}".strip()


def say_day(day: date) -> str:
    """Write a whole date: 06-MAY-2014."""
    return f"{day.day:02}-{MONTHS[day.month - 1]}-{day.year}"


def date_cells(partial: Value) -> tuple[str, str, str]:
    """Give day, month and year of a date; what is not known stays an empty cell."""
    if partial is None or is_null(partial):
        return "", "", _NULLS.get(partial["null"], UNKNOWN) if partial else ""
    year, month, day = (*partial["value"][:10].split("-"), "", "")[:3]
    return day, month and MONTHS[int(month) - 1], year


def say_number(number: Value) -> str:
    """Write a number in plain figures."""
    return f"{Decimal(str(number)):f}"


def say_amount(quantity: Mapping[str, Any]) -> str:
    """Write an amount with its unit; units of time in words."""
    number = say_number(quantity["value"])
    unit = str(quantity.get("unit") or "")
    name = _UNITS.get(unit, unit)
    if number == "1" and unit in _UNITS:
        name = name.removesuffix("s")
    return f"{quantity.get('comparator') or ''}{number} {name}".strip()


def say_interval(quantity: Mapping[str, Any]) -> str:
    """Write how often: an interval of 12 h is "twice daily"."""
    hours = {"h": 1, "d": 24}.get(quantity["unit"])
    every = "" if hours is None else say_number(Decimal(str(quantity["value"])) * hours)
    return _PER_DAY.get(every, f"every {say_amount(quantity)}")


def say_code(code: str) -> str:
    """Write an enumerated value in words: `dose_not_changed` is "dose not changed"."""
    return code.replace("_", " ")


def say_country(code: str) -> str:
    """Write a country's name."""
    return COUNTRIES.get(code, code)


def say_term(entry: Entry, name: str) -> str:
    """Give a term as it was said, else its code."""
    told = words_of(entry, f"{name}.text")
    coded = entry.known(f"{name}.coded")
    code = "" if coded is None else " ".join(filter(None, (coded["system"], coded["code"])))
    return f"{told} [{code}]" if told and code else told or code


def joined(parts: Iterable[str], separator: str = ", ") -> str:
    """Join what is not empty."""
    return separator.join(part for part in parts if part)
