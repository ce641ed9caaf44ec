"""Steps of submissions, as a person at the desk records them."""

from safety.case import Report
from safety.deadlines import Obligation
from safety.intake import read_report
from schemas.messages.decision import DeskDecision
from schemas.vocabulary import SubmissionState as State


def step(
    duty: Obligation, state: State, day: str = "2026-03-20", *, hour: int = 9, **changes: object
) -> Report:
    """Record a step of a duty's report at an hour of a day in Shanghai."""
    sender, _, number = duty.case_id.partition(":")
    at = f"{day}T{hour:02}:00:00+08:00"
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
        "state": state,
        "at": at,
    }
    data = DeskDecision.model_validate(
        {
            "case": {"sender": sender, "sender_case_id": number},
            "decided_by": "reviewer-1",
            "decided_at": at,
            "office_zone": "Asia/Shanghai",
            "reason": "it went out",
            "action": action | changes,
        },
        strict=False,
    )
    return read_report(f"desk {state}-{day}-{hour}", data)


def submitted(duty: Obligation) -> Report:
    """Record that the report for a duty was sent."""
    return step(duty, State.SUBMITTED)
