"""How much does a field speak for or against two cases being one? Read from a dated data file."""

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from safety.errors import KnowledgeError
from safety.expectedness import load_reference_safety_information

_FILE = "duplicates/data/weights.toml"
_FLOORS = ("same", "kin", "cannot be compared", "one sender")


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """
    The model, ready for use.

    Attributes:
        threshold: Bits from which on a pair is a candidate.
        floors: Bits that event, onset, end and course must give together, by how the terms agree;
            and how many more where one sender numbered both cases.
        bits: Of field and level.
        events: Bits of an event in common, by term, where it is not the usual.
        kindred: The groups that a term is of: terms by which two people name one event.
    """

    version: str
    threshold: float
    floors: Mapping[str, float]
    bits: Mapping[tuple[str, str], float]
    events: Mapping[str, float]
    kindred: Mapping[str, frozenset[str]]
    digest: str

    def event(self, term: str) -> float:
        """Give the bits of an event in common: the rarer, the more."""
        return self.events.get(term, self.bits["event", "same"])

    def kin(self, one: str, other: str) -> bool:
        """Tell whether two terms are names that people give to one event."""
        ours, theirs = self.kindred.get(one), self.kindred.get(other)
        return ours is not None and theirs is not None and not ours.isdisjoint(theirs)


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """Load the model that ships; see `build_weights()`."""
    text = (files("safety.duplicates") / "data" / "weights.toml").read_text(encoding="utf-8")
    return build_weights(text)


def build_weights(text: str) -> Weights:
    """
    Build the model from the text of its file.

    Raises:
        KnowledgeError: A level stands twice or is no probability, or a section is missing.
    """
    try:
        raw = tomllib.loads(text)
        return _build(raw, text)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise KnowledgeError(f"{_FILE}: missing or unknown: {error}") from None


def _build(raw: dict[str, Any], text: str) -> Weights:
    bits: dict[tuple[str, str], float] = {}
    matches: dict[tuple[str, str], float] = {}
    for number, row in enumerate(raw["level"], start=1):
        place = (row["field"], row["level"])
        if place in bits:
            raise KnowledgeError(f"{_FILE}, level {number}: {' '.join(place)} occurs twice")
        bits[place] = _bits(row["match"], row["random"], f"level {number}")
        matches[place] = row["match"]
    events: dict[str, float] = {}
    for number, band in enumerate(raw["event"]["band"], start=1):
        for term in band["terms"]:
            if term in events:
                raise KnowledgeError(f"{_FILE}, band {number}: {term!r} occurs twice")
            events[term] = _bits(matches["event", "same"], band["random"], f"band {number}")
    bits["event", "same"] = _bits(matches["event", "same"], raw["event"]["other"], "event.other")
    return Weights(
        version=raw["version"],
        threshold=raw["threshold"],
        floors=MappingProxyType({name: float(raw["floor"][name]) for name in _FLOORS}),
        bits=MappingProxyType(bits),
        events=MappingProxyType(events),
        kindred=MappingProxyType(_kindred(raw["kin"])),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _kindred(raw: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Give the groups by term: the concepts of the EU label, but those left out, and our own."""
    groups = [
        (row.id, row.terms)
        for row in load_reference_safety_information("EU").rows
        if row.id not in raw["not_concepts"]
    ]
    groups += [(group["id"], group["terms"]) for group in raw["group"]]
    kindred: dict[str, frozenset[str]] = {}
    for name, terms in groups:
        for term in terms:
            kindred[term] = kindred.get(term, frozenset()) | {name}
    return kindred


def _bits(match: float, random: float, where: str) -> float:
    if not (0 < match <= 1 and 0 < random <= 1):
        raise KnowledgeError(f"{_FILE}, {where}: match and random are above 0 and at most 1")
    return round(math.log2(match / random), 2)
