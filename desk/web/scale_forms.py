"""
How are the forms of the published scales read: Naranjo, RUCAM?

What a person leaves open is unknown, and is left out of the message. The contract holds which
answers there are; `safety.clinical.forms` scores them.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from desk.web.casefile import CaseFile
from desk.web.errors import BadRequestError
from safety.causality.naranjo import load_questions
from schemas.messages.decision import Cause, RucamAnswers

Told = Mapping[str, str]
_FIGURES = ("alt_times_uln", "alp_times_uln")
_YES_OR_NO = ("alcohol", "pregnant", "other_cause_probable")
_CHOICES = ("course", "concomitant", "hepatotoxicity", "reexposure")
CAUSES: tuple[str, ...] = get_args(Cause)


def questions() -> Mapping[int, str]:
    """Give what the Naranjo form asks, by the numbers of the questions."""
    return {number: question.about for number, question in load_questions()[0].items()}


def choices_of(name: str) -> tuple[str, ...]:
    """Give the answers that a field of the RUCAM form has."""
    (choices, *_) = get_args(RucamAnswers.model_fields[name].annotation)
    return get_args(choices)


def read_pair(told: Told, file: CaseFile) -> dict[str, str]:
    """
    Read which drug and which reaction a form is about.

    Raises:
        BadRequestError: The case has no such drug or reaction.
    """
    drug, reaction = told.get("drug", ""), told.get("reaction", "")
    if drug not in {entry.key for entry in file.state.drugs}:
        raise BadRequestError("the case has no such drug")
    if reaction not in {entry.key for entry in file.state.reactions}:
        raise BadRequestError("the case has no such reaction")
    return {"drug_id": drug, "reaction_id": reaction}


def read_naranjo(told: Told) -> dict[str, str]:
    """Read the ten answers: yes, no, or unknown."""
    return {f"q{number}": told.get(f"q{number}") or "unknown" for number in questions()}


def read_rucam(told: Told) -> dict[str, Any]:
    """
    Read the answers of a RUCAM form.

    Raises:
        BadRequestError: A figure is no number.
    """
    causes = {cause: found for cause in CAUSES if (found := told.get(f"cause_{cause}"))}
    return {
        **dict(_figures(told)),
        **{name: told[name] == "yes" for name in _YES_OR_NO if told.get(name)},
        **{name: told[name] for name in _CHOICES if told.get(name)},
        **({"second_exposure": True} if told.get("second_exposure") else {}),
        **({"causes": causes} if causes else {}),
    }


def _figures(told: Told) -> Iterator[tuple[str, str]]:
    for name in _FIGURES:
        text = told.get(name, "").strip()
        if not text:
            continue
        try:
            figure = Decimal(text)
        except InvalidOperation:
            figure = Decimal("NaN")
        if not figure.is_finite() or figure < 0:
            raise BadRequestError("a multiple of the limit is a number, such as 5.2")
        yield name, str(figure)
