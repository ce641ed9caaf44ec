"""
Is a laboratory figure beyond a bound?

A bound is written as CTCAE writes it ("> 3.0 x ULN", "< 10.0 g/dL", ">= 25 % decrease") and read
once, into a typed value; nothing is evaluated. Each comparison has three outcomes: yes, no, and
cannot be told because a limit or the baseline is missing.

Comparisons are made in decimal arithmetic at 15 significant digits. Laboratories report decimal
figures, and 1.2 x 3.0 is 3.6 for them; in binary it is 3.5999999999999996, and a value on an
inclusive bound would fall beyond it. Decimals are exact, but what comes in need not be: a figure
that passed through binary arithmetic (0.1 + 0.2) or a division (a change in percent) is off in the
16th digit. Both sides are therefore rounded to 15 digits, which a binary double keeps without loss.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import StrEnum

from safety.errors import KnowledgeError

FIFTEEN_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)

_BOUND = re.compile(
    r"(?P<comparison><=|>=|<|>) "
    r"(?:(?:(?P<factor>\d+(?:\.\d+)?) x )?(?P<reference>ULN|LLN|baseline)"
    r"(?: \+ (?P<added>\d+(?:\.\d+)?) (?P<added_unit>\S+))?"
    r"|(?P<percent>\d+(?:\.\d+)?) % decrease"
    r"|(?P<figure>\d+(?:\.\d+)?) (?P<unit>\S+))"
)
_ZERO, _ONE = Decimal(0), Decimal(1)


class Comparison(StrEnum):
    """How a value stands to a bound; the two with = include it."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="

    @property
    def complement(self) -> "Comparison":
        """The comparison that holds exactly where this one does not."""
        return _COMPLEMENT[self]

    @property
    def upward(self) -> bool:
        """Whether a higher value can only make it hold, never undo it."""
        return self in {Comparison.ABOVE, Comparison.AT_LEAST}


_COMPLEMENT = {
    Comparison.BELOW: Comparison.AT_LEAST,
    Comparison.AT_LEAST: Comparison.BELOW,
    Comparison.ABOVE: Comparison.AT_MOST,
    Comparison.AT_MOST: Comparison.ABOVE,
}


class Reference(StrEnum):
    """What a bound is a multiple of; FIGURE is a bound in a unit, DECREASE one in percent."""

    FIGURE = "figure"
    LLN = "LLN"
    ULN = "ULN"
    BASELINE = "baseline"
    DECREASE = "decrease"


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The numbers of one result, all in the unit of one table; None where not given.

    Attributes:
        decrease: Percent by which the value is below the baseline; negative for an increase.
    """

    value: Decimal
    lln: Decimal | None
    uln: Decimal | None
    baseline: Decimal | None
    decrease: Decimal | None


@dataclass(frozen=True, slots=True)
class Bound:
    """
    One bound: the value, or its decrease, compared with `factor` times the reference + `added`.

    Attributes:
        unit: Unit of a bound that is a figure, or of what is added; None for multiples.
    """

    comparison: Comparison
    reference: Reference
    factor: Decimal
    added: Decimal
    unit: str | None
    text: str

    @property
    def complement(self) -> tuple[Comparison, Reference, Decimal, Decimal, str | None]:
        """What `place` is for the bound that begins exactly where this one ends."""
        return (self.comparison.complement, self.reference, self.factor, self.added, self.unit)

    @property
    def place(self) -> tuple[Comparison, Reference, Decimal, Decimal, str | None]:
        """Where the bound lies, however it is spelled."""
        return (self.comparison, self.reference, self.factor, self.added, self.unit)

    def holds(self, figures: Figures) -> bool | None:
        """Say whether the bound is passed; None if what it refers to is missing."""
        value: Decimal | None = figures.value
        threshold: Decimal | None = self.factor
        match self.reference:
            case Reference.FIGURE:
                pass
            case Reference.DECREASE:
                value = figures.decrease
            case Reference.LLN:
                threshold = self._multiple(figures.lln)
            case Reference.ULN:
                threshold = self._multiple(figures.uln)
            case Reference.BASELINE:
                threshold = self._multiple(figures.baseline)
        if value is None or threshold is None:
            return None
        return _compare(self.comparison, FIFTEEN_DIGITS.plus(value), FIFTEEN_DIGITS.plus(threshold))

    def _multiple(self, of: Decimal | None) -> Decimal | None:
        if of is None:
            return None
        return FIFTEEN_DIGITS.fma(self.factor, of, self.added)


def _compare(comparison: Comparison, value: Decimal, threshold: Decimal) -> bool:
    match comparison:
        case Comparison.BELOW:
            return value < threshold
        case Comparison.AT_MOST:
            return value <= threshold
        case Comparison.ABOVE:
            return value > threshold
        case Comparison.AT_LEAST:
            return value >= threshold


def parse_bound(text: str) -> Bound:
    """
    Read a bound as the criteria files write it.

    Raises:
        KnowledgeError: It is not written so.
    """
    found = _BOUND.fullmatch(text)
    if found is None:
        raise KnowledgeError(f"{text!r} is no bound; write it like '> 3.0 x ULN' or '< 8.0 g/dL'")
    comparison = Comparison(found["comparison"])
    if found["reference"] is not None:
        return Bound(
            comparison,
            Reference(found["reference"]),
            _ONE if found["factor"] is None else Decimal(found["factor"]),
            _ZERO if found["added"] is None else Decimal(found["added"]),
            found["added_unit"],
            text,
        )
    if found["percent"] is not None:
        percent = Decimal(found["percent"])
        return Bound(comparison, Reference.DECREASE, percent, _ZERO, None, text)
    figure = Decimal(found["figure"])
    return Bound(comparison, Reference.FIGURE, figure, _ZERO, found["unit"], text)
