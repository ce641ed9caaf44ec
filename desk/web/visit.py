"""
Who asks, and may they? The one gate in front of every page.

A route names the action it needs with `allowed(...)`; `create_app` refuses to start with a route
that names none. Forms carry the token of the session, so that no other site can send one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from desk.web.actions import Action, is_allowed
from desk.web.context import Desk
from desk.web.errors import (
    BadRequestError,
    ForgedFormError,
    NotAllowedError,
    NotSignedInError,
)
from safety.store.audit import note_act
from safety.store.people import User, find_session

COOKIE = "desk"
SECURE_COOKIE = "__Host-desk"  # browsers take a cookie of this name only over HTTPS, for one host
READING = frozenset({"GET", "HEAD"})
_NOTED = timedelta(minutes=1)
_FIELDS = 2_000  # of a form; bulk actions send a field a case

GATES: dict[Callable[..., object], Action] = {}  # every gate that was made, and what it asks for


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One request of a signed-in user.

    Attributes:
        csrf: The token that forms of this session carry.
        now: The instant of the request.
    """

    desk: Desk
    user: User
    csrf: str
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this user reads times."""
        return ZoneInfo(self.user.zone)

    @property
    def today(self) -> date:
        """The calendar day where this user is, or the one that the desk is set to."""
        return self.desk.manners.as_of or self.now.astimezone(self.zone).date()

    def may(self, action: Action) -> bool:
        """Tell whether this user may do it."""
        return is_allowed(self.user.role, action)

    def note(
        self, act: str, *, case_id: str | None = None, version: int | None = None, **details: object
    ) -> None:
        """Write into the audit trail what this user does: every view of a case, every export."""
        note_act(
            self.desk.store,
            self.user.name,
            act,
            now=self.now,
            case_id=case_id,
            version=version,
            **details,
        )


async def read_form(request: Request) -> FormData:
    """
    Read the form of a request that changes something; empty for one that reads.

    Raises:
        BadRequestError: It is no form.
    """
    if request.method in READING:
        return FormData()
    try:
        return await request.form(max_files=0, max_fields=_FIELDS)
    except HTTPException:
        raise BadRequestError("the form cannot be read") from None


Form = Annotated[FormData, Depends(read_form)]


def desk_of(request: Request) -> Desk:
    """Give the desk that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def cookie_name(desk: Desk) -> str:
    """Give the name of the session's cookie."""
    return SECURE_COOKIE if desk.manners.secure else COOKIE


def visit_of(request: Request) -> Visit:
    """
    Give the visit of whoever is signed in.

    Raises:
        NotSignedInError: Nobody is.
    """
    desk = desk_of(request)
    token = request.cookies.get(cookie_name(desk))
    now = desk.clock()
    session = token and find_session(
        desk.store,
        token,
        now=now,
        idle=desk.manners.idle,
        longest=desk.manners.longest,
        noted=_NOTED,
    )
    if not session:
        raise NotSignedInError("nobody is signed in, or the session has expired")
    request.state.visit = visit = Visit(desk, session.user, session.csrf, now)
    return visit


def allowed(action: Action) -> Any:  # noqa: ANN401 - FastAPI's Depends is typed so
    """
    Give the gate of a route: the visit of somebody who may do this.

    Whoever is not signed in, may not, or sends a form without the token of the session is refused
    by the errors of `desk.web.errors`; that somebody tried what they may not is noted.
    """

    def gate(request: Request, form: Form) -> Visit:
        visit = visit_of(request)
        if request.method not in READING:
            check_token(request, form, visit.csrf)
        if not visit.may(action):
            visit.note("refused", action=action.value)
            raise NotAllowedError(action)
        return visit

    GATES[gate] = action
    return Depends(gate)


def check_token(request: Request, form: FormData, csrf: str) -> None:
    """
    Refuse what was not sent from a page of this session.

    Raises:
        ForgedFormError: The token is missing or another one.
    """
    told = request.headers.get("x-csrf-token") or form.get("csrf") or ""
    if not isinstance(told, str) or not secrets.compare_digest(told.encode(), csrf.encode()):
        raise ForgedFormError(
            "the form was not sent from a page of this session; load the page again and repeat it"
        )
