"""The MedWatch 3500A form of a case version: the drug sections, from stored facts, nothing cut."""

from reports.medwatch.build import build_medwatch
from reports.medwatch.model import MedwatchForm
from reports.medwatch.render import render_pdf
from reports.medwatch.validate import find_lost_text, validate_medwatch

__all__ = [
    "MedwatchForm",
    "build_medwatch",
    "find_lost_text",
    "render_pdf",
    "validate_medwatch",
]
