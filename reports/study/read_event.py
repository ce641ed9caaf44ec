"""One adverse event, from the case version that tells of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.study.days import read_span
from reports.study.definitions import is_related
from reports.study.model import Event
from reports.study.values import told_fact
from safety.causality import read_answer

_INVESTIGATORS = frozenset({"reporter", "investigator"})

State = Mapping[str, Mapping[str, Sequence[Any]]]  # entity to field to [value, message]


@dataclass(frozen=True, slots=True)
class CaseContent:
    """One case in the version that counts: its state and its rows for aggregation."""

    case_id: str
    state: State
    events: Sequence[Mapping[str, Any]]
    synthetic: bool = False


def is_coded_by_study(case: CaseContent) -> bool:
    """Whether the study's own database has coded an event of this case."""
    return any(
        isinstance(recorded := told_fact(facts, "as_recorded"), dict)
        and recorded.get("preferred_term")
        for path, facts in case.state.items()
        if path.startswith("reactions/")
    )


def read_event(case: CaseContent, row: Mapping[str, Any], *, coded_by_study: bool) -> Event:
    """
    Read one event; whether it is treatment-emergent is not known here.

    Args:
        case: The case.

        row: The event's row for aggregation.

        coded_by_study: Whether the study brings its own coding: then an event that it left
            uncoded is uncoded, unless a person coded it at the desk.
    """
    path = f"reactions/{row['reaction']}"
    facts = case.state.get(path, {})
    recorded = told_fact(facts, "as_recorded")
    recorded = recorded if isinstance(recorded, dict) else {}
    told_serious = recorded.get("serious")
    ours = not coded_by_study or told_fact(facts, "desk.term") is not None
    criteria = tuple((row["criteria"] or "").split())
    fatal = bool(row["fatal"]) or row["outcome"] == "fatal"
    serious = told_serious if isinstance(told_serious, bool) else row["serious"] is not False
    readings = tuple(_readings(case.state, row["reaction"]))
    investigator = _one([answer for side, answer in readings if side in _INVESTIGATORS])
    action = recorded.get("action_taken") or _action(case.state)
    return Event(
        case_id=case.case_id,
        reaction=row["reaction"],
        subject_id=row["subject"] or "",
        verbatim=row["verbatim"],
        term=row["term"] if ours else recorded.get("preferred_term"),
        soc=row["soc"] if ours else recorded.get("system_organ_class"),
        onset=read_span(row["onset"]),
        end=read_span(row["ended"]),
        grade=row["grade"],
        severity=recorded.get("severity"),
        serious=serious,
        doubtful=not serious and bool(criteria or fatal),
        criteria=criteria,
        fatal=fatal,
        related=is_related(tuple(answer for _, answer in readings), investigator=investigator),
        answered=any(answer is not None for _, answer in readings),
        action=action,
        outcome=row["outcome"],
        interest=tuple(recorded.get("special_interest") or ()),
        flagged=recorded.get("treatment_emergent"),
    )


def _readings(state: State, reaction: str) -> Iterator[tuple[str, bool | None]]:
    for path, facts in state.items():
        if path.startswith("relatedness/") and told_fact(facts, "reaction_id") == reaction:
            answer = read_answer(told_fact(facts, "method"), told_fact(facts, "result") or "")
            yield told_fact(facts, "assessor") or "", answer.related


def _one(answers: Sequence[bool | None]) -> bool | None:
    """Give the answer of a side: related if one says so, not related only if all do."""
    if True in answers:
        return True
    return None if None in answers or not answers else False


def _action(state: State) -> str | None:
    """Give the gravest action taken with a suspect drug of the case."""
    taken = {
        told_fact(facts, "action_taken")
        for path, facts in state.items()
        if path.startswith("drugs/")
        and path.count("/") == 1
        and told_fact(facts, "role") in {"suspect", "interacting"}
    }
    return next((action for action in _GRAVEST if action in taken), None)


_GRAVEST = (
    "withdrawn",
    "interrupted",
    "dose_reduced",
    "dose_increased",
    "dose_not_changed",
    "not_applicable",
    "unknown",
)
