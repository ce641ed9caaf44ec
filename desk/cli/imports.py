"""`safety import`: the datasets of a study, CDISC SDTM or ADaM, as messages of our own topics."""

import codecs
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from consumers.cdisc import ImportSummary, Receipt, Standard, import_folder
from consumers.memory import load_for_a_long_run
from desk.cli.arguments import Json, parse_day
from desk.cli.failures import UsageFault
from desk.cli.opening import opened_store, settings_of
from desk.cli.screen import hint, print_json, progress, screen, table, tally_json, tally_table

app = typer.Typer(no_args_is_help=True, help="Read the datasets of a study into the store.")

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder with one file a dataset, .csv or .xpt.")
]
Received = Annotated[
    str | None,
    typer.Option(
        metavar="DATE",
        help="Day on which the data came; else each row's own day, and today for what changed.",
        show_default=False,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Encoding of text, such as gb18030; else UTF-8 or by its mark, else Windows-1252.",
        show_default=False,
    ),
]
Synthetic = Annotated[bool, typer.Option("--synthetic", help="Mark all of it as made up.")]


@app.command("sdtm")
def import_sdtm(
    context: typer.Context,
    folder: Folder,
    received: Received = None,
    encoding: Encoding = None,
    synthetic: Synthetic = False,
    as_json: Json = False,
) -> None:
    """
    Import SDTM datasets: DM, AE with SUPP--, EX, DS, CM, PR, LB, MH, VS, as far as they are there.

    Each row becomes a message of `pv.adverse-events` or `pv.study-records` and takes the way that
    all messages take. One event of one subject is one case. Importing the same rows again changes
    nothing; a changed row is a follow-up. What was read, left out and found is said at the end.
    """
    _import(context, folder, Standard.SDTM, received, encoding, synthetic=synthetic, json=as_json)


@app.command("adam")
def import_adam(
    context: typer.Context,
    folder: Folder,
    received: Received = None,
    encoding: Encoding = None,
    synthetic: Synthetic = False,
    as_json: Json = False,
) -> None:
    """
    Import ADaM datasets: ADSL, ADAE, ADEX, ADTTE, ADCM, ADMH, ADLB, as far as they are there.

    As `import sdtm`. Dates that the analysis made up are taken back to what was known. Without dose
    periods in ADEX the first and last dose of ADSL count as one period, or one a treatment period.
    """
    _import(context, folder, Standard.ADAM, received, encoding, synthetic=synthetic, json=as_json)


def _import(
    context: typer.Context,
    folder: Path,
    standard: Standard,
    received: str | None,
    encoding: str | None,
    *,
    synthetic: bool,
    json: bool,
) -> None:
    now, day = datetime.now(UTC), parse_day(received)
    if day is not None and datetime.combine(day, time(), UTC) > now:
        raise UsageFault(f"{day} lies in the future; give the day on which the data came")
    if encoding is not None:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise UsageFault(f"{encoding} is no encoding we know; try utf-8 or gb18030") from None
    with opened_store(context) as store, progress("importing rows") as done:
        summary = import_folder(
            folder,
            standard,
            store,
            load_for_a_long_run(settings_of(context)),
            Receipt(now, day, synthetic=synthetic),
            encoding=encoding,
            on_messages=done,
        )
    if json:
        print_json(_as_json(summary))
    else:
        _show(summary)


def _as_json(summary: ImportSummary) -> dict[str, object]:
    return {
        "standard": summary.standard,
        "studies": summary.studies,
        "subjects": summary.subjects,
        "subjects_without_events": summary.without_events,
        "events": summary.events,
        "new": summary.changes.new,
        "known": summary.changes.known,
        "changed": summary.changes.changed,
        "datasets": [
            {
                "dataset": seen.dataset,
                "file": seen.file,
                "encoding": seen.encoding,
                "rows": seen.rows,
                "messages": seen.messages,
                "skipped": seen.skipped,
                "lines_that_do_not_fit": seen.misfits,
                "findings": seen.findings,
                "columns_not_used": seen.unused,
            }
            for seen in summary.seen
        ],
        "other_files": summary.others,
        "topics": tally_json(summary.tallies),
    }


def _show(summary: ImportSummary) -> None:
    shown = table(
        *("dataset", "file", "rows", "messages", "left out", "found"), right=("rows", "messages")
    )
    for seen in summary.seen:
        left_out = dict(seen.skipped)
        if seen.misfits:
            left_out[f"fields do not fit the header (line {seen.misfits[0]})"] = len(seen.misfits)
        shown.add_row(
            *(seen.dataset, seen.file, f"{seen.rows:,}", f"{seen.messages:,}"),
            *(_lines(left_out), _lines(seen.findings)),
        )
    screen().print(shown)
    screen().print(tally_table(summary.tallies))
    changes = summary.changes
    screen().print(
        f"{', '.join(summary.studies) or 'No study'}: {summary.subjects:,} subjects, of whom"
        f" {summary.without_events:,} without an event; {summary.events:,} events."
        f" {changes.new:,} messages are new, {changes.known:,} known, {changes.changed:,} changed."
    )
    if summary.others:
        hint(f"Not read: {', '.join(summary.others)}")
    for seen in summary.seen:
        if seen.unused:
            hint(f"Columns of {seen.dataset} that no message carries: {', '.join(seen.unused)}")
    if any(tally.quarantined for tally in summary.tallies.values()):
        hint("What is in quarantine and why: safety quarantine list")
    if summary.studies:
        hint(f"Next: safety report study --study {summary.studies[0]} --out DIR")


def _lines(counts: Mapping[str, int]) -> str:
    told = ((what.replace("_", " "), count) for what, count in sorted(counts.items()))
    return "\n".join(f"{count:,} {what}" for what, count in told)
