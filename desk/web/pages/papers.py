"""The documents of a case, looked at before they go out: CIOMS form, narrative, E2B message."""

from collections.abc import Collection
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from consumers.documents import narrate
from consumers.e2b import Sending, icsr_of, judge
from consumers.forms import fill_cioms
from desk.web.actions import Action
from desk.web.casefile import CaseFile, load_case
from desk.web.errors import BadRequestError
from desk.web.language import LANGUAGES
from desk.web.render import page
from desk.web.visit import Visit, allowed
from reports.cioms import CiomsForm
from reports.cioms.masking import POLICIES
from reports.cioms.render import render_html, render_pdf
from reports.e2b.model import Icsr
from reports.e2b.profiles import load_profile, profile_names
from reports.e2b.validate import Broken
from safety.errors import SafetyError

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]
VARIANTS = ("classic", "extended")
# A form stands in a frame of its own with its own style, and nothing in it may run or load.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


@router.get("/case/{ref}/documents")
def documents(
    request: Request,
    ref: str,
    visit: Viewing,
    receiver: str = "ich",
    policy: str = "internal",
    written: str | None = None,
) -> Response:
    """Show the documents of the newest version."""
    _known(receiver, profile_names())
    _known(policy, POLICIES)
    language = written or visit.user.language
    _known(language, LANGUAGES)
    file = load_case(visit, ref)
    visit.note("view_documents", case_id=file.row.case_id, version=file.version.version)
    story, story_fault = None, None
    try:
        story = narrate(visit.desk.store, file.version, visit.desk.knowledge, language=language)
    except SafetyError as error:
        story_fault = str(error)
    broken: tuple[Broken, ...] = ()
    message_fault = None
    try:
        broken = judge(*_message(visit, file, receiver), None)[1].broken
    except SafetyError as error:
        message_fault = str(error)
    return page(
        request,
        "documents.html",
        visit=visit,
        file=file,
        receiver=receiver,
        receivers=profile_names(),
        policy=policy,
        policies=list(POLICIES),
        story=story,
        story_fault=story_fault,
        written=language,
        broken=broken,
        message_fault=message_fault,
    )


@router.get("/case/{ref}/cioms")
def cioms(ref: str, visit: Viewing, policy: str = "internal") -> Response:
    """Show the CIOMS I form in a frame."""
    file = load_case(visit, ref)
    form = _form(visit, file, policy, "classic")
    return HTMLResponse(render_html(form), headers={"content-security-policy": FRAMED})


@router.get("/case/{ref}/cioms.pdf")
def cioms_pdf(
    ref: str,
    visit: Annotated[Visit, allowed(Action.EXPORT)],
    policy: str = "internal",
    variant: str = "classic",
) -> Response:
    """Give the CIOMS I form as PDF; that it left the desk is noted."""
    _known(variant, VARIANTS)
    file = load_case(visit, ref)
    content = render_pdf(_form(visit, file, policy, variant))
    return _given(visit, file, content, "application/pdf", f"cioms-{ref}.pdf", policy=policy)


@router.get("/case/{ref}/e2b.xml")
def e2b_xml(
    ref: str, visit: Annotated[Visit, allowed(Action.EXPORT)], receiver: str = "ich"
) -> Response:
    """Give the E2B(R3) message, valid or not, as a draft."""
    _known(receiver, profile_names())
    file = load_case(visit, ref)
    content, _ = judge(*_message(visit, file, receiver), None)
    return _given(visit, file, content, "application/xml", f"e2b-{ref}.xml", receiver=receiver)


def _form(visit: Visit, file: CaseFile, policy: str, variant: str) -> CiomsForm:
    _known(policy, POLICIES)
    return fill_cioms(
        visit.desk.store,
        file.version,
        visit.desk.knowledge,
        made_at=visit.now.astimezone(visit.zone),
        variant=variant,
        policy=POLICIES[policy],
        manufacturer=visit.desk.manners.manufacturer,
    )


def _message(visit: Visit, file: CaseFile, receiver: str) -> tuple[Icsr, Sending]:
    sending = Sending(load_profile(receiver), visit.desk.manners.sender, visit.now)
    return icsr_of(visit.desk.store, file.version, visit.desk.knowledge, sending), sending


def _given(
    visit: Visit, file: CaseFile, content: bytes, media: str, name: str, **details: object
) -> Response:
    visit.note(
        "export", case_id=file.row.case_id, version=file.version.version, file=name, **details
    )
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _known(name: str, names: Collection[str]) -> None:
    """
    Refuse a choice that there is not.

    Raises:
        BadRequestError: There is none of that name.
    """
    if name not in names:
        raise BadRequestError("there is no such choice")
