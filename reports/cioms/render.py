"""The form as PDF and HTML. What a box cannot hold goes to continuation pages: nothing is cut."""

import hashlib
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reports.cioms.layout import HEAD, SHEETS, lay_out
from reports.cioms.model import BANDS, DATES, CiomsForm
from reports.paper.form import A4, Frame, Orientation, print_form
from reports.paper.typeface import plain

_COLUMNS = {"8-12": 6.0}  # squares below each other
_IN_BAND = {
    "I": ("1", "1a", "2", "2a", "3", "3a", "4-6", "7+13", "8-12"),
    "II": ("14", "15", "16", "17", "18", "19", "20", "21"),
    "III": ("22", "23"),
    "IV": ("24a", "24", "24b", "24c", "24d", "date", "25a", "25b", "26"),
}
_SIZES = dict.fromkeys(("1", "1a", "2", "2a", "3", "3a", "4-6"), " small") | dict.fromkeys(
    ("7+13", "8-12", "14", "17", "22", "23"), " wide"
)


def render_pdf(form: CiomsForm, orientation: Orientation = "portrait") -> bytes:
    """
    Render as PDF, A4.

    Raises:
        PrintError: If it cannot be set; never with a text of the case.
    """
    sheet = SHEETS[orientation]
    return print_form(
        _frame(form),
        form.boxes,
        (lay_out(orientation, form.variant),),
        size=(sheet.width, sheet.height),
        page=A4[orientation],
        bands=BANDS,
        dates=DATES,
        columns=_COLUMNS,
    )


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
    for package, name in (
        ("reports.cioms", "layout.py"),
        ("reports.cioms", "templates/form.html.j2"),
        ("reports.paper", "form.typ"),
    ):
        digest.update(files(package).joinpath(*name.split("/")).read_bytes())
    return digest.hexdigest()


def _title(form: CiomsForm) -> str:
    return f"CIOMS I, case {form.case_id}, version {form.version}"


def _footer(form: CiomsForm) -> str:
    return form.footer(f"form {form.variant}, masking {form.policy}", template_version())


def _frame(form: CiomsForm) -> Frame:
    return Frame(
        title=_title(form),
        made_at=form.made_at,
        form="CIOMS FORM",
        name="SUSPECT ADVERSE REACTION REPORT",
        head=HEAD,
        comb=16,
        control=f"MFR CONTROL NO. {form.control_number}",
        watermark=form.watermark,
        notices=form.notices,
        footer=_footer(form),
    )


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
