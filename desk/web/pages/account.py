"""How somebody sees the desk: zone, language; and a new password."""

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.actions import Action
from desk.web.errors import BadRequestError
from desk.web.language import LANGUAGES
from desk.web.passwords import fault_of, hash_password, matches
from desk.web.render import page
from desk.web.throttle import wait_of
from desk.web.visit import Form, Visit, allowed
from safety.store.people import change_user, note_failure, prefer

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]


@router.get("/account")
def account(request: Request, visit: Viewing, done: bool = False) -> Response:  # noqa: FBT001, FBT002
    """Show the form."""
    return page(
        request,
        "account.html",
        visit=visit,
        zones=sorted(available_timezones()),
        done=done,
        fault=None,
    )


@router.post("/account")
def keep(visit: Viewing, told: Form) -> Response:
    """Keep zone and language."""
    zone, language = str(told.get("zone", "")), str(told.get("language", ""))
    if zone not in available_timezones() or language not in LANGUAGES:
        raise BadRequestError("there is no such zone or language")
    prefer(visit.desk.store, visit.user.name, zone=zone, language=language)
    return RedirectResponse("/account?done=1", 303)


@router.post("/account/password")
def password(request: Request, visit: Viewing, told: Form) -> Response:
    """Change the password; all sessions of this user end."""
    new = str(told.get("new", ""))
    fault = fault_of(new, visit.user.name)
    if wait_of(visit.user, visit.now):
        fault = "too many wrong passwords; wait a while before you try again"
    elif not matches(visit.user.password_hash, str(told.get("password", ""))):
        note_failure(visit.desk.store, visit.user.name, now=visit.now)
        fault = "the present password is wrong"
    if fault is not None:
        return page(
            request,
            "account.html",
            visit=visit,
            status=422,
            zones=sorted(available_timezones()),
            done=False,
            fault=fault,
        )
    change_user(visit.desk.store, visit.user.name, password_hash=hash_password(new))
    visit.note("password_changed")
    return RedirectResponse("/sign-in", 303)
