"""`safety audit`: is what is stored what was once stored?"""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from desk.cli.arguments import Json
from desk.cli.failures import ExitCode
from desk.cli.opening import opened_store
from desk.cli.screen import print_json, progress, screen, table
from safety.store.kept import NOTHING_KEPT, newest_seals, read_kept
from safety.store.verify import verify_store

audit = typer.Typer(no_args_is_help=True, help="Show that nothing stored was changed afterwards.")


@audit.command("verify")
def verify(
    context: typer.Context,
    kept: Annotated[
        Path | None,
        typer.Option(
            "--kept",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="What `safety audit seals` wrote earlier and somebody kept elsewhere.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Check every digest and every seal of the store: messages, audit trail, versions, duties.

    Each entry of the log and of the audit trail, and each version of a case, is sealed with all it
    says and with the seal before it. A row that was changed, removed, moved or added behind our
    back is named, and gives exit code 1.
    """
    seals = NOTHING_KEPT
    if kept is not None:
        with kept.open("rb") as lines:
            seals = read_kept(lines)
    with opened_store(context) as store, progress("checking seals") as done:
        found = []
        for each in verify_store(store, seals):
            found.append(each)
            done(1)
    if as_json:
        print_json([{"table": f.table, "row": f.key, "what": f.what} for f in found])
    elif found:
        shown = table("table", "row", "what is wrong")
        for each in found:
            shown.add_row(each.table, each.key, each.what)
        screen().print(shown)
    else:
        screen().print("Every message, act, version and duty is what was once stored.")
    if found:
        raise typer.Exit(ExitCode.FOUND)


@audit.command("seals")
def seals(context: typer.Context) -> None:
    """
    Print the newest seal of every chain, a line of JSON each, to be kept elsewhere.

    Whoever owns the database could forge it whole, seals included. Keep what this prints where they
    cannot reach it, and give it to `safety audit verify --kept` later: every chain must still hold
    that seal at that place.
    """
    with opened_store(context) as store:
        for line in newest_seals(store):
            sys.stdout.write(orjson.dumps(line).decode() + "\n")
