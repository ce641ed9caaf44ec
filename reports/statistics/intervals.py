"""Exact confidence intervals of a share and of a rate."""

from dataclasses import dataclass

from scipy import special

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds; a bound is None where it cannot be estimated."""

    value: float
    low: float | None
    high: float | None


def clopper_pearson(count: int, size: int, confidence: float = CONFIDENCE) -> Interval | None:
    """
    Give a share with its exact two-sided interval.

    Args:
        count: Subjects with the event.

        size: Subjects.

        confidence: How sure, 0 to 1.

    Returns:
        Shares, not percentages; None where there is nobody.

    Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413, by quantiles of the beta
    distribution.
    """
    if size == 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(special.betaincinv(count, size - count + 1, tail))
    high = 1.0 if count == size else float(special.betaincinv(count + 1, size - count, 1 - tail))
    return Interval(count / size, low, high)


def poisson_rate(count: int, time: float, confidence: float = CONFIDENCE) -> Interval | None:
    """
    Give a rate with its exact two-sided interval: events a unit of time.

    Args:
        count: Events, or subjects with a first one.

        time: The time at risk in which they were counted.

        confidence: How sure, 0 to 1.

    Returns:
        None where there is no time at risk: then a rate is not estimable.

    Source: Garwood F. Biometrika 1936;28:437-442, by quantiles of the chi-squared distribution:
    lower chi2(a/2; 2x) / 2T, 0 where x is 0; upper chi2(1 - a/2; 2x + 2) / 2T. Half of such a
    quantile is the quantile of the gamma distribution with half the degrees of freedom.
    """
    if time <= 0:
        return None
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(special.gammaincinv(count, tail)) / time
    high = float(special.gammaincinv(count + 1, 1 - tail)) / time
    return Interval(count / time, low, high)
