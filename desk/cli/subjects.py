"""`safety subject`: what the records of a study's subjects say, the points of an eDISH plot too."""

from typing import Annotated

import typer

from desk.cli.arguments import Json
from desk.cli.clinical_view import render_liver
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import print_json, screen, table
from safety.clinical import build_liver_trace, plain
from safety.profiles import load_product
from safety.store.subjects import (
    held_records,
    latest_assessments,
    load_subject,
    subject_keys,
)
from safety.subjects import EdishPoint, assess_subject, derive_edish, screen_records

app = typer.Typer(
    no_args_is_help=True,
    help="Look at subjects of studies: liver, doses and interactions from their study records.",
)
_STATES = ("met", "undecided", "none")
_MET = {True: "potential", False: "no", None: "undecided"}


@app.command("list")
def list_all(
    context: typer.Context,
    study: Annotated[
        str | None, typer.Option(help="Only of this study.", show_default=False)
    ] = None,
    liver: Annotated[
        str | None,
        typer.Option(help=f"Only this liver screen: {', '.join(_STATES)}.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    List the subjects whose records say something: potential Hy's law, doses, interactions.

    What each says now; a subject without any finding is not listed.
    """
    if liver not in {None, *_STATES}:
        raise UsageFault(f"there is no liver screen {liver}; there are {', '.join(_STATES)}")
    with opened_store(context) as store:
        found = latest_assessments(store, study=study, liver=liver)
    if as_json:
        print_json(
            [
                {
                    "study": each.study,
                    "subject": each.subject,
                    "version": each.version,
                    "liver": each.liver,
                    "said": each.said,
                    "findings": each.findings,
                }
                for each in found
            ]
        )
        return
    shown = table("study", "subject", "liver", "by", "findings")
    for each in found:
        codes = dict.fromkeys(finding["code"] for finding in each.findings)
        shown.add_row(
            each.study,
            each.subject,
            each.liver,
            each.said.get("criterion", "-"),
            ", ".join(codes) or "-",
        )
    screen().print(shown)


@app.command("show")
def show(
    context: typer.Context,
    study: Annotated[str, typer.Argument(help="The study's own id.")],
    subject: Annotated[str, typer.Argument(help="The subject's code.")],
    as_json: Json = False,
) -> None:
    """
    Show what the records of one subject say now: the liver screen with its figures, and findings.

    Peaks are multiples of the upper limit of normal under treatment.
    """
    knowledge = knowledge_of(context)
    with opened_store(context) as store:
        if load_subject(store, study, subject) is None:
            raise UsageFault(f"there is no subject {subject} of study {study}")
        held = held_records(store, study, subject)
    said = assess_subject(held, knowledge)
    liver = None if said.liver is None else build_liver_trace(said.liver)
    if as_json:
        findings = [
            {"code": f.code, "path": f.path, "message": f.message, "severity": f.severity}
            for f in said.findings
        ]
        print_json({"study": study, "subject": subject, "liver": liver, "findings": findings})
        return
    screen().print("There is no liver test." if liver is None else render_liver(liver))
    if said.findings:
        shown = table("finding", "where", "what to do")
        for finding in said.findings:
            shown.add_row(finding.code, finding.path, finding.message)
        screen().print(shown)


@app.command("edish")
def edish(
    context: typer.Context,
    study: Annotated[str, typer.Argument(help="The study's own id.")],
    as_json: Json = False,
) -> None:
    """
    Print the points of an eDISH plot: peak ALT and peak total bilirubin of each subject, times ULN.

    Under treatment; a subject without one of the two has no point.
    """
    product = load_product()
    points: dict[str, EdishPoint] = {}
    with opened_store(context) as store:
        for _, subject in subject_keys(store, study=study):
            point = derive_edish(screen_records(held_records(store, study, subject), product))
            if point is not None:
                points[subject] = point
    if as_json:
        print_json(
            [
                {
                    "subject": subject,
                    "alt": plain(point.alt),
                    "tbl": plain(point.tbl),
                    "quadrant": point.quadrant,
                    "hys_law": point.hys_law,
                }
                for subject, point in points.items()
            ]
        )
        return
    shown = table("subject", "ALT", "bilirubin", "quadrant", "Hy's law", right=("ALT", "bilirubin"))
    for subject, point in points.items():
        shown.add_row(
            subject,
            plain(point.alt),
            plain(point.tbl),
            point.quadrant.replace("_", " "),
            _MET[point.hys_law],
        )
    screen().print(shown)
