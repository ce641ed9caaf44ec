"""
Which CTCAE grade do the laboratory results give for a reaction?

The computed grade stands beside the reported and the confirmed one and replaces neither. It is the
gravest grade of the results that may fall into the reaction: an unknown day may.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from safety.causality import Days
from safety.grading import LaboratoryGrade, LaboratoryResult, grade_laboratory, load_criteria
from safety.grading.criteria import fold_term
from safety.grading.criteria_file import VERSIONS, find_version
from safety.grading.reasons import Reason
from safety.laboratory.results import Measurement, derive_baselines
from safety.laboratory.tests import load_tests


@dataclass(frozen=True, slots=True)
class ComputedGrade:
    """
    What the results give.

    Attributes:
        grade: 1 to 4; 0 if no criterion is met; None if no result can be graded.
        at_least: A graver criterion could not be decided.
        ctcae: Version of CTCAE it was graded by.
        source: The result that gives it: path of the test, or id of the record.
        reason: The published row that is met, or why there is no grade.
    """

    grade: int | None
    at_least: bool
    ctcae: str
    source: str
    reason: str


def compute_grade(
    term: str | None,
    measured: Sequence[Measurement],
    *,
    onset: Days | None,
    end: Days | None,
    version: str,
) -> ComputedGrade | None:
    """
    Grade a reaction by the results of its test.

    Args:
        term: The term it is coded to, as CTCAE names it.

        measured: All results, those before treatment among them.

        onset: When it began; results surely before do not count.

        end: When it ended; results surely after do not count.

        version: One of the versions of CTCAE; see `choose_version()`.

    Returns:
        None where the term is not graded by a test, or no result of that test counts.
    """
    folded = None if term is None else fold_term(term)
    if folded is None or term is None or folded not in load_tests().graded:
        return None
    counting = [
        one
        for one in measured
        if folded in one.test.terms and not one.baseline and _may_fall(one.day, onset, end)
    ]
    before = derive_baselines(measured)
    criteria = load_criteria(version)
    graded = [
        (
            one,
            grade_laboratory(
                LaboratoryResult(
                    term=term,
                    value=one.value,
                    comparator=one.comparator,
                    unit=one.unit,
                    lln=one.low,
                    uln=one.high,
                    baseline=before.get((one.test.id, one.unit)),
                ),
                criteria,
            ),
        )
        for one in counting
    ]
    return _gravest(graded, version)


def choose_version(told: str | None, onset: date | None) -> str:
    """
    Choose the version of CTCAE to compute by.

    1. The one that the reported grade names, if we have its criteria.
    2. The last one published by the day of onset.
    3. The newest.
    """
    if told is not None and (named := find_version(told)) is not None:
        return named
    published = [
        each for each in VERSIONS if onset is not None and load_criteria(each).valid_from <= onset
    ]
    return published[-1] if published else (VERSIONS[0] if onset is not None else VERSIONS[-1])


def _gravest(
    graded: Iterable[tuple[Measurement, LaboratoryGrade]], version: str
) -> ComputedGrade | None:
    ranked = sorted(
        graded,
        key=lambda each: (
            -1 if each[1].grade is None else each[1].grade,
            each[1].reason is Reason.AT_LEAST,
        ),
    )  # stable: of equals the last told
    if not ranked:
        return None
    one, grade = ranked[-1]
    return ComputedGrade(
        grade=grade.grade,
        at_least=any(each.reason is Reason.AT_LEAST for _, each in ranked),
        ctcae=version,
        source=one.source,
        reason=grade.explanation,
    )


def _may_fall(day: Days | None, onset: Days | None, end: Days | None) -> bool:
    if day is None:
        return True
    if onset is not None and day.surely_before(onset):
        return False
    return end is None or not end.surely_before(day)
