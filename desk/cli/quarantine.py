"""`safety quarantine`: messages that broke their contract; look, try again, or put aside."""

import sys
from getpass import getuser
from typing import Annotated

import typer

from consumers.backfill import FILE_PARTITION
from consumers.redrive import choose_parked, redrive
from consumers.wiring import build_gate
from desk.cli.arguments import Json
from desk.cli.failures import ExitCode, UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen, table
from safety.store.model import Origin
from safety.store.parked import (
    Parked,
    ParkedState,
    quarantine_list,
    quarantine_mark,
    quarantine_show,
)
from schemas.errors import Reason

app = typer.Typer(no_args_is_help=True, help="Look after messages that broke their contract.")


@app.command("list")
def list_entries(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="Also those that were redriven or discarded.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Json = False,
) -> None:
    """
    List the messages in quarantine: why, where in the message, and what the sender should do.

    The first line is the most urgent: if the message tells of a serious case, its report may be due
    on the day shown.
    """
    with opened_store(context) as store:
        state = None if everything else ParkedState.PARKED
        entries = quarantine_list(store, state=state, limit=limit + 1)
    more, entries = len(entries) > limit, entries[:limit]
    if as_json:
        print_json([_entry_json(entry) for entry in entries])
    else:
        shown = table("id", "reason", "where", "from", "may be due", "state")
        for entry in entries:
            shown.add_row(
                entry.quarantine_id,
                entry.reason,
                entry.path or "the message",
                _place(entry.origin),
                str(entry.earliest_due or "-"),
                entry.state.value,
            )
        screen().print(shown)
    if more:
        hint(f"There are more than {limit}; see them with --limit.")


@app.command("show")
def show_entry(
    context: typer.Context,
    quarantine_id: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")],
    payload: Annotated[
        bool, typer.Option("--payload", help="Write the message as received, and nothing else.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Show one message in quarantine: what is wrong, what to do, where it came from.

    The message itself may hold patient data; it is written only with --payload, byte for byte.
    """
    with opened_store(context) as store:
        found = quarantine_show(store, quarantine_id)
    if found is None:
        raise UsageFault(f"there is nothing in quarantine with id {quarantine_id}")
    entry, message = found
    if payload:
        sys.stdout.buffer.write(message.payload)
    elif as_json:
        print_json(_entry_json(entry))
    else:
        shown = table("", "")
        for name, value in _entry_json(entry).items():
            shown.add_row(name.replace("_", " "), "-" if value is None else str(value))
        screen().print(shown)


@app.command("redrive")
def redrive_entries(
    context: typer.Context,
    ids: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ID...]", help="These messages.", show_default=False),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option(help="All messages parked for this reason code.", show_default=False),
    ] = None,
    most: Annotated[
        int | None, typer.Option("--max", min=1, help="At most so many.", show_default=False)
    ] = None,
    note: Annotated[
        str, typer.Option(help="Why now; kept with the message.")
    ] = "read again with the present software",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; tell what would happen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """
    Read messages of the quarantine again with the present software, through the same pipeline.

    Name them by id or by reason code. What is accepted now becomes part of its case and is marked
    as redriven; what is still refused stays, the reason of today is shown, and the exit code is 1.
    Decisions go out with the next run of the consumer.
    """
    if bool(ids) == (reason is not None):
        raise UsageFault("name the messages either by their ids or by --reason CODE")
    if reason is not None and reason not in list(Reason):
        raise UsageFault(f"there is no reason code {reason}; there are {', '.join(Reason)}")
    with opened_store(context) as store:
        chosen = choose_parked(store, ids=ids or (), reason=reason, most=most)
        _refuse_unknown(ids or [], chosen, most)
        with progress("redriving messages", len(chosen)) as done:
            results = []
            signed = f"{note} ({getuser()})"
            gate = build_gate(settings_of(context))
            for result in redrive(
                store, knowledge_of(context), chosen, note=signed, gate=gate, dry_run=dry_run
            ):
                results.append(result)
                done(1)
    accepted = sum(result.accepted for result in results)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "accepted": accepted,
                "refused": len(results) - accepted,
                "messages": [
                    {
                        "id": result.quarantine_id,
                        "accepted": result.accepted,
                        "reason": result.reason,
                        "path": result.path,
                    }
                    for result in results
                ],
            }
        )
    else:
        shown = table("id", "now", "reason", "where")
        for result in results:
            now = "accepted" if result.accepted else "refused"
            shown.add_row(result.quarantine_id, now, result.reason or "", result.path or "")
        would = "would be " if dry_run else ""
        console = screen()
        console.print(shown)
        console.print(
            f"{accepted:,} of {len(results):,} messages {would}accepted,"
            f" {len(results) - accepted:,} {would}refused again."
        )
    if accepted < len(results):
        raise typer.Exit(ExitCode.FOUND)


@app.command("discard")
def discard_entry(
    context: typer.Context,
    quarantine_id: Annotated[str, typer.Argument(metavar="ID", help="As the list shows it.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept with the message.")],
) -> None:
    """
    Put a message in quarantine aside for good, with a reason.

    The message stays stored, with who discarded it and why; it can still be shown.
    """
    if not reason.strip():
        raise UsageFault("a message is discarded with a reason; give it with --reason")
    with opened_store(context) as store:
        note = f"{reason.strip()} ({getuser()})"
        if not quarantine_mark(store, quarantine_id, ParkedState.DISCARDED, note=note):
            raise UsageFault(f"there is nothing parked in quarantine with id {quarantine_id}")
    screen().print(f"Message {quarantine_id} is discarded.")


def _place(origin: Origin) -> str:
    """Say where a message came from; of a file only the place in it is stored."""
    if origin.partition == FILE_PARTITION:
        place = f"file record {origin.offset}"
    else:
        place = f"{origin.topic} {origin.partition}:{origin.offset}"
    return place if origin.part == 0 else f"{place} part {origin.part}"


def _refuse_unknown(ids: list[str], chosen: list[Parked], most: int | None) -> None:
    found = {entry.quarantine_id for entry in chosen}
    unknown = [each for each in ids if each not in found]
    if unknown and most is None:
        raise UsageFault(f"nothing is parked in quarantine with id {', '.join(unknown)}")


def _entry_json(entry: Parked) -> dict[str, object]:
    return {
        "id": entry.quarantine_id,
        "state": entry.state.value,
        "reason": entry.reason,
        "path": entry.path,
        "advice": entry.advice,
        "topic": entry.origin.topic,
        "partition": entry.origin.partition,
        "offset": entry.origin.offset,
        "part": entry.origin.part,
        "bytes": entry.payload_bytes,
        "digest": entry.digest,
        "may_be_due": entry.earliest_due,
        "recorded_at": entry.recorded_at.isoformat(),
        "attempts": entry.attempts,
        "note": entry.note,
    }
