"""`safety medwatch`: the MedWatch 3500A of a case, or of all cases."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from consumers.e2b import own_sender
from consumers.forms import fill_medwatch
from desk.cli.arguments import VersionNumber, parse_instant
from desk.cli.giving import AllInto, MadeAt, Mask, OneCase, Out, check_choice, give_forms
from desk.cli.opening import settings_of
from reports.cioms import POLICIES
from reports.medwatch import render_pdf
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.versions import Version


def medwatch(  # noqa: PLR0913, PLR0917  (options of a command)
    context: typer.Context,
    case_id: OneCase = None,
    version: VersionNumber = None,
    mask: Mask = "authority",
    with_narrative: Annotated[
        bool, typer.Option("--narrative", help="Add the written narrative to box B5.")
    ] = False,
    made_at: MadeAt = None,
    out: Out = None,
    all_into: AllInto = None,
) -> None:
    """
    Write the MedWatch 3500A of a case, sections for drugs, as PDF/A; nothing is cut.

    It tells the facts of the CIOMS form in the boxes of this one. It is a rendering of the public
    form's sections and box numbers, not a copy of the form: the FDA takes post-marketing reports
    electronically only (21 CFR 314.80(g)).
    """
    check_choice(case_id, version, mask, out, all_into)
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    settings = settings_of(context)

    def made(store: SqlStore, found: Version, knowledge: Knowledge) -> bytes:
        form = fill_medwatch(
            store,
            found,
            knowledge,
            made_at=instant,
            policy=POLICIES[mask],
            sender=own_sender(settings),
            manufacturer=settings.manufacturer.replace("\\n", "\n"),
            with_narrative=with_narrative,
        )
        return render_pdf(form)

    give_forms(context, case_id, version, "pdf", out, all_into, made)
