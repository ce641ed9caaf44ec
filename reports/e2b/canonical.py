"""
What of a case can E2B(R3) say, and how does it say it?

Takes what the case says, in the shape of the message contract, and gives the same as
our reader finds it in the XML: languages of three letters, positions as ids of what has
none, a value or an admitted null flavour. Whatever is changed or has no place is noted,
never dropped in silence.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from reports.e2b.languages import THREE_LETTERS
from reports.e2b.model import LeftOut
from reports.e2b.nulls import admits
from reports.e2b.told import Told
from schemas.icsr.doses import TOTAL
from schemas.icsr.keys import key_of
from schemas.icsr.relatedness import decide_assessor
from schemas.icsr.vocabulary import TERMINOLOGIES, TERMINOLOGY_OIDS

_IDS = UUID("8a0f1f0c-6f3c-5d0b-9a53-2f1d5f0b7c11")  # namespace of our reactions and drugs
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+", re.ASCII)
# What XML 1.0 cannot hold, and lone surrogates, which UTF-8 cannot
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACED = "\N{REPLACEMENT CHARACTER}"

# What says where a fact came from or when, and stands in the wrapper or in the numbers.
_ELSEWHERE = frozenset({"literature", "sender_case_id", "worldwide_id", "first_received"})
_NO_ELEMENT = {
    "reactions": frozenset({"as_recorded", "grade", "planned_admission", "treatment", "void"}),
    "study": frozenset({"products"}),
}
_INSIDE = frozenset({"term", "condition", "cause"})
_OPEN_CODED = frozenset({"substances"})  # whose `coded` may be of any terminology
_POSITIONS = {
    "reporters": ("reporter_id", "s"),
    "registrations": ("registration_id", "g"),
    "history": ("history_id", "h"),
    "past_drugs": ("past_drug_id", "p"),
    "reported_causes": ("cause_id", "c"),
    "autopsy_causes": ("cause_id", "c"),
    "tests": ("test_id", "t"),
    "substances": ("substance_id", ""),
    "doses": ("dose_id", ""),
    "indications": ("indication_id", ""),
    "sender_diagnoses": ("diagnosis_id", ""),
    "summaries": ("summary_id", ""),
    "documents": ("document_id", "a"),
}
# Entries that cannot be found again in the XML without one of these fields.
_NEEDS = {
    "history": ("condition",),
    "sender_diagnoses": ("term",),
    "registrations": ("number", "country"),
    "summaries": ("text",),
}
_NEEDS_ALL = {"other_identifiers": ("source", "identifier"), "relatedness": ("result",)}
_RESULTS = frozenset({"result", "low", "high"})  # numbers that may stand without a unit
_LABELS = {
    "reporter": "Reporter",
    "investigator": "Investigator",
    "sponsor": "Sponsor",
    "authority": "Regulatory authority",
    "other": "Other",
}


class Canon:
    """Brings what a case says into the form of the standard, and notes what that costs."""

    def __init__(self, case_id: str, extra_nulls: Mapping[str, frozenset[str]]) -> None:
        self._case_id = case_id
        self._extra = extra_nulls
        self.left_out: list[LeftOut] = []

    def note(self, code: str, path: str) -> None:
        """Note that something is not said, or not so."""
        found = LeftOut(code, path)
        if found not in self.left_out:
            self.left_out.append(found)

    def report(self, told: Told) -> Told:
        """Give the whole report in the standard's form."""
        clean: Told = self._fields(told, "", "")
        drugs = self._rename(clean.get("drugs", []), "drugs", "drug_id")
        reactions = self._rename(clean.get("reactions", []), "reactions", "reaction_id")
        for name in ("relatedness", "drug_reactions"):
            rows = self._rows(clean.pop(name, []), name, drugs, reactions)
            if rows:
                clean[name] = rows
        return clean

    def _rename(self, entries: list[Told], family: str, key: str) -> dict[str, str]:
        """Give each entry the UUID that it has in every message about its case."""
        names = {}
        for entry in entries:
            old = entry[key]
            root, _, extension = old.partition(":")
            if not (_UUID.fullmatch(root) or OID.fullmatch(root)):
                entry[key] = str(uuid5(_IDS, f"{self._case_id}/{family}/{old}"))
            elif not extension:
                entry[key] = key_of(old.lower())
            names[old] = entry[key]
        return names

    def _rows(
        self,
        rows: list[Told],
        name: str,
        drugs: Mapping[str, str],
        reactions: Mapping[str, str],
    ) -> list[Told]:
        found = []
        for row in rows:
            drug, reaction = drugs.get(row["drug_id"]), reactions.get(row["reaction_id"])
            if drug is None or reaction is None:
                self.note("dangling_reference", name)
                continue
            if len(row) == 2:  # noqa: PLR2004 - only the two references
                self.note("nothing_to_send", name)
                continue
            named = row | {"drug_id": drug, "reaction_id": reaction}
            if name == "relatedness":
                named["source"] = self._source(row)
            found.append(named)
        return found

    def _source(self, row: Told) -> str:
        """Name the source of an assessment so that a reader knows whose it is."""
        assessor, told = row["assessor"], row.get("source")
        if told is not None and decide_assessor(told) == assessor:
            return str(told)
        label = _LABELS[assessor]
        if told is None or told == "desk":
            return label
        self.note("source_reworded", "relatedness.source")
        longer = f"{label}: {told}"
        return longer if decide_assessor(longer) == assessor else label

    def _fields(self, told: Told, place: str, path: str) -> Told:
        clean: Told = {}
        for name, value in told.items():
            where = f"{path}.{name}" if path else name
            if not place and name in _ELSEWHERE:
                continue
            if name in _NO_ELEMENT.get(place, ()):
                self.note("no_element", where)
                continue
            kept = self._value(value, place, name, where)
            if kept is not None:
                clean[name] = kept
        return clean

    def _value(  # noqa: C901, PLR0911  (one line for each kind of value)
        self,
        value: Any,  # noqa: ANN401
        place: str,
        name: str,
        path: str,
    ) -> Any:  # noqa: ANN401
        match value:
            case {"null": flavor}:
                return self._null(flavor, place, name, path)
            case {"system": _, "code": _}:
                return self._code(value, place, name, path)
            case {"precision": _}:
                return value | {"value": value["value"].replace("-00:00", "+00:00")}
            case {"value": _}:
                return self._number(value, name, path)
            case dict():
                inner = f"{place}.{name}" if name in _INSIDE else name
                fields = self._fields(value, inner, path)
                if not isinstance(fields.get("text"), str):
                    fields.pop("language", None)  # a language of no words
                return fields or None
            case list() if name in {"linked_reports", "additional_information_codes"}:
                return value or None
            case list():
                return self._list(value, name, path) or None
            case str() if name in {"weight_kg", "height_cm"}:
                return plain(value)
            case str() if name == "language":
                return THREE_LETTERS.get(value, value)
            case str():
                return self._text(value, path)
            case _:
                return value

    def _list(self, entries: list[Told], name: str, path: str) -> list[Told]:
        clean = []
        for entry in entries:
            place = "literature" if entry.get("literature") and name == "documents" else name
            fields = self._fields(entry, place, path)
            needs_all = all(field in fields for field in _NEEDS_ALL.get(name, ()))
            needs_one = name not in _NEEDS or any(field in fields for field in _NEEDS[name])
            if not (needs_all and needs_one):
                self.note("nothing_to_send", path)
                continue
            clean.append(fields)
        if name in _POSITIONS:
            key, letter = _POSITIONS[name]
            for number, entry in enumerate(clean, start=1):
                entry[key] = f"{letter}{number}"
        return clean

    def _null(self, flavor: str, place: str, name: str, path: str) -> Told | None:
        if place == "seriousness":
            return {"null": "NI"}
        if admits(place, name, flavor, self._extra):
            return {"null": flavor}
        self.note("null_flavor_not_allowed", path)
        return None

    def _code(self, told: Told, place: str, name: str, path: str) -> Told | None:
        system = TERMINOLOGIES.get(told["system"], told["system"])
        if name == "coded" and place not in _OPEN_CODED:
            if system != "MedDRA":
                self.note("not_meddra", path)
                return None
        elif system not in TERMINOLOGY_OIDS and not OID.fullmatch(system):
            self.note("code_system_unknown", path)
            return None
        code = self._text(told["code"], path)
        if code is None:
            return None
        version = self._text(told.get("version") or "", path)
        return {"system": system, "code": code} | ({"version": version} if version else {})

    def _number(self, value: Told, name: str, path: str) -> Told | None:
        unit = self._text(value.get("unit", ""), path)
        if name in _RESULTS:
            told = {"value": plain(value["value"]), "unit": unit or ""}
            compared = "comparator" in value and name == "result"
            return told | ({"comparator": value["comparator"]} if compared else {})
        if unit is None:
            self.note("nothing_to_send", path)
            return None
        is_total = name == "interval" and unit == TOTAL
        return {"value": "1" if is_total else plain(value["value"]), "unit": unit}

    def _text(self, value: str, path: str) -> str | None:
        if _FORBIDDEN.search(value):
            self.note("control_character", path)
            value = _FORBIDDEN.sub(REPLACED, value)
        return value.strip() or None


def plain(number: Any) -> str:  # noqa: ANN401 - as JSON holds it
    """Write a number with digits and a point, never with an exponent."""
    return format(Decimal(str(number)), "f")
