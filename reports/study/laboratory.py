"""CTCAE grades of laboratory results: the baseline's and the worst one under treatment."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from reports.study.definitions import WINDOW_DAYS
from reports.study.model import Measurement, StudyData, Subject
from safety.grading import LaboratoryResult, grade_laboratory, load_criteria


@dataclass(frozen=True, slots=True)
class Shift:
    """
    One subject's grades for one term; None: not measured, or not gradable.

    `measured` tells whether there was any result under treatment.
    """

    subject: str
    baseline: int | None
    worst: int | None
    measured: bool


@dataclass(frozen=True, slots=True)
class _Tests:
    by_loinc: dict[str, str]
    by_name: dict[str, str]

    def term_of(self, measured: Measurement) -> str | None:
        if measured.code in self.by_loinc:
            return self.by_loinc[measured.code]
        return self.by_name.get(measured.test.strip().casefold()) or self.by_name.get(
            (measured.code or "").casefold()
        )


@lru_cache(maxsize=1)
def _load() -> _Tests:
    content = (files("reports.study") / "data" / "laboratory.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(content)["test"]
    return _Tests(
        {code: row["term"] for row in rows for code in row["loinc"]},
        {name: row["term"] for row in rows for name in row["names"]},
    )


def shifts_of(data: StudyData) -> dict[str, list[Shift]]:
    """
    Grade the results of the safety population: by CTCAE term, one shift a subject.

    Baseline: the last result flagged so, else the last one before or on the day of the first dose.
    Under treatment: after it, up to 30 days after the last dose. Baseline-adapted rows see the
    baseline's value. A result that cannot be graded (no unit, no limit) counts as not gradable.
    """
    found: dict[str, list[Shift]] = {}
    for subject in data.safety:
        by_term: dict[str, list[Measurement]] = {}
        for measured in subject.measurements:
            term = _load().term_of(measured)
            if term is not None and measured.value is not None:
                by_term.setdefault(term, []).append(measured)
        for term, results in by_term.items():
            found.setdefault(term, []).append(_shift(term, subject, results, data.ctcae))
    return dict(sorted(found.items()))


def _shift(term: str, subject: Subject, results: Sequence[Measurement], ctcae: str) -> Shift:
    ordered = sorted(results, key=lambda m: (m.day.last, m.record))
    flagged = [m for m in ordered if m.baseline]
    first = subject.first_dose
    before = [m for m in ordered if first is not None and m.day.last <= first]
    candidates = flagged or before
    baseline = candidates[-1] if candidates else None
    last = None if subject.last_dose is None else subject.last_dose + timedelta(days=WINDOW_DAYS)
    under = [
        m
        for m in ordered
        if not m.baseline
        and m is not baseline
        and (first is None or m.day.last > first)
        and (last is None or m.day.first <= last)
    ]
    grades = [_grade(term, m, ctcae, baseline) for m in under]
    known = [grade for grade in grades if grade is not None]
    return Shift(
        subject.subject_id,
        None if baseline is None else _grade(term, baseline, ctcae, None),
        max(known, default=None),
        bool(under),
    )


def _grade(
    term: str, measured: Measurement, ctcae: str, baseline: Measurement | None
) -> int | None:
    comparable = baseline is not None and baseline.unit == measured.unit
    before = baseline.value if comparable and baseline is not None else None
    raised = None
    if before is not None and baseline is not None and baseline.high is not None:
        raised = before > baseline.high
    result = LaboratoryResult(
        term=term,
        value=_decimal(measured.value),
        unit=measured.unit or None,
        lln=_decimal(measured.low),
        uln=_decimal(measured.high),
        baseline=_decimal(before),
        baseline_abnormal=raised,
    )
    return grade_laboratory(result, load_criteria(ctcae)).grade


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number))
