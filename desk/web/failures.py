"""What is shown when a page cannot be: a clear page with a sentence, never a stack trace."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from consumers.decide import CaseMovedError
from consumers.log import where_raised
from consumers.two_cases import DecisionRefusedError
from desk.web.api import PREFIX
from desk.web.api.answers import problem
from desk.web.errors import (
    BadRequestError,
    ForgedFormError,
    NotAllowedError,
    NotSignedInError,
    NotThereError,
)
from desk.web.render import page
from desk.web.visit import READING, Visit
from safety.errors import SafetyError, TransientError

_STATUS: tuple[tuple[type[SafetyError], int], ...] = (
    (NotAllowedError, 403),
    (ForgedFormError, 403),
    (NotThereError, 404),
    (BadRequestError, 422),
    (CaseMovedError, 409),
    (DecisionRefusedError, 409),
    (TransientError, 503),
    (SafetyError, 500),
)


def install_failures(app: FastAPI) -> None:
    """Give every kind of failure its page."""
    app.add_exception_handler(NotSignedInError, _sign_in)
    app.add_exception_handler(SafetyError, _ours)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _theirs)
    app.add_exception_handler(Exception, _unforeseen)


def _sign_in(request: Request, error: Exception) -> Response:
    """Send to the sign-in page, and back afterwards; what was being sent is not lost silently."""
    del error
    if _is_program(request):
        return problem(401, "nobody is signed in, or the session has expired; sign in again")
    if request.method not in READING:
        return _failed(
            request, 401, "your session has expired: nothing was recorded; sign in and repeat it"
        )
    return RedirectResponse(f"/sign-in?next={_path_of(request)}", 303)


def _path_of(request: Request) -> str:
    path = request.url.path
    return "/" if path.startswith("/sign-in") else path


def _ours(request: Request, error: Exception) -> Response:
    status = next(code for kind, code in _STATUS if isinstance(error, kind))
    return _failed(request, status, str(error))


def _not_understood(request: Request, error: Exception) -> Response:
    if _is_program(request) and isinstance(error, RequestValidationError):
        where = ".".join(str(each) for each in error.errors()[0]["loc"] if each != "body")
        return problem(422, f"{where or 'the body'} is missing or says what cannot be")
    return _failed(request, 422, "the address or the form says something that cannot be understood")


def _theirs(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = {
        400: "the request cannot be read",
        404: "there is no such page",
        405: "this page cannot be asked so",
    }
    return _failed(request, status, said.get(status, "the request was refused"))


def _unforeseen(request: Request, error: Exception) -> Response:
    """An error nobody foresaw: its place goes into the log, its text nowhere."""
    structlog.get_logger().error(
        "page failed", error=type(error).__name__, where=where_raised(error)
    )
    return _failed(
        request,
        500,
        "an error nobody foresaw; nothing of this step was recorded, and the place of the error is"
        " in the log of the desk",
    )


def _failed(request: Request, status: int, sentence: str) -> Response:
    if _is_program(request):
        return problem(status, sentence)
    return page(request, "failure.html", status=status, sentence=sentence, visit=_visit(request))


def _is_program(request: Request) -> bool:
    return request.url.path.startswith(PREFIX)


def _visit(request: Request) -> Visit | None:
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit
