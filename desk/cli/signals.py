"""`safety signals`: disproportionality of the reports in a file, or of the store's cases."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from consumers.signal_file import SkippedRows, flatten_signal, read_mentions, write_signals
from desk.cli.arguments import Json, KnownAt, parse_instant
from desk.cli.failures import UsageFault
from desk.cli.opening import opened_store
from desk.cli.screen import hint, print_json, progress, screen, table
from reports.signals import build_signals, count_reports
from reports.signals.counts import Counts
from safety.store.mentions import suspected_pairs

_SHOWN = 20


def signals(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE.csv]",
            help="Columns report_id, product, event; the store's cases unless given.",
            show_default=False,
        ),
    ] = None,
    stratum: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="Sum expected numbers over it; of the store only country.",
            show_default=False,
        ),
    ] = None,
    known_at: KnownAt = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Write all pairs there.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Measure which events are reported with which product more often than expected.

    PRR and ROR with 95 % intervals, chi-squared with Yates' correction, information component with
    IC025 and IC975, EBGM with EB05 and EB95, all counted by distinct report. What a zero cell or
    too few pairs leave undefined is blank. A high figure is a question, not a risk.

    Without a file: the valid cases of the store, each suspect drug with each coded term.
    """
    skipped = SkippedRows()
    with progress("counting reports"):
        if path is None:
            counts = _counts_of_store(context, stratum, parse_instant(known_at))
        else:
            if out is not None and out.resolve() == path.resolve():
                raise UsageFault(f"{out} is the input; name another file for the output")
            counts = count_reports(read_mentions(path, stratum, skipped))
        report = build_signals(counts)
    if out is not None:
        write_signals(report, out)
    if as_json:
        print_json(
            {
                "reports": counts.reports,
                "products": counts.products,
                "events": counts.events,
                "rows": counts.rows,
                "repeated_rows": counts.repeated,
                "rows_in_another_stratum": counts.moved,
                "incomplete_lines": skipped.lines,
                "prior": None if report.prior is None else asdict(report.prior),
                "signals": [flatten_signal(each) for each in report.signals],
            }
        )
        return
    numbers = ("reports", "PRR", "ROR", "IC025", "EB05")
    shown = table("product", "event", *numbers, right=numbers)
    for each in report.signals[:_SHOWN]:
        figures = (each.prr.value, each.ror.value, each.ic.low, each.ebgm.low)
        shown.add_row(
            each.pair.product,
            each.pair.event,
            str(each.pair.a),
            *("" if figure is None else f"{figure:.2f}" for figure in figures),
        )
    screen().print(shown)
    screen().print(f"{len(report.signals):,} pairs in {counts.reports:,} reports.")
    if skipped.lines:
        hint(f"{len(skipped.lines):,} incomplete rows do not count; --json lists their lines.")
    if report.prior is None:
        hint("Too few pairs to find the hyperparameters: no EBGM.")
    elif not report.prior.converged:
        hint("The search for the hyperparameters did not settle: read EBGM with care.")


def _counts_of_store(
    context: typer.Context, stratum: str | None, known_at: datetime | None
) -> Counts:
    if stratum not in {None, "country"}:
        raise UsageFault(f"the store has no stratum {stratum}; it has country")
    with opened_store(context) as store:
        return count_reports(
            (case, drug, term, country if stratum else "")
            for case, drug, term, country in suspected_pairs(store, as_known_at=known_at)
        )
