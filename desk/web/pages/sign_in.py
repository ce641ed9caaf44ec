"""Sign in and out."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.actions import Action
from desk.web.context import Desk
from desk.web.errors import ForgedFormError
from desk.web.passwords import matches
from desk.web.render import page
from desk.web.throttle import wait_of
from desk.web.visit import Form, Visit, allowed, cookie_name, desk_of
from safety.store.audit import note_act
from safety.store.people import begin_session, end_session, find_user, note_failure

router = APIRouter()

LOOPBACK = frozenset({"127.0.0.1", "::1"})
WRONG = "The name or the password is wrong."
WAIT = "Too many wrong passwords. Wait a while before you try again."


@router.get("/sign-in")
def form(request: Request, next: str = "/") -> Response:  # noqa: A002 - its name in addresses
    """Show the form; a demo signs its user in, if the browser is on this machine."""
    desk = desk_of(request)
    if desk.manners.demo is not None and _is_here(request):
        return _signed_in(desk, desk.manners.demo, next)
    return page(request, "sign_in.html", visit=None, next=_local(next), name="", fault=None)


@router.post("/sign-in")
def sign_in(request: Request, told: Form) -> Response:
    """Check name and password, slower with every wrong one, and begin a session."""
    desk = desk_of(request)
    _same_site(request)
    name, password = _text(told.get("name")), _text(told.get("password"))
    fault = _check(desk, request, name, password)
    if fault is not None:
        return page(
            request,
            "sign_in.html",
            visit=None,
            status=429 if fault == WAIT else 401,
            next=_local(_text(told.get("next"))),
            name=name[:100],
            fault=fault,
        )
    return _signed_in(desk, name, _text(told.get("next")))


def _signed_in(desk: Desk, name: str, back: str) -> Response:
    """Begin a session, and go where the person wanted to."""
    token = begin_session(desk.store, name, now=desk.clock())
    note_act(desk.store, name, "sign_in", now=desk.clock())
    answer = RedirectResponse(_local(back), 303)
    answer.set_cookie(
        cookie_name(desk),
        token,
        max_age=int(desk.manners.longest.total_seconds()),
        path="/",
        secure=desk.manners.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.post("/sign-out")
def sign_out(request: Request, visit: Annotated[Visit, allowed(Action.VIEW)]) -> Response:
    """End the session."""
    name = cookie_name(visit.desk)
    end_session(visit.desk.store, request.cookies.get(name, ""))
    visit.note("sign_out")
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(name, path="/", secure=visit.desk.manners.secure, httponly=True)
    return answer


def _check(desk: Desk, request: Request, name: str, password: str) -> str | None:
    """Say why somebody may not come in; None if they may. Both faults look and take the same."""
    now = desk.clock()
    address = request.client.host if request.client else "unknown"
    user = find_user(desk.store, name)
    if not desk.throttle.allows(address, now) or (user is not None and wait_of(user, now)):
        return WAIT
    if matches(user.password_hash if user and user.active else None, password):
        return None
    desk.throttle.note(address, now)
    if user is not None:
        note_failure(desk.store, name, now=now)
        note_act(desk.store, name, "sign_in_failed", now=now)
    return WRONG


def _same_site(request: Request) -> None:
    """
    Refuse a sign-in that another site sends: it would sign the victim in as somebody else.

    Raises:
        ForgedFormError: The browser says that it came from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForgedFormError("the form was sent from another site")


def _is_here(request: Request) -> bool:
    """Tell whether the request comes from this machine, straight and not through a proxy."""
    told = request.client.host if request.client else ""
    passed_on = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    return told in LOOPBACK and not passed_on


def _local(path: str) -> str:
    """Give a path of this desk; anything that could lead elsewhere becomes the queue."""
    if not path.startswith("/") or path[1:2] in {"/", "\\"} or any(ord(c) < ord("!") for c in path):
        return "/"
    return path


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
