"""What the case means: each reaction coded, graded, judged."""

from safety.assessment.assess import (
    IMPLIED_CONTEXTS,
    CaseAssessment,
    Context,
    ReactionAssessment,
    assess_case,
    derive_context,
)

__all__ = [
    "IMPLIED_CONTEXTS",
    "CaseAssessment",
    "Context",
    "ReactionAssessment",
    "assess_case",
    "derive_context",
]
