"""What happened to this patient, told in eight parts, each sentence with the facts it rests on?"""

from reports.narrative.build import build_narrative
from reports.narrative.model import (
    LANGUAGES,
    Narrative,
    Part,
    Sentence,
    SubjectContext,
    UnresolvedPlaceholderError,
)
from reports.narrative.render import (
    STYLE,
    render_html,
    render_json,
    render_page,
    render_pdf,
    render_text,
)
from reports.narrative.validate import validate_narrative

__all__ = [
    "LANGUAGES",
    "STYLE",
    "Narrative",
    "Part",
    "Sentence",
    "SubjectContext",
    "UnresolvedPlaceholderError",
    "build_narrative",
    "render_html",
    "render_json",
    "render_page",
    "render_pdf",
    "render_text",
    "validate_narrative",
]
