"""Forms for tests, and the text of their PDF read back by another program."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from reports.cioms import CiomsForm, build_cioms, render_pdf
from reports.paper.form import Orientation
from safety.case import Report
from tests.unit.reports.narrative.cases import steps_of

MADE_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def fill(*reports: Report, **options: Any) -> CiomsForm:
    """Fill in the form of a case from its reports."""
    return build_cioms(
        "CASE-1", len(reports), steps_of(*reports), made_at=MADE_AT, knowledge="known", **options
    )


def pages(form: CiomsForm, orientation: Orientation = "portrait") -> Sequence[str]:
    """Give the text of each page of a form's PDF."""
    return [page.extract_text() for page in PdfReader(BytesIO(render_pdf(form, orientation))).pages]


def lines(form: CiomsForm, number: str) -> list[str]:
    """Give the lines of a box."""
    return [line.text for line in form.boxes[number].lines]


def ticked(form: CiomsForm, number: str) -> list[str]:
    """Give the labels that are ticked in a box."""
    return [tick.label for tick in form.boxes[number].ticks if tick.ticked]
