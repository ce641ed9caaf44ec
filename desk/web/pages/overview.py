"""The overview: what is due to whom, what was in time, what comes in, what waits."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.kept import Kept
from desk.web.overview import (
    ANSWERS,
    URGENCIES,
    Counts,
    count_all,
    derive_overview,
    with_ends,
)
from desk.web.render import page
from desk.web.visit import Visit, allowed

router = APIRouter()
FRESH = timedelta(minutes=2)
MOST_DAYS = 3  # the world has two calendar days at a time; a third one while they change


@router.get("/overview")
def overview(request: Request, visit: Annotated[Visit, allowed(Action.VIEW)]) -> Response:
    """Show how the office stands; counted at most every two minutes."""
    known = _counted(visit).wait(visit.now)
    ends = None if visit.desk.ends is None else visit.desk.ends.get(visit.now)
    shown = known.value and derive_overview(known.value, visit.today)
    lag = known.value and with_ends(known.value.offsets, (ends and ends.value) or {})
    return page(
        request,
        "overview.html",
        visit=visit,
        status=200 if shown else 503,
        shown=shown,
        known=known,
        lag=lag,
        ends=ends,
        asked=visit.desk.ends is not None,
        urgencies=URGENCIES,
        answers=ANSWERS,
    )


def _counted(visit: Visit) -> Kept[Counts]:
    kept: dict[date, Kept[Counts]] = visit.desk.counted
    if visit.today not in kept:
        for old in sorted(kept)[: len(kept) - MOST_DAYS + 1]:
            kept.pop(old, None)
        kept.setdefault(visit.today, Kept(partial(count_all, visit.desk.store, visit.today), FRESH))
    return kept[visit.today]
