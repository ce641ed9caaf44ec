"""
Decide whether two cases are one: merge, undo, or record that they are two events.

Each is a desk decision through the same pipeline, so a replay takes it from the log as it takes any
other message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consumers.backfill import process_records
from consumers.desk_message import Taken, desk_record
from consumers.learned import KnowledgeOverTime
from consumers.logged import read_logged
from consumers.merges import explain_no_merge
from safety.case import Case, CaseState, fold
from safety.duplicates import propose_same
from safety.errors import SafetyError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import case_messages, load_version
from schemas.topics import ADVERSE_EVENTS


class DecisionRefusedError(SafetyError):
    """The decision cannot be recorded; the message says why."""


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided, why, when, and in which office's zone."""

    by: str
    reason: str
    at: datetime
    zone: str


def propose_merge(
    store: SqlStore, knowledge: Knowledge, case_id: str, into: str
) -> list[dict[str, str]]:
    """
    Propose which reactions and drugs of two cases are the same, by what people taught too.

    Raises:
        DecisionRefusedError: There is no such case.
    """
    states = _state(store, case_id), _state(store, into)
    with store.transaction() as transaction:
        taught = KnowledgeOverTime(knowledge).refresh(transaction)
    return propose_same(*states, taught)


def merge_case(
    store: SqlStore,
    knowledge: Knowledge,
    case_id: str,
    into: str,
    *,
    same: Sequence[Mapping[str, str]],
    decided: Decided,
) -> None:
    """
    Let a case give way to another.

    Args:
        store: Where both are.

        knowledge: What to decide with.

        case_id: The case that gives way.

        into: The case that remains.

        same: Its reactions and drugs that are those of the other, as `propose_merge()` gives them.

        decided: Who decided and why.

    Raises:
        DecisionRefusedError: One of them is unknown, void or merged, or has not what is said to be
            the same.
        StoreUnavailableError: Another writer changed one of them meanwhile; try again.
    """
    state = _state(store, case_id)
    if state.merged is not None:
        raise DecisionRefusedError(f"case {case_id} was merged already; undo that merge first")
    why = explain_no_merge(case_id, into, lambda other: _find(store, other))
    if why is not None:
        raise DecisionRefusedError(why)
    for entry in same:
        _find_entry(state, case_id, entry["family"], entry["here"])
        _find_entry(_state(store, into), into, entry["family"], entry["there"])
    action = {"kind": "merge", "into": into, "same": [dict(entry) for entry in same]}
    _record(store, knowledge, case_id, action, decided)


def undo_merge(store: SqlStore, knowledge: Knowledge, case_id: str, *, decided: Decided) -> str:
    """
    Let a case that gave way stand by itself again; gives the case that it was merged into.

    Raises:
        DecisionRefusedError: It was not merged.
        StoreUnavailableError: Another writer changed one of them meanwhile; try again.
    """
    into = _state(store, case_id).merged_into
    if into is None:
        raise DecisionRefusedError(f"case {case_id} is not merged into another")
    _record(store, knowledge, case_id, {"kind": "undo_merge"}, decided)
    return into


def judge_distinct(
    store: SqlStore,
    knowledge: Knowledge,
    case_id: str,
    other: str,
    *,
    distinct: bool,
    decided: Decided,
) -> None:
    """
    Record that two cases are two events, or take that back.

    Raises:
        DecisionRefusedError: There is no such case, both are one case, or one was merged into the
            other.
        StoreUnavailableError: Another writer changed the case meanwhile; try again.
    """
    if case_id == other:
        raise DecisionRefusedError("a case is one event with itself; name the other case")
    for one, into in ((case_id, other), (other, case_id)):
        if _state(store, one).merged_into == into and distinct:
            raise DecisionRefusedError(f"case {one} was merged into {into}; undo that merge first")
    action = {"kind": "not_a_duplicate", "other": other, "distinct": distinct}
    _record(store, knowledge, case_id, action, decided)


def _state(store: SqlStore, case_id: str) -> CaseState:
    state = _find(store, case_id)
    if state is None:
        raise DecisionRefusedError(f"there is no case {case_id}; see: safety case list")
    return state


def _find_entry(state: CaseState, case_id: str, family: str, key: str) -> None:
    known = [entry.key for entry in state.entries(family)]
    if key not in known:
        raise DecisionRefusedError(
            f"case {case_id} has no {key} among its {family}; it has {', '.join(known) or 'none'}"
        )


def _find(store: SqlStore, case_id: str) -> CaseState | None:
    case = Case(case_id)
    for message in case_messages(store, case_id):
        case = fold(case, read_logged(message))
    return case.state if case.steps else None


def _record(
    store: SqlStore,
    knowledge: Knowledge,
    case_id: str,
    action: Mapping[str, Any],
    decided: Decided,
) -> None:
    version = load_version(store, case_id)
    if version is None:
        raise DecisionRefusedError(f"there is no case {case_id}; see: safety case list")
    taken = Taken(case_id, decided.by, decided.zone, decided.reason, synthetic=version.synthetic)
    message = desk_record(taken, action, now=decided.at)
    tally = process_records([message], store, knowledge, clock=lambda: decided.at)
    if not tally[ADVERSE_EVENTS.name].accepted:
        raise DecisionRefusedError(
            "the decision was not taken; it is in quarantine with the reason:"
            " safety quarantine list"
        )
