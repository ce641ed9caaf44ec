"""
An adverse event told to us: first report, follow-up or correction; and its nullification.

Lists are keyed: each reporter, reaction, drug, dose, test has an id that the
sender keeps from report to report, so that a follow-up may carry one field of
one reaction. What a report does not carry, it does not change. `complete: true`
says the opposite for lists: an entry absent from a complete report is gone
(an ICSR is always complete).

Element numbers in the comments are ICH E2B(R3). `X | Explicit` marks the fields
that may be unknown on purpose.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.messages.clinical import Drug, DrugReaction, Reaction, RelatednessAnswer, Test
from schemas.messages.parts import CaseReference, Line, Many, Term
from schemas.messages.people import Parent, Patient, Reporter, Sender, Study
from schemas.values import CalendarDay, Closed, Explicit, Instant, Key, Language, Name, Text, Zone
from schemas.vocabulary import Channel, NullificationReason, ReportKind, ReportType


class Awareness(Closed):
    """
    One moment at which somebody acting for the company came to know.

    Either an instant with the zone of the office, or, where only a day was
    recorded, the complete local day. The earliest of all decides day zero.
    """

    channel: Channel
    at: Instant | None = None
    zone: Zone | None = None
    day: CalendarDay | None = None

    @model_validator(mode="after")
    def _instant_and_zone_or_day(self) -> "Awareness":
        if (self.day is None) == (self.at is None) or (self.at is None) != (self.zone is None):
            raise PydanticCustomError(
                "awareness", "give either `at` with `zone`, or a complete `day`, not both"
            )
        return self


class Comment(Closed):
    """H.5.r: the case in the reporter's own language."""

    summary_id: Key
    text: Text
    language: Language | None = None


class SenderDiagnosis(Closed):
    """H.3.r."""

    diagnosis_id: Key
    term: Term


class Document(Closed):
    """C.1.6.1.r and C.4.r: held or attached; the bytes stay in the message log."""

    document_id: Key
    title: Line | Explicit | None = None
    media_type: Name | None = None
    digest: Key | None = None  # sha256 of the decoded content
    literature: bool = False


class OtherIdentifier(Closed):
    """C.1.9.1.r: numbers that others gave the same case."""

    source: Name
    identifier: Name


class Kept(Closed):
    """Something an ICSR said that the case model has no field for, word for word."""

    path: Line
    content: Text


class ReadingFinding(Closed):
    """A fault that the reader saw in the document itself."""

    code: Key
    path: Line | None = None
    message: Line


class AdverseEventReport(Closed):
    """The data of `pv.adverse-event.reported.v1`."""

    kind: ReportKind
    case: CaseReference
    report_type: ReportType
    received_at: Instant
    office_zone: Zone  # zone of the office that received it; its calendar decides day zero
    most_recent_information: CalendarDay  # C.1.5; orders the reports of a case
    first_received: CalendarDay | None = None  # C.1.4
    awareness: list[Awareness] = Field(default_factory=list, max_length=50)
    complete: bool = False
    synthetic: bool = False
    correction_reason: Line | None = None  # C.1.11.2
    medical_change: bool | None = None  # reporter's mark: changes the medical interpretation
    literature: bool | None = None
    expedited_by_sender: bool | Explicit | None = None  # C.1.7
    documents_available: bool | None = None  # C.1.6.1
    first_sender: Literal["regulator", "other"] | None = None  # C.1.8.2
    study: Study | None = None
    sender: Sender | None = None
    reporters: Annotated[list[Reporter], Field(max_length=Many)] | None = None
    patient: Patient | None = None
    parent: Parent | None = None
    reactions: Annotated[list[Reaction], Field(max_length=Many)] | None = None
    tests: Annotated[list[Test], Field(max_length=Many)] | None = None
    drugs: Annotated[list[Drug], Field(max_length=Many)] | None = None
    relatedness: Annotated[list[RelatednessAnswer], Field(max_length=10 * Many)] | None = None
    drug_reactions: Annotated[list[DrugReaction], Field(max_length=10 * Many)] | None = None
    narrative: Text | None = None  # H.1
    reporter_comments: Text | None = None  # H.2
    sender_diagnoses: Annotated[list[SenderDiagnosis], Field(max_length=Many)] | None = None  # H.3
    sender_comments: Text | None = None  # H.4
    summaries: Annotated[list[Comment], Field(max_length=Many)] | None = None  # H.5
    documents: Annotated[list[Document], Field(max_length=Many)] | None = None
    other_identifiers: Annotated[list[OtherIdentifier], Field(max_length=Many)] | None = None
    linked_reports: Annotated[list[Key], Field(max_length=Many)] | None = None  # C.1.10.r
    kept: Annotated[list[Kept], Field(max_length=10 * Many)] | None = None
    reading_findings: Annotated[list[ReadingFinding], Field(max_length=10 * Many)] | None = None

    @model_validator(mode="after")
    def _entries_have_distinct_keys(self) -> "AdverseEventReport":
        for field, key in (
            ("reporters", "reporter_id"),
            ("reactions", "reaction_id"),
            ("drugs", "drug_id"),
            ("tests", "test_id"),
        ):
            entries = getattr(self, field)
            if entries and len({getattr(entry, key) for entry in entries}) < len(entries):
                raise PydanticCustomError(
                    "repeated_key", "two entries of one list have the same id; give each its own"
                )
        return self


class Nullification(Closed):
    """The data of `pv.adverse-event.nullified.v1`."""

    case: CaseReference
    reason: NullificationReason
    explanation: Line
    received_at: Instant
    office_zone: Zone
    most_recent_information: CalendarDay
    surviving_case: Key | None = None  # the case that remains, for a duplicate
    decided_by: Key | None = None  # where somebody at our desk decided it
    synthetic: bool = False
    reading_findings: Annotated[list[ReadingFinding], Field(max_length=10 * Many)] | None = None
