"""
The decisions that a program can send: one model a form of the desk, read by that form.

What the fields mean, who may, when it is possible and what it does is said once, by
`desk.web.forms` and what stands behind it; a test holds the two lists together.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.messages.clinical import PlannedAdmission
from schemas.messages.decision import NaranjoAnswers, RucamAnswers
from schemas.vocabulary import Criterion, NullificationReason, SubmissionState

Line = Annotated[str, StringConstraints(min_length=1, max_length=250)]
Long = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=r"\S")]
Answer = Literal["yes", "no"]


class Decision(BaseModel):
    """What every decision says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="The version that was seen; or send its ETag as `If-Match`."
    )
    reason: Long | None = Field(
        default=None, description="Why; required where it changes what the case says."
    )

    def told(self) -> dict[str, str]:
        """Give the fields as the form of the desk sends them."""
        found = self.model_dump(mode="json", exclude_none=True, exclude={"answers"})
        return {
            name: "\n".join(value) if isinstance(value, list) else str(value)
            for name, value in found.items()
        }


class Simple(Decision):
    """A decision without fields of its own."""

    kind: Literal["accept", "review", "approve", "lock", "reopen", "undo_merge"]


class Assign(Decision):
    """Give the case to somebody; to nobody without a name."""

    kind: Literal["assign"]
    assignee: Line | None = None


class Recode(Decision):
    """Choose another term of the dictionary for a reaction."""

    kind: Literal["recode"]
    reaction: Line
    term: Line
    remember: Answer = Field(
        default="no", description="The words stand for it in what comes later."
    )


class ConfirmGrade(Decision):
    """Confirm a CTCAE grade."""

    kind: Literal["confirm_grade"]
    reaction: Line
    grade: Annotated[int, Field(ge=1, le=5)]
    ctcae: Literal["3.0", "4.0", "4.03", "5.0", "6.0"] = "5.0"


class ConfirmSeriousness(Decision):
    """Set or take back a criterion of seriousness."""

    kind: Literal["confirm_seriousness"]
    reaction: Line
    criterion: Criterion
    applies: Answer


class PlanAdmission(Decision):
    """Say why an admission had been planned; without a reason it was not."""

    kind: Literal["plan_admission"]
    reaction: Line
    planned: PlannedAdmission | None = None


class AnswerNaranjo(Decision):
    """The answers to the ten questions of the Naranjo form."""

    kind: Literal["answer_naranjo"]
    drug: Line
    reaction: Line
    answers: NaranjoAnswers

    def told(self) -> dict[str, str]:
        """Give the fields as the form of the desk sends them."""
        return super().told() | self.answers.model_dump()


class AnswerRucam(Decision):
    """What RUCAM asks and the case does not tell."""

    kind: Literal["answer_rucam"]
    drug: Line
    reaction: Line
    answers: RucamAnswers

    def told(self) -> dict[str, str]:
        """Give the fields as the form of the desk sends them; what is unknown is left out."""
        found = self.answers.model_dump(mode="json", exclude_none=True)
        causes = {f"cause_{cause}": found for cause, found in found.pop("causes").items()}
        again = {"second_exposure": "yes"} if found.pop("second_exposure") else {}
        words = {True: "yes", False: "no"}
        told = {name: words.get(value, str(value)) for name, value in found.items()}
        return super().told() | told | causes | again


class AssessCausality(Decision):
    """The sponsor's own judgement of a drug and a reaction."""

    kind: Literal["assess_causality"]
    drug: Line
    reaction: Line
    method: Line = "global introspection"
    result: Line


class AssessListedness(Decision):
    """Whether a reaction is expected under a region's label."""

    kind: Literal["assess_listedness"]
    reaction: Line
    region: Annotated[str, Field(pattern=r"^[A-Z]{2,8}$")]
    expected: Answer


class MarkSignificance(Decision):
    """Whether a message of the case changes the medical picture."""

    kind: Literal["mark_significance"]
    message: Annotated[int, Field(ge=1, le=1_000_000)]
    significant: Answer


class RequestInformation(Decision):
    """Ask somebody for what the case lacks."""

    kind: Literal["request_information"]
    asked_of: Line
    questions: Annotated[list[Line], Field(min_length=1, max_length=50)]
    answer_by: date | None = None


class Sign(Decision):
    """Sign what the case says; the password is asked for again."""

    kind: Literal["sign"]
    meaning: Literal["reviewed", "approved"]
    password: Annotated[str, Field(max_length=200)]


class RecordSubmission(Decision):
    """How far the report for a duty has come."""

    kind: Literal["record_submission"]
    duty: Line
    state: SubmissionState
    reference: Line | None = None


class Nullify(Decision):
    """Void the case."""

    kind: Literal["nullify"]
    ground: NullificationReason
    surviving: Line | None = None


class Undo(Decision):
    """Take an earlier decision back, named by the number of its message."""

    kind: Literal["undo"]
    message: Annotated[int, Field(ge=1, le=1_000_000)]


class TwoCases(Decision):
    """What is decided about this case and another: that it gives way, or that they are two."""

    kind: Literal["merge", "not_a_duplicate"]
    other: Line


AskedDecision = Annotated[
    Simple
    | Assign
    | Recode
    | ConfirmGrade
    | ConfirmSeriousness
    | PlanAdmission
    | AssessCausality
    | AnswerNaranjo
    | AnswerRucam
    | AssessListedness
    | MarkSignificance
    | RequestInformation
    | Sign
    | RecordSubmission
    | Nullify
    | Undo
    | TwoCases,
    Field(discriminator="kind"),
]
