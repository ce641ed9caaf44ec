"""
What the system itself publishes: decisions, alerts, dead letters.

These carry ids, codes, dates and rule numbers; no narrative, no verbatim term,
nothing that identifies a patient.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.errors import Reason
from schemas.values import CalendarDay, Closed, Key, Name
from schemas.vocabulary import SubmissionState


class ReactionDecision(Closed):
    """One reaction as coded and assessed in this case version; None is "not assessed"."""

    reaction_id: Key
    term: Name | None
    code: Name | None
    grade: Annotated[int, Field(ge=1, le=5)] | None  # that counts: confirmed, else reported
    grade_reported: Annotated[int, Field(ge=1, le=5)] | None = None
    grade_computed: Annotated[int, Field(ge=0, le=4)] | None = None  # from laboratory results
    grade_confirmed: Annotated[int, Field(ge=1, le=5)] | None = None  # by a person
    serious: bool | None
    criteria: list[Name]
    related: bool | None
    expected: bool | None


class ObligationNotice(Closed):
    """A duty to report, as this case version leaves it."""

    obligation_id: Key
    authority: Name
    recipient: Name
    duty: Name
    rule_id: Name
    rulebook: Name
    provision: Name
    evidence: Name
    day_zero: CalendarDay
    due: CalendarDay
    decided: bool  # False: held on a conservative clock until a missing fact is known
    missing: list[Name]
    state: Literal["open", "superseded"]
    reason: Name
    submission: SubmissionState | None = None  # how far its report has come; absent: not begun


class CaseDecided(Closed):
    """The data of `pv.case.decided.v1`."""

    case_id: Name
    version: Annotated[int, Field(ge=1)]
    status: Literal["pending", "valid", "nullified", "merged"]
    digest: Key
    knowledge: Key
    caused_by: Name
    reactions: list[ReactionDecision]
    obligations: list[ObligationNotice]
    synthetic: bool


class AlertRaised(Closed):
    """The data of `pv.alert.raised.v1`."""

    alert_id: Key
    kind: Literal[
        "expedited",
        "undecidable",
        "due_soon",
        "overdue",
        "undecided",
        "possible_duplicate",
        "potential_hys_law",
        "quarantined",
        "report_after_nullification",
        "submission_rejected",
    ]
    case_id: Name | None = None
    obligation_id: Key | None = None
    authority: Name | None = None
    due: CalendarDay | None = None
    text: Name
    synthetic: bool = False


class MessageQuarantined(Closed):
    """The data of `pv.message.quarantined.v1`; the payload as received stays in the store."""

    quarantine_id: Key
    reason: Reason
    path: Name | None
    advice: Name
    topic: Name
    partition: int
    offset: int
    part: int
    contract: Name
    payload_digest: Key
    payload_bytes: int
    earliest_due: CalendarDay | None
    payload_base64: str | None  # None where the payload is too large for a record
