"""The queue: what is due first is on top."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.actions import Action
from desk.web.context import Tallies
from desk.web.errors import BadRequestError
from desk.web.filters import (
    LONGEST,
    address,
    asked_of,
    read_filters,
    read_place,
    write_place,
)
from desk.web.render import page
from desk.web.visit import Form, Visit, allowed
from safety.store.parked import count_parked
from safety.store.queue import COUNTED, OPEN_TABS, Tab, cases_of, count_tabs, list_queue
from safety.store.views import View, drop_view, find_view, keep_view, saved_views

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]
SHOWN = 50
MOST_REFS = 200


@router.get("/")
def queue(request: Request, visit: Viewing) -> Response:
    """Show the cases that the address asks for."""
    told = dict(request.query_params)
    view = _view(visit, told.get("view"))
    filters = read_filters({**(view.filters if view else {}), **told})
    words = view.words if view else ""
    found = list_queue(
        visit.desk.store,
        asked_of(filters, words),
        user=visit.user.name,
        today=visit.today,
        limit=SHOWN + 1,
        after=read_place(told.get("after")),
    )
    counts, parked = visit.desk.tallies.get(visit.today, visit.now, partial(_tally, visit))
    more = write_place(found[SHOWN - 1].place) if len(found) > SHOWN else None
    return page(
        request,
        "queue.html",
        visit=visit,
        found=[each.row for each in found[:SHOWN]],
        filters=filters,
        view=view,
        views=saved_views(visit.desk.store, visit.user.name),
        counts={**counts, **_count(visit, (Tab.MINE,))},
        parked=parked,
        counted=COUNTED,
        tabs=list(Tab),
        address=address,
        more=more,
        after=told.get("after"),
    )


@router.get("/rows")
def rows(request: Request, visit: Viewing, refs: str = "") -> Response:
    """Give the rows of some cases as they are now, to be put in the place of those shown."""
    wanted = refs.split(",")
    if len(wanted) > MOST_REFS:
        raise BadRequestError("too many cases at once")
    found = cases_of(visit.desk.store, wanted)
    return page(request, "rows.html", visit=visit, found=found)


@router.post("/search")
def search(visit: Viewing, told: Form) -> Response:
    """Keep what was typed, which may tell of a patient, out of the address."""
    words = str(told.get("words", ""))[:LONGEST].strip()
    filters = read_filters({k: v for k, v in told.items() if isinstance(v, str)})
    if not words:
        return RedirectResponse(address(filters), 303)
    view = keep_view(
        visit.desk.store,
        visit.user.name,
        title=None,
        filters={},
        words=words,
        now=visit.now,
    )
    return RedirectResponse(address(filters, view=view), 303)


@router.post("/views")
def save(visit: Annotated[Visit, allowed(Action.SAVE_VIEW)], told: Form) -> Response:
    """Save the view that is shown under a title."""
    title = str(told.get("title", "")).strip()[:LONGEST]
    if not title:
        raise BadRequestError("a saved view needs a title")
    shown = _view(visit, str(told.get("view", "")))
    filters = read_filters({k: v for k, v in told.items() if isinstance(v, str)})
    view = keep_view(
        visit.desk.store,
        visit.user.name,
        title=title,
        filters=filters,
        words=shown.words if shown else "",
        now=visit.now,
    )
    return RedirectResponse(address({}, view=view), 303)


@router.post("/views/{view_id}/drop")
def drop(view_id: str, visit: Annotated[Visit, allowed(Action.SAVE_VIEW)]) -> Response:
    """Forget a saved view."""
    drop_view(visit.desk.store, visit.user.name, view_id)
    return RedirectResponse("/", 303)


def _tally(visit: Visit) -> Tallies:
    return _count(visit, [tab for tab in OPEN_TABS if tab is not Tab.MINE]), count_parked(
        visit.desk.store
    )


def _count(visit: Visit, tabs: Sequence[Tab]) -> Mapping[Tab, int]:
    return count_tabs(visit.desk.store, user=visit.user.name, today=visit.today, tabs=tabs)


def _view(visit: Visit, view_id: str | None) -> View | None:
    return find_view(visit.desk.store, visit.user.name, view_id) if view_id else None
