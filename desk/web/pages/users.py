"""Who may work at the desk: for the administrator, the same as `safety user`."""

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk.web.actions import Action
from desk.web.errors import BadRequestError, NotThereError
from desk.web.language import LANGUAGES
from desk.web.passwords import fault_of, hash_password
from desk.web.render import page
from desk.web.visit import Form, Visit, allowed
from safety.store.people import Role, User, UserError, add_user, change_user, find_user, list_users

router = APIRouter()
Managing = Annotated[Visit, allowed(Action.MANAGE_USERS)]
LONGEST = 100  # characters of a name


@router.get("/users")
def users(request: Request, visit: Managing) -> Response:
    """List the people of the desk."""
    return _shown(request, visit)


@router.post("/users")
def add(request: Request, visit: Managing, told: Form) -> Response:
    """Add a person."""
    name, full_name = _line(told.get("name")), _line(told.get("full_name"))
    role, zone = _role(told.get("role")), _line(told.get("zone"))
    language, password = _line(told.get("language")), str(told.get("password", ""))
    if zone not in available_timezones() or language not in LANGUAGES:
        raise BadRequestError("there is no such zone or language")
    fault = fault_of(password, name) if name else "a person needs a name to sign in with"
    if fault is None:
        try:
            add_user(
                visit.desk.store,
                name,
                role,
                password_hash=hash_password(password),
                now=visit.now,
                full_name=full_name or name,
                zone=zone,
                language=language,
            )
        except UserError:
            fault = "there is somebody of that name already"
    if fault is not None:
        return _shown(request, visit, fault=fault, status=422)
    visit.note("user_added", name=name, role=role.value)
    return RedirectResponse("/users", 303)


@router.post("/users/change")
def change(request: Request, visit: Managing, told: Form) -> Response:
    """
    Change one thing about a person; their sessions end.

    1. oneself: neither the role nor whether one may sign in, so that somebody can still manage;
    2. the role, whether they may sign in, or the password.
    """
    user = _found(visit, str(told.get("name", "")))
    name = user.name
    what = told.get("change")
    if user.name == visit.user.name and what != "password":
        return _shown(
            request, visit, fault="another administrator changes what you may", status=409
        )
    match what:
        case "role":
            role = _role(told.get("role"))
            change_user(visit.desk.store, name, role=role.value)
            visit.note("role_changed", name=name, role=role.value)
        case "disable" | "enable":
            change_user(visit.desk.store, name, active=what == "enable")
            visit.note(f"user_{what}d", name=name)
        case "password":
            password = str(told.get("password", ""))
            if fault := fault_of(password, name):
                return _shown(request, visit, fault=fault, status=422)
            hashed = hash_password(password)
            change_user(visit.desk.store, name, password_hash=hashed, failures=0, failed_at=None)
            visit.note("password_given", name=name)
        case _:
            raise BadRequestError("there is no such change of a person")
    return RedirectResponse("/users", 303)


def _shown(
    request: Request, visit: Visit, *, fault: str | None = None, status: int = 200
) -> Response:
    return page(
        request,
        "users.html",
        visit=visit,
        status=status,
        people=list_users(visit.desk.store),
        roles=list(Role),
        zones=sorted(available_timezones()),
        fault=fault,
    )


def _found(visit: Visit, name: str) -> User:
    """
    Give a person.

    Raises:
        NotThereError: There is nobody of that name.
    """
    user = find_user(visit.desk.store, name)
    if user is None:
        raise NotThereError("there is nobody of that name")
    return user


def _role(told: object) -> Role:
    """
    Read a role.

    Raises:
        BadRequestError: There is none of that name.
    """
    try:
        return Role(str(told))
    except ValueError:
        raise BadRequestError("there is no such role") from None


def _line(told: object) -> str:
    return str(told or "").strip()[:LONGEST]
