"""
Is each field of a rulebook's file of the kind that it must be?

TOML tells text from numbers and dates from text; a slip such as `days = "15"`, `15.5` or an instant
in the place of a day is refused with its place, before anything is counted with it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from safety.errors import KnowledgeError

MOST_DAYS = 3_650  # no provision asks for anything in more than ten years; a date could run over

_TEXT, _FLAG, _DAYS, _DATE = "text", "true or false", "a whole number of days", "a date"
_TEXTS, _ROWS = "a list of texts", "a list of rows"

HEAD = {
    "name": _TEXT,
    "version": _TEXT,
    "home": _TEXTS,
    "label": _TEXT,
    "downgrade_days": _TEXT,
    "sponsor_or_any": _FLAG,
    "provenance": _TEXT,
    "rule": _ROWS,
    "other_duty": _ROWS,
}
CRITERIA = {"serious": _FLAG, "unexpected": _FLAG, "fatal": _FLAG, "fatal_or_lt": _FLAG}
RULE = CRITERIA | {
    "id": _TEXT,
    "contexts": _TEXTS,
    "origin": _TEXT,
    "related": _TEXT,
    "any_of": _ROWS,
    "only_when_it_became": _FLAG,
    "days": _DAYS,
    "clock": _TEXT,
    "recipients": _TEXTS,
    "provision": _TEXT,
    "evidence": _TEXT,
    "followup_days": _DAYS,
    "followup_note": _TEXT,
    "complete_after_days": _DAYS,
    "complete_from_sending": _FLAG,
    "investigation_days": _DAYS,
    "hard_stop_days": _DAYS,
    "valid_from": _DATE,
    "valid_to": _DATE,
    "note": _TEXT,
}
OTHER_DUTY = {
    "id": _TEXT,
    "what": _TEXT,
    "within": _TEXT,
    "recipient": _TEXT,
    "provision": _TEXT,
    "evidence": _TEXT,
    "valid_from": _DATE,
    "valid_to": _DATE,
}


def check_fields(raw: Mapping[str, Any], known: Mapping[str, str], where: str) -> None:
    """
    Refuse a field that is not known or not of its kind.

    Args:
        raw: The table as TOML has it.

        known: The kind of each field that it may have.

        where: File and row, for the error text.

    Raises:
        KnowledgeError: Names place and field, and what it must be.
    """
    if unknown := sorted(set(raw) - known.keys()):
        raise KnowledgeError(f"{where}: unknown field {', '.join(unknown)}")
    for name, value in raw.items():
        if not _is(known[name], value):
            raise KnowledgeError(f"{where}: the field {name!r} must be {known[name]}")
        if known[name] == _DAYS and not 0 <= value <= MOST_DAYS:
            raise KnowledgeError(
                f"{where}: {name}: days are counted forward from day zero, {MOST_DAYS} at the most"
            )


def _is(kind: str, value: Any) -> bool:  # noqa: ANN401 - whatever TOML can hold
    if kind == _TEXTS:
        return type(value) is list and all(type(one) is str for one in value)
    if kind == _ROWS:
        return type(value) is list and all(type(one) is dict for one in value)
    return type(value) is {_TEXT: str, _FLAG: bool, _DAYS: int, _DATE: date}[kind]
