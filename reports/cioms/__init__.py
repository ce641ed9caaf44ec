"""The CIOMS I form of a case version: boxes from stored facts, as PDF and HTML, nothing cut."""

from reports.cioms.build import build_cioms
from reports.cioms.masking import POLICIES, Policy
from reports.cioms.model import VARIANTS, CiomsForm
from reports.cioms.render import render_html, render_pdf
from reports.cioms.validate import find_lost_text, validate_cioms

__all__ = [
    "POLICIES",
    "VARIANTS",
    "CiomsForm",
    "Policy",
    "build_cioms",
    "find_lost_text",
    "render_html",
    "render_pdf",
    "validate_cioms",
]
