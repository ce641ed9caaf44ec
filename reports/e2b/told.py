"""
From the entities of a case back to the shape of the message contract.

The inverse of `safety.intake`: entities become lists again, dotted fields objects.
What a person decided at the desk stands in the place of what the source said, where
E2B(R3) has one place for both: the sender's term, criterion or opinion.
"""

from collections.abc import Mapping
from typing import Any

from safety.case import OWNER, CaseState, Entry

Told = dict[str, Any]

# List of the contract: its key, and the lists inside each entry.
_INSIDE: Mapping[str, Mapping[str, str]] = {
    "drugs": {
        "substances": "substance_id",
        "doses": "dose_id",
        "indications": "indication_id",
    },
}
_LISTS = {
    "reporters": "reporter_id",
    "tests": "test_id",
    "drugs": "drug_id",
    "sender_diagnoses": "diagnosis_id",
    "summaries": "summary_id",
    "documents": "document_id",
}
_PERSON_LISTS = {"history": "history_id", "past_drugs": "past_drug_id"}
_CAUSES = ("reported_causes", "autopsy_causes")
_MATRICES = ("relatedness", "drug_reactions", "other_identifiers")
_DESK = "desk."
_MEDDRA = "MedDRA"


def collect_told(state: CaseState) -> Told:
    """
    Give what the case says, in the shape of `AdverseEventReport`, without its head.

    Reactions that are void, and entries that only a desk decision names, are left out.
    """
    told = _fields(state.case)
    for name in ("study", "sender", "patient", "parent"):
        entry = Entry(name, state.entities.get(name, {}))
        if fields := _fields(entry):
            told[name] = fields
    _add_lists(told, state, _LISTS)
    if reactions := [_reaction(entry) for entry in state.reactions]:
        told["reactions"] = reactions
    for name in ("patient", "parent"):
        person: Told = {}
        _add_lists(person, state, _PERSON_LISTS, f"{name}/")
        _add_causes(person, told.get(name, {}), state, name)
        if person:
            told[name] = told.get(name, {}) | person
    if registrations := _entries(state, "study/registrations", "registration_id"):
        told.setdefault("study", {})["registrations"] = registrations
    for name in _MATRICES:
        if rows := [_fields(entry) for entry in state.entries(name)]:
            told[name] = rows
    return told


def _add_lists(told: Told, state: CaseState, lists: Mapping[str, str], prefix: str = "") -> None:
    for name, key in lists.items():
        if found := _entries(state, f"{prefix}{name}", key):
            told[name] = found


def _entries(state: CaseState, family: str, key: str) -> list[Told]:
    found = []
    for entry in state.entries(family):
        if OWNER not in entry.facts:
            continue
        fields: Told = {key: entry.key, **_fields(entry)}
        for name, inner in _INSIDE.get(family, {}).items():
            if inside := _entries(state, f"{entry.path}/{name}", inner):
                fields[name] = inside
        found.append(fields)
    return found


def _add_causes(person: Told, known: Told, state: CaseState, name: str) -> None:
    causes = {
        family: found
        for family in _CAUSES
        if (found := _entries(state, f"{name}/{family}", "cause_id"))
    }
    if causes:
        person["death"] = known.get("death", {}) | causes


def _reaction(entry: Entry) -> Told:
    fields: Told = {"reaction_id": entry.key, **_fields(entry)}
    decided = {name.removeprefix(_DESK): entry.raw(name) for name in entry.facts}
    coded = entry.raw(f"{_DESK}coded")
    if coded is not None and coded["system"] == _MEDDRA:
        fields["term"] = fields.get("term", {}) | {"coded": coded}
    for name in entry.facts:
        criterion = name.removeprefix(f"{_DESK}seriousness.")
        if criterion != name:
            fields["seriousness"] = fields.get("seriousness", {}) | {
                criterion: decided[f"seriousness.{criterion}"]
            }
    return fields


def _fields(entry: Entry) -> Told:
    """Undo the dots: `term.text` becomes {"term": {"text": ...}}."""
    told: Told = {}
    for name, fact in entry.facts.items():
        if name == OWNER or name.startswith(_DESK):
            continue
        *above, last = name.split(".")
        place = told
        for step in above:
            place = place.setdefault(step, {})
        place[last] = fact.value
    return told
