"""
Which names did people teach the dictionary?

A person who codes a verbatim may let the choice be remembered: the words are from then on a synonym
of the term. The list only grows; taking a name back is an entry too. So the first entries of the
list, up to a number, are the knowledge of a moment, and a message can be decided again with what
was known when it came.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from safety.coding.dictionary import Dictionary, Name
from safety.coding.folding import fold, key_of


class LearnedAction(StrEnum):
    """What an entry does with its words."""

    LEARN = "learn"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Learned:
    """
    One entry of the list.

    Attributes:
        number: Its place, from 1 on, without a gap.
        text: The words, as the reporter wrote them.
        term: The name of the term they stand for; of a withdrawal, the one they stood for.
        dictionary: The dictionary it was chosen from.
        by, at, reason: Who, when, why.
        case_id: The case whose verbatim it was; None if it was taught without one.
    """

    number: int
    action: LearnedAction
    text: str
    term: str
    dictionary: str
    by: str
    at: datetime
    reason: str
    case_id: str | None

    @property
    def key(self) -> str:
        """The words folded, as they are looked up."""
        return key_of(fold(self.text))


def in_force(entries: Iterable[Learned]) -> Mapping[str, Learned]:
    """Give the names that stand, by their folded words: the last entry of each counts."""
    standing: dict[str, Learned] = {}
    for entry in entries:
        if entry.action is LearnedAction.LEARN:
            standing[entry.key] = entry
        else:
            standing.pop(entry.key, None)
    return standing


def explain_not_learnable(text: str, term: str, dictionary: Dictionary) -> str | None:
    """
    Say why words cannot be learned; the first that applies decides.

    1. there is no word in them;
    2. the dictionary in force has no such term;
    3. they are the name of another term.
    """
    key = key_of(fold(text))
    if not key:
        return "there is no word in it"
    found = dictionary.find(term)
    if found is None:
        return f"the dictionary {dictionary.label} has no such term; see: safety dictionary code"
    other = dictionary.by_key.get(key)
    if other is not None and other is not found:
        return f"it is the name of another term, {other.name}"
    return None


def teach(dictionary: Dictionary, entries: Sequence[Learned]) -> Dictionary:
    """
    Give the dictionary with what people taught.

    A name that was learned goes before the synonyms that come with the dictionary, and after the
    names of its terms. One whose term this dictionary does not have waits for one that has it.
    """
    names: dict[str, Name] = {}
    for key, entry in in_force(entries).items():
        term = dictionary.find(entry.term)
        if term is not None and key not in dictionary.by_key:
            names[key] = Name(term, fold(entry.text))
    lines = [f"{entry.action}\t{entry.key}\t{entry.term}" for entry in entries]
    said = "\n".join((dictionary.digest, *lines))
    return replace(
        dictionary,
        digest=hashlib.sha256(said.encode()).hexdigest(),
        by_synonym=MappingProxyType(
            {**dictionary.by_synonym, **{key: name.term for key, name in names.items()}}
        ),
        names=(*dictionary.names, *names.values()),
    )
