"""`safety submit-package`: what goes to one authority about one case, in one file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from consumers.e2b import own_sender
from consumers.submit_package import Wanted, authorities, submit_package, version_to_tell
from consumers.transmit import Clerk
from consumers.wiring import build_schema_gate
from desk.cli.arguments import CaseId, VersionNumber, parse_instant
from desk.cli.cases import wanted_version
from desk.cli.e2b import known_receiver, regional_values, show_judged
from desk.cli.failures import ExitCode, UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, screen
from reports.cioms import POLICIES
from reports.e2b.profiles import profile_names


def submit(  # noqa: PLR0913, PLR0917  (a command has its options as arguments)
    context: typer.Context,
    case_id: CaseId,
    authority: Annotated[
        str, typer.Option(metavar="NAME", help="Such as EMA, FDA or NMPA; see `due`.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The zip to write.")],
    version: VersionNumber = None,
    receiver: Annotated[
        str | None,
        typer.Option(
            help=f"Instead of the authority's own: {', '.join(profile_names())}.",
            show_default=False,
        ),
    ] = None,
    regional: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="ELEMENT=VALUE",
            help="Value of a regional element, such as FDA.C.5.5a=123456.",
            show_default=False,
        ),
    ] = None,
    mask: Annotated[
        str, typer.Option(metavar="POLICY", help=f"What is withheld: {', '.join(POLICIES)}.")
    ] = "authority",
    made_at: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT",
            help="Instant on the documents, now unless given: the same instant, the same bytes.",
            show_default=False,
        ),
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who sends: a name or number.")] = (
        "safety-package"
    ),
    zone: Annotated[
        str, typer.Option(metavar="ZONE", help="IANA zone of the office: its calendar counts.")
    ] = "UTC",
    submitted: Annotated[
        bool,
        typer.Option(
            "--submitted", help="The duties count as submitted now, not when the receiver answers."
        ),
    ] = False,
    to_test: Annotated[bool, typer.Option("--test", help="To the test address.")] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Write it though a rule rejects it; not recorded.")
    ] = False,
) -> None:
    """
    Write what goes to one authority about a case as one zip, and record it as sent.

    In it: the ICSR, the CIOMS I form, the narrative, the trace, what the rules say of the message,
    and a manifest with the digest of each. The same instant gives the same bytes and is recorded
    once. Ends with 1 if a rule rejects the message: then nothing is written.
    """
    settings = settings_of(context)
    if mask not in POLICIES:
        raise UsageFault(f"there is no masking policy {mask}; there are {', '.join(POLICIES)}")
    if not (to_test or draft) and "e2b_sender_id" not in settings.model_fields_set:
        raise UsageFault(
            "set SAFETY_E2B_SENDER_ID before anything is sent to an authority: it is part of case"
            " numbers, which never change"
        )
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    with opened_store(context) as store:
        clerk = Clerk(
            store,
            knowledge_of(context),
            by=by,
            zone=zone,
            reason=f"package for {authority}",
            submitted=submitted,
        )
        if authority not in authorities(clerk):
            raise UsageFault(
                f"there is no authority {authority}; there are {', '.join(authorities(clerk))}"
            )
        wanted = Wanted(
            authority=authority,
            made_at=instant,
            sender=own_sender(settings),
            receiver=None if receiver is None else known_receiver(receiver),
            manufacturer=settings.manufacturer.replace("\\n", "\n"),
            mask=mask,
            is_test=to_test,
            draft=draft,
            regional=tuple(regional_values(regional or ()).items()),
        )
        told = version_to_tell(store, case_id) if version is None else None
        found = told or wanted_version(store, case_id, version, None)
        packaged = submit_package(clerk, found, wanted, out, build_schema_gate(settings))
    show_judged([packaged.judged], as_json=False)
    if packaged.package is None:
        hint("Nothing was written; a package to look at: --draft")
    else:
        recorded = "made before" if packaged.again else "recorded as sent"
        state = "a draft, not recorded" if packaged.package.draft else recorded
        screen().print(
            f"{out}: {packaged.profile}, batch {packaged.package.batch}, {state}.", soft_wrap=True
        )
    if packaged.judged.is_rejected:
        raise typer.Exit(ExitCode.FOUND)
