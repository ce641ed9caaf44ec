"""
Which CTCAE grade is a laboratory result?

The answer is three-valued: a grade from 1 to 4; 0, which says that all criteria of the term were
decided and none is met; or none, with the reason. What cannot be graded is not normal: a missing
limit, an unknown unit or a term that CTCAE does not grade by figures alone leaves the grade open.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from safety.grading.bounds import FIFTEEN_DIGITS, Figures, Reference
from safety.grading.criteria import Condition, Direction, LaboratoryCriteria, Row, Table
from safety.grading.multiples import find_multiple
from safety.grading.reasons import Reason

_MAGNITUDE = 30  # powers of ten; no laboratory figure is larger or smaller
_ONE, _HUNDRED = Decimal(1), Decimal(100)
_ASSUMED_NORMAL = "baseline normal"
_LIMITS_REVERSED = "the limit as given, although the lower one is above the upper one"


@dataclass(frozen=True, slots=True)
class LaboratoryResult:
    """
    One laboratory result with what grading it needs; None is not given.

    Attributes:
        term: The CTCAE term that it is graded for.
        comparator: "<", "<=", ">" or ">=" where the laboratory gives a bound of the value only.
        unit: Unit of the value, the limits and the baseline, as the laboratory writes it; or what
            the value is a multiple of, "x ULN".
        lln: Lower limit of normal; `uln` the upper one.
        baseline_abnormal: Whether the baseline was above normal then. None lets the limit that is
            given here decide.
        percent_change: Change from the baseline in percent, negative for a decrease. None lets
            value and baseline decide.
        direction: Whether high or low values are meant; None takes the term's.
    """

    term: str
    value: Decimal | None
    unit: str | None = None
    lln: Decimal | None = None
    uln: Decimal | None = None
    baseline: Decimal | None = None
    baseline_abnormal: bool | None = None
    percent_change: Decimal | None = None
    direction: Direction | None = None
    comparator: str | None = None


@dataclass(frozen=True, slots=True)
class LaboratoryGrade:
    """
    The grade of a result, or why it has none.

    Attributes:
        grade: 1 to 4; 0 if no criterion is met; None if it cannot be told.
        row: The published row that gives the grade.
        assumed: What the row takes as given and no figure shows, at its worst.
        table_unit: Unit of the published table that was applied; None for multiples only.
        provenance: The version of CTCAE; blank if the version has no criteria for the term.
    """

    grade: int | None
    reason: Reason
    row: Row | None = None
    assumed: tuple[str, ...] = ()
    table_unit: str | None = None
    provenance: str = ""

    @property
    def explanation(self) -> str:
        """The reason in one line: code, then the row and what was assumed. Holds no value."""
        if self.row is None:
            return self.reason.value
        assumed = f"; assumed: {', '.join(self.assumed)}" if self.assumed else ""
        return f"{self.reason.value}: {self.row.text}{assumed}"


def grade_laboratory(result: LaboratoryResult, criteria: LaboratoryCriteria) -> LaboratoryGrade:
    """
    Grade one laboratory result; the first line that applies decides.

    1. The version has no criteria for the term, or the term is about the other direction: none.
    2. There is no value, or it is no figure that a laboratory can find: none.
    3. A bound of the term is in a unit, and the unit of the result is missing or unknown: none.
    4. A published criterion is met: the gravest one's grade. If a graver one could not be decided,
       the grade is marked as `at_least`.
    5. A criterion could not be decided: none, for lack of a limit or of the baseline.
    6. 0: all were decided, none is met.

    A bound ("<0.5") is graded as the figure nearest to it that it allows. Where it allows graver
    figures, the grade is marked as `at_least`, and there is none where that figure has none. Where
    it allows milder ones, only 0 is certain.

    What no figure shows (symptoms, anticoagulation) is taken as given and named in `assumed`. A
    baseline of which nothing is known counts as normal, which never gives the lower grade: an
    abnormal one lies above the limit, and so do its multiples.

    A value that was told as a multiple ("3.2 x ULN") needs no limit where the term is graded by
    such multiples. Bounds in a unit cannot be compared with it: 3. above.

    Args:
        result: The figures, all in one unit. Limits and baseline that are not above zero count as
            not given; a lower limit may be zero. Limits of which the lower one is the higher are
            used as given, and named in `assumed`.

        criteria: The version of CTCAE, see `load_criteria()`.
    """
    term = criteria.find(result.term)
    if isinstance(term, Reason):
        return LaboratoryGrade(None, term)
    if result.direction is not None and result.direction is not term.direction:
        return LaboratoryGrade(None, Reason.DIRECTION_MISMATCH, provenance=criteria.name)
    if result.value is None:
        return LaboratoryGrade(None, Reason.VALUE_MISSING, provenance=criteria.name)
    if not is_measurable(result.value):
        return LaboratoryGrade(None, Reason.VALUE_MALFORMED, provenance=criteria.name)
    table = term.table_for(result.unit)
    if isinstance(table, Reason):
        return LaboratoryGrade(None, table, provenance=criteria.name)
    value = _nearest(result.value, result.comparator)
    found = _apply(table, _Case.of(_with_reference(result), value, table.factor), criteria.name)
    return _of_bound(found, result.comparator, term.direction)


def is_measurable(number: Decimal) -> bool:
    """Say whether a number can be a laboratory figure: finite, not negative, of sane size."""
    return (
        number.is_finite() and number >= 0 and (not number or abs(number.adjusted()) <= _MAGNITUDE)
    )


def _with_reference(result: LaboratoryResult) -> LaboratoryResult:
    """
    Give the result with what its value is a multiple of as one; unchanged if it is no multiple.

    A limit that is given all the same, and is not one, is in another unit than the value, and so
    is the baseline beside it: to compare with it would be wrong, so it counts as not given. Nobody
    tells one limit as a multiple of the other, so that one counts as not given either.
    """
    match find_multiple(result.unit):
        case Reference.ULN:
            return replace(result, uln=_ONE, lln=None, baseline=_beside(result.uln, result))
        case Reference.LLN:
            return replace(result, lln=_ONE, uln=None, baseline=_beside(result.lln, result))
        case Reference.BASELINE:
            return replace(result, baseline=_ONE, lln=None, uln=None)
        case _:
            return result


def _beside(limit: Decimal | None, result: LaboratoryResult) -> Decimal | None:
    return result.baseline if _above_zero(limit) in {None, _ONE} else None


def _nearest(value: Decimal, comparator: str | None) -> Decimal:
    """Give the figure nearest to a bound that the bound allows, at the digits that are compared."""
    match comparator:
        case "<":
            return FIFTEEN_DIGITS.next_minus(value) if value else value
        case ">":
            return FIFTEEN_DIGITS.next_plus(value)
        case _:
            return value


def _of_bound(
    found: LaboratoryGrade, comparator: str | None, direction: Direction
) -> LaboratoryGrade:
    """Say what is certain if the figure is only the nearest that may be meant."""
    if comparator is None or found.grade is None:
        return found
    graver = comparator.startswith("<") is (direction is Direction.LOW)
    if found.grade == 0:
        return replace(found, grade=None, reason=Reason.BOUND_UNDECIDED) if graver else found
    if graver:
        return replace(found, reason=Reason.AT_LEAST)
    return replace(found, grade=None, reason=Reason.BOUND_UNDECIDED, row=None)


@dataclass(frozen=True, slots=True)
class _Case:
    """The figures in the unit of the table, and what is known of limits and baseline."""

    figures: Figures
    baseline_abnormal: bool
    baseline_assumed: bool
    limits_reversed: bool

    @classmethod
    def of(cls, result: LaboratoryResult, value: Decimal, factor: Decimal) -> "_Case":
        uln = _above_zero(result.uln)
        baseline = _above_zero(result.baseline)
        lln = result.lln if result.lln is not None and is_measurable(result.lln) else None
        crossed = lln is not None and uln is not None and lln > uln
        abnormal = result.baseline_abnormal
        if abnormal is None and baseline is not None and uln is not None:
            abnormal = baseline > uln
        figures = Figures(
            value=FIFTEEN_DIGITS.multiply(value, factor),
            lln=_scaled(lln, factor),
            uln=_scaled(uln, factor),
            baseline=_scaled(baseline, factor),
            decrease=_decrease(value, baseline, result.percent_change),
        )
        return cls(figures, abnormal is True, abnormal is None, crossed)


def _above_zero(number: Decimal | None) -> Decimal | None:
    return number if number is not None and number and is_measurable(number) else None


def _scaled(number: Decimal | None, factor: Decimal) -> Decimal | None:
    return None if number is None else FIFTEEN_DIGITS.multiply(number, factor)


def _decrease(value: Decimal, baseline: Decimal | None, change: Decimal | None) -> Decimal | None:
    if change is not None and change.is_finite() and is_measurable(abs(change)):
        return -change
    if baseline is None:
        return None
    part = FIFTEEN_DIGITS.divide(FIFTEEN_DIGITS.subtract(baseline, value), baseline)
    return FIFTEEN_DIGITS.multiply(part, _HUNDRED)


def _apply(table: Table, case: _Case, provenance: str) -> LaboratoryGrade:
    undecided: list[Row] = []
    for row in table.rows:
        met = _is_met(row, case)
        if met is None:
            undecided.append(row)
        elif met:
            graver = any(other.grade > row.grade for other in undecided)
            return LaboratoryGrade(
                row.grade,
                Reason.AT_LEAST if graver else Reason.CRITERION_MET,
                row,
                _assumptions(row, case),
                table.unit,
                provenance,
            )
    if undecided:
        return LaboratoryGrade(
            None, _lack(undecided, case), table_unit=table.unit, provenance=provenance
        )
    return LaboratoryGrade(0, Reason.NO_CRITERION_MET, table_unit=table.unit, provenance=provenance)


def _is_met(row: Row, case: _Case) -> bool | None:
    """Say whether a row is met; None if its condition or bound cannot be decided."""
    condition = _is_given(row.when, case)
    if condition is False:
        return False
    begun = row.begins.holds(case.figures)
    return None if begun and condition is None else begun


def _is_given(condition: Condition | None, case: _Case) -> bool | None:
    figures = case.figures
    match condition:
        case None:
            return True
        case Condition.BASELINE_NORMAL:
            return not case.baseline_abnormal
        case Condition.BASELINE_ABNORMAL:
            return case.baseline_abnormal
        case Condition.VALUE_BELOW_LLN:
            return None if figures.lln is None else figures.value < figures.lln
        case Condition.VALUE_ABOVE_BASELINE:
            return None if figures.baseline is None else figures.value > figures.baseline


def _assumptions(row: Row, case: _Case) -> tuple[str, ...]:
    assumed = (row.assumes,) if row.assumes else ()
    if case.limits_reversed and row.begins.reference in {Reference.LLN, Reference.ULN}:
        assumed = (*assumed, _LIMITS_REVERSED)
    if row.when is Condition.BASELINE_NORMAL and case.baseline_assumed:
        return (*assumed, _ASSUMED_NORMAL)
    return assumed


def _lack(undecided: Iterable[Row], case: _Case) -> Reason:
    """Name what is missing: a limit, if any row lacks one, else the baseline."""
    for row in undecided:
        bound = row.begins
        if bound.reference in {Reference.LLN, Reference.ULN} and bound.holds(case.figures) is None:
            return Reason.MISSING_LIMIT
    return Reason.MISSING_BASELINE
