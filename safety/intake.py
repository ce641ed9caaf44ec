"""
From message contracts to reports: with `decisions`, the only reader of contracts in the domain.

A contract is flattened into entities and fields, so that the fold can compare
field with field. Lists become entities named by the sender's ids; terms,
seriousness and death are dotted fields of the entity they belong to; partial
dates, quantities and codes are values that change as a whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from pydantic import BaseModel

from safety.case import OWNER, Awareness, Nullified, Report, Value
from safety.decisions import (
    local_day,
    read_acknowledgement,
    read_carried_back,
    read_decision,
    relatedness_path,
)
from safety.findings import Finding
from safety.merging import carry
from schemas.messages.acknowledgement import Acknowledgement
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.carried import CarriedBack, CarriedReport
from schemas.messages.decision import DeskDecision
from schemas.messages.study_record import SubjectRecord
from schemas.parse import parse_logged

# Lists whose entries are entities, with the field that names an entry.
_KEYED = {
    "registrations": "registration_id",
    "reporters": "reporter_id",
    "history": "history_id",
    "past_drugs": "past_drug_id",
    "reported_causes": "cause_id",
    "autopsy_causes": "cause_id",
    "reactions": "reaction_id",
    "tests": "test_id",
    "drugs": "drug_id",
    "substances": "substance_id",
    "doses": "dose_id",
    "indications": "indication_id",
    "sender_diagnoses": "diagnosis_id",
    "summaries": "summary_id",
    "documents": "document_id",
}
# Objects that are entities of their own, once per case.
_SINGLE = frozenset({"patient", "parent", "study", "sender"})
# Objects whose fields are dotted fields of the entity around them.
_DOTTED = frozenset(
    {"term", "condition", "cause", "indication", "reaction", "seriousness", "death"}
)
# What speaks about the report rather than the case.
_HEADER = frozenset(
    {
        "kind",
        "case",
        "received_at",
        "office_zone",
        "most_recent_information",
        "awareness",
        "complete",
        "synthetic",
        "correction_reason",
        "medical_change",
        "kept",
        "reading_findings",
    }
)


def read_report(message: str, data: BaseModel) -> Report:
    """
    Give the report that a validated message carries.

    Args:
        message: Source and id of the message, joined.

        data: An adverse event report, a nullification, a desk decision, an acknowledgement, or what
            a merge wrote.
    """
    match data:
        case AdverseEventReport():
            return _read_adverse_event(message, data)
        case Nullification():
            return _read_nullification(message, data)
        case DeskDecision():
            return read_decision(message, data)
        case CarriedReport():
            inner, told = parse_logged(data.topic, data.payload, data.media_type)
            return carry(
                read_report(inner or message, told),
                merge=data.merge,
                cases=(data.from_case, data.to_case),
                same={(entry.family, entry.here): entry.there for entry in data.same},
            )
        case CarriedBack():
            return read_carried_back(message, data)
        case Acknowledgement():
            return read_acknowledgement(message, data)
        case _:
            raise TypeError(f"{type(data).__name__} is not a message about a case")


@dataclass(frozen=True, slots=True)
class StudyFact:
    """One study record in the terms of the domain; the greatest `order` of a record id counts."""

    study: str
    subject: str
    record_id: str
    order: str
    data: Mapping[str, Any]
    synthetic: bool


def read_subject_record(message: str, data: SubjectRecord) -> StudyFact:
    """Give the study fact that a validated study record carries."""
    recorded = data.recorded_at.astimezone(UTC).isoformat()
    return StudyFact(
        study=data.study_id,
        subject=data.subject_id,
        record_id=data.record_id,
        order=f"{recorded} {message}",
        data=data.model_dump(mode="json", exclude_none=True, exclude=_SUBJECT_HEADER),
        synthetic=data.synthetic,
    )


_SUBJECT_HEADER = {"study_id", "subject_id", "record_id", "recorded_at", "synthetic"}


def _read_adverse_event(message: str, data: AdverseEventReport) -> Report:
    said = data.model_dump(mode="json", exclude_unset=True, exclude_none=True)
    head = {"sender_case_id": f"{data.case.sender}:{data.case.sender_case_id}"}
    if data.case.worldwide_id is not None:
        head["worldwide_id"] = data.case.worldwide_id
    flat = _Flattener(data.case.sender)
    flat.entity("case", {n: value for n, value in said.items() if n not in _HEADER}, **head)
    return Report(
        message=message,
        kind=data.kind.value,
        order=(
            data.most_recent_information.isoformat(),
            data.case.sender_version or 0,
            data.received_at.astimezone(UTC).isoformat(),
            message,
        ),
        sender=data.case.sender,
        received_at=data.received_at,
        awareness=tuple(sorted(_awareness_of(data), key=lambda known: known.day)),
        entities=flat.entities,
        first_received=data.first_received,
        complete=data.complete,
        synthetic=data.synthetic,
        significant=data.medical_change,
        reason=data.correction_reason,
        findings=_reading_findings(data),
        kept=len(data.kept or ()),
    )


class _Flattener:
    """Takes a contract apart into entities and fields."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self.entities: dict[str, dict[str, Any]] = {}

    def entity(self, path: str, said: Mapping[str, Any], **fields: Value) -> None:
        """Write what is said of one entity."""
        told = self.entities[path] = fields
        self._fields(said, path, told, "")

    def _fields(
        self, said: Mapping[str, Any], path: str, told: dict[str, Any], prefix: str
    ) -> None:
        for name, value in said.items():
            if name in _KEYED:
                self._list(path, name, value)
            elif name in _MATRICES:
                self._matrix(name, value)
            elif name in _SINGLE and path == "case":
                self.entity(name, value)
            elif name in _DOTTED and isinstance(value, dict) and "null" not in value:
                self._fields(value, path, told, f"{prefix}{name}.")
            else:
                told[prefix + name] = value

    def _list(self, path: str, name: str, entries: list[dict[str, Any]]) -> None:
        family = name if path == "case" else f"{path}/{name}"
        key = _KEYED[name]
        for entry in entries:
            rest = {field: value for field, value in entry.items() if field != key}
            self.entity(f"{family}/{entry[key]}", rest, **{OWNER: self._owner})

    def _matrix(self, name: str, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self.entities[_MATRICES[name](row)] = {OWNER: self._owner, **row}


# Lists whose entries are named by several fields together.
_MATRICES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "relatedness": relatedness_path,
    "drug_reactions": lambda row: f"drug_reactions/{row['drug_id']}|{row['reaction_id']}",
    "other_identifiers": lambda row: (
        f"other_identifiers/{row['source'].replace('/', ' ')}|{row['identifier'].replace('/', ' ')}"
    ),
}


