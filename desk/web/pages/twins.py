"""Cases that may be one, side by side: what agrees, what does not, and what a person decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.cli.duplicates import value_of
from desk.web.actions import Action
from desk.web.casefile import load_case
from desk.web.render import page
from desk.web.visit import Visit, allowed
from safety.store.duplicates import ComparedPair, duplicate_pairs
from safety.store.queue_row import ref_of

router = APIRouter()
Line = tuple[str, str, str, str, float]


@dataclass(frozen=True, slots=True)
class Twin:
    """
    Another case that may be this one.

    Attributes:
        lines: Field, what each tells, how the two agree in it, and the bits that adds.
    """

    case_id: str
    ref: str
    score: float
    state: str
    lines: Sequence[Line]


@router.get("/case/{ref}/duplicates")
def duplicates(
    request: Request, ref: str, visit: Annotated[Visit, allowed(Action.VIEW)]
) -> Response:
    """Show every case that may be this one, the likeliest first."""
    file = load_case(visit, ref)
    case_id = file.row.case_id
    visit.note("view_duplicates", case_id=case_id, version=file.version.version)
    found = duplicate_pairs(visit.desk.store, case_id=case_id)
    return page(
        request,
        "duplicates.html",
        visit=visit,
        file=file,
        twins=[_twin(each, case_id) for each in found],
    )


def _twin(found: ComparedPair, case_id: str) -> Twin:
    pair = found.raised.pair
    sides = (found.left, found.right)
    here, there = sides if pair.case_id == case_id else sides[::-1]
    return Twin(
        there.case_id,
        ref_of(there.case_id),
        pair.score,
        pair.state,
        [
            (
                each.field,
                value_of(here, each.field),
                value_of(there, each.field),
                each.level,
                each.bits,
            )
            for each in pair.evidence
        ],
    )
