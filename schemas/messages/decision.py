"""
What a person decided at the desk about a case; a message like any other, so that replay covers it.

Every decision that changes something carries who, when and why.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.envelope import Reference
from schemas.messages.clinical import PlannedAdmission, Ticked
from schemas.messages.parts import CaseReference, Line, Many
from schemas.values import CalendarDay, Closed, Code, Instant, Key, Name, Number, Zone
from schemas.vocabulary import Criterion, SubmissionState

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]  # sha256


class Recode(Closed):
    """The reviewer chose another term for a reaction."""

    kind: Literal["recode"]
    reaction_id: Key
    term: Name
    coded: Code | None = None
    remember: bool = False  # the words stand for the term in later messages too


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


Answer = Literal["yes", "no", "unknown"]


class NaranjoAnswers(Closed):
    """The ten questions of the Naranjo form; one that is left out is unknown."""

    q1: Answer = "unknown"  # earlier conclusive reports of this reaction
    q2: Answer = "unknown"  # came after the drug was given
    q3: Answer = "unknown"  # improved after the drug was stopped, or by an antagonist
    q4: Answer = "unknown"  # came back when it was given again
    q5: Answer = "unknown"  # other causes that alone could have brought it about
    q6: Answer = "unknown"  # came back with placebo
    q7: Answer = "unknown"  # drug found at a toxic level
    q8: Answer = "unknown"  # worse with more, milder with less
    q9: Answer = "unknown"  # a like reaction to this or a like drug before
    q10: Answer = "unknown"  # confirmed by objective evidence


class AnswerNaranjo(Closed):
    """The reviewer filled in a Naranjo form; its score supports an assessment and is none."""

    kind: Literal["answer_naranjo"]
    drug_id: Key
    reaction_id: Key
    answers: NaranjoAnswers


Cause = Literal[
    "hav",
    "hbv",
    "hcv",
    "hev",
    "imaging",
    "alcoholism",
    "hypotension",
    "underlying_disease",
    "cmv",
    "ebv",
    "hsv",
    "vzv",
]


class RucamAnswers(Closed):
    """
    What RUCAM (2016) asks and a case does not tell; what is left out is unknown.

    Time to onset, age, and ALT and ALP of the first abnormal sample come from the case; figures
    given here count before those of the case.
    """

    alt_times_uln: Number | None = None
    alp_times_uln: Number | None = None
    course: (
        Literal[
            "half_in_8_days",
            "half_in_30_days",
            "half_later",
            "less_or_rise",
            "half_in_180_days",
            "less_in_180_days",
            "no_information",
        ]
        | None
    ) = None
    second_exposure: bool = False
    alcohol: bool | None = None
    pregnant: bool | None = None
    concomitant: (
        Literal["none", "incompatible_time", "compatible_time", "known_hepatotoxin", "proven_role"]
        | None
    ) = None
    causes: dict[Cause, Literal["ruled_out", "found"]] = Field(default_factory=dict)
    other_cause_probable: bool | None = None
    hepatotoxicity: Literal["labelled", "published", "unknown"] | None = None
    reexposure: (
        Literal["doubled_alone", "doubled_with_others", "did_not_double", "other"] | None
    ) = None


class AnswerRucam(Closed):
    """The reviewer filled in a RUCAM form; its score supports an assessment and is none."""

    kind: Literal["answer_rucam"]
    drug_id: Key
    reaction_id: Key
    answers: RucamAnswers


class PlanAdmission(Closed):
    """The reviewer found that an admission had been planned; without a reason it was not."""

    kind: Literal["plan_admission"]
    reaction_id: Key
    planned: PlannedAdmission | None = None


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
    """The case moves through the office: accepted, assigned, reviewed, approved, locked."""

    kind: Literal["accept", "assign", "review", "approve", "lock", "reopen"]
    assignee: Key | None = None


class RequestInformation(Closed):
    """Somebody was asked in a letter for what the case lacks."""

    kind: Literal["request_information"]
    asked_of: Line
    questions: Annotated[list[Line], Field(min_length=1, max_length=50)]
    answer_by: CalendarDay | None = None


class Sign(Closed):
    """
    An electronic signature under what the case says.

    It is bound to the digest of the content: it is void as soon as the case says something else.
    """

    kind: Literal["sign"]
    meaning: Literal["reviewed", "approved"]
    full_name: Line
    content_digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Undo(Closed):
    """An earlier decision is taken back: the case is as if it had not been taken."""

    kind: Literal["undo"]
    message_id: Name  # source and id of the decision, with a space between


class NamedDuty(Closed):
    """
    A duty as it stood when something was recorded about it.

    So the record stays what it is when the case changes later. The duty's id is made from these
    fields; one that is not is refused.
    """

    obligation_id: Key
    authority: Name
    recipient: Name
    duty: Name
    rule_id: Name
    trigger: Line  # the message that started the clock
    due: CalendarDay
    decided: bool


class RecordSubmission(NamedDuty):
    """The report for one duty came a step further: drafted, approved, sent, taken, not due."""

    kind: Literal["record_submission"]
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


class SentFile(Closed):
    """A file that went out with a message: its name, what it is, and its digest."""

    name: Name
    media_type: Name
    digest: Digest


class Transmit(Closed):
    """
    A message about the case was written for a receiver.

    Its batch number is never used again, its message number is that of the case for ever. With
    `submitted` the duties count as submitted from now on; else they do when the receiver answers.
    """

    kind: Literal["transmit"]
    batch_number: Key  # N.1.2
    message_number: Name  # N.2.r.1, C.1.1
    worldwide_number: Name  # C.1.8.1
    profile: Key  # whose rules it was judged by
    receiver: Name  # N.1.4
    version: Annotated[int, Field(ge=1)]  # the case version it tells
    digest: Digest  # of the batch file
    at: Instant
    test: bool = False
    submitted: bool = False
    duties: Annotated[list[NamedDuty], Field(max_length=Many)] = Field(default_factory=list)
    documents: Annotated[list[SentFile], Field(max_length=100)] = Field(default_factory=list)


Action = Annotated[
    Recode
    | ConfirmGrade
    | ConfirmSeriousness
    | AssessCausality
    | AnswerNaranjo
    | AnswerRucam
    | PlanAdmission
    | AssessListedness
    | MarkSignificance
    | RecordSubmission
    | Merge
    | UndoMerge
    | JudgeDuplicate
    | RequestInformation
    | Sign
    | Undo
    | Transmit
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
