"""
From message contracts to reports: the only module of the domain that reads contracts.

A contract is flattened into entities and fields, so that the fold can compare
field with field. Lists become entities named by the sender's ids; terms,
seriousness and death are dotted fields of the entity they belong to; partial
dates, quantities and codes are values that change as a whole.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from safety.case import OWNER, Awareness, Nullified, Report, Value
from safety.findings import Finding
from safety.merging import carry
from safety.submissions import Recorded, Submission, ground_of, identify_duty
from safety.workflow import FAMILY as WORKFLOW
from safety.workflow import QUERIES, SIGNATURES
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.carried import CarriedBack, CarriedReport
from schemas.messages.decision import DeskDecision, RecordSubmission
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

        data: An adverse event report, a nullification, a desk decision, or what a merge wrote.
    """
    match data:
        case AdverseEventReport():
            return _read_adverse_event(message, data)
        case Nullification():
            return _read_nullification(message, data)
        case DeskDecision():
            return _read_decision(message, data)
        case CarriedReport():
            inner, told = parse_logged(data.topic, data.payload, data.media_type)
            return carry(
                read_report(inner or message, told),
                merge=data.merge,
                cases=(data.from_case, data.to_case),
                same={(entry.family, entry.here): entry.there for entry in data.same},
            )
        case CarriedBack():
            return _read_carried_back(message, data)
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


def _relatedness_path(answer: Mapping[str, Any]) -> str:
    """
    Give one place per drug, reaction, assessor, source and method: a new answer replaces the old.

    Source and method are the sender's free words and may name a person; paths appear
    in traces and alerts, so they hold a digest of them.
    """
    parts = [answer["drug_id"], answer["reaction_id"], answer["assessor"]]
    words = f"{answer.get('source', '')}\n{answer.get('method', '')}"
    if words.strip():
        parts.append(hashlib.sha256(words.encode()).hexdigest()[:8])
    return "relatedness/" + "|".join(parts)


# Lists whose entries are named by several fields together.
_MATRICES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "relatedness": _relatedness_path,
    "drug_reactions": lambda row: f"drug_reactions/{row['drug_id']}|{row['reaction_id']}",
    "other_identifiers": lambda row: (
        f"other_identifiers/{row['source'].replace('/', ' ')}|{row['identifier'].replace('/', ' ')}"
    ),
}


def _awareness_of(data: AdverseEventReport) -> Iterator[Awareness]:
    """Every day on which the company's side knew; the receipt itself is always among them."""
    yield _local_day(data.received_at, data.office_zone, "received")
    for told in data.awareness:
        if told.day is not None:
            yield Awareness(told.day, told.channel.value, "calendar day as recorded")
        elif told.at is not None and told.zone is not None:
            yield _local_day(told.at, told.zone, told.channel.value)


def _reading_findings(data: AdverseEventReport | Nullification) -> tuple[Finding, ...]:
    """What the reader of a document saw in the document itself."""
    return tuple(
        Finding(found.code, found.path or "", found.message, "note")
        for found in data.reading_findings or ()
    )


def _local_day(instant: datetime, zone: str, channel: str) -> Awareness:
    local = instant.astimezone(ZoneInfo(zone))
    return Awareness(local.date(), channel, f"{instant.isoformat()} is {local.date()} in {zone}")


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
        awareness=(_local_day(data.received_at, data.office_zone, "received"),),
        entities={},
        synthetic=data.synthetic,
        nullified=Nullified(data.reason.value, data.explanation, data.surviving_case),
        decided_by=data.decided_by,
        reason=data.explanation,
        findings=_reading_findings(data),
    )


def _read_decision(message: str, data: DeskDecision) -> Report:
    day: date = data.decided_at.astimezone(ZoneInfo(data.office_zone)).date()
    action = data.action.model_dump(mode="json", exclude_none=True)
    return Report(
        message=message,
        kind="decision",
        order=(day.isoformat(), 0, data.decided_at.astimezone(UTC).isoformat(), message),
        sender="desk",
        received_at=data.decided_at,
        awareness=(_local_day(data.decided_at, data.office_zone, "desk"),),
        entities=_decided_fields(action, data, message),
        synthetic=data.synthetic,
        marks=(
            ((action["message_id"], action["significant"]),)
            if action["kind"] == "mark_significance"
            else ()
        ),
        submission=_recorded(data, data.action)
        if isinstance(data.action, RecordSubmission)
        else None,
        undoes=action["message_id"] if action["kind"] == "undo" else None,
        decided_by=data.decided_by,
        reason=data.reason,
    )


