"""The documents of a case, looked at before they go out: CIOMS form, narrative, E2B message."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from consumers.documents import narrate
from consumers.e2b import judge
from desk.web.actions import Action
from desk.web.casefile import CaseFile, load_case
from desk.web.documents import cioms_of, known, message_of, note_given
from desk.web.language import LANGUAGES
from desk.web.render import page
from desk.web.visit import Visit, allowed
from reports.cioms.masking import POLICIES
from reports.cioms.render import render_html, render_pdf
from reports.e2b.profiles import profile_names
from reports.e2b.validate import Broken
from safety.errors import SafetyError

router = APIRouter()
Viewing = Annotated[Visit, allowed(Action.VIEW)]
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
    known(receiver, profile_names())
    known(policy, POLICIES)
    language = written or visit.user.language
    known(language, LANGUAGES)
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
        broken = judge(*message_of(visit, file, receiver), None)[1].broken
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
    form = cioms_of(visit, file, policy, "classic")
    return HTMLResponse(render_html(form), headers={"content-security-policy": FRAMED})


@router.get("/case/{ref}/cioms.pdf")
def cioms_pdf(
    ref: str,
    visit: Annotated[Visit, allowed(Action.EXPORT)],
    policy: str = "internal",
    variant: str = "classic",
) -> Response:
    """Give the CIOMS I form as PDF; that it left the desk is noted."""
    file = load_case(visit, ref)
    content = render_pdf(cioms_of(visit, file, policy, variant))
    return _given(visit, file, content, "application/pdf", f"cioms-{ref}.pdf", policy=policy)


@router.get("/case/{ref}/e2b.xml")
def e2b_xml(
    ref: str, visit: Annotated[Visit, allowed(Action.EXPORT)], receiver: str = "ich"
) -> Response:
    """Give the E2B(R3) message, valid or not, as a draft."""
    file = load_case(visit, ref)
    content, _ = judge(*message_of(visit, file, receiver), None)
    return _given(visit, file, content, "application/xml", f"e2b-{ref}.xml", receiver=receiver)


def _given(
    visit: Visit, file: CaseFile, content: bytes, media: str, name: str, **details: object
) -> Response:
    note_given(visit, file, name, **details)
    return Response(
        content,
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
