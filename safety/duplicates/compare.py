"""
Are these two cases one, and what speaks for and against it?

Each field adds what its agreement or disagreement is worth (see `data/weights.toml`); a field that
one of the two does not tell adds nothing. The sum decides whether a person is shown the pair; no
sum merges anything.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from rapidfuzz.fuzz import ratio

from safety.coding.folding import fold, key_of
from safety.duplicates.blocks import DAY, MONTH
from safety.duplicates.fingerprint import UNCODED, Event, Fingerprint
from safety.duplicates.weights import Weights

OPEN, DISMISSED, MERGED = "open", "dismissed", "merged"
NEAR_DAYS = 7
_TWO_OF_THREE = 2  # parts of a date
_SHORTEST_WORDS, _ALIKE = 5, 70  # letters of words found in others; likeness of words in percent
_OF_THE_EVENT = ("event", "onset", "end", "course")


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """What one field says: how the two agree in it, and the bits that adds."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Pair:
    """
    Two cases that may be one; `case_id` sorts before `other_id`.

    Attributes:
        score: Sum of the bits of all fields.
        state: `open`, `dismissed` by a person, or `merged`.
        evidence: Field by field, in a fixed order; holds no patient data.
    """

    case_id: str
    other_id: str
    score: float
    state: str
    evidence: tuple[Evidence, ...]

    def as_json(self) -> list[list[Any]]:
        """Give the evidence as it is stored."""
        return [[each.field, each.level, each.bits] for each in self.evidence]


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Give the ids of two cases in the order in which pairs have them."""
    return (one, other) if one < other else (other, one)


def assess_pair(one: Fingerprint, other: Fingerprint, weights: Weights) -> Pair | None:
    """
    Compare two cases; the first that applies decides.

    1. one gave way to the other: a merged pair, whatever the score;
    2. one is void, or gave way to a third case: no pair;
    3. one report gives the other's case number: a pair, whatever else they tell;
    4. the score is below the threshold, or they may be two events of one patient
       (see `_is_one_event()`): no pair;
    5. a person judged them to be two events: a dismissed pair;
    6. an open pair.
    """
    first, second = sorted((one, other), key=lambda told: told.case_id)
    evidence = tuple(_compare(first, second, weights))
    score = round(sum(each.bits for each in evidence), 2)

    def pair(state: str) -> Pair:
        return Pair(first.case_id, second.case_id, score, state, evidence)

    if first.merged_into == second.case_id or second.merged_into == first.case_id:
        return pair(MERGED)
    if not (first.is_searched and second.is_searched):
        return None
    levels = {each.field: each for each in evidence}
    alike = score >= weights.threshold and _is_one_event(levels, weights)
    if "number" not in levels and not alike:
        return None
    if second.case_id in first.distinct or first.case_id in second.distinct:
        return pair(DISMISSED)
    return pair(OPEN)


def _is_one_event(levels: Mapping[str, Evidence], weights: Weights) -> bool:
    """
    Tell whether what is told of the event may be one event; the patient alone says nothing of it.

    1. other terms: no;
    2. else if term, onset, end and course together say enough: the less the terms agree, the more
       the days must. One sender numbers each event once, so of one sender they must say more.
    """
    if levels["event"].level == "differs":
        return False
    said = sum(levels[name].bits for name in _OF_THE_EVENT if name in levels)
    floor = weights.floors[levels["event"].level]
    if "sender" in levels and levels["sender"].level == "same":
        floor += weights.floors["one sender"]
    return said >= floor


def _compare(one: Fingerprint, other: Fingerprint, weights: Weights) -> Iterator[Evidence]:
    for field, level in _levels(one, other):
        yield Evidence(field, level, weights.bits[field, level])
    yield from _compare_events(one, other, weights)
    yield from _compare_drugs(one, other, weights)


def _levels(one: Fingerprint, other: Fingerprint) -> Iterator[tuple[str, str]]:
    """Give the level at which each field agrees, in a fixed order; blank fields are left out."""
    if set(one.numbers) & set(other.numbers):
        yield "number", "named"
    for field in ("subject", "initials"):
        yield from _told_by_both(field, one, other, "same")
    birth = _compare_births(one.birth, other.birth)
    if birth is not None:
        yield "birth", birth
    elif one.age is not None and other.age is not None:
        yield "age", {0: "same", 1: "near"}.get(abs(one.age - other.age), "differs")
    yield from _told_by_both("sex", one, other, "same")
    yield from _in_common("country", one.countries, other.countries)
    for field in ("start", "death"):
        if all(len(getattr(case, field) or "") == DAY for case in (one, other)):
            yield from _told_by_both(field, one, other, "same day")
    yield from _in_common("reporter", one.reporters, other.reporters)
    yield from _told_by_both("sender", one, other, "same")


def _told_by_both(
    field: str, one: Fingerprint, other: Fingerprint, same: str
) -> Iterator[tuple[str, str]]:
    ours, theirs = getattr(one, field), getattr(other, field)
    if ours is not None and theirs is not None:
        yield field, same if ours == theirs else "differs"


def _in_common(field: str, ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[str, str]]:
    if ours and theirs:
        yield field, "same" if set(ours) & set(theirs) else "differs"


def _compare_births(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return None
    shared = min(len(one), len(other))
    if one[:shared] == other[:shared]:
        return _PRECISION[shared]
    return "near" if shared == DAY and _is_slip(one, other) else "differs"


_PRECISION = {DAY: "same day", MONTH: "same month", len("2000"): "same year"}


def _is_slip(one: str, other: str) -> bool:
    """Tell whether one part of a date differs, or day and month changed places."""
    ours, theirs = one.split("-"), other.split("-")
    agree = sum(a == b for a, b in zip(ours, theirs, strict=True))
    return agree == _TWO_OF_THREE or (ours[0] == theirs[0] and ours[1:] == [theirs[2], theirs[1]])


def _compare_events(one: Fingerprint, other: Fingerprint, weights: Weights) -> Iterator[Evidence]:
    """
    Compare the two events that are most alike: by their terms, then by their days.

    Of several terms in common the rarest counts whole, the others half.
    """
    alike = [list(_compare_two(a, b, weights)) for a in one.events for b in other.events]
    if not alike:
        yield Evidence("event", UNKNOWN, weights.bits["event", UNKNOWN])
        return
    best = max(alike, key=lambda found: (-_TERMS.index(found[0].level), _sum(found), found))
    if best[0].level == "same":
        ours, theirs = ({event.term for event in case.events} for case in (one, other))
        shared = sorted((weights.event(term) for term in ours & theirs), reverse=True)
        yield Evidence("event", "same", round(shared[0] + sum(shared[1:]) / 2, 2))
    else:
        yield best[0]
    yield from best[1:]


UNKNOWN = "cannot be compared"
_TERMS = ("same", "kin", UNKNOWN, "differs")


def _sum(found: Iterable[Evidence]) -> float:
    return sum(each.bits for each in found)


def _compare_two(one: Event, other: Event, weights: Weights) -> Iterator[Evidence]:
    def said(field: str, level: str) -> Evidence:
        return Evidence(field, level, weights.bits[field, level])

    if one.term == other.term:
        yield Evidence("event", "same", weights.event(one.term))
    elif weights.kin(one.term, other.term) or _read_alike(one, other):
        yield said("event", "kin")
    else:
        yield said("event", "differs" if one.coded and other.coded else UNKNOWN)
    if (onset := _compare_onsets(one.onset, other.onset)) is not None:
        yield said("onset", onset)
    if _is_whole(one.ended) and _is_whole(other.ended):
        yield said("end", "same day" if one.ended == other.ended else "differs")
    if onset != "same day" and (course := _compare_courses(one, other)) is not None:
        yield said("course", course)


def _read_alike(one: Event, other: Event) -> bool:
    """Tell whether words that nobody coded read like the other event: contained, or much alike."""
    if one.coded and other.coded:
        return False
    ours, theirs = _words(one.term), _words(other.term)
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) >= _SHORTEST_WORDS and shorter in longer:
        return True
    return ratio(ours, theirs) >= _ALIKE


@lru_cache(maxsize=4096)
def _words(term: str) -> str:
    return term.removeprefix(UNCODED) if term.startswith(UNCODED) else key_of(fold(term))


def _compare_onsets(one: str | None, other: str | None) -> str | None:
    if one is None or other is None:
        return None
    if len(one) == len(other) == DAY:
        apart = date.fromisoformat(one) - date.fromisoformat(other)
        return _level_of_days(abs(apart.days))
    shorter, longer = sorted((one, other), key=len)
    precise = len(shorter)
    if longer[:precise] == shorter or (precise == MONTH and shorter in _months_near(longer)):
        return _PRECISION[precise]
    return "differs"


def _level_of_days(apart: int) -> str:
    if not apart:
        return "same day"
    return "near" if apart <= NEAR_DAYS else "differs"


def _months_near(onset: str) -> set[str]:
    """Give the months that a day is near to: 30 September is near to October."""
    if len(onset) != DAY:
        return {onset}
    day = date.fromisoformat(onset)
    week = timedelta(days=NEAR_DAYS)
    return {each.isoformat()[:MONTH] for each in (day - week, day + week)}


def _compare_courses(one: Event, other: Event) -> str | None:
    """Tell whether an event went on in both at once, or had ended in one before the other began."""
    if not (_is_whole(one.onset) and _is_whole(other.onset)):
        return None
    first, second = sorted((one, other), key=lambda event: event.onset or "")
    if not _is_whole(first.ended):
        return None
    return "overlaps" if (first.ended or "") >= (second.onset or "") else "apart"


def _is_whole(day: str | None) -> bool:
    return len(day or "") == DAY


def _compare_drugs(one: Fingerprint, other: Fingerprint, weights: Weights) -> Iterator[Evidence]:
    if not one.drugs or not other.drugs:
        return
    shared = len(set(one.drugs) & set(other.drugs))
    if shared:
        bits = weights.bits["drug", "same"] * (1 + (shared - 1) / 2)
        yield Evidence("drug", "same", round(bits, 2))
    else:
        yield Evidence("drug", "differs", weights.bits["drug", "differs"])


def read_evidence(told: Sequence[Sequence[Any]]) -> tuple[Evidence, ...]:
    """Read evidence as it was stored."""
    return tuple(Evidence(*each) for each in told)
