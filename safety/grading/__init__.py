"""How severe was the event? The CTCAE grade, kept apart from seriousness."""

from safety.grading.availability import grades_available, is_laboratory_term
from safety.grading.criteria_file import load_criteria
from safety.grading.grade import (
    GradeAssessment,
    StatedSeriousness,
    Tested,
    assess_grade,
    intensity_words,
    is_graded_otherwise,
)
from safety.grading.laboratory import LaboratoryGrade, LaboratoryResult, grade_laboratory
from safety.grading.units import prepare_conversions

__all__ = [
    "GradeAssessment",
    "LaboratoryGrade",
    "LaboratoryResult",
    "StatedSeriousness",
    "Tested",
    "assess_grade",
    "grade_laboratory",
    "grades_available",
    "intensity_words",
    "is_graded_otherwise",
    "is_laboratory_term",
    "load_criteria",
    "prepare_conversions",
]
