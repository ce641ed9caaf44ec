"""
Put the desk together: pages, gates, headers, failures.

A route without a gate is refused at the start, so that nobody can forget one.
"""

from collections.abc import Iterable, Sequence

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.middleware.trustedhost import TrustedHostMiddleware

from desk.web.api import cases as api_cases
from desk.web.api import decisions as api_decisions
from desk.web.api import documents as api_documents
from desk.web.api import session as api_session
from desk.web.context import Desk
from desk.web.failures import install_failures
from desk.web.headers import SecurityHeaders
from desk.web.pages import (
    account,
    bulk,
    case,
    decide,
    events,
    manual,
    overview,
    papers,
    parked,
    past,
    queue,
    sign_in,
    static,
    timeline,
    trail,
    twins,
    users,
    why,
)
from desk.web.visit import GATES
from safety.errors import InvariantError

PAGES = (
    static,
    sign_in,
    queue,
    overview,
    events,
    bulk,
    case,
    why,
    timeline,
    papers,
    twins,
    users,
    past,
    decide,
    parked,
    trail,
    account,
    manual,
    api_session,
    api_cases,
    api_decisions,
    api_documents,
)
OPEN = frozenset({"/static/{digest}/{name}", "/sign-in", "/alive"})  # to whoever asks


def create_app(desk: Desk) -> FastAPI:
    """
    Build the application of one desk.

    Raises:
        InvariantError: A route says nothing about who may ask for it.
    """
    app = FastAPI(title="sorafenib-safety desk", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.desk = desk
    for each in PAGES:
        app.include_router(each.router)
    install_failures(app)
    check_gates(every_route(app))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(desk.manners.hosts))
    app.add_middleware(SecurityHeaders, secure=desk.manners.secure)
    return app


def every_route(app: FastAPI) -> Sequence[APIRoute]:
    """
    Give all routes of an application, those of the routers in it included.

    Raises:
        InvariantError: One is of a kind that has no gates, or there are none at all.
    """
    found = [each.route for each in iter_route_contexts(app.routes)]
    routes = [each for each in found if isinstance(each, APIRoute)]
    if not routes or len(routes) != len(found):
        raise InvariantError("the desk has a route that cannot have a gate")
    return routes


def check_gates(routes: Iterable[APIRoute]) -> None:
    """
    Refuse routes that neither have a gate nor are open to all on purpose.

    Raises:
        InvariantError: One has none; names it.
    """
    for route in routes:
        gates = [each for each in route.dependant.dependencies if each.call in GATES]
        if route.path not in OPEN and len(gates) != 1:
            raise InvariantError(f"the route {route.path} has {len(gates)} gates, it needs one")
