"""Who a program is signed in as, what it searches for, and the description of the API itself."""

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import JSONResponse, Response

from desk.web.actions import Action
from desk.web.api import PREFIX, cases, decisions, documents
from desk.web.api.answers import Model, Problem, answer, failing
from desk.web.api.cases import Viewing
from desk.web.api.decisions import Token
from desk.web.api.models import Session
from desk.web.filters import LONGEST
from desk.web.visit import COOKIE, Visit, allowed
from safety.store.views import keep_view

router = APIRouter(prefix=PREFIX, tags=["session"])
TITLE = "sorafenib-safety desk"
ABOUT = (
    "Sign in with the form fields `name` and `password` at `POST /sign-in` and keep the cookie."
    " Everything here has the role of that person, and is in the audit trail."
)


class Search(BaseModel):
    """Words to search for."""

    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=r"\S")]


class Searched(Model):
    """The number of a search, for `GET /cases?search=`."""

    search: str


@router.get("/session", response_model=Session, responses=failing())
def session(request: Request, visit: Viewing) -> Response:
    """Say who is signed in, and what they may do."""
    told = Session(
        user=visit.user.name,
        full_name=visit.user.full_name,
        role=visit.user.role.value,
        may=[action.value for action in Action if visit.may(action)],
        csrf=visit.csrf,
    )
    return answer(request, told)


@router.post("/searches", response_model=Searched, status_code=201, responses=failing(400))
def search(visit: Annotated[Visit, allowed(Action.VIEW)], asked: Search, token: Token) -> Response:
    """Keep what is searched for, which may tell of a patient, out of the address."""
    del token  # the gate has compared it
    number = keep_view(
        visit.desk.store, visit.user.name, title=None, filters={}, words=asked.words, now=visit.now
    )
    told = Searched(search=number)
    return Response(told.model_dump_json(), 201, media_type="application/json")


@router.get("/openapi.json", responses=failing())
def openapi(visit: Viewing) -> Response:
    """Describe the API (OpenAPI 3.1)."""
    del visit
    return JSONResponse(describe_api())


@cache
def describe_api() -> dict[str, Any]:
    """Give the description of the API."""
    routers = (router, cases.router, decisions.router, documents.router)
    told = get_openapi(
        title=TITLE,
        version="1",
        description=ABOUT,
        routes=[route for each in routers for route in each.routes],
    )
    told["components"]["schemas"]["Problem"] = Problem.model_json_schema()
    told["components"]["securitySchemes"] = {
        "session": {"type": "apiKey", "in": "cookie", "name": COOKIE}
    }
    told["security"] = [{"session": []}]
    return told