def _read_carried_back(message: str, data: CarriedBack) -> Report:
    awareness = _local_day(data.decided_at, data.office_zone, "desk")
    day = awareness.day.isoformat()
    return Report(
        message=message,
        kind="decision",
        order=(day, 0, data.decided_at.astimezone(UTC).isoformat(), message),
        sender="desk",
        received_at=data.decided_at,
        awareness=(awareness,),
        entities={},
        decided_by=data.decided_by,
        reason=data.reason,
        ends=data.merge,
    )


def _recorded(data: DeskDecision, told: RecordSubmission) -> Recorded:
    """
    Read a step of a submission.

    The case is the one of the two names the message may have that makes the duty's id.
    """
    rest = (told.authority, told.recipient, told.duty, told.rule_id, told.trigger)
    names = (f"{data.case.sender}:{data.case.sender_case_id}", data.case.worldwide_id or "")
    known = [
        name
        for name in names
        if identify_duty((name, *rest), told.due, decided=told.decided) == told.obligation_id
    ]
    return Recorded(
        ground=ground_of(known[0] if known else names[0], *rest),
        genuine=bool(known),
        submission=Submission(
            obligation_id=told.obligation_id,
            authority=told.authority,
            recipient=told.recipient,
            duty=told.duty,
            rule_id=told.rule_id,
            trigger=told.trigger,
            due=told.due.isoformat(),
            state=told.state.value,
            at=told.at.isoformat(),
            day=told.at.astimezone(ZoneInfo(data.office_zone)).date().isoformat(),
            by=data.decided_by,
            reason=data.reason,
            reference=told.reference,
        ),
    )


def _decided_fields(  # noqa: PLR0911 - one a kind
    action: Mapping[str, Any], data: DeskDecision, message: str
) -> dict[str, dict[str, Any]]:
    """
    Where a desk decision is written: fields of its own, beside the source's.

    What a source says later never overwrites what a person decided, and what a
    person decided never hides what the source said.
    """
    reaction = f"reactions/{action.get('reaction_id')}"
    match action["kind"]:
        case "recode":
            coded = {"desk.coded": action["coded"]} if "coded" in action else {}
            return {reaction: {"desk.term": action["term"], **coded}}
        case "confirm_grade":
            return {reaction: {"desk.grade": {"grade": action["grade"], "ctcae": action["ctcae"]}}}
        case "confirm_seriousness":
            value = action.get("value", {"null": "NI"})
            return {reaction: {f"desk.seriousness.{action['criterion']}": value}}
        case "assess_causality":
            answer = {
                "drug_id": action["drug_id"],
                "reaction_id": action["reaction_id"],
                "assessor": "sponsor",
                "source": "desk",
                "method": action["method"],
                "result": action["result"],
            }
            return {_relatedness_path({**answer, "method": ""}): {OWNER: "desk", **answer}}
        case "answer_naranjo" | "answer_rucam":
            return _answered_form(action)
        case "plan_admission":
            return {reaction: {"desk.planned_admission": action.get("planned", {"null": "NI"})}}
        case "assess_listedness":
            return {reaction: {f"desk.expected.{action['region']}": action["expected"]}}
        case "assign" | "accept" | "review" | "approve" | "lock" | "reopen":
            return {WORKFLOW: _moved(action)}
        case "sign" | "request_information":
            family = SIGNATURES if action["kind"] == "sign" else QUERIES
            told = {name: value for name, value in action.items() if name != "kind"}
            by = {"by": data.decided_by, "at": data.decided_at.isoformat()}
            return {f"{family}/{hashlib.sha256(message.encode()).hexdigest()[:12]}": {**by, **told}}
        case _:
            return _decided_of_two_cases(action)


def _decided_of_two_cases(action: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Where it is written that a case gave way to another, or is not the same event."""
    match action["kind"]:
        case "merge":
            return {"merge": {"into": {"case": action["into"], "same": action["same"]}}}
        case "undo_merge":
            return {"merge": {"into": {"null": "NA"}}}
        case "not_a_duplicate":
            place = hashlib.sha256(action["other"].encode()).hexdigest()[:16]
            return {f"distinct/{place}": {"case": action["other"], "distinct": action["distinct"]}}
        case _:
            return {}


def _answered_form(action: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Keep a causality form as a whole: filled in again, it replaces the older one."""
    form = action["kind"].removeprefix("answer_")
    drug, reaction = action["drug_id"], action["reaction_id"]
    told = {
        "form": form,
        "drug_id": drug,
        "reaction_id": reaction,
        "answers": action["answers"],
    }
    return {f"causality_forms/{form}|{drug}|{reaction}": {OWNER: "desk", **told}}


def _moved(action: Mapping[str, Any]) -> dict[str, Any]:
    """Read a move through the office; assigning moves nothing, and without a name it frees."""
    if action["kind"] == "assign":
        return {"assignee": action.get("assignee")}
    assignee = {"assignee": action["assignee"]} if "assignee" in action else {}
    return {"state": action["kind"], **assignee}
