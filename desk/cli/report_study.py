"""`safety report study`: the safety report of one study, and who is behind each of its numbers."""

from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from consumers.books import FORMS, write_book
from consumers.study_report import NoStudyError, load_study
from desk.cli.arguments import Json, KnownAt, parse_day, parse_instant
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import print_json, progress, screen, side_screen, table
from reports.study.arms import UnknownArmError
from reports.study.build import (
    Choices,
    Imprint,
    UnknownSubjectError,
    build_book,
    build_tables,
)
from reports.study.drill import Drilled, DrillError, drill
from reports.study.model import StudyData

_PARTS = 30  # about as many tables and plots as a report has


def study(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    study_id: Annotated[str, typer.Option("--study", metavar="STUDY", help="Number of the study.")],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the report.", show_default=False),
    ] = None,
    compare: Annotated[
        tuple[str, str] | None,
        typer.Option(
            metavar="ARM ARM",
            help="Fisher's exact p of the first arm against the second.",
            show_default=False,
        ),
    ] = None,
    asked: Annotated[
        str | None,
        typer.Option(
            "--drill",
            metavar="NUMBER",
            help='Print who is behind a number, such as "T3: Diarrhoea grade 3"; writes no report.',
            show_default=False,
        ),
    ] = None,
    profile: Annotated[
        str | None,
        typer.Option(
            metavar="SUBJECT",
            help="Whose patient profile to draw; else who had the most serious events.",
            show_default=False,
        ),
    ] = None,
    lock: Annotated[
        str | None,
        typer.Option(
            "--data-lock",
            metavar="DAY",
            help="Last day that counts; else the last that the data speak of.",
            show_default=False,
        ),
    ] = None,
    known_at: KnownAt = None,
    made_at: Annotated[
        str | None,
        typer.Option(
            metavar="INSTANT",
            help="Run date on the report, now unless given: the same instant, the same bytes.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Write the safety report of a study: tables T1 to T16, outcomes, plots, listings L1 to L5.

    One PDF with contents, definitions and page numbers, and the same as HTML, XLSX, CSV and JSON.
    Arms stand beside each other. What the words mean is printed with the report. --drill prints
    the subjects behind a number instead.
    """
    if (out is None) == (asked is None):
        raise UsageFault("name a folder with --out, or a number with --drill")
    instant = parse_instant(made_at) or datetime.now(UTC).replace(microsecond=0)
    choices = Choices(compare, profile)
    try:
        data = _load(context, study_id, parse_day(lock), parse_instant(known_at))
        if asked is not None:
            _print_drilled(_drilled(asked, data, choices), as_json=as_json)
            return
        with progress("building tables and plots", _PARTS) as done:
            imprint = Imprint(instant, _program(), knowledge_of(context).digest)
            book = build_book(data, choices, imprint, done)
    except (NoStudyError, UnknownArmError, UnknownSubjectError, DrillError) as error:
        raise UsageFault(str(error)) from None
    folder = out or Path()
    with progress("writing the report", FORMS) as done:
        written = write_book(book, folder, told=done)
    facts = dict(book.facts)
    if as_json:
        print_json({"files": [str(path) for path in written], "facts": facts})
        return
    side_screen().print(f"{len(written)} files are in {folder}; begin with report.pdf.")
    screen().print(f"{facts['Columns']}; {facts['Subjects, events']}; lock {facts['Data lock']}.")


def _load(
    context: typer.Context, study_id: str, lock: date | None, known_at: datetime | None
) -> StudyData:
    knowledge = knowledge_of(context)
    with opened_store(context) as store, progress("reading the study"):
        return load_study(store, knowledge, study_id, lock=lock, as_known_at=known_at)


def _drilled(asked: str, data: StudyData, choices: Choices) -> tuple[Drilled, ...]:
    with progress("building tables"):
        chapters = build_tables(data, choices)
    return drill(asked, [made for _, several in chapters for made in several], data)


def _print_drilled(found: tuple[Drilled, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "table": one.table,
                    "row": one.row,
                    "column": one.column,
                    "number": one.text,
                    "subjects": list(one.subjects),
                    "events": [f"{event.case_id} / {event.reaction}" for event in one.events],
                }
                for one in found
            ]
        )
        return
    for one in found:
        screen().print(f"{one.table}: {one.row} / {one.column}: {one.text}")
        if not one.subjects:
            continue
        shown = table("subject", "case / event", "as reported", "onset", "grade")
        for subject in one.subjects:
            own = [event for event in one.events if event.subject_id == subject]
            for event in own:
                shown.add_row(
                    subject,
                    f"{event.case_id} / {event.reaction}",
                    event.verbatim or "",
                    "" if event.onset is None else event.onset.text,
                    "" if event.grade is None else str(event.grade),
                )
            if not own:
                shown.add_row(subject, "", "", "", "")
        screen().print(shown)


def _program() -> str:
    try:
        return f"sorafenib-safety {version('sorafenib-safety')}"
    except PackageNotFoundError:
        return "sorafenib-safety, from its source"
