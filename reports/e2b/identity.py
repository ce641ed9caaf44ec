"""
Under which numbers does a case go out? Always the same.

They are made from the report that arrived first, which never changes, whatever order
the reports are told in later.
"""

import re
from typing import Any

from reports.e2b.model import Identity, OwnSender
from safety.case import CaseState, Report
from safety.transmissions import SENT_FAMILY
from schemas.icsr.keys import key_of

_ICH_NUMBER = re.compile(r"[A-Z]{2}-[^\s-]+-.+")  # country, sender, number
_ESCAPED = re.compile(r"_x([0-9A-F]{1,6})_")
_LAST_CHARACTER = 0x10FFFF


def give_identity(case_id: str, state: CaseState, first: Report, sender: OwnSender) -> Identity:
    """
    Give C.1.1 and C.1.8.1 of a case; the first line that applies decides C.1.1.

    1. the case was sent before: both numbers as they were;
    2. the first report's number has the form that ICH asks for: that number;
    3. else country, our identifier and that number, joined.

    C.1.8.1 is the worldwide number of the first report, or C.1.1 where we were the first.
    """
    before = min(state.entries(SENT_FAMILY), key=lambda sent: sent.raw("at"), default=None)
    if before is not None:
        return Identity(before.raw("number"), before.raw("worldwide"))
    told = first.entities.get("case", {})
    worldwide = told.get("worldwide_id")
    own = str(told.get("sender_case_id", case_id)).removeprefix(f"{first.sender}:")
    own = identifier_of(own)
    if not _ICH_NUMBER.fullmatch(own):
        own = f"{_country(first)}-{sender.identifier.replace('-', '')}-{own}"
    return Identity(own, identifier_of(worldwide) if worldwide is not None else own)


def _country(first: Report) -> str:
    """Give the country of the primary source, else of the event; ZZ if nobody said one."""
    entities = first.entities
    reporters = [fields for path, fields in entities.items() if path.startswith("reporters/")]
    primary = sorted(reporters, key=lambda fields: fields.get("primary") is not True)
    reactions = [fields for path, fields in entities.items() if path.startswith("reactions/")]
    for fields in (*primary, *reactions):
        country: Any = fields.get("country")
        if isinstance(country, str):
            return country
    return "ZZ"


def identifier_of(key: str) -> str:
    """Undo `schemas.icsr.keys.key_of`, where that gives back the same key."""

    def character(found: re.Match[str]) -> str:
        number = int(found[1], 16)
        printable = number <= _LAST_CHARACTER and chr(number).isprintable()
        return chr(number) if printable else found[0]

    identifier = _ESCAPED.sub(character, key)
    return identifier if key_of(identifier) == key else key
