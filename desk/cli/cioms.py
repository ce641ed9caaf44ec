"""`safety cioms`: the CIOMS I form of a case, or of all cases."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from consumers.e2b import own_sender
from consumers.forms import fill_cioms
from desk.cli.arguments import VersionNumber, parse_instant
from desk.cli.giving import AllInto, MadeAt, Mask, OneCase, Out, check_choice, give_forms
from desk.cli.opening import settings_of
from reports.cioms import POLICIES, CiomsForm, render_html, render_pdf
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.versions import Version


class Variant(StrEnum):
    """Which boxes."""

    CLASSIC = "classic"
    EXTENDED = "extended"


class Turned(StrEnum):
    """Which way the page lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class Format(StrEnum):
    """What is written."""

    PDF = "pdf"
    HTML = "html"


def cioms(  # noqa: PLR0913, PLR0917  (options of a command)
    context: typer.Context,
    case_id: OneCase = None,
    version: VersionNumber = None,
    variant: Annotated[
        Variant, typer.Option(help="Classic ends at box 25a; extended adds 3a, 25b and 26.")
    ] = Variant.CLASSIC,
    orientation: Annotated[Turned, typer.Option(help="How the A4 page lies.")] = Turned.PORTRAIT,
    as_format: Annotated[Format, typer.Option("--format", help="PDF/A, or one HTML page.")] = (
        Format.PDF
    ),
    mask: Mask = "authority",
    with_narrative: Annotated[
        bool, typer.Option("--narrative", help="Add the written narrative to box 7 + 13.")
    ] = False,
    made_at: MadeAt = None,
    out: Out = None,
    all_into: AllInto = None,
) -> None:
    """
    Write the CIOMS I form of a case, as PDF/A or HTML; nothing is cut.

    What a box cannot hold goes to numbered continuation pages. The form is a draft until the case
    is approved; what a follow-up brought is underlined. Masking policies: internal shows all,
    authority withholds the reporter, partner also initials and day and month of birth, strict
    also the year.
    """
    check_choice(case_id, version, mask, out, all_into)
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    settings = settings_of(context)

    def made(store: SqlStore, found: Version, knowledge: Knowledge) -> bytes:
        form = fill_cioms(
            store,
            found,
            knowledge,
            made_at=instant,
            variant=variant.value,
            policy=POLICIES[mask],
            sender=own_sender(settings),
            manufacturer=settings.manufacturer.replace("\\n", "\n"),
            with_narrative=with_narrative,
        )
        return _rendered(form, orientation, as_format)

    give_forms(context, case_id, version, as_format.value, out, all_into, made)


def _rendered(form: CiomsForm, orientation: Turned, as_format: Format) -> bytes:
    if as_format is Format.HTML:
        return render_html(form, orientation.value).encode()
    return render_pdf(form, orientation.value)
