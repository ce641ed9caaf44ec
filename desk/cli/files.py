"""`safety process`, `simulate` and `examples`: work with files, no broker needed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from consumers.backfill import process_records
from consumers.examples import packaged_examples
from consumers.handlers import Tally
from consumers.input_files import OutputFileError, find_files, read_records
from consumers.memory import load_for_a_long_run
from consumers.recordfile import write_jsonl
from consumers.simulation import SimulatedRecord, simulate_secure
from consumers.wiring import build_gate
from desk.cli.arguments import Json, Paths
from desk.cli.opening import opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen, table, tally_json, tally_table

simulate = typer.Typer(
    no_args_is_help=True, help="Make invented data, to try the system and to test it."
)


def process(context: typer.Context, paths: Paths, as_json: Json = False) -> None:
    """
    Take files into the store, through the same pipeline as the consumer, without Kafka.

    Reads what publish reads: .jsonl, .json, .xml, folders of them. Prints by topic what became of
    the messages; every message read is accepted, repeated or quarantined. Processing the same
    files again changes nothing.
    """
    files, settings = find_files(paths), settings_of(context)
    with opened_store(context) as store, progress("processing messages") as done:
        seen = 0

        def show(tallies: dict[str, Tally]) -> None:
            nonlocal seen
            now = sum(tally.messages for tally in tallies.values())
            done(now - seen)
            seen = now

        tallies = process_records(
            read_records(files),
            store,
            load_for_a_long_run(settings),
            gate=build_gate(settings),
            batch_records=settings.batch_records,
            on_batch=show,
        )
    if as_json:
        print_json({"files": len(files), "topics": tally_json(tallies)})
        return
    screen().print(tally_table(tallies))
    if any(tally.quarantined for tally in tallies.values()):
        hint("What is in quarantine and why: safety quarantine list")


@simulate.command("secure")
def simulate_study(
    out: Annotated[Path, typer.Option(metavar="FILE.jsonl", help="File to write.")],
    seed: Annotated[int, typer.Option(help="Which study: the same number, the same bytes.")] = 1,
    subjects: Annotated[int, typer.Option(min=1, help="How many subjects.")] = 106,
) -> None:
    """
    Write the messages of a simulated SECURE study, marked synthetic.

    Baseline, exposure, laboratory series, adverse events at about the published incidence, in
    Chinese and English, with follow-ups out of order, repeats, corrections, a nullification,
    probable duplicates and malformed messages. Any number of subjects takes the same memory.
    """
    try:
        with progress("simulating records") as done:
            written = write_jsonl(out, _counted(seed, subjects, done))
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written ({error.strerror}); name another file"
        ) from None
    screen().print(f"{written:,} records of {subjects:,} simulated subjects are in {out}.")


def _counted(seed: int, subjects: int, done: Callable[[int], None]) -> Iterator[SimulatedRecord]:
    for record in simulate_secure(seed, subjects):
        done(1)
        yield record


def examples(as_json: Json = False) -> None:
    """List the example messages that ship with the product, with topic and file."""
    found = packaged_examples()
    if as_json:
        print_json(
            [{"path": str(each.path), "topic": each.topic, "type": each.type} for each in found]
        )
        return
    shown = table("topic", "type", "example")
    for each in found:
        shown.add_row(each.topic, each.type, each.path.name)
    screen().print(shown)
    hint(f"They are in {found[0].path.parent}; try: safety process <one of them>")
