"""The CIOMS I form of a case version: boxes from stored facts, as PDF and HTML, nothing cut."""

from reports.cioms.build import build_cioms
from reports.cioms.masking import POLICIES, Policy
from reports.cioms.model import VARIANTS, Box, CiomsForm, Line, Tick
from reports.cioms.render import CiomsRenderError, render_html, render_pdf
from reports.cioms.validate import find_lost_text, validate_cioms

__all__ = [
    "POLICIES",
    "VARIANTS",
    "Box",
    "CiomsForm",
    "CiomsRenderError",
    "Line",
    "Policy",
    "Tick",
    "build_cioms",
    "find_lost_text",
    "render_html",
    "render_pdf",
    "validate_cioms",
]
