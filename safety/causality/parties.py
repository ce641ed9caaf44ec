"""
Is the event related for reporting, when several parties have judged it?

Each party's answer stands for itself: the sponsor may not downgrade the reporter, and both are kept
and sent. For reportability the conservative rule applies: related if either side says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from safety.causality.answers import NOT_STATED, Relatedness, read_answer
from safety.causality.scales import load_scales, plain_method

Assessor = Literal["reporter", "investigator", "sponsor", "authority", "other"]
Side = Literal["reporter", "sponsor", "other"]

_SIDES: dict[Assessor, Side] = {
    "reporter": "reporter",
    "investigator": "reporter",
    "sponsor": "sponsor",
    "authority": "other",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class AssessorAnswer:
    """An answer as it came: who gave it, by which method, and in which field it stands."""

    assessor: Assessor
    method: str | None
    raw: str
    source: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer, untouched, with its reading."""

    answer: AssessorAnswer
    reading: Relatedness


@dataclass(frozen=True, slots=True)
class RelatednessAssessment:
    """
    Who said what, and what follows for reporting.

    Three-valued throughout: None means that it is not known, and is taken at its worst by whoever
    decides. `reporter` is the side of reporter and investigator. `missing` names the sides without
    a usable answer, `triggered_by` those that make the event related.
    """

    any_party: bool | None
    reporter: bool | None
    sponsor: bool | None
    judgements: tuple[Judgement, ...]
    missing: tuple[str, ...]
    triggered_by: tuple[str, ...]
    reasons: tuple[str, ...]


def read_assessor(text: str | None) -> Assessor:
    """Tell from the name of a source ("Investigator", "申办者") which party it is; else other."""
    name = None if text is None else load_scales().assessors.get(plain_method(text))
    match name:
        case "reporter" | "investigator" | "sponsor" | "authority":
            return name
        case _:
            return "other"


def assess_relatedness(
    answers: Sequence[AssessorAnswer], *, implied: bool, unlikely_is_related: bool = False
) -> RelatednessAssessment:
    """
    Assess relatedness from the answers of all parties.

    Within a side one related answer makes it related; else one open answer leaves it open. Then,
    taken in this order, the first that applies decides `any_party`:

    1. any side, an authority or another party says related: related;
    2. reporter and sponsor both say not related: not related;
    3. the report is spontaneous, so that the relation is implied: related;
    4. otherwise unknown: a side is missing or was not understood.

    Args:
        answers: The answers for one drug and one reaction.

        implied: Whether a relation is implied, as in spontaneous reports.

        unlikely_is_related: See `read_answer()`.

    Sources:
        ICH E2A III.A.1, E2D 3.2, GVP VI.C.1.2.1 (either side); E2D 2.2, GVP VI.A.1.1 (implied
        unless both say no); regulatory facts 1.1 and 3.3.
    """
    judgements = tuple(
        Judgement(
            answer,
            read_answer(answer.method, answer.raw, unlikely_is_related=unlikely_is_related),
        )
        for answer in answers
    )
    reporter = _judge_side("reporter", judgements)
    sponsor = _judge_side("sponsor", judgements)
    sides: tuple[tuple[Side, bool | None], ...] = (
        ("reporter", reporter),
        ("sponsor", sponsor),
        ("other", _judge_side("other", judgements)),
    )
    triggered: tuple[str, ...] = tuple(side for side, related in sides if related is True)
    any_party: bool | None = None
    if triggered:
        any_party = True
    elif reporter is False and sponsor is False:
        any_party = False
    elif implied:
        any_party, triggered = True, ("implied",)
    missing = tuple(side for side, related in sides[:2] if related is None)
    return RelatednessAssessment(
        any_party=any_party,
        reporter=reporter,
        sponsor=sponsor,
        judgements=judgements,
        missing=missing,
        triggered_by=triggered,
        reasons=(*_reasons(judgements, missing), _RULES[any_party, "implied" in triggered]),
    )


_RULES: dict[tuple[bool | None, bool], str] = {
    (True, False): "related: at least one party says so",
    (True, True): "related: implied by the spontaneous report, and not denied by both sides",
    (False, False): "not related: reporter and sponsor both say so",
    (None, False): "not known: taken as related until both sides have answered",
}


def _judge_side(side: Side, judgements: Sequence[Judgement]) -> bool | None:
    related = [
        judgement.reading.related
        for judgement in judgements
        if _SIDES[judgement.answer.assessor] == side
    ]
    if True in related:
        return True
    return False if related and None not in related else None


def _reasons(judgements: Sequence[Judgement], missing: Sequence[str]) -> tuple[str, ...]:
    told = tuple(
        f"{judgement.answer.assessor} ({judgement.answer.source}): {judgement.reading.reason}"
        for judgement in judgements
    )
    answered = {
        _SIDES[judgement.answer.assessor]
        for judgement in judgements
        if judgement.reading.category != NOT_STATED
    }
    silent = tuple(f"{side}: no assessment given" for side in missing if side not in answered)
    return (*told, *silent)