def _awareness_of(data: AdverseEventReport) -> Iterator[Awareness]:
    """Every day on which the company's side knew; the receipt itself is always among them."""
    yield local_day(data.received_at, data.office_zone, "received")
    for told in data.awareness:
        if told.day is not None:
            yield Awareness(told.day, told.channel.value, "calendar day as recorded")
        elif told.at is not None and told.zone is not None:
            yield local_day(told.at, told.zone, told.channel.value)


def _reading_findings(data: AdverseEventReport | Nullification) -> tuple[Finding, ...]:
    """What the reader of a document saw in the document itself."""
    return tuple(
        Finding(found.code, found.path or "", found.message, "note")
        for found in data.reading_findings or ()
    )


def _read_nullification(message: str, data: Nullification) -> Report:
    return Report(
        message=message,
        kind="nullification",
        order=(
            data.most_recent_information.isoformat(),
            data.case.sender_version or 0,
            data.received_at.astimezone(UTC).isoformat(),
            message,
        ),
        sender=data.case.sender,
        received_at=data.received_at,
        awareness=(local_day(data.received_at, data.office_zone, "received"),),
        entities={},
        synthetic=data.synthetic,
        nullified=Nullified(data.reason.value, data.explanation, data.surviving_case),
        decided_by=data.decided_by,
        reason=data.explanation,
        findings=_reading_findings(data),
    )
