"""`safety e2b` and `e2b-check`: ICSRs out of the store, and files judged by the rules."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from consumers.e2b import Judged, Sending, check_file, icsr_of, judge, own_sender
from consumers.input_files import InputFileError
from consumers.printable import printable
from consumers.submit_package import rule_row
from consumers.take_acknowledgement import read_file
from consumers.transmit import Clerk, Dispatch, transmit_cases
from consumers.wiring import build_schema_gate
from desk.cli.arguments import Json
from desk.cli.cases import wanted_version
from desk.cli.failures import ExitCode, UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen
from reports.e2b.model import Icsr
from reports.e2b.profiles import load_profile, profile_names
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import case_ids
from schemas.errors import ContractError


def e2b(  # noqa: PLR0913, PLR0917  (a command has its options as arguments)
    context: typer.Context,
    cases: Annotated[
        list[str] | None,
        typer.Argument(metavar="CASE...", help="Case ids, as `case list` shows them."),
    ] = None,
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Folder to write the batch into.")
    ] = Path(),
    receiver: Annotated[
        str, typer.Option(help=f"Whom it is for: {', '.join(profile_names())}.")
    ] = "ich",
    every: Annotated[bool, typer.Option("--all", help="Every case of the store.")] = False,
    to_test: Annotated[bool, typer.Option("--test", help="To the test address.")] = False,
    amendment: Annotated[
        str | None,
        typer.Option(help="Reason, if this amends a report sent before.", show_default=False),
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
    by: Annotated[str, typer.Option(metavar="NAME", help="Who sends: a name or number.")] = (
        "safety-e2b"
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
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only judge: write and record nothing.")
    ] = False,
    force_draft: Annotated[
        bool, typer.Option("--force-draft", help="Write rejected cases too, as .rejected.xml.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Write cases as one batch of E2B(R3) ICSRs, each judged by the rules first.

    What a rule rejects stays out of the batch, with the rule's id and the element; warnings are
    shown. Case numbers are the same each time, batch numbers never. The store remembers what was
    written, so that acknowledgements find it. Ends with 1 if a case was rejected.
    """
    if bool(cases) == every:
        raise UsageFault("name cases, or ask for every case by --all")
    settings = settings_of(context)
    sender_is_set = "e2b_sender_id" in settings.model_fields_set
    if not (sender_is_set or to_test or dry_run) and load_profile(known_receiver(receiver)).answers:
        raise UsageFault(
            "set SAFETY_E2B_SENDER_ID before anything is sent to an authority: it is part of case"
            " numbers, which never change"
        )
    sending = Sending(
        profile=load_profile(known_receiver(receiver)),
        sender=own_sender(settings),
        created=datetime.now(UTC),
        is_test=to_test,
        regional=regional_values(regional or ()),
        amendment=amendment,
    )
    dispatch = Dispatch("")
    with opened_store(context) as store, progress("writing ICSRs") as done:
        wanted: Iterable[str] = list(case_ids(store)) if every else cases or ()
        knowledge, gate = knowledge_of(context), build_schema_gate(settings)
        icsrs = _icsrs(store, wanted, sending, knowledge)
        if dry_run:
            dispatch.judged += [judge(icsr, sending, gate)[1] for icsr in icsrs]
        else:
            clerk = Clerk(store, knowledge, by=by, zone=zone, submitted=submitted)
            dispatch = transmit_cases(
                icsrs,
                sending,
                out,
                gate,
                clerk,
                force_draft=force_draft,
                on_case=lambda: done(1),
            )
    show_judged(dispatch.judged, as_json=as_json)
    if dispatch.file is not None:
        hint(f"The batch is in {dispatch.file}; its acknowledgement goes to: safety ack FILE")
    if not sender_is_set:
        hint(
            f"SAFETY_E2B_SENDER_ID is not set: the messages say {settings.e2b_sender_id}. Set it"
            " before anything is sent; it is part of case numbers, which never change."
        )
    for draft in dispatch.drafts:
        hint(f"A rejected draft is in {draft}.")
    if any(judged.is_rejected for judged in dispatch.judged):
        raise typer.Exit(ExitCode.FOUND)


def known_receiver(receiver: str) -> str:
    """Give the name of a receiver, if there is one of this name."""
    if receiver not in profile_names():
        raise UsageFault(f"there is no receiver {receiver}; there are {', '.join(profile_names())}")
    return receiver


def regional_values(told: Iterable[str]) -> dict[str, str]:
    """Read values of regional elements as they are typed."""
    values = {}
    for one in told:
        name, sign, value = one.partition("=")
        if not sign or not value:
            raise UsageFault("write --set as ELEMENT=VALUE, such as FDA.C.5.5a=123456")
        values[name] = value
    return values


def _icsrs(
    store: SqlStore, wanted: Iterable[str], sending: Sending, knowledge: Knowledge
) -> Iterator[Icsr]:
    known = {element.number for element in sending.profile.regional}
    if foreign := sorted(set(sending.regional) - known):
        raise UsageFault(f"{sending.profile.title} has no element {foreign[0]}")
    for case_id in wanted:
        version = wanted_version(store, case_id, None, None)
        yield icsr_of(store, version, knowledge, sending)


def e2b_check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A batch of ICSRs.")],
    as_json: Json = False,
) -> None:
    """
    Judge a file of ICSRs: schema, ICH's rules, FDA's where it is the receiver.

    The schema is asked if SAFETY_E2B_SCHEMA_DIR names it, and answers by message. Ends with
    1 if a rule rejects a message, with 5 if the file is no batch of ICSRs in E2B(R3).
    """
    value = read_file(file)
    try:
        gate = build_schema_gate(settings_of(context))
        judged = []
        with progress("judging ICSRs") as done:
            for one in check_file(value, gate, now=datetime.now(UTC)):
                judged.append(Judged(f"message {one.position}", one.broken))
                done(1)
    except ContractError as error:
        raise InputFileError(f"{file} is no batch of ICSRs: {error.advice}") from None
    show_judged(judged, as_json=as_json)
    if any(one.is_rejected for one in judged):
        raise typer.Exit(ExitCode.FOUND)


def show_judged(found: list[Judged], *, as_json: bool) -> None:
    """Show each case with the rules it breaks."""
    if as_json:
        print_json([_json(one) for one in found])
        return
    for judged in found:
        outcome = "rejected" if judged.is_rejected else "accepted"
        screen().print(Text(printable(f"{judged.case_id}: {outcome}")), soft_wrap=True)
        for one in sorted(judged.broken, key=lambda broken: broken.severity):
            line = f"  {one.severity:9}  {one.rule_id}  {one.element}: {one.message}"
            screen().print(Text(printable(line)), soft_wrap=True)
    counted = Counter("rejected" if one.is_rejected else "accepted" for one in found)
    screen().print(f"{counted['accepted']} accepted, {counted['rejected']} rejected.")


def _json(judged: Judged) -> dict[str, Any]:
    return {
        "case": judged.case_id,
        "rejected": judged.is_rejected,
        "rules": [rule_row(one) for one in judged.broken],
    }
