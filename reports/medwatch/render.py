"""The form as PDF: two sheets, and continuation pages for what a box cannot hold."""

import hashlib
from functools import lru_cache
from importlib.resources import files

from reports.medwatch.layout import HEAD, HEIGHT, WIDTH, lay_out
from reports.medwatch.model import MedwatchForm, load_edition
from reports.paper.form import LETTER, Frame, print_form


def render_pdf(form: MedwatchForm) -> bytes:
    """
    Render as PDF, US letter.

    Raises:
        PrintError: If it cannot be set; never with a text of the case.
    """
    title = f"FDA 3500A, case {form.case_id}, version {form.version}"
    frame = Frame(
        title=title,
        made_at=form.made_at,
        form=form.edition,
        name="MEDWATCH",
        head=HEAD,
        comb=0,
        control=f"Mfr Report # {form.control_number}",
        watermark=form.watermark,
        notices=(*form.notices, "Our own rendering of the public form, drug sections"),
        footer=form.footer("masking " + form.policy, template_version()),
    )
    return print_form(
        frame,
        form.boxes,
        lay_out(),
        page=LETTER,
        size=(WIDTH, HEIGHT),
        bands=load_edition().bands,
    )


@lru_cache(maxsize=1)
def template_version() -> str:
    """Digest of the titles, the arrangement and the template."""
    digest = hashlib.sha256()
    for package, name in (
        ("reports.medwatch", "sections.toml"),
        ("reports.medwatch", "layout.py"),
        ("reports.paper", "form.typ"),
    ):
        digest.update(files(package).joinpath(name).read_bytes())
    return digest.hexdigest()
