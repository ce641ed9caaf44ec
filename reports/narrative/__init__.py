"""What happened to this patient, told in eight parts, each sentence with the facts it rests on?"""

from reports.narrative.build import build_narrative
from reports.narrative.model import (
    Narrative,
    Part,
    Sentence,
    SubjectContext,
    UnresolvedPlaceholderError,
)
from reports.narrative.render import render_html, render_json, render_text
from reports.narrative.validate import validate_narrative

__all__ = [
    "Narrative",
    "Part",
    "Sentence",
    "SubjectContext",
    "UnresolvedPlaceholderError",
    "build_narrative",
    "render_html",
    "render_json",
    "render_text",
    "validate_narrative",
]
