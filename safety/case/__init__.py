"""
What is known of one safety case, and who said it.

A case is a fold over its reports. The reports are put into one order that does
not depend on arrival: most recent information date, sender's version, receipt
instant, message id. Folding them in that order, field by field, the newest value
that a report carries wins; a value equal to the one already there keeps its
first source. The same set of reports therefore gives the same state, whatever
the order and however often they arrive.

State is kept as entities (the case itself, the patient, each reaction, drug,
dose...) holding facts; each fact remembers the message it came from.
"""

from safety.case.fold import Case, Step, apply, fold, fold_again
from safety.case.report import Awareness, Nullified, Report
from safety.case.state import CaseState, Entry, Merged, is_null
from safety.facts import OWNER, Fact, Value

__all__ = [
    "OWNER",
    "Awareness",
    "Case",
    "CaseState",
    "Entry",
    "Fact",
    "Merged",
    "Nullified",
    "Report",
    "Step",
    "Value",
    "apply",
    "fold",
    "fold_again",
    "is_null",
]
