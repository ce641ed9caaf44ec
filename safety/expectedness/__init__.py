"""Does the label know it? Expectedness against the reference safety information of a region."""

from safety.expectedness.assess import (
    Expectedness,
    Outcome,
    Reason,
    assess_expectedness,
    no_label_of,
    worst_expectedness,
)
from safety.expectedness.label import (
    LabelRow,
    LabelVersion,
    ReferenceSafetyInformation,
    load_reference_safety_information,
    parse_reference_safety_information,
)

__all__ = [
    "Expectedness",
    "LabelRow",
    "LabelVersion",
    "Outcome",
    "Reason",
    "ReferenceSafetyInformation",
    "assess_expectedness",
    "load_reference_safety_information",
    "no_label_of",
    "parse_reference_safety_information",
    "worst_expectedness",
]
