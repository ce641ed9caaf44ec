"""
What must be thought of before raised liver tests are laid on the drug: TACE, hepatitis B?

What a case or a study tells of a patient is read for the names in `data/liver.toml`. A prompt asks
a person; it lifts nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from safety.causality import Days, count_days
from safety.liver.criteria import PromptRow, load_liver_criteria


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that is told of a patient: words, when it began, and where that stands."""

    text: str
    began: Days | None
    path: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a person should think of, and what it rests on."""

    row: PromptRow
    mention: Mention


def find_prompts(told: Iterable[Mention], raised: Sequence[Days]) -> Iterator[Prompt]:
    """
    Give each prompt once, for the first mention that it rests on.

    Args:
        told: What is told of the patient.

        raised: Days of the samples that were found raised.
    """
    mentions = list(told)
    for row in load_liver_criteria().prompts:
        for mention in mentions:
            if _names(row, mention.text) and _is_near(row, mention, raised):
                yield Prompt(row, mention)
                break


def _is_near(row: PromptRow, mention: Mention, raised: Sequence[Days]) -> bool:
    """Tell whether it may bear on a sample: at any time, or so many days before; unknown may."""
    if row.days_before is None or mention.began is None:
        return True
    return any(
        count_days(mention.began, day).within(0, row.days_before) is not False for day in raised
    )


@lru_cache(maxsize=10_000)  # the same few words are told again and again
def _names(row: PromptRow, text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _pattern(row.names).search(folded) is not None and not (
        row.denied and _pattern(row.denied).search(folded)
    )


@cache
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Find names; those of letters as whole words."""
    return re.compile(
        "|".join(
            rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])" if name.isascii() else re.escape(name)
            for name in names
        )
    )
