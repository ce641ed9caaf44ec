"""
What a study records of its subjects beside adverse events.

Each record has an id within its subject and kind; a later record with the same
id replaces the earlier one (newest by `recorded_at`, then message id).
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from schemas.messages.parts import Line, Many, Term
from schemas.values import (
    CalendarDay,
    Closed,
    Country,
    Explicit,
    Instant,
    Key,
    Name,
    Number,
    PartialDate,
    Quantity,
    Result,
    Text,
)
from schemas.vocabulary import Sex


class SubjectRecord(Closed):
    """The head that all study records share."""

    study_id: Name
    subject_id: Key
    record_id: Key
    recorded_at: Instant
    synthetic: bool = False


class Characteristic(Closed):
    """One baseline characteristic, such as Child-Pugh class, BCLC stage, HBV status."""

    name: Key
    value: Name | Explicit
    unit: Name | None = None


class SubjectEnrolled(SubjectRecord):
    """The data of `pv.subject.enrolled.v1`: one subject and its baseline."""

    site: Key | None = None
    country: Country | None = None
    consent: CalendarDay | None = None
    enrolled: PartialDate | Explicit | None = None
    birth_date: PartialDate | Explicit | None = None
    age_years: Number | None = None
    sex: Sex | Explicit | None = None
    race: Name | Explicit | None = None
    weight_kg: Number | Explicit | None = None
    height_cm: Number | Explicit | None = None
    planned_arm: Name | None = None
    actual_arm: Name | None = None
    arm_rank: Number | None = None  # place of the actual arm among the columns of a table
    populations: list[Key] = Field(default_factory=list, max_length=50)
    excluded_from: list[Key] = Field(default_factory=list, max_length=50)  # flagged as not in these
    randomised: PartialDate | Explicit | None = None
    first_dose: PartialDate | Explicit | None = None  # where the study gives it beside its doses
    last_dose: PartialDate | Explicit | None = None
    diagnosis: Term | None = None
    surgery_date: PartialDate | Explicit | None = None
    characteristics: list[Characteristic] = Field(default_factory=list, max_length=Many)
    history: list[Term] = Field(default_factory=list, max_length=Many)


class ExposureRecorded(SubjectRecord):
    """The data of `pv.exposure.recorded.v1`: one dose period and why it ended or changed."""

    drug: Name
    dose: Quantity | Explicit
    per_day: Annotated[int, Field(ge=0, le=48)] | None = None  # administrations a day
    every_days: Annotated[int, Field(ge=1, le=365)] = 1  # 2 = every other day
    start: PartialDate
    end: PartialDate | Explicit | None = None
    ongoing: bool = False
    change: Literal["start", "reduced", "increased", "interrupted", "resumed", "stopped"] = "start"
    reason: (
        Literal["adverse_event", "progression", "patient_wish", "death", "planned", "other"] | None
    ) = None
    reason_text: Line | None = None
    related_reaction: Key | None = None

    @model_validator(mode="after")
    def _open_or_ended(self) -> "ExposureRecorded":
        if self.ongoing and isinstance(self.end, PartialDate):
            raise PydanticCustomError("period", "a dose period that is ongoing has no end date")
        return self


class DiseaseAssessed(SubjectRecord):
    """The data of `pv.disease.assessed.v1`: recurrence, progression, survival, disposition."""

    assessed: PartialDate
    status: Literal[
        "no_evidence_of_disease",
        "recurrence",
        "progression",
        "stable",
        "alive",
        "dead",
        "lost_to_follow_up",
        "completed",
        "discontinued",
    ]
    method: Name | None = None
    cause_of_death: Term | None = None
    cause_category: Literal["adverse_event", "disease", "other", "unknown"] | None = None
    related_reaction: Key | None = None  # the adverse event that led to it
    scope: Literal["treatment", "study"] | None = None  # what was completed or discontinued
    reason: Line | None = None
    comments: Text | None = None


class ConcomitantRecorded(SubjectRecord):
    """The data of `pv.concomitant.recorded.v1`: other treatment, cancer therapy included."""

    treatment: Line
    kind: Literal["medication", "procedure", "anti_cancer"] = "medication"
    start: PartialDate | Explicit | None = None
    end: PartialDate | Explicit | None = None
    dose: Quantity | None = None
    route: Name | None = None
    indication: Term | None = None


class LaboratoryRecorded(SubjectRecord):
    """The data of `pv.laboratory.recorded.v1`: one result."""

    test: Name
    coded: Key | None = None  # LOINC or the study's own short name
    collected: PartialDate
    result: Result | Explicit
    low: Number | None = None
    high: Number | None = None
    baseline: bool = False
    visit: Name | None = None
