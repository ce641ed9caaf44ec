"""`safety cioms`: the CIOMS I form of a case, or of all cases."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from consumers.forms import fill_cioms
from desk.cli.arguments import VersionNumber, parse_instant
from desk.cli.cases import wanted_version
from desk.cli.failures import UsageFault
from desk.cli.giving import give_all, give_document
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint
from reports.cioms import POLICIES, CiomsForm, render_html, render_pdf
from safety.store.queries import case_ids


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
    case_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[CASE]", help="Case id, as `case list` shows it.", show_default=False
        ),
    ] = None,
    version: VersionNumber = None,
    variant: Annotated[
        Variant, typer.Option(help="Classic ends at box 25a; extended adds 3a, 25b and 26.")
    ] = Variant.CLASSIC,
    orientation: Annotated[Turned, typer.Option(help="How the A4 page lies.")] = Turned.PORTRAIT,
    as_format: Annotated[Format, typer.Option("--format", help="PDF/A, or one HTML page.")] = (
        Format.PDF
    ),
    mask: Annotated[
        str,
        typer.Option(metavar="POLICY", help=f"What is withheld: {', '.join(POLICIES)}."),
    ] = "authority",
    with_narrative: Annotated[
        bool, typer.Option("--narrative", help="Add the written narrative to box 7 + 13.")
    ] = False,
    made_at: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT",
            help="Instant on the document, now unless given: the same instant, the same bytes.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
    all_into: Annotated[
        Path | None,
        typer.Option(
            "--all", metavar="DIR", help="Write every case into this folder.", show_default=False
        ),
    ] = None,
) -> None:
    """
    Write the CIOMS I form of a case, as PDF/A or HTML; nothing is cut.

    What a box cannot hold goes to numbered continuation pages. The form is a draft until the case
    is approved; what a follow-up brought is underlined. Masking policies: internal shows all,
    authority withholds the reporter, partner also initials and day and month of birth, strict
    also the year.
    """
    if (case_id is None) == (all_into is None):
        raise UsageFault("name one case, or a folder for all with --all DIR")
    if all_into is not None and (out is not None or version is not None):
        raise UsageFault(
            "--all writes the latest version of every case; leave out --out, --version"
        )
    if mask not in POLICIES:
        raise UsageFault(f"there is no masking policy {mask}; there are {', '.join(POLICIES)}")
    if case_id is not None and out is None and as_format is Format.PDF and sys.stdout.isatty():
        raise UsageFault("a PDF is not for a terminal; name a file with --out")
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    knowledge, manufacturer = knowledge_of(context), settings_of(context).manufacturer
    with opened_store(context) as store:

        def written(case: str) -> bytes:
            found = wanted_version(store, case, version, None)
            form = fill_cioms(
                store,
                found,
                knowledge,
                made_at=instant,
                variant=variant.value,
                policy=POLICIES[mask],
                manufacturer=manufacturer.replace("\\n", "\n"),
                with_narrative=with_narrative,
            )
            if found.knowledge != knowledge.digest and all_into is None:
                hint(
                    f"Version {found.version} was decided with other knowledge than is installed"
                    " now; the form gives the assessment of today."
                )
            return _rendered(form, orientation, as_format)

        if case_id is not None:
            give_document(written(case_id), out, "form")
            return
        give_all(list(case_ids(store)), all_into or Path(), as_format.value, written)


def _rendered(form: CiomsForm, orientation: Turned, as_format: Format) -> bytes:
    if as_format is Format.HTML:
        return render_html(form, orientation.value).encode()
    return render_pdf(form, orientation.value)
