"""
What do the causality forms give that a person has filled in for a case?

The answers are stored as the person gave them, and scored here by the published form. A score
supports whoever assesses; it is nobody's assessment, and changes no relatedness.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from safety.case import CaseState, Entry
from safety.causality import (
    DayCount,
    LiverInjury,
    NaranjoNotAssessable,
    RucamNotAssessable,
    RucamScore,
    assess_naranjo,
    assess_rucam_cholestatic,
    assess_rucam_hepatocellular,
    derive_pattern,
)
from safety.causality.rucam import AlpCourse, AltCourse
from safety.clinical.pairs import PairAssessment
from safety.findings import Finding
from safety.liver import LiverScreen

FAMILY = "causality_forms"  # entities of a case
_ANSWERS = {"yes": True, "no": False, "unknown": None}


@dataclass(frozen=True, slots=True)
class FormResult:
    """
    One form for one drug and one reaction.

    Attributes:
        form: naranjo or rucam.
        path: Where the answers stand.
        score: None where the form is refused.
        category: The band of the score.
        items: What gave points: item, points, why.
        refused: Why there is no score.
    """

    form: str
    drug: str
    reaction: str
    path: str
    score: int | None
    category: str | None
    items: tuple[tuple[str, int, str], ...] = ()
    refused: tuple[str, ...] = ()


def assess_forms(
    state: CaseState, pairs: Sequence[PairAssessment], liver: LiverScreen | None
) -> Iterator[FormResult]:
    """Score every form that is filled in for a drug and a reaction that the case has."""
    known = {(pair.drug, pair.reaction): pair for pair in pairs}
    for entry in state.entries(FAMILY):
        pair = known.get((entry.raw("drug_id"), entry.raw("reaction_id")))
        if pair is None:
            continue
        answers = entry.raw("answers")
        if entry.raw("form") == "naranjo":
            yield _naranjo(entry, pair, answers)
        else:
            yield _rucam(entry, pair, answers, state, liver)


def check_forms(forms: Sequence[FormResult]) -> Iterator[Finding]:
    """Ask for what a form needs before its score means anything."""
    for form in forms:
        if form.refused:
            yield Finding(
                "form_not_assessable", f"{form.path}.answers", "; ".join(form.refused), "note"
            )


def _naranjo(entry: Entry, pair: PairAssessment, answers: Mapping[str, str]) -> FormResult:
    told = {int(name.removeprefix("q")): _ANSWERS[answer] for name, answer in answers.items()}
    scored = assess_naranjo(told)
    if isinstance(scored, NaranjoNotAssessable):
        asked = ", ".join(map(str, scored.open_questions))
        refused = (f"Naranjo: answer question {asked} first; an empty form would read as doubtful",)
        return FormResult(
            "naranjo", pair.drug, pair.reaction, entry.path, None, None, refused=refused
        )
    return FormResult(
        "naranjo", pair.drug, pair.reaction, entry.path, scored.score, scored.reading.category
    )


def _rucam(
    entry: Entry,
    pair: PairAssessment,
    answers: Mapping[str, Any],
    state: CaseState,
    liver: LiverScreen | None,
) -> FormResult:
    age = state.patient.known("age")
    scored = score_rucam(
        answers,
        sample=None if liver is None else liver.first_sample,
        from_first=pair.evidence.from_first,
        from_last=pair.evidence.from_last,
        age_years=int(Decimal(str(age["value"]))) if age and age["unit"] == "a" else None,
    )
    if isinstance(scored, RucamNotAssessable):
        refused = tuple(f"RUCAM: {reason}" for reason in scored.reasons)
        return FormResult(
            "rucam", pair.drug, pair.reaction, entry.path, None, None, refused=refused
        )
    return FormResult(
        form="rucam",
        drug=pair.drug,
        reaction=pair.reaction,
        path=entry.path,
        score=scored.score,
        category=scored.category,
        items=tuple((item.item, item.points, item.reason) for item in scored.items),
    )


def score_rucam(
    answers: Mapping[str, Any],
    *,
    sample: tuple[Decimal, Decimal] | None,
    from_first: DayCount | None,
    from_last: DayCount | None,
    age_years: int | None,
) -> RucamScore | RucamNotAssessable:
    """
    Score RUCAM by the form that R chooses.

    Args:
        answers: In the shape of `answer_rucam`; figures in it count before *sample*.

        sample: ALT and ALP of the first abnormal sample, multiples of their limits.

        from_first: Days from the first dose to the onset.

        from_last: Days from the last dose before it; 0 while the drug was taken.

        age_years: Age at onset.
    """
    alt, alp = (None, None) if sample is None else sample
    alt, alp = (
        _figure(answers.get("alt_times_uln"), alt),
        _figure(answers.get("alp_times_uln"), alp),
    )
    on_drug: bool | None = None
    if from_last is not None:
        on_drug = True if from_last.exact == 0 else (None if from_last.fewest == 0 else False)
    injury = LiverInjury(
        alt=alt,
        alp=alp,
        on_drug=on_drug,
        from_start=from_first,
        from_stop=None if on_drug else from_last,
        second_exposure=answers.get("second_exposure", False),
        alcohol=answers.get("alcohol"),
        age_years=age_years,
        concomitant=answers.get("concomitant"),
        ruled_out={c: told == "ruled_out" for c, told in answers.get("causes", {}).items()},
        other_cause_probable=answers.get("other_cause_probable"),
        hepatotoxicity=answers.get("hepatotoxicity"),
        reexposure=answers.get("reexposure"),
    )
    course = answers.get("course")
    if alt is None or not alp or derive_pattern(alt, alp) == "hepatocellular":
        return assess_rucam_hepatocellular(injury, course if course in _ALT_COURSES else None)
    known = course if course in _ALP_COURSES else None
    return assess_rucam_cholestatic(injury, known, pregnant=answers.get("pregnant"))


_ALT_COURSES = frozenset(get_args(AltCourse))
_ALP_COURSES = frozenset(get_args(AlpCourse))


def _figure(told: float | str | None, measured: Decimal | None) -> Decimal | None:
    return measured if told is None else Decimal(str(told))
