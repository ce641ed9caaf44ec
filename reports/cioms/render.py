"""
The form as PDF and as HTML. Nothing is cut: what a box cannot hold goes to continuation pages.

The PDF is PDF/A-2b and PDF/UA-1 (tagged), its fonts embedded; equal forms give equal bytes.
One compiler is kept and fed with new inputs: that is what makes a page take milliseconds.
"""

import hashlib
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from threading import Lock
from typing import Any, cast

import orjson
import typst
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reports.cioms.layout import HEAD, SHEETS, Orientation, lay_out
from reports.cioms.model import BANDS, CiomsForm
from reports.cioms.typeface import FAMILIES, font_folders, left_to_accents, plain, printed
from safety.errors import SafetyError

PDF_STANDARDS: "typst.PDFStandards" = ["a-2b", "ua-1"]

_PAGES: dict[Orientation, tuple[float, float]] = {
    "portrait": (595.28, 841.89),
    "landscape": (841.89, 595.28),
}
_TOP, _BOTTOM = 24.0, 34.0
_DATES = frozenset({"2", "4-6"})
_IN_BAND = {
    "I": ("1", "1a", "2", "2a", "3", "3a", "4-6", "7+13", "8-12"),
    "II": ("14", "15", "16", "17", "18", "19", "20", "21"),
    "III": ("22", "23"),
    "IV": ("24a", "24", "24b", "24c", "24d", "date", "25a", "25b", "26"),
}
_SIZES = dict.fromkeys(("1", "1a", "2", "2a", "3", "3a", "4-6"), " small") | dict.fromkeys(
    ("7+13", "8-12", "14", "17", "22", "23"), " wide"
)


class CiomsRenderError(SafetyError):
    """The form could not be set; the document is not made."""


def render_pdf(form: CiomsForm, orientation: Orientation = "portrait") -> bytes:
    """
    Render as PDF, A4.

    Raises:
        CiomsRenderError: If it cannot be set; never with a text of the case.
    """
    return _press().print(_document(form, orientation), form)


def render_html(form: CiomsForm, orientation: Orientation = "portrait") -> str:
    """Render as one HTML page; boxes grow with their text."""
    bands = [
        (title, [form.boxes[number] for number in _IN_BAND[band] if number in form.boxes])
        for band, title in BANDS.items()
    ]
    return _pages().render(
        form=form,
        title=_title(form),
        bands=bands,
        sizes=_SIZES,
        footer=_footer(form),
        landscape=orientation == "landscape",
    )


@lru_cache(maxsize=1)
def template_version() -> str:
    """Digest of the templates and of the arrangement."""
    digest = hashlib.sha256()
    package = files("reports.cioms")
    for name in ("layout.py", "templates/form.html.j2", "templates/form.typ"):
        digest.update(package.joinpath(*name.split("/")).read_bytes())
    return digest.hexdigest()


def _title(form: CiomsForm) -> str:
    return f"CIOMS I, case {form.case_id}, version {form.version}"


def _footer(form: CiomsForm) -> str:
    return (
        f"Case {form.case_id}, version {form.version}. Made {form.made_at.isoformat()};"
        f" form {form.variant}, masking {form.policy}; rules {form.knowledge[:16] or '-'};"
        f" template {template_version()[:16]}; digest {form.digest[:32]}"
    )


def _document(form: CiomsForm, orientation: Orientation) -> dict[str, Any]:
    sheet, page = SHEETS[orientation], _PAGES[orientation]
    made = form.made_at
    return {
        "title": _title(form),
        "date": {
            "year": made.year,
            "month": made.month,
            "day": made.day,
            "hour": made.hour,
            "minute": made.minute,
            "second": made.second,
        },
        "fonts": FAMILIES,
        "accented": left_to_accents(),
        "page": page,
        "margin": ((page[0] - sheet.width) / 2, _TOP, _BOTTOM),
        "sheet": (sheet.width, sheet.height),
        "head": HEAD,
        "control": printed(form.control_number),
        "watermark": form.watermark,
        "notices": form.notices,
        "footer": _footer(form),
        "boxes": [_placed(form, *placed) for placed in lay_out(orientation, form.variant)],
    }


def _placed(
    form: CiomsForm, number: str, x: float, y: float, width: float, height: float
) -> dict[str, Any]:
    place = {"id": number, "x": x, "y": y, "width": width, "height": height}
    if number in BANDS:
        return {**place, "kind": "band", "title": BANDS[number]}
    if number not in form.boxes:
        return {**place, "kind": "blank"}
    box = form.boxes[number]
    return {
        **place,
        "kind": "date" if number in _DATES else "text",
        "title": box.title,
        "column": number == "8-12",
        "lines": [{"text": printed(line.text), "new": line.new} for line in box.lines],
        "ticks": [{"label": t.label, "ticked": t.ticked, "new": t.new} for t in box.ticks],
    }


class _Press:
    """The compiler, kept; one page at a time."""

    def __init__(self, template: Path) -> None:
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()
        )
        self._compiler = typst.Compiler(template, root=template.parent, font_paths=fonts)
        self._lock = Lock()

    def print(self, document: dict[str, Any], form: CiomsForm) -> bytes:
        """Set a document."""
        inputs = {"form": orjson.dumps(document).decode()}
        try:
            with self._lock:
                made = self._compiler.compile(
                    format="pdf", sys_inputs=inputs, pdf_standards=PDF_STANDARDS
                )
        except typst.TypstError:  # its text may quote the case
            raise CiomsRenderError(
                f"the CIOMS form of case {form.case_id}, version {form.version} cannot be set;"
                " write it as HTML, and report it with the version of the software"
            ) from None
        return cast("bytes", made)


@lru_cache(maxsize=1)
def _press() -> _Press:
    with as_file(files("reports.cioms") / "templates" / "form.typ") as path:
        return _Press(Path(path))


@lru_cache(maxsize=1)
def _pages() -> Template:
    environment = Environment(
        loader=PackageLoader("reports.cioms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["plain"] = plain
    return environment.get_template("form.html.j2")
