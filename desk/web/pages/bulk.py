"""Several cases at once: accept, assign, export."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from consumers.decide import CaseMovedError
from consumers.two_cases import DecisionRefusedError
from desk.web.actions import Action
from desk.web.casefile import load_case
from desk.web.errors import BadRequestError
from desk.web.export import as_csv, as_workbook
from desk.web.filters import address, asked_of, read_filters
from desk.web.pages.decide import form_of, record
from desk.web.render import page
from desk.web.visit import Form, Visit, allowed
from safety.store.queue import list_queue
from safety.store.views import find_view

router = APIRouter()
MOST = 200  # cases of one bulk action
BULK = frozenset({Action.ACCEPT, Action.ASSIGN})
MOST_EXPORTED = 100_000


@router.post("/bulk")
def bulk(request: Request, visit: Annotated[Visit, allowed(Action.VIEW)], form: Form) -> Response:
    """Take the same decision about several cases; each stands or falls alone."""
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    wanted = form_of(visit, told.get("kind", ""))
    if wanted.action not in BULK:
        raise BadRequestError("that cannot be decided about several cases at once")
    picked = [each for each in form.getlist("ref") if isinstance(each, str)]
    if not 0 < len(picked) <= MOST:
        raise BadRequestError(f"select at least one case and at most {MOST}")
    refused = []
    for each in picked:
        ref, _, version = each.partition(".")
        file = load_case(visit, ref)
        try:
            record(visit, file, wanted, {**told, "version": version})
        except (CaseMovedError, DecisionRefusedError) as error:
            refused.append((file.row, str(error)))
    back = address(read_filters(told), view=told.get("view"))
    if not refused:
        return RedirectResponse(back, 303)
    done = len(picked) - len(refused)
    return page(
        request, "bulk.html", visit=visit, status=409, refused=refused, done=done, back=back
    )


@router.post("/export")
def export(visit: Annotated[Visit, allowed(Action.EXPORT)], form: Form) -> Response:
    """Give the cases of a view as a file; who took what out is noted before it is given."""
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    kind = told.get("format")
    if kind not in {"csv", "xlsx"}:
        raise BadRequestError("an export is a CSV or an Excel file")
    view = find_view(visit.desk.store, visit.user.name, told.get("view", ""))
    filters = read_filters(told)
    found = list_queue(
        visit.desk.store,
        asked_of(filters, view.words if view else ""),
        user=visit.user.name,
        today=visit.today,
        limit=MOST_EXPORTED,
    )
    rows = [each.row for each in found]
    visit.note("export", format=kind, cases=len(rows), filters=sorted(filters), searched=bool(view))
    name = f"cases-{visit.now:%Y%m%dT%H%M%SZ}.{kind}"
    content, media = as_csv(rows) if kind == "csv" else as_workbook(rows)
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
