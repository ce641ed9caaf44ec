"""`safety report`: aggregate reports from the store. Each command has a module of its own."""

import typer

from desk.cli import report_compliance, report_study

app = typer.Typer(
    no_args_is_help=True,
    help="Reports over all cases: who was told on time, what a study found, what a period brought.",
)

app.command("compliance")(report_compliance.compliance)
app.command("study")(report_study.study)
