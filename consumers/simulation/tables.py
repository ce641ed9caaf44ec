"""Where the simulation's tables are read: events, serious events, tests, sites, treatment."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class CommonEvent:
    """One row of adverse_events.toml; the file's head explains the columns."""

    concept: str
    evidence: str
    all_grades: float  # percent of subjects
    grade_3_4: float  # percent of subjects
    top_grade: int
    onset_days: tuple[int, int, int]
    lasts_days: tuple[int, int, int]
    related: int  # percent of cases
    again: int  # percent of those who had it
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeriousEvent:
    """One row of serious_events.toml."""

    concept: str
    label: str
    percent: float  # percent of subjects
    fatal: int  # percent of cases, as the two below
    life_threatening: int
    hospital: int
    grades: tuple[int, ...]
    onset_days: tuple[int, int, int]
    lasts_days: tuple[int, int, int]
    related: int
    companions: tuple[tuple[str, int], ...]  # concept and percent of cases
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Companion:
    """An event that is told in the case of a graver one."""

    concept: str
    grade: int
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analyte:
    """One row of laboratory.toml; numbers are whole numbers of 1 / `step` units."""

    name: str
    coded: str
    unit: str
    step: int
    low: int
    high: int
    middle: int
    spread: int
    raised: int
    abnormal: int  # percent of subjects
    drift: int  # permille of the baseline per visit
    wobble: int  # permille of the baseline


@dataclass(frozen=True, slots=True)
class GradedResult:
    """The results that go with the grades of an event, permille of a reference limit."""

    concept: str
    test: str
    limit: Literal["low", "high"]
    ranges: tuple[tuple[int, int], ...]  # grades 1 to 4


@dataclass(frozen=True, slots=True)
class Site:
    """A hospital that takes part, invented."""

    number: int
    city: str
    hospital: str


@dataclass(frozen=True, slots=True)
class OtherTreatment:
    """One row of the treatments in study.toml."""

    name: str
    kind: Literal["medication", "procedure", "anti_cancer"]
    when: Literal["baseline", "treatment", "recurrence"]
    percent: float
    indication: str
    route: str | None = None
    dose: tuple[int, int, str] | None = None  # numerator, denominator, unit
    hbv_only: bool = False


@lru_cache
def load_common_events() -> tuple[CommonEvent, ...]:
    """Read adverse_events.toml."""
    return tuple(CommonEvent(**_tupled(row)) for row in _read("adverse_events.toml")["event"])


@lru_cache
def load_serious_events() -> tuple[SeriousEvent, ...]:
    """Read the serious events of serious_events.toml."""
    events = []
    for row in _read("serious_events.toml")["event"]:
        companions = tuple((each["concept"], each["percent"]) for each in row.pop("with"))
        events.append(SeriousEvent(companions=companions, **_tupled(row)))
    return tuple(events)


@lru_cache
def load_companions() -> dict[str, Companion]:
    """Read the companions of serious_events.toml, by concept."""
    rows = _read("serious_events.toml")["companion"]
    return {row["concept"]: Companion(**_tupled(row)) for row in rows}


@lru_cache
def load_analytes() -> tuple[Analyte, ...]:
    """Read laboratory.toml."""
    return tuple(Analyte(**row) for row in _read("laboratory.toml")["test"])


@lru_cache
def load_graded_results() -> dict[str, GradedResult]:
    """Read the graded results of laboratory.toml, by concept."""
    rows = _read("laboratory.toml")["graded"]
    for row in rows:
        row["ranges"] = [tuple(each) for each in row["ranges"]]
    return {row["concept"]: GradedResult(**_tupled(row)) for row in rows}


@lru_cache
def load_sites() -> tuple[Site, ...]:
    """Read the sites of study.toml."""
    return tuple(Site(**row) for row in _read("study.toml")["site"])


@lru_cache
def load_other_treatments() -> tuple[OtherTreatment, ...]:
    """Read the treatments of study.toml."""
    return tuple(OtherTreatment(**_tupled(row)) for row in _read("study.toml")["treatment"])


def _read(name: str) -> dict[str, Any]:
    text = (files("consumers.simulation") / "data" / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _tupled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
