"""Decisions, taken by a program for the person who is signed in; the same way as at the desk."""

from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.api import PREFIX
from desk.web.api.answers import answer, failing, names, problem, tag_of
from desk.web.api.asked import AskedDecision
from desk.web.api.cases import Ref, Viewing
from desk.web.api.models import Decisions, Recorded, decisions_of, detail_of
from desk.web.casefile import load_case
from desk.web.pages.decide import form_of, record
from desk.web.visit import Visit, allowed

router = APIRouter(prefix=PREFIX, tags=["decisions"])
Token = Annotated[str, Header(alias="X-CSRF-Token", description="`csrf` of GET /session.")]


@router.get("/cases/{ref}/decisions", response_model=Decisions, responses=failing(404))
def decisions(request: Request, ref: Ref, visit: Viewing) -> Response:
    """List what was decided about a case, by whom, why, and what was taken back."""
    file = load_case(visit, ref)
    visit.note("view_history", case_id=file.row.case_id, version=file.version.version)
    return answer(request, decisions_of(file))


@router.post(
    "/cases/{ref}/decisions",
    response_model=Recorded,
    status_code=201,
    responses={
        200: {"description": "The case says so already"},
        **failing(400, 404, 409, 412, 428),
    },
)
def decide(
    ref: Ref,
    visit: Annotated[Visit, allowed(Action.VIEW)],
    asked: AskedDecision,
    token: Token,
    if_match: Annotated[str | None, Header(description="ETag of the case as it was seen.")] = None,
) -> Response:
    """
    Record a decision.

    The first that applies decides:

    1. the role may not: 403;
    2. neither `If-Match` nor `version` says what was seen: 428;
    3. the case is not what `If-Match` names: 412;
    4. the case has another version than `version`, or it is out of sequence: 409 with the sentence;
    5. a field says what cannot be, or the reason is missing: 422;
    6. recorded, with a new version: 201;
    7. recorded, and the case says so already: 200.
    """
    del token  # the gate has compared it
    wanted = form_of(visit, asked.kind)
    file = load_case(visit, ref)
    seen = asked.version
    if if_match is not None:
        if not names(if_match, tag_of(detail_of(file, visit).model_dump_json().encode())):
            return problem(412, "the case is not what you saw: get it again and decide anew")
        seen = seen or file.version.version
    if seen is None:
        return problem(428, "say what you saw: its ETag as If-Match, or its version")
    made = record(visit, file, wanted, {**asked.told(), "version": str(seen)})
    told = Recorded(message=made.message, version=made.version)
    return Response(
        told.model_dump_json(),
        200 if made.version is None else 201,
        media_type="application/json",
    )
