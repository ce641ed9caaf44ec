"""Cases, their traces and their duties, as JSON."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.api import PREFIX
from desk.web.api.answers import answer, failing
from desk.web.api.models import (
    CaseDetail,
    CasePage,
    CaseRow,
    DutiesOfCase,
    DutyPage,
    Trace,
    detail_of,
    duties_of_case,
    duty_of,
    row_values,
    trace_of,
)
from desk.web.casefile import load_case
from desk.web.errors import BadRequestError, NotThereError
from desk.web.filters import asked_of, read_filters, read_place, write_place
from desk.web.visit import Visit, allowed
from safety.store.queries import list_duties
from safety.store.queue import Tab, list_queue
from safety.store.views import find_view
from safety.workflow import Stage

router = APIRouter(prefix=PREFIX, tags=["cases"])
Viewing = Annotated[Visit, allowed(Action.VIEW)]
Ref = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="Name of the case in addresses.")]
Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Null: the newest.")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Answer = Literal["yes", "no", "unknown"]
Limit = Annotated[int, Field(ge=1, le=500)]
Cursor = Annotated[
    str, Field(max_length=200, description="`next` of the page before; null: the first.")
]


class Wanted(BaseModel):
    """Which cases are wanted; the filters of the queue."""

    model_config = ConfigDict(extra="forbid")

    tab: Tab = Tab.ALL
    stage: Stage | None = None
    authority: Text | None = None
    country: Text | None = None
    study: Text | None = None
    context: Text | None = None
    owner: Text | None = None
    serious: Answer | None = None
    unexpected: Answer | None = None
    related: Answer | None = None
    search: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        default=None, description="Number that POST /searches gave."
    )
    cursor: Cursor | None = None
    limit: Limit = 50

    def filters(self) -> dict[str, str]:
        """Give the filters as the address of the queue has them."""
        told = self.model_dump(
            mode="json", exclude_none=True, exclude={"search", "cursor", "limit"}
        )
        return read_filters(told)


@router.get("/cases", response_model=CasePage, responses=failing(404))
def cases(request: Request, visit: Viewing, wanted: Annotated[Wanted, Query()]) -> Response:
    """List cases: the nearest open due date first, then the gravest."""
    search, limit = wanted.search, wanted.limit
    view = find_view(visit.desk.store, visit.user.name, search) if search else None
    if search and view is None:
        raise NotThereError("there is no such search of yours; make one with POST /searches")
    found = list_queue(
        visit.desk.store,
        asked_of(wanted.filters(), view.words if view else ""),
        user=visit.user.name,
        today=visit.today,
        limit=limit + 1,
        after=read_place(wanted.cursor),
    )
    page = CasePage(
        cases=[CaseRow(**row_values(each.row)) for each in found[:limit]],
        next=write_place(found[limit - 1].place) if len(found) > limit else None,
    )
    return answer(request, page)


@router.get("/cases/{ref}", response_model=CaseDetail, responses=failing(404))
def case(request: Request, ref: Ref, visit: Viewing, version: Version = None) -> Response:
    """Give all of a case; its ETag goes as `If-Match` with a decision."""
    file = load_case(visit, ref, version=version)
    visit.note("view", case_id=file.row.case_id, version=file.version.version)
    return answer(request, detail_of(file, visit))


@router.get("/cases/{ref}/trace", response_model=Trace, responses=failing(404))
def trace(request: Request, ref: Ref, visit: Viewing, version: Version = None) -> Response:
    """Say why a version has the duties it has: every rule that was asked, what would decide it."""
    file = load_case(visit, ref, version=version)
    visit.note("view_trace", case_id=file.row.case_id, version=file.version.version)
    return answer(request, trace_of(file.version))


@router.get("/cases/{ref}/obligations", response_model=DutiesOfCase, responses=failing(404))
def obligations_of_case(request: Request, ref: Ref, visit: Viewing) -> Response:
    """Give the duties of a case that stand, each with how far its report has come."""
    file = load_case(visit, ref)
    visit.note("view_obligations", case_id=file.row.case_id, version=file.version.version)
    return answer(request, duties_of_case(file))


class WantedDuties(BaseModel):
    """Which duties are wanted."""

    model_config = ConfigDict(extra="forbid")

    authority: Text | None = None
    until: date | None = None
    cursor: Cursor | None = None
    limit: Limit = 50


@router.get("/obligations", response_model=DutyPage, responses=failing())
def obligations(
    request: Request, visit: Viewing, wanted: Annotated[WantedDuties, Query()]
) -> Response:
    """List the duties that stand in all cases, sent or not, the nearest due date first."""
    limit = wanted.limit
    found = list_duties(
        visit.desk.store,
        until=wanted.until,
        authority=wanted.authority,
        after=_place(wanted.cursor),
        limit=limit + 1,
    )
    last = found[limit - 1] if len(found) > limit else None
    page = DutyPage(
        obligations=[duty_of(each) for each in found[:limit]],
        next=None if last is None else f"{last.due}.{last.obligation_id}",
    )
    return answer(request, page)


def _place(cursor: str | None) -> tuple[date, str] | None:
    """
    Read a place among the duties.

    Raises:
        BadRequestError: It is none.
    """
    if cursor is None:
        return None
    day, _, duty = cursor.partition(".")
    if not duty.isascii() or not duty.isalnum():
        raise BadRequestError("there is no such place in the list")
    try:
        return date.fromisoformat(day), duty
    except ValueError:
        raise BadRequestError("there is no such place in the list") from None
