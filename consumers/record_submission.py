"""
Record how far the report for a duty has come: as a desk decision, through the same pipeline.

The decision names the duty as it stands, so it can be read again for ever; the replay
takes it from the log as it takes any other message.
"""

from datetime import datetime
from typing import Any

from consumers.backfill import process_records
from consumers.desk_message import Taken, desk_record
from safety.deadlines import Obligation
from safety.errors import SafetyError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import due
from safety.store.submissions import newest_submissions
from safety.submissions import TRANSITIONS, explain_refusal
from schemas.topics import ADVERSE_EVENTS
from schemas.vocabulary import SubmissionState


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
    action = submission_step(duty, state, at=at, reference=reference)
    taken = Taken(duty.case_id, by=by, zone=zone, reason=reason, synthetic=synthetic)
    message = desk_record(taken, action, now=now)
    tally = process_records([message], store, knowledge, clock=lambda: now)[ADVERSE_EVENTS.name]
    if not tally.accepted:
        raise SubmissionRefusedError(
            f"the step breaks the contract of a desk decision ({', '.join(tally.reasons)});"
            " it is in quarantine; see: safety quarantine list"
        )


def submission_step(
    duty: Obligation, state: SubmissionState, *, at: datetime, reference: str | None = None
) -> dict[str, Any]:
    """Give the step of the report for a duty as the action of a desk decision."""
    return {
        "kind": "record_submission",
        **name_duty(duty),
        "state": state.value,
        "at": at,
        **({} if reference is None else {"reference": reference}),
    }


def name_duty(duty: Obligation) -> dict[str, Any]:
    """Name a duty as it stands, as the fields of a decision about it."""
    return {
        "obligation_id": duty.obligation_id,
        "authority": duty.authority,
        "recipient": duty.recipient,
        "duty": duty.duty.value,
        "rule_id": duty.rule_id,
        "trigger": duty.trigger,
        "due": duty.due,
        "decided": duty.decided,
    }


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
