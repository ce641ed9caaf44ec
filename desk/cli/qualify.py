"""`safety qualify`: the installation and operational qualification, to be signed."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from consumers.qualification import qualify
from desk.cli.arguments import Json, save_file
from desk.cli.failures import ExitCode
from desk.cli.opening import settings_of
from desk.cli.screen import hint, print_json, progress, screen, table
from reports.qualification import render_json, render_pdf


def qualify_installation(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the report to be signed here, as PDF.", show_default=False
        ),
    ] = None,
    scratch: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="An empty database to work in, such as one on the PostgreSQL server that is to be"
            " qualified; else a SQLite file that is thrown away.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Qualify this installation: is it what was released, and does it do here what it must?

    Checks the installed files, settings and services, then takes invented messages through the
    whole flow in a scratch database: counts, due dates counted by hand, replay, refusal of changes,
    tampering, documents, logs. The database of the settings is not written to. With --out the
    report has a page for signatures. Ends with exit code 1 if a check did not pass.
    """
    with progress("checking") as done:
        qualification = qualify(settings_of(context), scratch=scratch, on_check=lambda: done(1))
    if out is not None:
        save_file(out, render_pdf(qualification))
        hint(f"The report is in {out}.")
    if as_json:
        print_json(render_json(qualification))
    else:
        shown = table("no.", "shows", "found", "result")
        for check in qualification.checks:
            result = Text("passed", "green") if check.passed else Text("FAILED", "bold red")
            shown.add_row(check.number, check.title, check.found, result)
        screen().print(shown)
    if not qualification.passed:
        raise typer.Exit(ExitCode.FOUND)
