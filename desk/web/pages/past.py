"""How a case came to be as it is: its versions, what each changed, who decided and looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from consumers.decide import explain_not_undoable
from consumers.printable import printable
from desk.web.actions import Action
from desk.web.casefile import CaseFile, load_case
from desk.web.errors import NotThereError
from desk.web.render import page
from desk.web.visit import Visit, allowed
from safety.case import Report
from safety.store.audit import audit_entries
from safety.store.queries import versions_of

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]


@dataclass(frozen=True, slots=True)
class Told:
    """
    One message of a case, as the history shows it.

    Attributes:
        version: The version it made; None where it told nothing new.
        undone: A later decision took it back.
        undo_refusal: Why it cannot be taken back now; None if it can.
    """

    number: int
    report: Report
    version: int | None
    undone: bool
    undo_refusal: str | None


@router.get("/case/{ref}/versions")
def versions(request: Request, ref: str, visit: Viewing) -> Response:
    """Show every version, the newest first, with what it changed."""
    file = load_case(visit, ref)
    visit.note("view_versions", case_id=file.row.case_id, version=file.version.version)
    found = versions_of(visit.desk.store, file.row.case_id)
    return page(request, "versions.html", visit=visit, file=file, versions=found[::-1])


@router.get("/case/{ref}/history")
def history(request: Request, ref: str, visit: Viewing) -> Response:
    """Show every message and decision, and who looked at the case."""
    file = load_case(visit, ref)
    visit.note("view_history", case_id=file.row.case_id, version=file.version.version)
    entries = audit_entries(visit.desk.store, case_id=file.row.case_id)
    return page(
        request,
        "history.html",
        visit=visit,
        file=file,
        told=told_of(file, visit),
        entries=entries if visit.may(Action.READ_AUDIT) else None,
    )


@router.get("/case/{ref}/source/{number}")
def source(ref: str, number: int, visit: Viewing) -> Response:
    """Show a message as it was received."""
    file = load_case(visit, ref)
    if not 1 <= number <= len(file.messages):
        raise NotThereError("the case has no such message")
    visit.note("view_source", case_id=file.row.case_id, message=number)
    text = file.messages[number - 1].payload.decode("utf-8", errors="replace")
    return PlainTextResponse(printable(text))


def told_of(file: CaseFile, visit: Visit) -> Sequence[Told]:
    """Give the messages of a case, the newest first."""
    made = {
        version.caused_by: version.version
        for version in versions_of(visit.desk.store, file.row.case_id)
    }
    undone = {report.undoes for report in file.reports}
    return [
        Told(
            number,
            report,
            made.get(report.message),
            report.message in undone,
            explain_not_undoable(report.message, file.reports),
        )
        for number, report in enumerate(file.reports, 1)
    ][::-1]
