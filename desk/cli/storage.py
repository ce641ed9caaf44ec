"""`safety migrate`, `digest` and `replay`: the store as a whole."""

from typing import Annotated

import typer

from consumers.memory import load_for_a_long_run
from consumers.replay import Difference, replay, replay_in_processes
from consumers.wiring import migrate_store
from desk.cli.arguments import Json
from desk.cli.failures import ExitCode
from desk.cli.opening import opened_store, settings_of
from desk.cli.screen import print_json, progress, screen, table
from safety.store import SqlStore, grant_application
from safety.store.canonical import canonical_digests
from safety.store.queries import case_ids
from safety.store.queue import is_queue_behind, rebuild_queue

queue = typer.Typer(no_args_is_help=True, help="Look after the list that the desk shows.")


def migrate(
    context: typer.Context,
    grant_to: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="PostgreSQL: give this role what the running software needs and no more; the log"
            " and all that is kept for ever it can then add to, not change.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """
    Create the tables, or bring them to the version of this software.

    Runs on SQLite and PostgreSQL, changes nothing if the tables are current, and is safe to run
    from two places at once. Make a backup first, and stop the consumers.
    """
    settings = settings_of(context)
    version = migrate_store(settings)
    screen().print(f"The tables are of version {version}, which is that of this software.")
    if grant_to is not None:
        grant_application(settings.database_url.get_secret_value(), grant_to)
        screen().print(f"The role {grant_to} may run the software; it can change nothing kept.")
    with opened_store(context) as store:
        if is_queue_behind(store):
            _fill(store)


@queue.command("rebuild")
def rebuild(context: typer.Context) -> None:
    """
    Make the desk's queue anew from the stored cases.

    It follows from the cases and is kept with them, so this is needed only after a change of what
    the queue shows. `safety migrate` does it where the queue is empty.
    """
    with opened_store(context) as store:
        _fill(store)


def _fill(store: SqlStore) -> None:
    with progress("filling the queue of the desk") as done:
        count = 0
        for written in rebuild_queue(store):
            count += written
            done(written)
    screen().print(f"The queue of the desk has {count:,} cases.")


def digest(
    context: typer.Context,
    ignore_origin: Annotated[
        bool,
        typer.Option(
            "--ignore-origin",
            help="Leave out topic, partition and offset, to compare files with Kafka.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Print the number of rows and a digest of the content of each table.

    What differs from run to run (when a row was stored, numbers the database gives) is left out:
    two stores that took the same messages have the same digests, whatever the batches, the
    restarts and the database.
    """
    with opened_store(context) as store, progress("reading tables"):
        digests = canonical_digests(store, origins=not ignore_origin)
    if as_json:
        print_json({name: {"rows": rows, "digest": each} for name, (rows, each) in digests.items()})
        return
    shown = table("table", "rows", "digest", right=("rows",))
    for name, (rows, each) in digests.items():
        shown.add_row(name, f"{rows:,}", each)
    screen().print(shown)


def replay_log(
    context: typer.Context,
    check: Annotated[
        bool, typer.Option("--check", help="End with exit code 1 if anything differs.")
    ] = False,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="So many processes share the cases.")
    ] = 1,
    as_json: Json = False,
) -> None:
    """
    Compute every decision again from the message log and compare it with what is stored.

    Nothing is written. A difference names the case, its version and the part that came out
    otherwise; decisions made with other knowledge than is installed now are differences too.
    """
    differences: list[Difference] = []
    settings = settings_of(context)
    with (
        opened_store(context) as store,
        progress("replaying cases", sum(1 for _ in case_ids(store))) as done,
    ):
        if processes == 1:
            knowledge = load_for_a_long_run(settings)
            result = replay(store, knowledge, on_difference=differences.append, on_case=done)
        else:
            result = replay_in_processes(
                settings, processes, on_difference=differences.append, on_case=done
            )
    if as_json:
        print_json(
            {
                "cases": result.cases,
                "subjects": result.subjects,
                "messages": result.messages,
                "versions": result.versions,
                "differences": [
                    {"case": each.case_id, "version": each.version, "what": each.what}
                    for each in differences
                ],
            }
        )
    else:
        if differences:
            shown = table("case", "version", "differs in", right=("version",))
            for each in differences:
                shown.add_row(each.case_id, str(each.version), each.what)
            screen().print(shown)
        screen().print(
            f"{result.cases:,} cases, {result.subjects:,} subjects, {result.messages:,} messages,"
            f" {result.versions:,} versions computed again: {len(differences):,} differences."
        )
    if differences and check:
        raise typer.Exit(ExitCode.FOUND)
