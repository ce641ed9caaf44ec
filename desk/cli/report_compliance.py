"""`safety report compliance`: were reports sent on time, by authority and month?"""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from desk.cli.arguments import KnownAt, authority_named, parse_day, parse_instant, save_file
from desk.cli.opening import opened_store
from desk.cli.screen import json_text, screen, table
from reports.compliance import (
    Compliance,
    build_compliance,
    render_csv,
    render_json,
    render_svg,
    validate_compliance,
)
from safety.errors import InvariantError
from safety.store.submissions import duty_outcomes


class Form(StrEnum):
    """How the counts are printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def compliance(  # noqa: PLR0913, PLR0917 - what is counted and how it is shown
    context: typer.Context,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="What was due before this day and is not sent is overdue; today (UTC) unless"
            " given.",
            show_default=False,
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only duties due from then on.", show_default=False),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Only duties due until then.", show_default=False),
    ] = None,
    authority: Annotated[
        str | None, typer.Option(help="Only duties to this one, such as EMA.", show_default=False)
    ] = None,
    known_at: KnownAt = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.TABLE,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE.svg", help="Draw it there too.", show_default=False),
    ] = None,
) -> None:
    """
    Show how many reports were sent on time, by authority and month of the due date.

    A report sent on the due day is on time. What is past due and not sent counts against the rate;
    what is open, or was found not to be required, does not count. Days late are calendar days. A
    report that kept the date then known, but not the one that an older awareness told of afterwards
    gives, is late.
    """
    instant = parse_instant(known_at)
    with opened_store(context) as store:
        report = build_compliance(
            duty_outcomes(store, as_known_at=instant),
            as_of=parse_day(as_of) or datetime.now(UTC).date(),
            known_at=instant,
            since=parse_day(since),
            until=parse_day(until),
            authority=authority_named(authority),
        )
    for fault in validate_compliance(report):
        raise InvariantError(f"the compliance report does not add up: {fault}")
    if plot is not None:
        save_file(plot, render_svg(report))
    match form:
        case Form.JSON:
            typer.echo(json_text(render_json(report)), nl=False)
        case Form.CSV:
            typer.echo(render_csv(report), nl=False)
        case Form.TABLE:
            _show(report)


def _show(report: Compliance) -> None:
    numbers = ("on time", "late", "overdue", "open", "not required", "rate", "days late")
    shown = table("authority", "month", *numbers, right=numbers)
    for each in report.months:
        late = "-"
        if each.median_late is not None:
            late = f"{each.median_late:g}, at most {each.most_late}"
        shown.add_row(
            each.authority,
            f"{each.month:%Y-%m}",
            str(each.on_time),
            f"{each.late}" + (f" ({each.late_unknown} unknown then)" if each.late_unknown else ""),
            str(each.overdue),
            str(each.open),
            str(each.not_required),
            "-" if each.rate is None else f"{100 * each.rate:.1f} %",
            late,
        )
    screen().print(shown)
    screen().print(f"{report.duties:,} duties, as of {report.as_of}.")
