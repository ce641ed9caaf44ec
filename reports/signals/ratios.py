"""
Proportional reporting ratio, reporting odds ratio and chi-squared of a 2 x 2 table.

With a reports of product and event, b of the product only, c of the event only, d of neither.
What a zero cell makes undefined is None: not estimable. No constant is added to a cell.
"""

from dataclasses import dataclass
from math import exp, log, sqrt

Z = 1.959963984540054  # 97.5 % point of the standard normal distribution


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio with its two-sided 95 % interval; all None where it cannot be estimated."""

    value: float | None
    low: float | None
    high: float | None


NOT_ESTIMABLE = Ratio(None, None, None)


def proportional_reporting_ratio(a: int, b: int, c: int, d: int) -> Ratio:
    """
    Give the PRR: [a / (a + b)] / [c / (c + d)].

    Its logarithm has the standard error sqrt(1/a - 1/(a + b) + 1/c - 1/(c + d)); not estimable
    where a or c is zero.

    Source: Evans, Waller and Davis, Pharmacoepidemiol Drug Saf 2001;10:483-486; interval:
    EMEA/106464/2006 rev. 1, annex.
    """
    if not a or not c:
        return NOT_ESTIMABLE
    value = (a / (a + b)) / (c / (c + d))
    return _interval(value, sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))


def reporting_odds_ratio(a: int, b: int, c: int, d: int) -> Ratio:
    """
    Give the ROR: (a d) / (b c).

    Its logarithm has the standard error sqrt(1/a + 1/b + 1/c + 1/d); not estimable where a cell
    is zero.

    Source: van Puijenbroek and others, Pharmacoepidemiol Drug Saf 2002;11:3-10; interval: Woolf,
    Ann Hum Genet 1955;19:251-253.
    """
    if not (a and b and c and d):
        return NOT_ESTIMABLE
    return _interval(a * d / (b * c), sqrt(1 / a + 1 / b + 1 / c + 1 / d))


def yates_chi_squared(a: int, b: int, c: int, d: int) -> float | None:
    """
    Give Pearson's chi-squared (1 degree of freedom) with Yates' correction for continuity.

    n max(|ad - bc| - n/2, 0)^2 / [(a + b)(c + d)(a + c)(b + d)]; None where a margin is zero.

    Source: Yates, J R Stat Soc Suppl 1934;1:217-235; its use with the PRR: Evans and others 2001.
    """
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if not margins:
        return None
    n = a + b + c + d
    return n * max(abs(a * d - b * c) - n / 2, 0.0) ** 2 / margins


def _interval(value: float, error: float) -> Ratio:
    return Ratio(value, exp(log(value) - Z * error), exp(log(value) + Z * error))
