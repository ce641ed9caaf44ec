"""
The statistics of the reports: exact intervals, exact tests, survival.

Each function names its source; each is tested against published worked examples.
"""

from reports.statistics.comparison import Difference, fisher_p, risk_difference
from reports.statistics.intervals import Interval, clopper_pearson, poisson_rate
from reports.statistics.summaries import Summary, summarise
from reports.statistics.survival import Curve, Observation, estimate_curve, probability_at

__all__ = [
    "Curve",
    "Difference",
    "Interval",
    "Observation",
    "Summary",
    "clopper_pearson",
    "estimate_curve",
    "fisher_p",
    "poisson_rate",
    "probability_at",
    "risk_difference",
    "summarise",
]
