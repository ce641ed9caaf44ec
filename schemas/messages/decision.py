"""
What a person decided at the desk about a case; a message like any other, so that replay covers it.

Every decision that changes something carries who, when and why.
"""

from typing import Annotated, Literal

from pydantic import Field

from schemas.envelope import Reference
from schemas.messages.clinical import Ticked
from schemas.messages.parts import CaseReference, Line, Many
from schemas.values import CalendarDay, Closed, Code, Instant, Key, Name, Zone
from schemas.vocabulary import Criterion, SubmissionState


class Recode(Closed):
    """The reviewer chose another term for a reaction."""

    kind: Literal["recode"]
    reaction_id: Key
    term: Name
    coded: Code | None = None


class ConfirmGrade(Closed):
    """The reviewer confirmed a CTCAE grade."""

    kind: Literal["confirm_grade"]
    reaction_id: Key
    grade: Annotated[int, Field(ge=1, le=5)]
    ctcae: Literal["3.0", "4.0", "4.03", "5.0", "6.0"]


class ConfirmSeriousness(Closed):
    """The reviewer set or took back one seriousness criterion."""

    kind: Literal["confirm_seriousness"]
    reaction_id: Key
    criterion: Criterion
    value: Ticked


class AssessCausality(Closed):
    """The sponsor's own judgement of one drug and one reaction."""

    kind: Literal["assess_causality"]
    drug_id: Key
    reaction_id: Key
    method: Name
    result: Name


class AssessListedness(Closed):
    """The reviewer decided whether a reaction is expected under a region's label."""

    kind: Literal["assess_listedness"]
    reaction_id: Key
    region: Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")]
    expected: bool


class MarkSignificance(Closed):
    """The reviewer marked a report as medically significant or not."""

    kind: Literal["mark_significance"]
    message_id: Name  # the report that is meant
    significant: bool


class Workflow(Closed):
    """The case moves through the office: accepted, assigned, reviewed, approved."""

    kind: Literal["accept", "assign", "review", "approve", "reopen"]
    assignee: Key | None = None


class RecordSubmission(Closed):
    """
    The report for one duty came a step further: drafted, approved, sent, taken, refused, not due.

    It names the duty as it stood when this was recorded, so that the record stays what it is when
    the case changes later. The duty's id is made from these fields; one that is not is refused.
    """

    kind: Literal["record_submission"]
    obligation_id: Key
    authority: Name
    recipient: Name
    duty: Name
    rule_id: Name
    trigger: Line  # the message that started the clock
    due: CalendarDay
    decided: bool
    state: SubmissionState
    at: Instant  # when it happened, which may be before it is recorded
    reference: Key | None = None  # the recipient's number for it


class SameEntry(Closed):
    """That a reaction or drug of the case that gives way is one of the case that remains."""

    family: Literal["reactions", "drugs"]
    here: Key  # its id in the case that gives way
    there: Key  # its id in the case that remains


class Merge(Closed):
    """
    This case tells of the same event as another and gives way to it.

    What its sources told and will tell goes to the case that remains, with its numbers and days.
    A reaction or drug that is not named in `same` stands there beside the others.
    """

    kind: Literal["merge"]
    into: Reference  # the case that remains, as messages about it name it in `subject`
    same: Annotated[list[SameEntry], Field(max_length=Many)] = Field(default_factory=list)


class UndoMerge(Closed):
    """This case was not the same event after all: it stands by itself again."""

    kind: Literal["undo_merge"]


class JudgeDuplicate(Closed):
    """The reviewer looked at two cases: they are not the same event; or took that back."""

    kind: Literal["not_a_duplicate"]
    other: Reference  # the other case, as messages about it name it in `subject`
    distinct: bool = True  # False takes an earlier judgement back


Action = Annotated[
    Recode
    | ConfirmGrade
    | ConfirmSeriousness
    | AssessCausality
    | AssessListedness
    | MarkSignificance
    | RecordSubmission
    | Merge
    | UndoMerge
    | JudgeDuplicate
    | Workflow,
    Field(discriminator="kind"),
]


class DeskDecision(Closed):
    """The data of `pv.decision.recorded.v1`."""

    case: CaseReference
    decided_by: Key
    decided_at: Instant
    office_zone: Zone
    reason: Line
    action: Action
    synthetic: bool = False
