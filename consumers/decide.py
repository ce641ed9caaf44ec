"""
Take a decision about a case: checked, handled and told to Kafka in one transaction.

The person who decides saw one version of the case. If another one is current now, nothing is
recorded and they are told so. Otherwise the decision goes through the same handling as every
message; the same bytes go into the outbox, so that the topic holds every decision too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consumers.cases import CaseCache
from consumers.desk_message import Taken, desk_record, nullification_record
from consumers.handlers import Record, handle_batch, parse_all
from consumers.learned import KnowledgeOverTime
from consumers.logged import read_logged
from consumers.two_cases import DecisionRefusedError
from safety.case import Report
from safety.errors import SafetyError
from safety.store import SqlStore
from safety.store.model import Outgoing
from safety.store.queries import case_messages, load_version
from safety.store.queue_row import read_state
from safety.versions import Version
from safety.workflow import derive_standing, explain_out_of_sequence
from schemas.parse import Refused
from schemas.topics import ADVERSE_EVENTS
from schemas.vocabulary import SubmissionState

NULLIFY = "nullify"
_SENDING = frozenset({SubmissionState.SUBMITTED.value})


class CaseMovedError(SafetyError):
    """The case has another version than the person saw; nothing was recorded."""

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(f"you saw version {seen} of the case; it has version {current} now")
        self.seen = seen
        self.current = current


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What a person decided.

    Attributes:
        seen: The version they saw.
        action: As the contract of desk decisions has it; or kind `nullify` with its ground.
    """

    taken: Taken
    seen: int
    action: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    A decision that is stored.

    Attributes:
        message: Its message, by which it can be taken back.
        version: The version it made; None where it changed nothing.
    """

    message: str
    version: int | None


def decide(
    store: SqlStore, over_time: KnowledgeOverTime, decision: Decision, *, now: datetime
) -> Recorded:
    """
    Record a decision, or refuse it.

    It is judged with all that people have taught the dictionary by then, as every message is.

    Raises:
        CaseMovedError: The case has another version than the person saw.
        DecisionRefusedError: It is out of sequence, or breaks the contract.
        StoreUnavailableError: The database cannot be reached; nothing was recorded.
    """
    version = load_version(store, decision.taken.case_id)
    if version is None:
        raise DecisionRefusedError(f"there is no case {decision.taken.case_id}")
    if version.version != decision.seen:
        raise CaseMovedError(decision.seen, version.version)
    _check_sequence(store, version, decision)
    record = _record(decision, now)
    parsed = parse_all([record])
    if isinstance(parsed[0][1], Refused):
        fault = parsed[0][1].error
        raise DecisionRefusedError(f"{fault.path}: {fault.advice}")
    with store.transaction() as transaction:
        knowledge = over_time.refresh(transaction)
        head = transaction.heads([version.case_id])[version.case_id]
        if head.version != decision.seen:
            raise CaseMovedError(decision.seen, head.version)
        handled = handle_batch(
            transaction, [record], parsed, knowledge=knowledge, cache=CaseCache(), now=now
        )
        if handled.batch.quarantined:
            parked = handled.batch.quarantined[0]
            raise DecisionRefusedError(f"{parked.path}: {parked.advice}")
        message = handled.batch.messages[0]  # behind it what a merge carried over
        handled.batch.outgoing.append(
            Outgoing(
                message_id=f"decision:{message.message_id}",
                topic=ADVERSE_EVENTS.name,
                key=message.subject,
                payload=message.payload,
                recorded_at=now,
            )
        )
        transaction.save(handled.batch, now=now)
    store.keep_knowledge(knowledge.digest, knowledge.parts(), now=now)
    made = [each.version for each in handled.batch.versions if each.case_id == version.case_id]
    return Recorded(f"{message.source} {message.message_id}", made[-1] if made else None)


def _record(decision: Decision, now: datetime) -> Record:
    action = decision.action
    if action["kind"] == NULLIFY:
        return nullification_record(
            decision.taken, action["ground"], surviving_case=action.get("surviving_case"), now=now
        )
    return desk_record(decision.taken, action, now=now)


def _check_sequence(store: SqlStore, version: Version, decision: Decision) -> None:
    """
    Refuse what cannot follow.

    Raises:
        DecisionRefusedError: The message says why.
    """
    action = decision.action
    standing = derive_standing(read_state(version.state).values(), version.status)
    why = explain_out_of_sequence(action["kind"], standing)
    if why is None and action.get("state") in _SENDING and not standing.signed:
        why = "the case has no valid signature; have it approved and signed before its report goes"
    if why is None and action["kind"] == "undo":
        reports = [read_logged(m) for m in case_messages(store, version.case_id)]
        why = explain_not_undoable(action["message_id"], reports)
    if why is not None:
        raise DecisionRefusedError(why)


def explain_not_undoable(message: str, reports: Sequence[Report]) -> str | None:
    """
    Say why a decision cannot be taken back; None if it can.

    1. it is no decision of the desk about this case, or is itself a taking back;
    2. it was taken back already;
    3. it is about a merge, which has its own end;
    4. it notes a transmission: what has left the house has left it;
    5. a signature stands on it;
    6. the case has moved on from it: a later step of the same kind rests on it.

    Args:
        message: Source and id of the decision.

        reports: All reports of the case.
    """
    ordered = sorted(reports, key=lambda report: report.order)
    place = next((at for at, each in enumerate(ordered) if each.message == message), None)
    if place is None or ordered[place].kind != "decision" or ordered[place].undoes is not None:
        return "there is no such decision to take back"
    undone = {each.undoes for each in ordered}
    if message in undone:
        return "it was taken back already"
    if "merge" in ordered[place].entities:
        return "a merge is taken back among the duplicates of the case"
    if ordered[place].transmission is not None:
        return (
            "a report that was sent cannot be unsent: send an amendment or a nullification, or take"
            " in the receiver's answer with safety ack"
        )
    later = [each for each in ordered[place + 1 :] if each.message not in undone]
    if any(_signs(each) for each in later):
        return "it was signed: reopen the case and decide again"
    if any(_rests_on(each, ordered[place]) for each in later):
        return "a later step rests on it: take that back first"
    return None


def _signs(report: Report) -> bool:
    return any(path.startswith("signatures/") for path in report.entities)


def _rests_on(later: Report, earlier: Report) -> bool:
    if earlier.submission is not None:
        return later.submission is not None and later.submission.ground == earlier.submission.ground
    moves = earlier.entities.get("workflow", {}), later.entities.get("workflow", {})
    return all("state" in move for move in moves)
