"""Doses, events and laboratory results of the patient on one axis."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.casefile import CaseFile, load_case
from desk.web.render import page
from desk.web.timeline import draw, lanes_of
from desk.web.visit import Visit, allowed
from safety.store.queries import subject_records

router = APIRouter()


@router.get("/case/{ref}/timeline")
def timeline(request: Request, ref: str, visit: Annotated[Visit, allowed(Action.VIEW)]) -> Response:
    """Show the picture, and the same as a table."""
    file = load_case(visit, ref)
    visit.note("view_timeline", case_id=file.row.case_id, version=file.version.version)
    lanes = lanes_of(file.state, file.version.events, _recorded(visit, file))
    return page(request, "timeline.html", visit=visit, file=file, lanes=lanes, picture=draw(lanes))


def _recorded(visit: Visit, file: CaseFile) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give what the study recorded of the subject, if the case is of a study of ours."""
    told = file.state.study.known("study_id") or file.state.study.known("sponsor_study_number")
    study = visit.desk.knowledge.study(told)
    subject = file.row.subject
    if study is None or subject is None:
        return
    for name in sorted(study.aliases):
        for record in subject_records(visit.desk.store, name, subject=subject):
            yield record.kind, record.record_id, record.data
