"""Reports of a period over all cases: PBRER and DSUR tabulations, CIOMS II and PADER listings."""

from reports.periodic.build import TITLES, build_book
from reports.periodic.model import Basis, Counts, Kind, Period
from reports.periodic.reconcile import build_counts
from reports.periodic.validate import validate_counts

__all__ = [
    "TITLES",
    "Basis",
    "Counts",
    "Kind",
    "Period",
    "build_book",
    "build_counts",
    "validate_counts",
]
