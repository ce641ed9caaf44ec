"""Messages in quarantine: what broke its contract, and by when it could be due."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.render import page
from desk.web.visit import Visit, allowed
from safety.store.parked import quarantine_list

router = APIRouter()
SHOWN = 200


@router.get("/quarantine")
def quarantine(request: Request, visit: Annotated[Visit, allowed(Action.VIEW)]) -> Response:
    """Show what waits in quarantine, the one that could be due first at the top."""
    found = quarantine_list(visit.desk.store, limit=SHOWN)
    return page(request, "quarantine.html", visit=visit, found=found, more=len(found) == SHOWN)
