"""The documents of a case: CIOMS I form, narrative, E2B(R3) message."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from consumers.documents import narrate
from consumers.e2b import judge
from desk.web.actions import Action
from desk.web.api import PREFIX
from desk.web.api.answers import answer, failing, tagged
from desk.web.api.cases import Ref, Viewing
from desk.web.api.models import Paragraph, Story, Told
from desk.web.casefile import load_case
from desk.web.documents import VARIANTS, cioms_of, known, message_of, note_given
from desk.web.language import LANGUAGES
from desk.web.visit import Visit, allowed
from reports.cioms.masking import POLICIES
from reports.cioms.render import render_pdf
from reports.e2b.profiles import profile_names

router = APIRouter(prefix=PREFIX, tags=["documents"])
Exporting = Annotated[Visit, allowed(Action.EXPORT)]
PDF, XML = "application/pdf", "application/xml"


def _one_of(names: object) -> dict[str, object]:
    return {"enum": list(names)}  # type: ignore[call-overload]


@router.get(
    "/cases/{ref}/documents/cioms.pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {}}}, **failing(404)},
)
def cioms(
    request: Request,
    ref: Ref,
    visit: Exporting,
    policy: Annotated[str, Query(json_schema_extra=_one_of(POLICIES))] = "internal",
    variant: Annotated[str, Query(json_schema_extra=_one_of(VARIANTS))] = "classic",
) -> Response:
    """Give the CIOMS I form as PDF."""
    file = load_case(visit, ref)
    form = cioms_of(visit, file, policy, variant)
    note_given(visit, file, f"cioms-{ref}.pdf", policy=policy, by="api")
    return tagged(request, render_pdf(form), PDF, headers=_named(f"cioms-{ref}.pdf"))


@router.get(
    "/cases/{ref}/documents/e2b.xml",
    response_class=Response,
    responses={200: {"content": {XML: {}}}, **failing(404, 409)},
)
def e2b(
    request: Request,
    ref: Ref,
    visit: Exporting,
    receiver: Annotated[str, Query(json_schema_extra=_one_of(profile_names()))] = "ich",
) -> Response:
    """Give the E2B(R3) message, valid or not, as a draft."""
    file = load_case(visit, ref)
    content, _ = judge(*message_of(visit, file, receiver), None)
    note_given(visit, file, f"e2b-{ref}.xml", receiver=receiver, by="api")
    return tagged(request, content, XML, headers=_named(f"e2b-{ref}.xml"))


@router.get("/cases/{ref}/documents/narrative", response_model=Story, responses=failing(404, 409))
def narrative(
    request: Request,
    ref: Ref,
    visit: Viewing,
    language: Annotated[str, Query(json_schema_extra=_one_of(LANGUAGES))] = "en",
) -> Response:
    """Give the narrative, each sentence with the fields it was made from."""
    known(language, LANGUAGES)
    file = load_case(visit, ref)
    visit.note("view_documents", case_id=file.row.case_id, version=file.version.version)
    story = narrate(visit.desk.store, file.version, visit.desk.knowledge, language=language)
    told = Story(
        case_id=story.case_id,
        version=story.version,
        language=story.language,
        paragraphs=[
            Paragraph(
                name=part.name,
                title=part.title,
                sentences=[
                    Told(text=each.text, sources=list(each.sources)) for each in part.sentences
                ],
            )
            for part in story.paragraphs
        ],
        text=story.text,
        template_version=story.template_version,
        knowledge=story.knowledge,
    )
    return answer(request, told)


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"'}
