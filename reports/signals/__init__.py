"""
Which events are reported with a product more often than chance would have it?

Disproportionality of spontaneous reports. A high figure is a question to look into and no
measure of risk: it knows nothing of how many people took the product.
"""

from reports.signals.build import build_signals
from reports.signals.counts import Counts, PairCount, count_reports
from reports.signals.model import Signal, SignalReport

__all__ = ["Counts", "PairCount", "Signal", "SignalReport", "build_signals", "count_reports"]
