"""
What score do the ten Naranjo questions give?

The form is refused where the question of time and the question of other causes are open: left
empty it would score 0, "doubtful", and read as not related. The scale was not made for liver injury
nor for overdose.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from safety.causality.answers import Relatedness, read_naranjo_score
from safety.causality.scales import NARANJO_RANGE
from safety.errors import KnowledgeError

_QUESTIONS = range(1, 11)
_FILE = "causality/data/naranjo.toml"


@dataclass(frozen=True, slots=True)
class NaranjoScore:
    """The sum of the points (-4 to 13) and its band as read for reportability."""

    score: int
    reading: Relatedness


@dataclass(frozen=True, slots=True)
class NaranjoNotAssessable:
    """Questions that must be answered before a score means anything."""

    open_questions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What one question asks, and its points; unknown is 0."""

    about: str
    yes: int
    no: int


def assess_naranjo(answers: Mapping[int, bool | None]) -> NaranjoScore | NaranjoNotAssessable:
    """
    Score the ten questions.

    Args:
        answers: Question number to yes (True), no (False) or unknown (None); a question that is
            not there is unknown.

    Raises:
        ValueError: If a question number is not 1 to 10.

    Sources:
        Naranjo and others 1981; regulatory facts 3.2.
    """
    if not set(answers) <= set(_QUESTIONS):
        raise ValueError("the questions are numbered 1 to 10")
    questions, required = load_questions()
    still_open = tuple(number for number in required if answers.get(number) is None)
    if still_open:
        return NaranjoNotAssessable(still_open)
    score = sum(_points(questions[number], answer) for number, answer in answers.items())
    return NaranjoScore(score, read_naranjo_score(score))


def _points(question: Question, answer: bool | None) -> int:  # noqa: FBT001 - yes, no, unknown
    if answer is None:
        return 0
    return question.yes if answer else question.no


@lru_cache(maxsize=1)
def load_questions() -> tuple[dict[int, Question], tuple[int, ...]]:
    """Load the questions by number, and the numbers of those required."""
    return build_questions(
        (files("safety.causality") / "data" / "naranjo.toml").read_text(encoding="utf-8")
    )


def build_questions(text: str) -> tuple[dict[int, Question], tuple[int, ...]]:
    """
    Build the questions, and the numbers of those required, from the text of their file.

    Raises:
        KnowledgeError: If the questions are not 1 to 10, or their points do not run from -4 to 13.
    """
    raw = tomllib.loads(text)
    questions = {
        row["number"]: Question(row["about"], row["yes"], row["no"]) for row in raw["question"]
    }
    if set(questions) != set(_QUESTIONS):
        raise KnowledgeError(f"{_FILE}: the questions must be 1 to 10")
    lowest = sum(min(question.yes, question.no, 0) for question in questions.values())
    highest = sum(max(question.yes, question.no, 0) for question in questions.values())
    if (lowest, highest) != (NARANJO_RANGE[0], NARANJO_RANGE[-1]):
        raise KnowledgeError(f"{_FILE}: the points must add up to -4 at least and 13 at most")
    return questions, tuple(raw["required"])
