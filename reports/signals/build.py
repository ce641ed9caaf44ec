"""From counted reports to measures of disproportionality."""

import numpy as np

from reports.signals.counts import Counts, PairCount
from reports.signals.information import information_components
from reports.signals.model import Signal, SignalReport
from reports.signals.ratios import (
    NOT_ESTIMABLE,
    Ratio,
    proportional_reporting_ratio,
    reporting_odds_ratio,
    yates_chi_squared,
)
from reports.signals.shrinker import fit_prior, shrink

EVANS_RATIO, EVANS_CHI_SQUARED, EVANS_REPORTS = 2.0, 4.0, 3


def build_signals(counts: Counts) -> SignalReport:
    """
    Measure every pair that was reported.

    PRR, ROR and chi-squared are those of the whole table; strata enter the expected number, and
    by it the information component and the EBGM. The order is that of falling lower bounds:
    EB05 where there is one, else IC025.
    """
    if not counts.pairs:
        return SignalReport((), counts, None)
    observed = np.array([pair.a for pair in counts.pairs], dtype=np.float64)
    expected = np.array([pair.expected for pair in counts.pairs], dtype=np.float64)
    components = _ratios(information_components(observed, expected))
    prior = fit_prior(observed, expected)
    shrunk = (
        [NOT_ESTIMABLE] * len(counts.pairs)
        if prior is None
        else _ratios(shrink(observed, expected, prior))
    )
    signals = [
        _signal(pair, ic, ebgm)
        for pair, ic, ebgm in zip(counts.pairs, components, shrunk, strict=True)
    ]
    signals.sort(key=lambda each: (-(each.ebgm.low or 0), -(each.ic.low or 0)))
    return SignalReport(tuple(signals), counts, prior)


def _ratios(columns: tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]) -> list[Ratio]:
    return [Ratio(*(float(each) for each in row)) for row in zip(*columns, strict=True)]


def _signal(pair: PairCount, ic: Ratio, ebgm: Ratio) -> Signal:
    cells = (pair.a, pair.b, pair.c, pair.d)
    prr, chi_squared = proportional_reporting_ratio(*cells), yates_chi_squared(*cells)
    return Signal(
        pair=pair,
        prr=prr,
        ror=reporting_odds_ratio(*cells),
        chi_squared=chi_squared,
        ic=ic,
        ebgm=ebgm,
        evans=(
            pair.a >= EVANS_REPORTS
            and (prr.value or 0) >= EVANS_RATIO
            and (chi_squared or 0) >= EVANS_CHI_SQUARED
        ),
    )
