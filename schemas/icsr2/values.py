"""Texts, dates, numbers and codes of E2B(R2), all of them text, as values of the contract."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from schemas.countries import COUNTRIES
from schemas.icsr.keys import key_of
from schemas.icsr.node import Node
from schemas.icsr.texts import LINE, NAME, TEXT, TextReader
from schemas.icsr.timestamps import Timestamp, parse_timestamp
from schemas.icsr2.vocabulary import DATE_DIGITS
from schemas.messages.parts import Term
from schemas.values import Code, PartialDate, Quantity

Value = TypeVar("Value")

MAX_DIGITS = 15
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_MEDDRA_CODE = re.compile(r"\d{8}", re.ASCII)
_MEDDRA_VERSION = re.compile(r"\d{1,2}(\.\d{1,2})?", re.ASCII)


class R2Reader(TextReader):
    """Reads children of an element by their names, at one position of the report."""

    def line(self, parent: Node, tag: str, element: str, limit: int = LINE) -> str | None:
        """Read text of at most so many characters."""
        return self.limited(limit)(parent.find(tag), element)

    def named(self, parent: Node, tag: str, element: str) -> str | None:
        """Read text of at most 500 characters."""
        return self.line(parent, tag, element, NAME)

    def free(self, parent: Node, tag: str, element: str) -> str | None:
        """Read text of at most 100,000 characters."""
        return self.line(parent, tag, element, TEXT)

    def identifier(self, parent: Node, tag: str, element: str) -> str | None:
        """Read a number of somebody as a key."""
        node = parent.find(tag)
        told = node.text
        value = self.line(parent, tag, element)
        if value is None or told is None:
            return None
        key = key_of(value)
        if key != value:
            self.note("identifier_rewritten", element)
            self.gathered.rewritten.append((node, "text()", told))
        return key

    def choice(
        self, parent: Node, tag: str, element: str, codes: Mapping[str, Value]
    ) -> Value | None:
        """Read a code of a closed list."""
        node = parent.find(tag)
        if node.text is None:
            return None
        if node.text not in codes:
            self.note("not_in_code_list", element)
            return None
        node.read_text()
        return codes[node.text]

    def country(self, parent: Node, tag: str, element: str) -> str | None:
        """Read an ISO 3166-1 alpha-2 country."""
        node = parent.find(tag)
        if node.text is None:
            return None
        if node.text.upper() not in COUNTRIES:
            self.note("country_not_iso", element)
            return None
        node.read_text()
        return node.text.upper()

    def decimal(self, parent: Node, tag: str, element: str) -> Decimal | None:
        """Read a number."""
        node = parent.find(tag)
        if node.text is None:
            return None
        if not _NUMBER.fullmatch(node.text):
            self.note("not_a_number", element)
            return None
        node.read_text()
        return Decimal(node.text)

    def quantity(
        self, parent: Node, tag: str, unit_tag: str, element: str, units: Mapping[str, str]
    ) -> Quantity | None:
        """Read a number with its unit; neither is taken without the other."""
        number, unit = parent.find(tag), parent.find(unit_tag)
        if number.text is None:
            return None
        if unit.text is None:
            self.note("unit_missing", element)
            return None
        if unit.text not in units:
            self.note("not_in_code_list", element)
            return None
        value = self.decimal(parent, tag, element)
        if value is None:
            return None
        unit.read_text()
        return Quantity(value=value, unit=units[unit.text])

    def moment(self, parent: Node, tag: str, element: str) -> PartialDate | None:
        """Read a date as precise as its format code says."""
        stamp = self._stamp(parent, tag, element)
        return None if stamp is None else stamp.partial

    def day(self, parent: Node, tag: str, element: str) -> date | None:
        """Read a date that must be a complete day."""
        stamp = self._stamp(parent, tag, element)
        if stamp is not None and stamp.day is None:
            self.note("incomplete_date", element)
        return None if stamp is None else stamp.day

    def instant(self, parent: Node, tag: str, element: str) -> datetime | None:
        """Read an instant; R2 has no offsets, so it is taken as UTC."""
        stamp = self._stamp(parent, tag, element)
        if stamp is None or stamp.instant is None:
            return None
        self.note("time_without_offset", element)
        return stamp.instant.replace(tzinfo=UTC)

    def _stamp(self, parent: Node, tag: str, element: str) -> Timestamp | None:
        """The date of `tag` is told with its format in `tag` + "format"."""
        node, told_format = parent.find(tag), parent.find(f"{tag}format")
        if node.text is None:
            return None
        digits = DATE_DIGITS.get(told_format.text or "")
        fits = digits is None if told_format.text is None else len(node.text) == digits
        stamp = parse_timestamp(node.text) if fits and node.text.isascii() else None
        if stamp is None:
            self.note("invalid_date", element)
            return None
        node.read_text()
        told_format.read_text()
        return stamp

    def term(
        self, parent: Node, tag: str, version_tag: str, element: str, language: str | None = None
    ) -> Term | None:
        """Read a MedDRA term, which R2 sends as a code or in words."""
        node, version = parent.find(tag), parent.find(version_tag)
        if node.text is None:
            return None
        if not _MEDDRA_CODE.fullmatch(node.text):
            text = self.line(parent, tag, element)
            return None if text is None else Term(text=text, language=language)
        node.read_text()
        return Term(coded=self.meddra(node.text, version, element))

    def meddra(self, code: str, version: Node, element: str) -> Code:
        """Give a MedDRA code with its version, where that is one."""
        edition = version.text
        if edition is not None and _MEDDRA_VERSION.fullmatch(edition):
            version.read_text()
            self.gathered.meddra_versions.add(edition)
        elif edition is not None:
            self.note("meddra_version_malformed", element)
            edition = None
        return Code(system="MedDRA", code=code, version=edition)
