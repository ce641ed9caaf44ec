"""`safety case`: what is known of a case, why it is due, and how it came to be so."""

from typing import Annotated, Any

import typer
from rich.console import Group
from rich.text import Text

from desk.cli.arguments import CaseId, Json, KnownAt, VersionNumber, parse_instant
from desk.cli.case_view import render_case, render_history
from desk.cli.clinical_view import beside_json, render_beside
from desk.cli.duplicates import pair_json, render_pair
from desk.cli.failures import UsageFault
from desk.cli.opening import opened_store
from desk.cli.screen import hint, print_json, screen, table
from desk.cli.trace_view import render_trace
from safety.profiles import load_product
from safety.store import SqlStore
from safety.store.beside import beside_of
from safety.store.duplicates import duplicate_pairs
from safety.store.listing import list_cases
from safety.store.queries import load_version, versions_of
from safety.versions import Version

app = typer.Typer(
    no_args_is_help=True,
    help="Look at cases: what is known, what is due and why, what changed when.",
)

SERIOUS = {True: "serious", False: "-", None: "unknown"}
STATUSES = ("valid", "pending", "nullified", "merged")
SHOWN = 50  # cases in the table


@app.command("list")
def list_all(  # noqa: PLR0913, PLR0917 - what narrows the list
    context: typer.Context,
    study: Annotated[
        str | None, typer.Option(help="Only cases of this study.", show_default=False)
    ] = None,
    serious: Annotated[
        bool, typer.Option("--serious", help="Only cases with a serious reaction.")
    ] = False,
    status: Annotated[
        str | None,
        typer.Option(help=f"Only this status: {', '.join(STATUSES)}.", show_default=False),
    ] = None,
    expedited: Annotated[
        bool, typer.Option("--due", help="Only cases with a standing duty to report.")
    ] = False,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="At most so many; 50 in the table unless given, and all of them with --json.",
            show_default=False,
        ),
    ] = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """
    List cases, the nearest due date first: status, seriousness, terms, standing duties.

    Shows the latest version of each case, or with --as-known-at the one that was current then.
    """
    if status not in {None, *STATUSES}:
        raise UsageFault(f"there is no status {status}; there are {', '.join(STATUSES)}")
    most = limit if limit is not None or as_json else SHOWN
    with opened_store(context) as store:
        found = list_cases(
            store,
            study=study,
            serious=serious,
            status=status,
            due=expedited,
            limit=None if most is None else most + 1,
            as_known_at=parse_instant(known_at),
        )
    more, found = most is not None and len(found) > most, found[:most]
    if as_json:
        print_json([each.as_json() for each in found])
    else:
        shown = table("case", "version", "status", "serious", "terms", "due", "duties")
        for each in found:
            shown.add_row(
                each.case_id,
                str(each.version),
                each.status,
                SERIOUS[each.serious],
                "; ".join(each.terms),
                "-" if each.nearest_due is None else str(each.nearest_due),
                str(each.duties),
            )
        screen().print(shown)
    if more:
        hint(f"There are more than {most}; see them with --limit, or narrow the list.")


@app.command("show")
def show(
    context: typer.Context,
    case_id: CaseId,
    version: VersionNumber = None,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """
    Show a case: its reactions as judged, what is to be looked at, every fact with its source.

    Besides the grades as reported, computed from tests and confirmed; for each suspect drug and
    reaction the time to onset, the dose at onset, dechallenge, rechallenge; for our product what
    speaks for and against it; and what the study's records of the subject say now, which is no part
    of the case. Each fact names the message that said it. Cases that may tell of the same event are
    shown side by side below.
    """
    with opened_store(context) as store:
        found = wanted_version(store, case_id, version, known_at)
        pairs = duplicate_pairs(store, case_id=case_id)
        beside = beside_of(store, found, load_product())
    if as_json:
        print_json(
            {
                "case": found.case_id,
                "version": found.version,
                "status": found.status,
                "recorded_at": found.recorded_at.isoformat(),
                "caused_by": found.caused_by,
                "knowledge": found.knowledge,
                "digest": found.digest,
                "chain": found.chain,
                "synthetic": found.synthetic,
                "events": found.events,
                "pairs": found.pairs,
                "findings": found.findings,
                "clinical": found.trace["clinical"],
                "state": found.state,
                "study_records": None if beside is None else beside_json(beside),
                "possible_duplicates": [pair_json(each) for each in pairs],
            }
        )
    else:
        screen().print(render_case(found))
        if beside is not None:
            screen().print(*render_beside(beside))
        if pairs:
            screen().print(Text("Possible duplicates, as they stand now", style="bold cyan"))
            screen().print(Group(*map(render_pair, pairs)))


@app.command("trace")
def trace(
    context: typer.Context,
    case_id: CaseId,
    version: VersionNumber = None,
    known_at: KnownAt = None,
    brief: Annotated[
        bool, typer.Option("--brief", help="Of rules that did not fire, only what stopped them.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Show why: every rule considered, each condition with value and source, the dates' arithmetic.

    Each rule is asked about each reaction. It fires if all conditions are met, does not fire if
    one is not met, and is undecidable if a fact is missing; it then names the field that would
    decide it, and the duty stands on a conservative clock.
    """
    with opened_store(context) as store:
        found = wanted_version(store, case_id, version, known_at)
    if as_json:
        print_json({"case": found.case_id, "version": found.version, **found.trace})
    else:
        screen().print(render_trace(found, brief=brief))


@app.command("history")
def history(
    context: typer.Context,
    case_id: CaseId,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all changes, of the first version too.")
    ] = False,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """Show all versions of a case: what each changed, when, by which message, and likely twins."""
    with opened_store(context) as store:
        last = wanted_version(store, case_id, None, known_at)
        versions = versions_of(store, case_id)[: last.version]
        pairs = duplicate_pairs(store, case_id=case_id)
    if as_json:
        print_json([_version_json(each) for each in versions])
    else:
        screen().print(render_history(versions, pairs, everything=everything))


def wanted_version(
    store: SqlStore, case_id: str, version: int | None, known_at: str | None
) -> Version:
    """
    Give the version that was asked for.

    Raises:
        UsageFault: There is none, or both ways of choosing were used.
    """
    if version is not None and known_at is not None:
        raise UsageFault("choose a version by --version or by --known-at, not by both")
    found = load_version(store, case_id, version=version, as_known_at=parse_instant(known_at))
    if found is not None:
        return found
    if version is not None:
        raise UsageFault(f"case {case_id} has no version {version}; see: safety case history")
    if known_at is not None:
        raise UsageFault(f"nothing was known of case {case_id} at {known_at}")
    raise _no_case(case_id)


def _no_case(case_id: str) -> UsageFault:
    return UsageFault(f"there is no case {case_id}; see: safety case list")


def _version_json(version: Version) -> dict[str, Any]:
    return {
        "version": version.version,
        "status": version.status,
        "recorded_at": version.recorded_at.isoformat(),
        "caused_by": version.caused_by,
        "digest": version.digest,
        "changes": version.changes,
    }
