"""Two arms beside each other: an exact test, and the difference of two shares."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from reports.statistics.intervals import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference of two shares with its bounds."""

    value: float
    low: float
    high: float


def fisher_p(count: int, size: int, other_count: int, other_size: int) -> float | None:
    """
    Give the two-sided p of Fisher's exact test on subjects with and without an event.

    All tables as probable as this one or less add up.

    Returns:
        None where one arm has nobody.

    Source: Fisher RA. The Design of Experiments, 1935, chapter II.
    """
    # Imported here: it takes a second, which every other command would wait for.
    from scipy.stats import fisher_exact  # noqa: PLC0415

    if not size or not other_size:
        return None
    table = [[count, size - count], [other_count, other_size - other_count]]
    return float(fisher_exact(table, alternative="two-sided")[1])


def risk_difference(
    count: int, size: int, other_count: int, other_size: int, confidence: float = CONFIDENCE
) -> Difference | None:
    """
    Give the difference of two independent shares, first less other, with its interval.

    Returns:
        None where one arm has nobody.

    Source: Newcombe RG. Statistics in Medicine 1998;17:873-890, method 10: the square-and-add
    interval of two Wilson scores, without continuity correction.
    """
    if not size or not other_size:
        return None
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    share, other = count / size, other_count / other_size
    low, high = _wilson(count, size, z)
    other_low, other_high = _wilson(other_count, other_size, z)
    value = share - other
    return Difference(
        value,
        value - sqrt((share - low) ** 2 + (other_high - other) ** 2),
        value + sqrt((high - share) ** 2 + (other - other_low) ** 2),
    )


def _wilson(count: int, size: int, z: float) -> tuple[float, float]:
    share = count / size
    middle = 2 * count + z * z
    spread = z * sqrt(z * z + 4 * count * (1 - share))
    below = 2 * (size + z * z)
    return (middle - spread) / below, (middle + spread) / below
