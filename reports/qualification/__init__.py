"""The record of an installation's qualification: what was checked, what was found, who signs."""

from reports.qualification.build import build_qualification
from reports.qualification.model import Check, Installation, Qualification
from reports.qualification.render import render_json, render_pdf
from reports.qualification.validate import validate_qualification

__all__ = [
    "Check",
    "Installation",
    "Qualification",
    "build_qualification",
    "render_json",
    "render_pdf",
    "validate_qualification",
]
