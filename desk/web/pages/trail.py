"""The audit trail: who looked at what, took what out, decided what."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.render import page
from desk.web.visit import Visit, allowed
from safety.store.audit import audit_entries

router = APIRouter()
SHOWN = 200


@router.get("/audit")
def trail(
    request: Request,
    visit: Annotated[Visit, allowed(Action.READ_AUDIT)],
    user: str | None = None,
    before: int | None = None,
) -> Response:
    """Show the newest entries, or those before one of them."""
    entries = audit_entries(visit.desk.store, user=user or None, before=before, limit=SHOWN)
    visit.note("audit_read")
    return page(
        request, "audit.html", visit=visit, entries=entries, user=user, more=len(entries) == SHOWN
    )
