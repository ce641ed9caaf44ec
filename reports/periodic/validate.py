"""Does a periodic report add up? What does not is a fault of ours, and no report is given out."""

from collections.abc import Iterator

from reports.periodic.model import Counts
from reports.periodic.reconcile import faults


def validate_counts(counts: Counts) -> Iterator[str]:
    """Say what does not add up: previous cumulative + interval + late changes = new cumulative."""
    yield from faults(counts)
