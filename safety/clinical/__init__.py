"""What supports the medical reviewer: drug and reaction in time, proposals, forms, liver, doses."""

from safety.clinical.assess import ClinicalAssessment, assess_clinical
from safety.clinical.forms import FAMILY, FormResult, score_rucam
from safety.clinical.liver import check_actions, check_liver, mentions_of, screen_case
from safety.clinical.pairs import PairAssessment, assess_pairs
from safety.clinical.trace import build_clinical_trace, build_liver_trace, plain

__all__ = [
    "FAMILY",
    "ClinicalAssessment",
    "FormResult",
    "PairAssessment",
    "assess_clinical",
    "assess_pairs",
    "build_clinical_trace",
    "build_liver_trace",
    "check_actions",
    "check_liver",
    "mentions_of",
    "plain",
    "score_rucam",
    "screen_case",
]
