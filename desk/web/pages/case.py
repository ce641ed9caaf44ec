"""A case: what was told beside what was made of it, each value pointing to its source."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web import scale_forms
from desk.web.actions import Action
from desk.web.casefile import anchor, load_case
from desk.web.forms import nearest_terms, open_forms
from desk.web.render import page
from desk.web.visit import Visit, allowed
from safety.store.people import list_users

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]


@router.get("/case/{ref}")
def case(
    request: Request, ref: str, visit: Viewing, m: int | None = None, done: str | None = None
) -> Response:
    """Show the newest version of a case, beside one of its messages."""
    file = load_case(visit, ref)
    number = m or file.shown_by_default
    visit.note("view", case_id=file.row.case_id, version=file.version.version)
    return page(
        request,
        "case.html",
        visit=visit,
        file=file,
        shown=number,
        said=file.said(number),
        anchor=anchor,
        forms=open_forms(file, visit),
        scales=scale_forms,
        nearest=nearest_terms(file, visit),
        people=[user.name for user in list_users(visit.desk.store) if user.active],
        done=done,
    )
