"""Why is it due, and why not? Every rule considered, and what would decide the undecided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from desk.web.actions import Action
from desk.web.casefile import load_case
from desk.web.render import page
from desk.web.visit import Visit, allowed

router = APIRouter()
ANSWERS = ("fired", "undecidable", "not_fired")


@dataclass(frozen=True, slots=True)
class Book:
    """What the rules of one authority say, those that fired first."""

    authority: str
    version: str
    rules: Sequence[Mapping[str, Any]]
    idle: Sequence[str]

    def count(self, answer: str) -> int:
        """How many rules gave this answer."""
        return sum(rule["answer"] == answer for rule in self.rules)


@router.get("/case/{ref}/why")
def why(
    request: Request,
    ref: str,
    visit: Annotated[Visit, allowed(Action.VIEW)],
    version: int | None = None,
) -> Response:
    """Show the trace of a version, the newest unless another is asked for."""
    file = load_case(visit, ref, version=version)
    visit.note("view_trace", case_id=file.row.case_id, version=file.version.version)
    return page(
        request, "why.html", visit=visit, file=file, books=books_of(file.version.trace["rules"])
    )


def books_of(rules: Sequence[Mapping[str, Any]]) -> Sequence[Book]:
    """Sort the rules that were asked by authority and answer; name those that were not law."""
    books = []
    for authority, group in groupby(rules, key=lambda rule: rule["authority"]):
        found = list(group)
        idle = [rule for rule in found if _is_idle(rule)]
        asked = [rule for rule in found if rule not in idle]
        books.append(
            Book(
                authority,
                found[0]["rulebook"],
                sorted(asked, key=lambda rule: ANSWERS.index(rule["answer"])),
                list(dict.fromkeys(rule["rule"] for rule in idle)),
            )
        )
    return books


def _is_idle(rule: Mapping[str, Any]) -> bool:
    """Tell whether the rule was not law on the day that counts."""
    return any(name == "in_force" and met is False for name, _, _, met, *_ in rule["conditions"])
