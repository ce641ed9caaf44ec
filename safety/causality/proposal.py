"""
What speaks for the drug having caused the reaction, what against, and what is open?

A proposal for whoever assesses for the sponsor. It suggests a category of WHO-UMC, never "certain",
and under a method of its own, so that it cannot be taken for an assessment: only a desk decision
becomes the sponsor's answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from safety.causality.days import DayCount
from safety.causality.evidence import Evidence
from schemas.vocabulary import Rechallenge

Category = Literal["probable", "possible", "unlikely", "conditional"]
Side = Literal["for", "against", "open"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One thing that bears on causality: a stable code, where it stands, and a sentence."""

    code: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What speaks for, against, and what is open; with the category that follows, and why."""

    for_: tuple[Argument, ...]
    against: tuple[Argument, ...]
    open: tuple[Argument, ...]
    category: Category
    reason: str
    method: Literal["proposal"] = "proposal"


def propose_causality(evidence: Evidence) -> Proposal:
    """
    Weigh what a case tells of one drug and one reaction.

    The category is that of the first line that applies:

    1. onset surely before the first dose: unlikely;
    2. onset or first dose not known well enough to say: conditional, ask for the dates;
    3. onset surely after the drug was gone, and another explanation is named: unlikely;
    4. recurred when the drug was given again: probable;
    5. another explanation is named: possible;
    6. abated when the drug was stopped or reduced, and was not treated: probable;
    7. possible.

    Listedness, and what an assessor said, are arguments and decide nothing here.

    Sources:
        WHO-UMC categories, regulatory facts 3.1 and 3.4.
    """
    found: dict[Side, list[Argument]] = {"for": [], "against": [], "open": []}
    for side, argument in _arguments(evidence):
        found[side].append(argument)
    category, reason = _suggest(evidence)
    return Proposal(
        for_=tuple(found["for"]),
        against=tuple(found["against"]),
        open=tuple(found["open"]),
        category=category,
        reason=reason,
    )


def _suggest(evidence: Evidence) -> tuple[Category, str]:
    first = evidence.from_first
    if first is not None and first.most < 0:
        return "unlikely", "onset before the first dose"
    if first is None or first.fewest < 0:
        return "conditional", "the dates do not tell whether the drug came before the onset"
    explained = _is_explained(evidence)
    if explained and _is_gone(evidence):
        return "unlikely", "onset after the drug was gone, and another explanation is named"
    if evidence.rechallenge.answer is Rechallenge.RECURRED:
        return "probable", "recurred when the drug was given again"
    if explained:
        return "possible", "another explanation is named"
    if evidence.dechallenge.answer == "positive" and not evidence.dechallenge.confounded:
        return "probable", "abated when the drug was stopped or reduced"
    return "possible", "the time fits, and nothing else decides"


def _is_explained(evidence: Evidence) -> bool:
    """Whether the case names something else that could have caused it."""
    others = (evidence.other_drugs, evidence.blamed_drugs, evidence.same_before)
    return any(others) or "raises_other" in evidence.interactions.values()


def _is_gone(evidence: Evidence) -> bool:
    last, washout = evidence.from_last, evidence.washout_days
    return last is not None and washout is not None and last.fewest > washout


def _arguments(evidence: Evidence) -> Iterator[tuple[Side, Argument]]:
    yield from _time(evidence)
    yield from _challenges(evidence)
    yield from _listedness(evidence)
    for path in evidence.believers:
        yield "for", Argument("assessor", path, "reporter or investigator see a relation")
    for path in evidence.same_on_drug:
        yield "for", Argument("same_on_drug", path, "the same event under this drug before")
    for path in evidence.other_drugs:
        yield "against", Argument("other_drug", path, "another suspect drug may explain it")
    for path in evidence.blamed_drugs:
        yield "against", Argument("blamed_drug", path, "an assessor relates it to another drug")
    for path in evidence.same_before:
        yield "against", Argument("same_before", path, "the same event before the first dose")
    for path in evidence.conditions:
        yield "open", Argument("condition", path, "a disease going on: may it explain the event?")
    for path, effect in sorted(evidence.interactions.items()):
        yield _INTERACTIONS[effect][0], Argument("interaction", path, _INTERACTIONS[effect][1])


_INTERACTIONS: dict[str, tuple[Side, str]] = {
    "lowers_product": ("against", "another drug lowers the exposure to this one"),
    "raises_other": ("against", "exposure to another drug rises, whose own effect it may be"),
    "adds_risk": ("open", "another drug carries the same risk: is it of this kind?"),
}


def _time(evidence: Evidence) -> Iterator[tuple[Side, Argument]]:
    first, last, path = evidence.from_first, evidence.from_last, f"{evidence.reaction}.onset"
    if first is None:
        yield "open", Argument("time", path, "onset or first dose are not known: ask for them")
        return
    if first.most < 0:
        yield "against", Argument("time", path, "onset before the first dose")
        return
    if first.fewest < 0:
        yield "open", Argument("time", path, "onset may lie before the first dose: ask for the day")
        return
    told = f"onset {_days(first)} after the first dose"
    if last is not None and last.most <= (evidence.washout_days or 0):
        yield "for", Argument("time", path, f"{told}, while the drug was there")
    elif _is_gone(evidence):
        yield "against", Argument("time", path, f"{told}, after the drug was gone")
    else:
        yield "open", Argument("time", path, f"{told}; the last dose before it is not known")


def _challenges(evidence: Evidence) -> Iterator[tuple[Side, Argument]]:
    path = f"{evidence.drug}.action_taken"
    stop, again = evidence.dechallenge, evidence.rechallenge
    side: Side
    match stop.answer:
        case "positive":
            side = "open" if stop.confounded else "for"
            treated = ", but it was treated" if stop.confounded else ""
            yield side, Argument("dechallenge", path, f"{stop.reason}{treated}")
        case "negative":
            yield "against", Argument("dechallenge", path, stop.reason)
        case "unknown":
            yield "open", Argument("dechallenge", path, stop.reason)
        case "not_applicable":
            if evidence.abated_on_drug:
                yield (
                    "against",
                    Argument("dechallenge", path, "abated while the drug was continued"),
                )
    restart = f"{evidence.drug}.doses"
    match again.answer:
        case Rechallenge.RECURRED:
            yield "for", Argument("rechallenge", restart, again.reason)
        case Rechallenge.DID_NOT_RECUR:
            side = "open" if again.at_lower_dose else "against"
            lower = " at a lower dose, which says little" if again.at_lower_dose else ""
            yield side, Argument("rechallenge", restart, f"{again.reason}{lower}")
        case Rechallenge.OUTCOME_UNKNOWN:
            yield "open", Argument("rechallenge", restart, again.reason)
    reported = evidence.reported_rechallenge
    if reported == "recurred" and again.answer is not Rechallenge.RECURRED:
        yield (
            "open",
            Argument("rechallenge", restart, "told to recur, which the doses do not show: ask"),
        )


def _listedness(evidence: Evidence) -> Iterator[tuple[Side, Argument]]:
    sides: dict[bool | None, tuple[Side, str]] = {
        False: ("for", "listed in the label"),
        True: ("against", "not listed in the label"),
        None: ("open", "a person must say whether it is listed in the label"),
    }
    for answer, (side, text) in sides.items():
        regions = [region for region, found in evidence.unexpected.items() if found is answer]
        if regions:
            yield (
                side,
                Argument(
                    "listedness", evidence.reaction, f"{text} of {', '.join(sorted(regions))}"
                ),
            )


def _days(count: DayCount) -> str:
    exact = count.exact
    return f"{count.fewest} to {count.most} days" if exact is None else f"{exact} days"
