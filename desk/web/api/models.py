"""What the API tells: one model an answer, from which its description is made."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field, JsonValue

from desk.web.api.answers import Model
from desk.web.casefile import CaseFile
from desk.web.forms import FORMS
from desk.web.visit import Visit
from safety.case import Report
from safety.deadlines import Obligation
from safety.store.queue_row import NEVER, QueueRow
from safety.versions import Version
from schemas.vocabulary import SubmissionState


class CaseRow(Model):
    """A case as the queue lists it."""

    ref: str = Field(description="Name of the case in addresses; tells nothing of it.")
    case_id: str
    version: int
    changed_at: datetime
    status: str
    stage: str
    closed: bool
    owner: str | None = Field(description="Who works on it; null if nobody has taken it.")
    due: date | None = Field(description="Nearest open due date; null if nothing is left to send.")
    authority: str | None
    recipient: str | None
    duty: str | None
    rule_id: str | None
    days: int | None = Field(description="Calendar days that the rule allows.")
    decided: bool | None = Field(description="False: held on a conservative clock.")
    open_duties: int
    sent: SubmissionState | None
    criterion: str | None = Field(description="Worst criterion of seriousness.")
    serious: bool | None
    unexpected: bool | None
    related: bool | None
    reaction: str | None
    reactions: int
    term: str | None
    verbatim: str | None
    grade: int | None
    dose: str | None
    subject: str | None
    country: str | None
    study: str | None
    context: str
    sender: str | None
    duplicate_of: str | None
    duplicate_score: float | None
    missing: bool
    uncoded: bool
    rejected: bool
    synthetic: bool


class CasePage(Model):
    """A page of cases."""

    cases: list[CaseRow]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class Fact(Model):
    """What is known, and the message that said it."""

    value: JsonValue
    message: str


class Signed(Model):
    """A signature under a case; void as soon as the case says something else."""

    by: str
    full_name: str
    at: datetime
    meaning: str
    content_digest: str
    valid: bool


class CaseDetail(CaseRow):
    """A case as it is now, or as a version had it."""

    recorded_at: datetime
    knowledge: str = Field(description="Digest of the knowledge it was decided with.")
    digest: str
    chain: str = Field(description="Hash that links the version to all before it.")
    content_digest: str = Field(description="What a signature is bound to.")
    facts: dict[str, dict[str, Fact]]
    events: list[dict[str, JsonValue]] = Field(description="The reactions as judged.")
    pairs: list[dict[str, JsonValue]]
    findings: list[dict[str, JsonValue]]
    signatures: list[Signed]
    decisions: dict[str, str | None] = Field(
        description="What you may decide: null, or the sentence why not now."
    )


class Condition(Model):
    """One condition of a rule: what it asks, what the case says, whether that meets it."""

    name: str
    wanted: str
    value: JsonValue
    met: bool | None = Field(description="Null: a fact is missing, and would decide it.")
    path: str | None
    message: str | None


class AskedRule(Model):
    """A rule that was asked about a reaction."""

    rule: str
    authority: str
    rulebook: str
    provision: str
    evidence: str
    reaction: str | None
    answer: Literal["fired", "not_fired", "undecidable"]
    conditions: list[Condition]


class Trace(Model):
    """Why a version has the duties it has."""

    case_id: str
    version: int
    knowledge: str
    context: str
    validity: dict[str, JsonValue]
    rules: list[AskedRule]
    out_of_context: list[str]
    obligations: list[dict[str, JsonValue]] = Field(description="The arithmetic of each date.")


class Duty(Model):
    """A duty to report that stands."""

    obligation_id: str
    case_id: str
    authority: str
    recipient: str
    duty: str
    rule_id: str
    rulebook: str
    provision: str
    evidence: str
    day_zero: date
    days: int
    due: date
    decided: bool
    missing: list[str]
    reason: str
    arithmetic: str
    also: list[str]


class DutyOfCase(Duty):
    """A duty of a case with how far its report has come."""

    state: SubmissionState | None
    submitted_on: date | None


class DutyPage(Model):
    """A page of duties, the most urgent first."""

    obligations: list[Duty]
    next: str | None


class DutiesOfCase(Model):
    """The duties of a case."""

    case_id: str
    version: int
    obligations: list[DutyOfCase]


class Taken(Model):
    """A decision that was taken about a case."""

    number: int = Field(description="Number of its message among those of the case.")
    message: str
    by: str
    at: datetime
    reason: str | None
    said: dict[str, dict[str, JsonValue]]
    undoes: str | None
    undone: bool


class Decisions(Model):
    """All decisions about a case, oldest first."""

    case_id: str
    version: int
    decisions: list[Taken]


class Recorded(Model):
    """A decision that was recorded."""

    message: str = Field(description="Its message, by which it can be taken back.")
    version: int | None = Field(description="The version it made; null where it changed nothing.")


class Told(Model):
    """A sentence of a narrative, and the fields it was made from."""

    text: str
    sources: list[str]


class Paragraph(Model):
    """A part of a narrative."""

    name: str
    title: str
    sentences: list[Told]


class Story(Model):
    """The narrative of a case."""

    case_id: str
    version: int
    language: str
    paragraphs: list[Paragraph]
    text: str
    template_version: str
    knowledge: str


class Session(Model):
    """Who is signed in, what they may do, and the token that every change must carry."""

    user: str
    full_name: str
    role: str
    may: list[str]
    csrf: str = Field(description="Send it as `X-CSRF-Token` with every POST.")


def row_values(row: QueueRow) -> dict[str, Any]:
    """Give the values of a `CaseRow`."""
    told: dict[str, Any] = {name: getattr(row, name) for name in CaseRow.model_fields}
    told["due"] = None if row.due == NEVER else row.due
    told["owner"] = row.owner or None
    return told


def detail_of(file: CaseFile, visit: Visit) -> CaseDetail:
    """Give all of a case."""
    version = file.version
    return CaseDetail(
        **row_values(file.row),
        recorded_at=version.recorded_at,
        knowledge=version.knowledge,
        digest=version.digest,
        chain=version.chain,
        content_digest=file.content_digest,
        facts={
            path: {name: Fact(value=told[0], message=told[1]) for name, told in facts.items()}
            for path, facts in version.state.items()
        },
        events=list(version.events),
        pairs=list(version.pairs),
        findings=version.findings,
        signatures=[Signed.model_validate(each) for each in file.signatures],
        decisions={
            kind: file.refusal(kind) for kind, form in FORMS.items() if visit.may(form.action)
        },
    )


def trace_of(version: Version) -> Trace:
    """Give the trace of a version."""
    told = version.trace
    return Trace(
        case_id=version.case_id,
        version=version.version,
        knowledge=version.knowledge,
        context=told["context"][0],
        validity=told["validity"],
        rules=[
            AskedRule(
                **{
                    **rule,
                    "conditions": [
                        dict(zip(Condition.model_fields, each, strict=True))
                        for each in rule["conditions"]
                    ],
                }
            )
            for rule in told["rules"]
        ],
        out_of_context=told["out_of_context"],
        obligations=told["obligations"],
    )


def duties_of_case(file: CaseFile) -> DutiesOfCase:
    """Give the duties of a case, each with its report."""
    found = []
    for duty in file.duties:
        record = file.submissions.get(duty.ground)
        found.append(
            DutyOfCase(
                **_duty_values(duty),
                state=None if record is None else record.state,
                submitted_on=None if record is None else record.submitted_on,
            )
        )
    return DutiesOfCase(case_id=file.row.case_id, version=file.version.version, obligations=found)


def duty_of(duty: Obligation) -> Duty:
    """Give a duty."""
    return Duty(**_duty_values(duty))


def _duty_values(duty: Obligation) -> dict[str, Any]:
    return {name: getattr(duty, name) for name in Duty.model_fields}


def decisions_of(file: CaseFile) -> Decisions:
    """Give the decisions about a case."""
    undone = {report.undoes for report in file.reports}
    return Decisions(
        case_id=file.row.case_id,
        version=file.version.version,
        decisions=[
            _taken(number, report, undone=report.message in undone)
            for number, report in enumerate(file.reports, 1)
            if report.decided_by is not None
        ],
    )


def _taken(number: int, report: Report, *, undone: bool) -> Taken:
    return Taken(
        number=number,
        message=report.message,
        by=report.decided_by or "",
        at=report.received_at,
        reason=report.reason,
        said={path: dict(told) for path, told in report.entities.items()},
        undoes=report.undoes,
        undone=undone,
    )
