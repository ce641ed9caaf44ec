"""`safety report pbrer`, `dsur`, `cioms-ii` and `pader`: what a period brought, over all cases."""

from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from consumers.books import FORMS, write_book
from consumers.periodic_report import derive_period, load_book
from desk.cli.arguments import Json, KnownAt, parse_day, parse_instant
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import print_json, progress, screen, side_screen
from reports.periodic import Kind
from reports.tables import Book, Table

Start = Annotated[str, typer.Option("--from", metavar="DATE", help="First day of the period.")]
Lock = Annotated[
    str, typer.Option("--to", "--data-lock", metavar="DATE", help="Last day: the data lock point.")
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder for the report.")]
Earlier = Annotated[
    str | None,
    typer.Option(
        "--previous-known-at",
        metavar="INSTANT",
        help="When the previous report was counted; else the beginning of the period.",
        show_default=False,
    ),
]
MadeAt = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT",
        help="Run date on the report, now unless given: the same instant, the same bytes.",
        show_default=False,
    ),
]


def pbrer(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    start: Start,
    lock: Lock,
    out: Out,
    known_at: KnownAt = None,
    earlier: Earlier = None,
    made_at: MadeAt = None,
    as_json: Json = False,
) -> None:
    """
    Write the summary tabulations of a PBRER: serious events from trials, reactions since marketing.

    Cumulative and of the interval, by source and seriousness. Previous cumulative, interval and
    late changes are reconciled with the new cumulative, term by term; late changes are listed case
    by case. What is not known counts at its worst.
    """
    _write("pbrer", context, start, lock, out, known_at, earlier, made_at, as_json=as_json)


def dsur(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    start: Start,
    lock: Lock,
    out: Out,
    known_at: KnownAt = None,
    earlier: Earlier = None,
    made_at: MadeAt = None,
    as_json: Json = False,
) -> None:
    """
    Write the listings and tabulations of a DSUR.

    Interval line listing of serious adverse reactions, cumulative tabulation of serious adverse
    events, deaths, treatment withdrawn for an adverse event, and the reconciliation.
    """
    _write("dsur", context, start, lock, out, known_at, earlier, made_at, as_json=as_json)


def cioms_ii(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    start: Start,
    lock: Lock,
    out: Out,
    known_at: KnownAt = None,
    earlier: Earlier = None,
    made_at: MadeAt = None,
    as_json: Json = False,
) -> None:
    """Write the CIOMS II line listing: a row a case, under the class of its gravest reaction."""
    _write("cioms-ii", context, start, lock, out, known_at, earlier, made_at, as_json=as_json)


def pader(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    start: Start,
    lock: Lock,
    out: Out,
    known_at: KnownAt = None,
    earlier: Earlier = None,
    made_at: MadeAt = None,
    as_json: Json = False,
) -> None:
    """Write the PADER index line listing: patient and reactions of each report of the period."""
    _write("pader", context, start, lock, out, known_at, earlier, made_at, as_json=as_json)


def _write(  # noqa: PLR0913, PLR0917 - the options of the commands above
    kind: Kind,
    context: typer.Context,
    start: str,
    lock: str,
    out: Path,
    known_at: str | None,
    earlier: str | None,
    made_at: str | None,
    *,
    as_json: bool,
) -> None:
    first, last = parse_day(start), parse_day(lock)
    if first is None or last is None or last < first:
        raise UsageFault("the period ends before it begins; give --from and --to in this order")
    knowledge = knowledge_of(context)
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    with opened_store(context) as store:
        with progress("counting reactions"):
            period = derive_period(
                store,
                first,
                last,
                known_at=parse_instant(known_at),
                earlier=parse_instant(earlier),
            )
            book = load_book(
                store, knowledge, kind, period, programme=_programme(), made_at=instant
            )
        with progress("writing the report", FORMS) as done:
            written = write_book(book, out, told=done)
    if as_json:
        print_json({"files": [str(path) for path in written], "facts": dict(book.facts)})
        return
    side_screen().print(f"{len(written)} files are in {out}; begin with report.pdf.")
    for line in _totals(book):
        screen().print(line)


def _totals(book: Book) -> list[str]:
    """Say how the previous counts became the new ones, column by column."""
    for part in book.parts:
        if isinstance(part, Table) and part.table_id == "R1":
            return [
                f"{row.label}: {row.cells['before'].events:,} + {row.cells['interval'].events:,}"
                f" + {row.cells['late'].text} = {row.cells['now'].events:,}"
                for row in part.rows
            ]
    return []


def _programme() -> str:
    try:
        return f"sorafenib-safety {version('sorafenib-safety')}"
    except PackageNotFoundError:
        return "sorafenib-safety, from its source"
