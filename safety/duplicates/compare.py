"""
Are these two cases one, and what speaks for and against it?

Each field adds what its agreement or disagreement is worth (see `data/weights.toml`); a field that
one of the two does not tell adds nothing. The sum decides whether a person is shown the pair; no
sum merges anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from safety.duplicates.blocks import DAY, MONTH
from safety.duplicates.fingerprint import Event, Fingerprint
from safety.duplicates.weights import Weights

OPEN, DISMISSED, MERGED = "open", "dismissed", "merged"
NEAR_DAYS = 7
# How near the onsets must be, by how the events agree, for two cases of one patient to be one.
_NEAR_ENOUGH = {
    "kin": frozenset({"same day", "near"}),
    "cannot be compared": frozenset({"same day"}),
}
_TWO_OF_THREE = 2  # parts of a date


@dataclass(frozen=True, slots=True)
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

    1. a term in common: if term and onset together speak for it, so that a common event that
       comes again months later does not;
    2. terms of one concept of the label, such as melaena and gastrointestinal haemorrhage: if the
       onsets are at most some days apart;
    3. an event without a term: if the onset is the same day;
    4. other terms: no.
    """
    event, onset = levels["event"], levels.get("onset")
    if event.level == "same":
        return event.bits + (onset.bits if onset else 0) >= weights.event_floor
    enough = _NEAR_ENOUGH.get(event.level, frozenset())
    return onset is not None and onset.level in enough


def _compare(one: Fingerprint, other: Fingerprint, weights: Weights) -> Iterator[Evidence]:
    for field, level in _levels(one, other):
        yield Evidence(field, level, weights.bits[field, level])
    yield _compare_events(one, other, weights)
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
    onset = _compare_onsets(one, other)
    if onset is not None:
        yield "onset", onset
    for field in ("start", "death"):
        if all(len(getattr(case, field) or "") == DAY for case in (one, other)):
            yield from _told_by_both(field, one, other, "same day")
    yield from _in_common("reporter", one.reporters, other.reporters)


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


def _compare_onsets(one: Fingerprint, other: Fingerprint) -> str | None:
    """Give the best agreement of onsets: of an event in common, else of any two."""
    shared = {event.term for event in one.events} & {event.term for event in other.events}
    levels = {
        level
        for ours in one.events
        for theirs in other.events
        if not shared or ours.term == theirs.term
        if (level := _compare_days(ours, theirs)) is not None
    }
    return next((level for level in _ONSETS if level in levels), None)


_ONSETS = ("same day", "near", "same month", "same year", "differs")


def _compare_days(one: Event, other: Event) -> str | None:
    if one.onset is None or other.onset is None:
        return None
    precise = min(len(one.onset), len(other.onset))
    if one.onset[:precise] == other.onset[:precise]:
        return _PRECISION[precise]
    if precise == DAY:
        apart = date.fromisoformat(one.onset) - date.fromisoformat(other.onset)
        return "near" if abs(apart.days) <= NEAR_DAYS else "differs"
    return "differs"


def _compare_events(one: Fingerprint, other: Fingerprint, weights: Weights) -> Evidence:
    ours, theirs = ({event.term for event in case.events} for case in (one, other))
    shared = sorted((weights.event(term) for term in ours & theirs), reverse=True)
    if shared:
        return Evidence("event", "same", round(shared[0] + sum(shared[1:]) / 2, 2))
    if any(weights.kin(mine, yours) for mine in ours for yours in theirs):
        return Evidence("event", "kin", weights.bits["event", "kin"])
    uncoded = any(not event.coded for event in (*one.events, *other.events))
    told = ours and theirs and not uncoded
    level = "differs" if told else "cannot be compared"
    return Evidence("event", level, weights.bits["event", level])


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
