"""
What does a version of CTCAE say about laboratory figures, and which rows apply to a unit?

One file a version, `data/laboratory-ctcae-*.toml`, read by `criteria_file`. Versions stand side by
side and are never edited into each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from safety.coding.folding import fold, key_of
from safety.grading.bounds import Bound
from safety.grading.reasons import Reason
from safety.grading.units import Analyte, LaboratoryUnits

_KNOWN_TERMS = 4096  # spellings of terms, and pairs of term and unit, whose answer is kept


class Direction(StrEnum):
    """Whether high or low values are graded."""

    HIGH = "H"
    LOW = "L"


class Condition(StrEnum):
    """What must be so for a row to count, where figures can tell."""

    BASELINE_NORMAL = "baseline normal"
    BASELINE_ABNORMAL = "baseline abnormal"
    VALUE_BELOW_LLN = "value below LLN"
    VALUE_ABOVE_BASELINE = "value above baseline"


@dataclass(frozen=True, slots=True)
class Row:
    """
    One published pair of bounds of one grade.

    Attributes:
        ends: Where the grade ends; None where the published text names no end.
        assumes: What no figure shows and is taken as given; blank for nothing.
    """

    grade: int
    begins: Bound
    ends: Bound | None
    when: Condition | None
    assumes: str

    @property
    def unit(self) -> str | None:
        """The unit of the table that the row belongs to; None for a row of every table."""
        return self.begins.unit or (None if self.ends is None else self.ends.unit)

    @property
    def text(self) -> str:
        """The row in words, as its file has it."""
        ends = "" if self.ends is None else f" to {self.ends.text}"
        when = "" if self.when is None else f", {self.when}"
        return f"{self.begins.text}{ends}{when}"


@dataclass(frozen=True, slots=True)
class Table:
    """
    The rows by which a figure in one unit is graded, gravest first.

    Attributes:
        unit: Unit of the bounds; None where they are multiples only.
        factor: By what the figures of the result are multiplied to be in that unit.
    """

    unit: str | None
    factor: Decimal
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TermCriteria:
    """
    The criteria of one term.

    Attributes:
        ctcae: Name of the term in CTCAE: "Hypercalcemia" for ionized calcium too.
        analyte: In which units it may be read; None where the unit does not matter.
        evidence: How well the rows are known, see the head of the file.
    """

    term: str
    ctcae: str
    direction: Direction
    analyte: Analyte | None
    rows: tuple[Row, ...]
    evidence: str
    note: str
    units: LaboratoryUnits

    def table_for(self, spelling: str | None) -> Table | Reason:
        """
        Give the rows for a result in this unit; the first that applies decides.

        1. The bounds are multiples only: all rows, as the figures stand.
        2. No unit is given, or it is none of the analyte's: a reason, never a default.
        3. CTCAE publishes a table in this unit: that table, as the figures stand.
        4. It publishes one in a unit that differs in scale: that one, after conversion.
        5. It publishes one that the molar mass leads to: that one, after conversion.
        """
        return _table_for(self, spelling)


@dataclass(frozen=True, slots=True, eq=False)
class LaboratoryCriteria:
    """
    What one version of CTCAE says about laboratory figures.

    Attributes:
        terms: The criteria by folded term.
        absent: Folded term to the reason why the version grades no figure of it.
        digest: SHA-256 of the file.
    """

    version: str
    name: str
    valid_from: date
    provenance: str
    terms: Mapping[str, TermCriteria]
    absent: Mapping[str, Reason]
    digest: str

    def find(self, term: str) -> TermCriteria | Reason:
        """Give the criteria of a term, in any case and British spelling too, or why none."""
        key = fold_term(term)
        found = self.terms.get(key)
        if found is not None:
            return found
        return self.absent.get(key, Reason.TERM_NOT_A_LABORATORY_TERM)


@lru_cache(maxsize=_KNOWN_TERMS)
def fold_term(term: str) -> str:
    """Give what two spellings of a term have in common; see `safety.coding.folding`."""
    return key_of(fold(term))


@lru_cache(maxsize=_KNOWN_TERMS)
def _table_for(criteria: TermCriteria, spelling: str | None) -> Table | Reason:
    analyte, units = criteria.analyte, criteria.units
    if analyte is None:
        return Table(None, Decimal(1), _gravest_first(criteria.rows))
    unit = analyte.unit_of(spelling)
    if unit is None:
        return Reason.UNKNOWN_UNIT if (spelling or "").strip() else Reason.MISSING_UNIT
    published = list(dict.fromkeys(row.unit for row in criteria.rows if row.unit is not None))
    published.sort(key=lambda into: (into != unit, not units.same_dimension(unit, into)))
    into = published[0]
    factor = units.factor(analyte, unit, into)
    if factor is None:
        return Reason.UNKNOWN_UNIT
    rows = (row for row in criteria.rows if row.unit in {None, into})
    return Table(into, factor, _gravest_first(tuple(rows)))


def _gravest_first(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Put the gravest grade first, and in a grade the rows that assume nothing."""
    return tuple(sorted(rows, key=lambda row: (-row.grade, bool(row.assumes))))
