"""`safety report`: aggregate reports from the store. Each command has a module of its own."""

import typer

from desk.cli import report_compliance, report_periodic, report_registry, report_study

app = typer.Typer(
    no_args_is_help=True,
    help="Reports over all cases: who was told on time, what a study found, what a period brought.",
)

app.command("compliance")(report_compliance.compliance)
app.command("study")(report_study.study)
app.command("pbrer")(report_periodic.pbrer)
app.command("dsur")(report_periodic.dsur)
app.command("cioms-ii")(report_periodic.cioms_ii)
app.command("pader")(report_periodic.pader)
app.command("registry")(report_registry.registry)
