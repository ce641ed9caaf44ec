"""
Record how far the report for a duty has come: as a desk decision, through the same pipeline.

The decision names the duty as it stands, so it can be read again for ever; the replay
takes it from the log as it takes any other message.
"""

import uuid
from datetime import datetime

import orjson

from consumers.backfill import FILE_PARTITION, process_records
from consumers.handlers import Record
from safety.deadlines import Obligation
from safety.errors import SafetyError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import due
from safety.store.submissions import newest_submissions
from safety.submissions import TRANSITIONS, explain_refusal
from schemas.topics import ADVERSE_EVENTS
from schemas.vocabulary import SubmissionState

DESK = "urn:sorafenib-safety:desk"


class SubmissionRefusedError(SafetyError):
    """The step cannot be recorded; the message says why and what is possible."""


def record_submission(  # noqa: PLR0913 - what a step says, by name
    store: SqlStore,
    knowledge: Knowledge,
    duty: Obligation,
    state: SubmissionState,
    *,
    by: str,
    at: datetime,
    zone: str,
    reason: str,
    now: datetime,
    reference: str | None = None,
    synthetic: bool = False,
) -> None:
    """
    Record one step.

    Args:
        store: Where the case is.

        knowledge: What to decide with.

        duty: The duty as it stands.

        state: How far its report has come now.

        by: Who says so.

        at: When it happened.

        zone: IANA zone of the office, whose calendar counts.

        reason: Why.

        now: When it is recorded.

        reference: The recipient's number for the report.

        synthetic: The case is made up.

    Raises:
        SubmissionRefusedError: It is out of sequence, in the future, or breaks the contract.
        StoreUnavailableError: Another writer changed the case meanwhile; try again.
    """
    if at > now:
        raise SubmissionRefusedError("the instant is in the future; record what has happened")
    record = newest_submissions(store).get(duty.ground)
    before = None if record is None else SubmissionState(record.state)
    if state not in TRANSITIONS[before]:
        raise SubmissionRefusedError(explain_refusal(before, state))
    action = {
        "kind": "record_submission",
        "obligation_id": duty.obligation_id,
        "authority": duty.authority,
        "recipient": duty.recipient,
        "duty": duty.duty.value,
        "rule_id": duty.rule_id,
        "trigger": duty.trigger,
        "due": duty.due,
        "decided": duty.decided,
        "state": state.value,
        "at": at,
        **({} if reference is None else {"reference": reference}),
    }
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": DESK,
        "type": "pv.decision.recorded.v1",
        "subject": duty.case_id,
        "data": {
            "case": case_reference(duty.case_id),
            "decided_by": by,
            "decided_at": now,
            "office_zone": zone,
            "reason": reason,
            "action": action,
            "synthetic": synthetic,
        },
    }
    message = Record(ADVERSE_EVENTS.name, FILE_PARTITION, 0, duty.case_id, {}, orjson.dumps(event))
    tally = process_records([message], store, knowledge, clock=lambda: now)[ADVERSE_EVENTS.name]
    if not tally.accepted:
        raise SubmissionRefusedError(
            f"the step breaks the contract of a desk decision ({', '.join(tally.reasons)});"
            " it is in quarantine; see: safety quarantine list"
        )


def find_duty(store: SqlStore, case_id: str, obligation_id: str) -> Obligation:
    """
    Give a duty that stands, by its id or the beginning of it.

    Raises:
        SubmissionRefusedError: The case has no such duty, or more than one.
    """
    found = [
        duty
        for duty in due(store)
        if duty.case_id == case_id and duty.obligation_id.startswith(obligation_id)
    ]
    if len(found) != 1:
        raise SubmissionRefusedError(
            f"case {case_id} has {len(found)} standing duties whose id begins so;"
            " see the ids with: safety due --json"
        )
    return found[0]


def case_reference(case_id: str) -> dict[str, str]:
    """Name a case so that its subject is the one it has."""
    sender, _, number = case_id.partition(":")
    if number:
        return {"sender": sender, "sender_case_id": number}
    return {"sender": "desk", "sender_case_id": case_id, "worldwide_id": case_id}
