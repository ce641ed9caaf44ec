"""
Which grade was reported, which one do the words propose, and what does not fit together?

Severity (the grade) and seriousness (the criteria) are two axes. Nothing here changes either: a
proposal is a proposal, and what contradicts is a finding for a person. Messages name the field and
never its value.
"""

import re
from dataclasses import dataclass

from safety.coding import Dictionary, read_intensity
from safety.findings import Finding, Severity
from safety.grading.availability import grades_available, is_laboratory_term

_GRADES = range(1, 6)
_DEATH, _LIFE_THREATENING, _SEVERE = 5, 4, 3

_ADMISSION_INDICATED = re.compile(
    r"hospitali[sz]ation (?:is |was )?(?:indicated|required|recommended)|admission indicated"
    r"|住院指征|需(?:要)?住院|建议住院",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedSeriousness:
    """What was said of the seriousness of the same reaction; None where nothing was said."""

    fatal_outcome: bool | None = None
    death: bool | None = None
    life_threatening: bool | None = None
    hospitalised: bool | None = None
    medically_important: bool | None = None

    @property
    def any_criterion(self) -> bool:
        """Whether at least one of these criteria was stated."""
        return True in (
            self.death,
            self.life_threatening,
            self.hospitalised,
            self.medically_important,
        )


NOTHING_STATED = StatedSeriousness()


@dataclass(frozen=True, slots=True)
class GradeAssessment:
    """
    The grade as reported, untouched; the grade proposed where none was; what a person checks.

    `available` are the grades that exist for the term, None if the term is not known. `computed` is
    what laboratory results give, None where they give nothing or a person confirmed the grade.
    """

    reported: int | None
    proposed: int | None
    available: frozenset[int] | None
    findings: tuple[Finding, ...]
    computed: int | None = None

    @property
    def gravest(self) -> int | None:
        """The highest grade that anybody or anything says: what is not confirmed counts so."""
        grades = [
            grade
            for grade in (self.reported, self.proposed, self.computed)
            if grade is not None and grade in _GRADES
        ]
        return max(grades, default=None)


@dataclass(frozen=True, slots=True)
class Tested:
    """The grade that laboratory results give; `at_least` where it may be higher."""

    grade: int
    at_least: bool


def intensity_words(text: str) -> int | None:
    """
    Give the grade that a phrase proposes: a grade in figures, else mild 1, moderate 2, severe 3.

    Source: general grade definitions of CTCAE v5.0 (regulatory facts 2.3).
    """
    return read_intensity(text).proposal


def assess_grade(
    reported: int | None,
    *,
    term: str | None,
    verbatim: str,
    stated: StatedSeriousness = NOTHING_STATED,
    dictionary: Dictionary,
    tested: Tested | None = None,
    path: str = "grade",
) -> GradeAssessment:
    """
    Assess the severity of one reaction.

    The proposal, made only where no grade was reported, is the first that applies:

    1. fatal outcome: 5, if the term has it;
    2. a grade in figures or a word of intensity in the verbatim: that grade, or the nearest one
       that the term has, lower before higher;
    3. none.

    Args:
        reported: The grade that the reporter gave, as it came.

        term: The coded term, None if uncoded.

        verbatim: The reporter's words.

        stated: The seriousness stated for the same reaction.

        dictionary: The dictionary of the term, for the grades that exist for it.

        tested: What laboratory results give; None where they give nothing, or a person has
            confirmed the grade.

        path: Path of the grade in the case, for the findings.

    Sources:
        CTCAE v5.0, general definitions and grade availability; regulatory facts 2.2 and 2.3.
    """
    available = grades_available(term, dictionary)
    words = intensity_words(verbatim)
    proposed, adapted = None, False
    if reported is None:
        proposed = _propose(words, available, fatal=stated.fatal_outcome is True)
        adapted = proposed is not None and proposed not in (words, _DEATH)
    findings = [
        *_check_grade(reported, words, available),
        *_check_tests(reported, tested),
        *_check_prompts(reported, term, stated),
        *_check_admission(verbatim, stated),
    ]
    if adapted:
        findings.append(_PROPOSAL_ADAPTED)
    return GradeAssessment(
        reported=reported,
        proposed=proposed,
        available=available,
        findings=tuple(Finding(row.code, path, row.message, row.severity) for row in findings),
        computed=None if tested is None else tested.grade,
    )


@dataclass(frozen=True, slots=True)
class _Prompt:
    code: str
    message: str
    severity: Severity = "query"


_OUT_OF_RANGE = _Prompt(
    "grade_out_of_range", "A CTCAE grade is 1, 2, 3, 4 or 5: ask for the grade.", "contradiction"
)
_NOT_AVAILABLE = _Prompt(
    "grade_not_available",
    "CTCAE has no such grade for this term: ask for the grade, or code another term.",
    "contradiction",
)
_DIFFERS = _Prompt(
    "grade_differs_from_verbatim",
    "The words of the reporter speak of another grade than the grade field: ask which one holds.",
)
_DIFFERS_FROM_TESTS = _Prompt(
    "grade_differs_from_tests",
    "The laboratory results give another grade than the one reported: confirm one.",
)
_TESTS_ONLY = _Prompt(
    "grade_only_from_tests", "No grade was reported; the laboratory results give one: confirm it."
)
_PROPOSAL_ADAPTED = _Prompt(
    "proposed_grade_adapted",
    "The term has no grade as the reporter's words put it; the nearest one is proposed.",
    "note",
)
_NO_FATAL_OUTCOME = _Prompt(
    "grade_5_without_fatal_outcome",
    "Grade 5 is death from the event, yet the outcome is not fatal: correct either.",
    "contradiction",
)
_NO_DEATH = _Prompt(
    "grade_5_without_death_criterion",
    "Grade 5 is death from the event, yet 'results in death' is not stated: correct either.",
    "contradiction",
)
_FATAL_BELOW_5 = _Prompt(
    "fatal_outcome_below_grade_5",
    "The outcome is fatal and the grade below 5: ask whether the event caused the death.",
)
_LIFE_THREATENING_PROPOSED = _Prompt(
    "grade_4_proposes_life_threatening",
    "A clinical grade 4 has life-threatening consequences: confirm the criterion, or say why not.",
)
_LABORATORY_GRADE_4 = _Prompt(
    "laboratory_grade_4",
    "A laboratory grade 4 is no danger by itself: ask whether it was medically important.",
)
_INDICATED = _Prompt(
    "hospitalisation_indicated",
    "An admission was indicated: ask whether it took place; indicated is not happened.",
)


def _propose(words: int | None, available: frozenset[int] | None, *, fatal: bool) -> int | None:
    if fatal and (available is None or _DEATH in available):
        return _DEATH
    if words is None or not available or words in available:
        return words
    lower = [grade for grade in available if grade < words]
    return max(lower) if lower else min(available)


def _check_grade(
    reported: int | None, words: int | None, available: frozenset[int] | None
) -> list[_Prompt]:
    if reported is None:
        return []
    if reported not in _GRADES:
        return [_OUT_OF_RANGE]
    findings = []
    if available is not None and reported not in available:
        findings.append(_NOT_AVAILABLE)
    if words is not None and words != reported:
        findings.append(_DIFFERS)
    return findings


def is_graded_otherwise(reported: int, tested: Tested) -> bool:
    """Say whether results give another grade than one that was reported; none gives grade 5."""
    if reported == _DEATH:
        return False
    return tested.grade > reported or (tested.grade < reported and not tested.at_least)


def _check_tests(reported: int | None, tested: Tested | None) -> list[_Prompt]:
    """Hold the reported grade against the results."""
    if tested is None:
        return []
    if reported is None:
        return [_TESTS_ONLY] if tested.grade else []
    return [_DIFFERS_FROM_TESTS] if is_graded_otherwise(reported, tested) else []


def _check_prompts(
    reported: int | None, term: str | None, stated: StatedSeriousness
) -> list[_Prompt]:
    """Hold the grade against the seriousness: the table of regulatory facts 2.3."""
    if reported == _DEATH:
        findings = [] if stated.fatal_outcome is True else [_NO_FATAL_OUTCOME]
        return findings if stated.death is True else [*findings, _NO_DEATH]
    findings = []
    if reported == _LIFE_THREATENING and is_laboratory_term(term):
        findings = [] if stated.any_criterion else [_LABORATORY_GRADE_4]
    elif reported == _LIFE_THREATENING and stated.life_threatening is not True:
        findings = [_LIFE_THREATENING_PROPOSED]
    if reported is not None and reported < _DEATH and stated.fatal_outcome is True:
        findings.append(_FATAL_BELOW_5)
    return findings


def _check_admission(verbatim: str, stated: StatedSeriousness) -> list[_Prompt]:
    if stated.hospitalised is True or not _ADMISSION_INDICATED.search(verbatim):
        return []
    return [_INDICATED]
