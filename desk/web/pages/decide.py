"""Take a decision: read the form, hand it to the pipeline, say what came of it."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from consumers.decide import CaseMovedError, Decision, Recorded, decide
from consumers.desk_message import Taken
from consumers.two_cases import DecisionRefusedError
from desk.web.actions import Action
from desk.web.casefile import CaseFile, load_case
from desk.web.errors import BadRequestError, NotAllowedError
from desk.web.forms import FORMS, Form, Told
from desk.web.passwords import matches
from desk.web.render import page
from desk.web.throttle import wait_of
from desk.web.visit import Form as FormData
from desk.web.visit import Visit, allowed
from safety.store.people import note_failure
from safety.store.queries import versions_of

router = APIRouter()
LONGEST = 2_000  # characters of a reason, as the contract allows


@router.post("/case/{ref}/decide")
def take(
    request: Request, ref: str, visit: Annotated[Visit, allowed(Action.VIEW)], form: FormData
) -> Response:
    """
    Record a decision.

    Which action the form needs is known only from the form; the gate of the route lets in whoever
    may look, and the role is asked again here for the decision itself.
    """
    told = {name: value for name, value in form.items() if isinstance(value, str)}
    wanted = form_of(visit, told.get("kind", ""))
    file = load_case(visit, ref)
    try:
        recorded = record(visit, file, wanted, told).version is not None
    except CaseMovedError as moved:
        return _moved(request, visit, file, moved, told)
    except (DecisionRefusedError, BadRequestError) as refused:
        status = 409 if isinstance(refused, DecisionRefusedError) else 422
        return page(
            request,
            "refused.html",
            visit=visit,
            status=status,
            file=file,
            sentence=str(refused),
            told=_shown(told),
            changes=(),
        )
    done = wanted.action.value if recorded else "nothing"
    return RedirectResponse(f"{_back(told, ref)}?done={done}", 303)


def form_of(visit: Visit, kind: str) -> Form:
    """
    Give the form of a decision to somebody who may take it.

    Raises:
        BadRequestError: There is no such decision.
        NotAllowedError: The role may not; that somebody tried is noted.
    """
    wanted = FORMS.get(kind)
    if wanted is None:
        raise BadRequestError("there is no such decision")
    if not visit.may(wanted.action):
        visit.note("refused", action=wanted.action.value)
        raise NotAllowedError(wanted.action)
    return wanted


def record(visit: Visit, file: CaseFile, wanted: Form, told: Told) -> Recorded:
    """
    Hand a decision to the pipeline.

    The one way from the desk into the log: pages, bulk actions and the API all come here.

    Raises:
        BadRequestError: A field says what cannot be, or the reason is missing.
        DecisionRefusedError: It is out of sequence.
        CaseMovedError: The case has another version than the person saw.
    """
    seen = told.get("version", "")
    if not seen.isascii() or not seen.isdigit():
        raise BadRequestError("the form does not say which version of the case was seen")
    reason = told.get("reason", "").strip() or wanted.reason
    if reason is None:
        raise BadRequestError("say why: this changes what the case says")
    if wanted.password:
        _check_password(visit, told.get("password", ""))
    if int(seen) != file.version.version:
        raise CaseMovedError(int(seen), file.version.version)
    recorded = decide(
        visit.desk.store,
        visit.desk.over_time,
        Decision(
            Taken(
                file.row.case_id,
                by=visit.user.name,
                zone=visit.user.zone,
                reason=reason[:LONGEST],
                synthetic=file.version.synthetic,
            ),
            int(seen),
            wanted.read(told, file, visit),
        ),
        now=visit.now,
    )
    visit.desk.tallies.forget()
    visit.note(
        "decide",
        case_id=file.row.case_id,
        version=recorded.version,
        action=wanted.action.value,
        message=recorded.message,
    )
    return recorded


def _check_password(visit: Visit, password: str) -> None:
    """
    Ask for the password again before a signature.

    Raises:
        BadRequestError: It is wrong, or there were too many wrong ones.
    """
    if wait_of(visit.user, visit.now):
        raise BadRequestError("too many wrong passwords; wait a while before you try again")
    if not matches(visit.user.password_hash, password):
        note_failure(visit.desk.store, visit.user.name, now=visit.now)
        visit.note("signature_failed")
        raise BadRequestError("the password is wrong: nothing was signed")


def _moved(
    request: Request, visit: Visit, file: CaseFile, moved: CaseMovedError, told: Told
) -> Response:
    """Tell the second person what the first changed; what they typed is kept."""
    current = load_case(visit, file.row.ref)
    since = [
        version
        for version in versions_of(visit.desk.store, file.row.case_id)
        if version.version > moved.seen
    ]
    return page(
        request,
        "refused.html",
        visit=visit,
        status=409,
        file=current,
        sentence=str(moved),
        told=_shown(told),
        changes=since,
    )


def _shown(told: Told) -> dict[str, str]:
    """Give what was typed, to be sent again; never a password or a token."""
    return {
        name: value
        for name, value in told.items()
        if name not in {"password", "csrf", "version"} and value
    }


def _back(told: Told, ref: str) -> str:
    return "/" if told.get("back") == "queue" else f"/case/{ref}"
