"""What is said of one product and event, and of the data it comes from."""

from dataclasses import dataclass

from reports.signals.counts import Counts, PairCount
from reports.signals.ratios import Ratio
from reports.signals.shrinker import Prior


@dataclass(frozen=True, slots=True)
class Signal:
    """
    The measures of one pair.

    Attributes:
        ic: Information component with its 95 % credibility interval.
        ebgm: Geometric mean of the shrunk rate with its 5 % and 95 % points; not estimable
            where there are too few pairs to find the hyperparameters.
        evans: PRR at least 2, chi-squared at least 4, at least 3 reports (Evans and others 2001).
    """

    pair: PairCount
    prr: Ratio
    ror: Ratio
    chi_squared: float | None
    ic: Ratio
    ebgm: Ratio
    evans: bool


@dataclass(frozen=True, slots=True)
class SignalReport:
    """All pairs, the most disproportionate first, with what they were counted from."""

    signals: tuple[Signal, ...]
    counts: Counts
    prior: Prior | None
