"""
From what a person decided, and what a receiver's gateway answered, to reports of a case.

Like `safety.intake`, which calls it, it reads contracts; both are our own side's acts and
bring nothing new from a source.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from safety.case import OWNER, Awareness, Report
from safety.submissions import Recorded, Submission, ground_of, identify_duty
from safety.transmissions import Answer, AnsweredDuty, Transmission
from safety.workflow import FAMILY as WORKFLOW
from safety.workflow import QUERIES, SIGNATURES
from schemas.messages.acknowledgement import Acknowledgement
from schemas.messages.carried import CarriedBack
from schemas.messages.decision import DeskDecision, NamedDuty, RecordSubmission, Transmit


def local_day(instant: datetime, zone: str, channel: str) -> Awareness:
    """Give the calendar day of an instant in a zone, and how it was found."""
    local = instant.astimezone(ZoneInfo(zone))
    return Awareness(local.date(), channel, f"{instant.isoformat()} is {local.date()} in {zone}")


def relatedness_path(answer: Mapping[str, Any]) -> str:
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


def read_decision(message: str, data: DeskDecision) -> Report:
    """Give the report that a desk decision is."""
    day: date = data.decided_at.astimezone(ZoneInfo(data.office_zone)).date()
    action = data.action.model_dump(mode="json", exclude_none=True)
    return Report(
        message=message,
        kind="decision",
        order=(day.isoformat(), 0, data.decided_at.astimezone(UTC).isoformat(), message),
        sender="desk",
        received_at=data.decided_at,
        awareness=(local_day(data.decided_at, data.office_zone, "desk"),),
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
        transmission=_transmitted(data, data.action) if isinstance(data.action, Transmit) else None,
        decided_by=data.decided_by,
        reason=data.reason,
    )


def read_acknowledgement(message: str, data: Acknowledgement) -> Report:
    """
    Read what a receiver said of one message; the first that applies decides.

    1. the message itself was refused (CR);
    2. the batch was refused (AR): so was the message, even if that was accepted (CA);
    3. the message was accepted;
    4. only the batch is spoken of: accepted with AA; some were refused (AE), so this may be one.
    """
    told = data.messages[0] if data.messages else None
    code = data.code if told is None or (told.code, data.code) == ("CA", "AR") else told.code
    at = data.created.astimezone(UTC)
    return Report(
        message=message,
        kind="decision",
        order=(at.date().isoformat(), 0, at.isoformat(), message),
        sender="desk",
        received_at=data.created,
        awareness=(local_day(data.created, "UTC", "authority"),),
        entities={},
        answer=Answer(
            batch=data.batch_number,
            accepted=code in {"CA", "AA"},
            code=code,
            at=at.isoformat(),
            sender=data.sender,
            reference=(told and told.local_number) or data.local_number,
            errors=(*(told.texts if told is not None else ()), *data.texts),
        ),
    )


def _transmitted(data: DeskDecision, told: Transmit) -> Transmission:
    """Read a transmission; a duty whose id its own fields do not make is left out."""
    return Transmission(
        batch=told.batch_number,
        number=told.message_number,
        worldwide=told.worldwide_number,
        profile=told.profile,
        receiver=told.receiver,
        version=told.version,
        digest=told.digest,
        at=told.at.astimezone(UTC).isoformat(),
        day=told.at.astimezone(ZoneInfo(data.office_zone)).date().isoformat(),
        zone=data.office_zone,
        by=data.decided_by,
        reason=data.reason,
        is_test=told.test,
        counts=told.submitted,
        duties=tuple(
            AnsweredDuty(
                ground=ground,
                obligation_id=duty.obligation_id,
                authority=duty.authority,
                recipient=duty.recipient,
                duty=duty.duty,
                rule_id=duty.rule_id,
                trigger=duty.trigger,
                due=duty.due.isoformat(),
            )
            for duty in told.duties
            for ground, genuine in (_ground(data, duty),)
            if genuine
        ),
        documents=tuple(document.model_dump() for document in told.documents),
    )


def _ground(data: DeskDecision, told: NamedDuty) -> tuple[str, bool]:
    """
    Give the ground of a duty, and whether its id is the one its fields make.

    The case is the one of the two names the message may have that makes the duty's id.
    """
    rest = (told.authority, told.recipient, told.duty, told.rule_id, told.trigger)
    names = (f"{data.case.sender}:{data.case.sender_case_id}", data.case.worldwide_id or "")
    known = [
        name
        for name in names
        if identify_duty((name, *rest), told.due, decided=told.decided) == told.obligation_id
    ]
    return ground_of(known[0] if known else names[0], *rest), bool(known)


def read_carried_back(message: str, data: CarriedBack) -> Report:
    """Give the report that what a merge brought goes again."""
    awareness = local_day(data.decided_at, data.office_zone, "desk")
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
    ground, genuine = _ground(data, told)
    return Recorded(
        ground=ground,
        genuine=genuine,
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
            return {relatedness_path({**answer, "method": ""}): {OWNER: "desk", **answer}}
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
