"""
Dates, numbers and codes of the message as values of the contract.

See `texts` for what all reading methods do with what they cannot take.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from schemas.countries import COUNTRIES
from schemas.icsr.node import NOTHING, Node
from schemas.icsr.texts import Read, TextReader, Value
from schemas.icsr.timestamps import Timestamp, parse_timestamp
from schemas.icsr.vocabulary import (
    ISO_COUNTRY,
    MEDDRA,
    TERMINOLOGIES,
    CodeList,
)
from schemas.messages.parts import Term
from schemas.values import Code, Explicit, PartialDate, Quantity

_OID = re.compile(r"[0-2](\.\d+)+", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_MEDDRA_CODE = re.compile(r"\d{8}", re.ASCII)
_MEDDRA_VERSION = re.compile(r"\d{1,2}\.\d", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LONG_LANGUAGE = 3  # letters of ISO 639-2

# Characters that the parts of a code and a unit may have in the contract
_CODE = 100
_VERSION = 40
UNIT = 50


class Reader(TextReader):
    """Reads values of every type at one position."""

    __slots__ = ()

    def partial_date(self, node: Node, element: str) -> PartialDate | None:
        """Read a date, as precise as it is given."""
        stamp = self._timestamp(node, element)
        if stamp is None:
            return None
        if stamp.exact:
            node.read("value")
        else:
            self.note("date_detail_dropped", element)
        return stamp.partial

    def day(self, node: Node, element: str) -> date | None:
        """Read a date of which the complete day is needed; a time of day stays unread."""
        stamp = self._timestamp(node, element)
        if stamp is None:
            return None
        if stamp.day is None:
            self.note("incomplete_date", element)
        elif stamp.exact and stamp.instant is None:
            node.read("value")
        return stamp.day

    def instant(self, node: Node, element: str) -> datetime | None:
        """Read a moment; without an offset, or as a day alone, it is taken as UTC."""
        stamp = self._timestamp(node, element)
        if stamp is None:
            return None
        moment = stamp.instant
        if moment is None:
            self.note("incomplete_date", element)
            if stamp.day is None:
                return None
            moment = datetime(stamp.day.year, stamp.day.month, stamp.day.day, tzinfo=UTC)
        if moment.tzinfo is None:
            self.note("time_without_offset", element)
            moment = moment.replace(tzinfo=UTC)
        node.read("value")
        return moment

    def _timestamp(self, node: Node, element: str) -> Timestamp | None:
        value = node.get("value")
        if value is None or not self.is_value(node, value, element):
            return None
        stamp = parse_timestamp(value)
        if stamp is None:
            self.note("invalid_date", element)
        return stamp

    def boolean(self, node: Node, element: str) -> bool | None:
        """Read a BL."""
        value = node.get("value")
        if value is None or not self.is_value(node, value, element):
            return None
        if value not in {"true", "false"}:
            self.note("not_in_code_list", element)
            return None
        node.read("value")
        return value == "true"

    def true(self, node: Node, element: str) -> Literal[True] | None:
        """Read a BL that may only be true."""
        value = self.boolean(node, element)
        if value is False:
            self.note("true_or_absent", element)
        return True if value else None

    def number(self, node: Node, element: str) -> Decimal | None:
        """Read a decimal number; a comma, an exponent or words make it none."""
        value = node.get("value")
        if value is None or not self.is_value(node, value, element):
            return None
        if not _NUMBER.fullmatch(value):
            self.note("not_a_number", element)
            return None
        node.read("value")
        return Decimal(value)

    def quantity(self, node: Node, element: str) -> Quantity | None:
        """Read a number with its unit; the element is named without its a or b."""
        return self._quantity(node, f"{element}a", f"{element}b")

    def interval(self, node: Node, element: str) -> Quantity | None:
        """Read the interval between doses, whose unit is an element of its own."""
        return self._quantity(node, element, "G.k.4.r.3")

    def _quantity(self, node: Node, element: str, unit_element: str) -> Quantity | None:
        unit = node.get("unit")
        if node.get("value") is None:
            if unit is not None and not unit.startswith("{"):  # "{asnecessary}" has no number
                self.note("missing_conditional", element)
            return None
        if unit is None or len(unit) > UNIT:
            self.note("longer_than_the_model_holds" if unit else "unit_missing", unit_element)
            return None
        number = self.number(node, element)
        if number is None:
            return None
        node.read("unit")
        return Quantity(value=number, unit=unit)

    def measure(self, node: Node, element: str, unit: str) -> Decimal | None:
        """Read a number that has to be in one unit."""
        if node.get("value") is None:
            return None
        if node.get("unit") != unit:
            self.note("unit_unexpected" if node.get("unit") else "unit_missing", element)
            return None
        number = self.number(node, element)
        if number is not None:
            node.read("unit")
        return number

    def coded(self, node: Node, element: str, codes: CodeList[Value]) -> Value | None:
        """Read a code of a closed list."""
        code = self._code(node, element, codes.oid)
        if code is None:
            return None
        value = codes.values.get(code)
        if value is None:
            self.note("not_in_code_list", element)
            return None
        read_code(node, codes.oid)
        return value

    def coded_or_null(
        self, node: Node, element: str, codes: CodeList[Value]
    ) -> Value | Explicit | None:
        """Read a code of a closed list, or the reason why there is none."""
        value = self.coded(node, element, codes)
        return self.null(node, element) if value is None else value

    def in_unit(self, unit: str) -> Read[Decimal]:
        """Give a reading method for numbers that have to be in one unit."""
        return lambda node, element: self.measure(node, element, unit)

    def country(self, node: Node, element: str) -> str | None:
        """Read an ISO country code."""
        code = self._code(node, element, ISO_COUNTRY)
        if code is None:
            return None
        if code not in COUNTRIES:
            self.note("country_not_iso", element)
            return None
        read_code(node, ISO_COUNTRY)
        return code

    def country_name(self, node: Node, element: str) -> str | None:
        """Read an ISO country code that stands as text in an address."""
        code = node.text
        if code is None or not self.is_value(node, code, element):
            return None
        if code not in COUNTRIES:
            self.note("country_not_iso", element)
            return None
        node.read_text()
        return code

    def open_code(self, node: Node, element: str, system: str) -> str | None:
        """Read a code of a list that is not held here."""
        code = self._code(node, element, system)
        if code is None or len(code) > _CODE:
            return None
        read_code(node, system)
        return code

    def terminology_code(self, node: Node, element: str) -> Code | None:
        """Read a code of an open terminology with its system and version."""
        code, system = self._code(node, element), node.get("codeSystem")
        version = node.get("codeSystemVersion")
        if code is None:
            return None
        if system is None:
            self.note("code_system_missing", element)
            return None
        if not _OID.fullmatch(system):
            self.note("code_system_as_text", element)
        if len(code) > _CODE or len(system) > _CODE or len(version or "") > _VERSION:
            self.note("longer_than_the_model_holds", element)
            return None
        read_code(node)
        return Code(system=TERMINOLOGIES.get(system, system), code=code, version=version)

    def meddra(self, node: Node, code_element: str, version_element: str) -> Code | None:
        """Read a MedDRA code with its version; a wrong shape is noted, not refused."""
        code = self._code(node, code_element, MEDDRA)
        version = node.get("codeSystemVersion")
        if code is None:
            if version is not None and node.get("code") is None:
                self.note("missing_conditional", code_element)
            return None
        if not _MEDDRA_CODE.fullmatch(code):
            self.note("meddra_code_malformed", code_element)
        if version is None:
            self.note("missing_conditional", version_element)
        else:
            self.gathered.meddra_versions.add(version)
            if not _MEDDRA_VERSION.fullmatch(version):
                self.note("meddra_version_malformed", version_element)
        if len(code) > _CODE or len(version or "") > _VERSION:
            self.note("longer_than_the_model_holds", code_element)
            return None
        read_code(node, MEDDRA)
        return Code(system=TERMINOLOGIES[MEDDRA], code=code, version=version)

    def term(self, node: Node, text_element: str, group: str) -> Term | None:
        """
        Read a MedDRA-coded value with the words it stands for.

        Args:
            node: The value.

            text_element: What its original text is, such as "D.9.2.r.2".

            group: What its code and version are without their b and a, such as "D.9.2.r.1".
        """
        coded = self.meddra(node, f"{group}b", f"{group}a")
        words = node.find("originalText")
        text = self.or_null(self.text, words, text_element)
        if coded is None and text is None:
            return None
        if node.get("codeSystem") == MEDDRA:
            node.read("codeSystem")
        language = self.language(words, re.sub("1a$", "1b", text_element))
        return Term(text=text, language=language, coded=coded)

    def language(self, node: Node, element: str) -> str | None:
        """Read the language of a text."""
        language = node.get("language")
        if language is None:
            return None
        known = _LANGUAGE.fullmatch(language) is not None
        if not known or len(language) != _LONG_LANGUAGE:
            self.note("language_not_iso", element)
        if not known:
            return None
        node.read("language")
        return language

    def kind(self, node: Node, system: str, element: str, *, preferred: str = "") -> Node:
        """
        Give the code that says what an observation or organizer is, without reading it.

        Args:
            node: What has the code.

            system: The code list that the code must be from.

            element: For findings.

            preferred: The code that wins where there are several.
        """
        codes = [code for code in node.all("code") if belongs(code, system)]
        if not codes:
            return NOTHING
        if len(node.all("code")) > 1:
            self.note("several_codes", element)
        chosen = next((code for code in codes if code.get("code") == preferred), codes[0])
        self._is_from(chosen, system, element)
        return chosen

    def _code(self, node: Node, element: str, system: str | None = None) -> str | None:
        """Look at a code, if it is a value and from the list that it should be from."""
        code = node.get("code")
        if code is None:
            if node.get("displayName") is not None:
                self.note("coded_by_name_only", element)
            return None
        if not self.is_value(node, code, element):
            return None
        return code if system is None or self._is_from(node, system, element) else None

    def _is_from(self, node: Node, expected: str, element: str) -> bool:
        system = node.get("codeSystem")
        if system == expected:
            return True
        if system is None:
            self.note("code_system_missing", element)
            return True
        if not _OID.fullmatch(system):
            self.note("code_system_as_text", element)
            return True
        self.note("unexpected_code_system", element)
        return False


def read_code(node: Node, system: str | None = None) -> None:
    """
    Mark a code as read, with the attributes that only repeat it in words.

    Args:
        node: The code.

        system: The list it has to be from; a name of it in words, or none, stays unread.
    """
    node.read("code", "codeSystemVersion", "displayName")
    if system is None or node.get("codeSystem") == system:
        node.read("codeSystem")


def belongs(node: Node, system: str) -> bool:
    """Tell whether a code may be from a list: it says so, or does not say otherwise by OID."""
    found = node.get("codeSystem")
    if node.get("code") is None:
        return False
    return found is None or found == system or not _OID.fullmatch(found)
