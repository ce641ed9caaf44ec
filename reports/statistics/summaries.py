"""The usual figures of a column of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, quantiles, stdev


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the values that are there; `deviation` is None below two, the rest where there is none."""

    count: int
    mean: float | None
    deviation: float | None
    median: float | None
    quartiles: tuple[float, float] | None
    least: float | None
    most: float | None


def summarise(values: Sequence[float]) -> Summary:
    """
    Summarise numbers.

    Quartiles lie at (n - 1) p + 1 between the ordered values, linear in between (definition 7 of
    Hyndman RJ, Fan Y. The American Statistician 1996;50:361-365, which R and numpy take).
    """
    if not values:
        return Summary(0, None, None, None, None, None, None)
    several = len(values) > 1
    low, _, high = quantiles(values, n=4, method="inclusive") if several else (values[0],) * 3
    return Summary(
        count=len(values),
        mean=fmean(values),
        deviation=stdev(values) if several else None,
        median=median(values),
        quartiles=(low, high),
        least=min(values),
        most=max(values),
    )
