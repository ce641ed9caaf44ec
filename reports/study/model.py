"""
The analysis data set of one study: who took part, what they took, what happened to them.

Plain values made from stored records by `read`; everything that a table counts stands here, and
nothing here knows of tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from reports.study.days import Span


@dataclass(frozen=True, slots=True)
class DosePeriod:
    """
    One dose period.

    Attributes:
        daily: Amount a day in `unit`; None unknown.
        given: Whether something was taken; an interruption or the end is no administration.
    """

    drug: str
    daily: float | None
    unit: str
    start: Span
    end: Span | None
    ongoing: bool
    change: str
    reason: str | None
    given: bool
    reaction: str | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """The disease, life or participation of a subject, as seen on a day."""

    day: Span
    status: str
    scope: str | None = None
    reason: str | None = None
    cause: str | None = None
    cause_category: str | None = None
    reaction: str | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """One laboratory result; the record itself is kept for what reads it by its own rules."""

    record: str
    test: str
    code: str | None
    unit: str
    value: float | None
    low: float | None
    high: float | None
    day: Span
    baseline: bool
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Therapy:
    """Other treatment."""

    name: str
    kind: str
    start: Span | None
    end: Span | None


@dataclass(frozen=True, slots=True)
class Subject:
    """
    One subject.

    Attributes:
        arm: The treatment actually taken, else the one planned.
        rank: Place of the arm among the columns; None where the study gives none.
        first_dose: First day with a dose, as early as it may be; None: never treated.
        last_dose: Last day with a dose, as late as it may be; None: still treated, or unknown.
        treated: Whether a dose was taken.
        safety: Whether the subject is in the safety population.
        last_seen: Last day on which anything was observed.
        dead: Whether the subject died, after what contradicts it was weighed.
        died: Day of death, as late as it may be; None alive or unknown.
    """

    subject_id: str
    arm: str
    rank: float | None
    site: str | None
    country: str | None
    sex: str | None
    race: str | None
    age: float | None
    weight: float | None
    height: float | None
    characteristics: Mapping[str, str]
    enrolled: Span | None
    surgery: Span | None
    first_dose: date | None
    last_dose: date | None
    treated: bool
    safety: bool
    populations: frozenset[str]
    last_seen: date | None
    dead: bool
    died: date | None
    doses: tuple[DosePeriod, ...] = ()
    statuses: tuple[Status, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    therapies: tuple[Therapy, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """
    One adverse event.

    Attributes:
        term: Preferred term, as the study coded it, else as we did; None uncoded.
        soc: System organ class; None uncoded.
        grade: CTCAE grade; None missing.
        severity: Mild, moderate, severe, where the study gives that instead of grades.
        serious: As the study's database says, else as assessed; unknown counts as serious.
        doubtful: Told not serious although a criterion or a fatal outcome says otherwise.
        related: See the definitions; missing counts as related.
        answered: Whether anybody answered the question of relatedness.
        action: Action taken with the study drug.
        flagged: The study's own flag "treatment-emergent"; None not given.
        emergent: Treatment-emergent by the definitions.
    """

    case_id: str
    reaction: str
    subject_id: str
    verbatim: str | None
    term: str | None
    soc: str | None
    onset: Span | None
    end: Span | None
    grade: int | None
    severity: str | None
    serious: bool
    doubtful: bool
    criteria: tuple[str, ...]
    fatal: bool
    related: bool
    answered: bool
    action: str | None
    outcome: str | None
    interest: tuple[str, ...]
    flagged: bool | None
    emergent: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What names it."""
        return self.case_id, self.reaction


@dataclass(frozen=True, slots=True)
class StudyData:
    """
    Everything a study report is made of.

    Attributes:
        subjects: All enrolled, by id.
        events: Of these subjects, in the order of subject, onset and case.
        strays: Events of subjects that were never enrolled: they count nowhere and are listed.
        late: Events left out because they began after the data lock.
        lock: Last day that counts.
        known_at: The instant as of which records count; None: all.
        dictionaries: What the events are coded to.
        planned_daily: Planned daily dose of the product in mg; None: each subject's first dose.
    """

    study_id: str
    title: str
    product: str
    subjects: Mapping[str, Subject]
    events: tuple[Event, ...]
    strays: tuple[Event, ...]
    late: int
    lock: date
    known_at: datetime | None
    dictionaries: tuple[str, ...]
    planned_daily: float | None
    ctcae: str
    synthetic: bool = False
    notes: Sequence[str] = field(default=())

    @property
    def safety(self) -> tuple[Subject, ...]:
        """The safety population."""
        return tuple(subject for subject in self.subjects.values() if subject.safety)
