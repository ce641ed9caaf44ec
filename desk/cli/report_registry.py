"""`safety report registry`: the adverse events of a study in the forms of results registries."""

from pathlib import Path
from typing import Annotated

import typer

from consumers.study_report import NoStudyError, load_study
from desk.cli.arguments import KnownAt, make_folder, parse_day, parse_instant, save_file
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, progress, screen
from reports.registry import (
    HIGHEST_THRESHOLD,
    build_results,
    render_clinicaltrials_gov,
    render_eudract,
    render_upload,
    validate_results,
)

_SHOWN = 10
_FRAME = "From the first dose until 30 days after the last."


def registry(  # noqa: PLR0913, PLR0917 - options of a command
    context: typer.Context,
    study_id: Annotated[str, typer.Option("--study", metavar="STUDY", help="Number of the study.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the three files.")],
    threshold: Annotated[
        float,
        typer.Option(
            min=0,
            max=HIGHEST_THRESHOLD,
            help="Other events count if more than so many per cent of an arm had them.",
        ),
    ] = HIGHEST_THRESHOLD,
    time_frame: Annotated[
        str, typer.Option(metavar="TEXT", help="Over which time events were collected.")
    ] = _FRAME,
    systematic: Annotated[
        bool, typer.Option("--systematic", help="Events were asked for at each visit.")
    ] = False,
    vocabulary: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help='Dictionary and version, such as "MedDRA 27.0", where the data do not tell them.',
            show_default=False,
        ),
    ] = None,
    lock: Annotated[
        str | None,
        typer.Option(
            "--data-lock", metavar="DAY", help="Last day that counts.", show_default=False
        ),
    ] = None,
    known_at: KnownAt = None,
) -> None:
    """
    Write the adverse events of a study for ClinicalTrials.gov and for EudraCT or CTIS.

    All-cause mortality, serious events, and other events above a threshold, by arm of the safety
    population; as XML to upload, and as the JSON that ClinicalTrials.gov shows. What a registry
    would refuse is said; nothing is cut to fit.
    """
    try:
        knowledge = knowledge_of(context)
        with opened_store(context) as store, progress("reading the study"):
            data = load_study(
                store,
                knowledge,
                study_id,
                lock=parse_day(lock),
                as_known_at=parse_instant(known_at),
            )
    except NoStudyError as error:
        raise UsageFault(str(error)) from None
    results = build_results(
        data,
        threshold=threshold,
        time_frame=time_frame,
        systematic=systematic,
        vocabulary=vocabulary,
    )
    make_folder(out)
    save_file(out / "clinicaltrials-gov.json", render_clinicaltrials_gov(results))
    save_file(out / "clinicaltrials-gov-upload.xml", render_upload(results))
    save_file(out / "eudract.xml", render_eudract(results))
    screen().print(
        f"{len(results.groups)} arms, {len(results.serious)} serious and {len(results.other)} other"
        f" terms are in {out}: clinicaltrials-gov-upload.xml, clinicaltrials-gov.json, eudract.xml."
    )
    faults = list(validate_results(results))
    for fault in faults[:_SHOWN]:
        hint(f"A registry would refuse this: {fault}.")
    if len(faults) > _SHOWN:
        hint(f"... and {len(faults) - _SHOWN} more.")
