"""The command tree, and the one place where a failure becomes a sentence and an exit code."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.main import get_command

from consumers.log import configure_quiet_log
from consumers.release import installed_version
from desk.cli import (
    acknowledgements,
    audit,
    cases,
    causality,
    cioms,
    decisions,
    demo,
    dictionary,
    doctor,
    documents,
    duplicates,
    e2b,
    files,
    gateway,
    grade_labs,
    imports,
    learned,
    medwatch,
    package,
    qualify,
    quarantine,
    report,
    rules,
    signals,
    storage,
    stream,
    subjects,
    submissions,
    users,
    watch,
    web,
    what_if,
)
from desk.cli.failures import ExitCode, exit_code_of, sentence_of
from desk.cli.opening import Chosen
from desk.cli.screen import side_screen
from desk.cli.settings import show_settings

PROGRAM = "safety"

app = typer.Typer(
    name=PROGRAM,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    typer.echo(f"{PROGRAM} {installed_version()}")
    raise typer.Exit


@app.callback()
def choose(
    context: typer.Context,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Database for this call, above SAFETY_DATABASE_URL: sqlite:///FILE or"
            " postgresql://HOST/DB.",
            show_default=False,
        ),
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Kafka brokers for this call, above SAFETY_KAFKA_BOOTSTRAP.",
            show_default=False,
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and end."
        ),
    ] = False,
) -> None:
    """
    Adverse-event messages in; coded, assessed, explained, reportable safety cases out.

    Settings come from the environment: `safety settings` prints them. A password belongs there, not
    on the command line, which other users of the machine can read.
    """
    context.obj = Chosen(database, broker)


START = "Start here"
MESSAGES = "Messages in"
CASES = "Cases and what is due"
CHECKS = "Checks"
REFERENCE = "Look up"

app.command("demo", rich_help_panel=START)(demo.demo)
app.command("migrate", rich_help_panel=START)(storage.migrate)
app.command("desk", rich_help_panel=START)(web.desk)
app.add_typer(users.app, name="user", rich_help_panel=START)
app.add_typer(stream.topics, name="topics", rich_help_panel=START)
app.command("doctor", rich_help_panel=START)(doctor.doctor)
app.command("publish", rich_help_panel=MESSAGES)(stream.publish_files)
app.command("consume", rich_help_panel=MESSAGES)(stream.consume)
app.command("process", rich_help_panel=MESSAGES)(files.process)
app.add_typer(imports.app, name="import", rich_help_panel=MESSAGES)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=MESSAGES)
files.simulate.command("gateway")(gateway.simulate_gateway)
app.add_typer(files.simulate, name="simulate", rich_help_panel=MESSAGES)
app.add_typer(cases.app, name="case", rich_help_panel=CASES)
cases.app.command("duplicates")(duplicates.duplicates)
cases.app.command("find-duplicates")(duplicates.find_duplicates)
cases.app.command("merge")(duplicates.merge)
cases.app.command("undo-merge")(duplicates.undo)
cases.app.command("distinct")(duplicates.distinct)
app.command("narrative", rich_help_panel=CASES)(documents.narrative)
app.command("e2b", rich_help_panel=CASES)(e2b.e2b)
app.command("submit-package", rich_help_panel=CASES)(package.submit)
app.command("ack", rich_help_panel=CASES)(acknowledgements.ack)
app.command("transmissions", rich_help_panel=CASES)(acknowledgements.transmissions)
app.command("cioms", rich_help_panel=CASES)(cioms.cioms)
app.command("medwatch", rich_help_panel=CASES)(medwatch.medwatch)
app.command("due", rich_help_panel=CASES)(decisions.due_list)
app.command("watch", rich_help_panel=CASES)(watch.watch_clocks)
app.add_typer(submissions.app, name="submission", rich_help_panel=CASES)
app.add_typer(causality.app, name="causality", rich_help_panel=CASES)
app.add_typer(subjects.app, name="subject", rich_help_panel=CASES)
app.command("grade-labs", rich_help_panel=CASES)(grade_labs.grade_labs)
app.add_typer(report.app, name="report", rich_help_panel=CASES)
app.command("signals", rich_help_panel=CASES)(signals.signals)
app.command("replay", rich_help_panel=CHECKS)(storage.replay_log)
app.command("what-if", rich_help_panel=CHECKS)(what_if.what_if_rules)
app.command("qualify", rich_help_panel=CHECKS)(qualify.qualify_installation)
app.command("digest", rich_help_panel=CHECKS)(storage.digest)
app.add_typer(audit.audit, name="audit", rich_help_panel=CHECKS)
app.add_typer(storage.queue, name="queue", rich_help_panel=CHECKS)
app.command("e2b-check", rich_help_panel=CHECKS)(e2b.e2b_check)
app.add_typer(rules.app, name="rules", rich_help_panel=REFERENCE)
app.add_typer(dictionary.app, name="dictionary", rich_help_panel=REFERENCE)
dictionary.app.command("queue")(learned.queue)
dictionary.app.command("learn")(learned.learn_words)
dictionary.app.command("withdraw")(learned.withdraw)
dictionary.app.command("learned")(learned.learned)
app.command("examples", rich_help_panel=REFERENCE)(files.examples)
app.command("settings", rich_help_panel=REFERENCE)(show_settings)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """
    Run one command.

    Args:
        arguments: What is typed behind `safety`.

    Returns:
        The exit code; see `desk.cli.failures`.
    """
    configure_quiet_log()
    try:
        code = get_command(app)(list(arguments), prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        if message := error.format_message().strip():  # empty where the help was shown instead
            _say(f"{message.removesuffix('.')}; see: {PROGRAM} --help")
        return ExitCode.USAGE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - every end has a sentence
        _say(sentence_of(error))
        return exit_code_of(error)
    return ExitCode.OK if code is None else code


def _say(sentence: str) -> None:
    side_screen().print(f"{PROGRAM}: {sentence}", soft_wrap=True)
