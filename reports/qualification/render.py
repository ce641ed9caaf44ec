"""A qualification as PDF to be signed, and as JSON."""

from dataclasses import asdict
from typing import Any

from reports import tables
from reports.qualification.build import build_qualification
from reports.qualification.model import Qualification


def render_pdf(qualification: Qualification) -> bytes:
    """
    Give the PDF.

    Raises:
        PrintError: It cannot be set.
    """
    return tables.render_pdf(build_qualification(qualification))


def render_json(qualification: Qualification) -> dict[str, Any]:
    """Give the same for machines."""
    return {
        "passed": qualification.passed,
        "began": qualification.began,
        "ended": qualification.ended,
        "installation": dict(qualification.installation.facts),
        "checks": [asdict(check) for check in qualification.checks],
    }
