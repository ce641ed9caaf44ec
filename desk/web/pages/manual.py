"""The page of keys and marks."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.render import page
from desk.web.visit import Visit, allowed

router = APIRouter()


@router.get("/help")
def manual(request: Request, visit: Annotated[Visit, allowed(Action.VIEW)]) -> Response:
    """Show what each key does and each mark means."""
    return page(request, "help.html", visit=visit)
