"""Transmissions and acknowledgements, as the desk and a gateway write them."""

from safety.case import Report
from safety.deadlines import Obligation
from safety.intake import read_report
from schemas.messages.acknowledgement import Acknowledgement
from schemas.messages.decision import DeskDecision

NUMBER = "CN-OURS-1"


def named(duty: Obligation) -> dict[str, object]:
    """Name a duty as a decision does."""
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


def transmit(
    duty: Obligation, batch: str = "B1", day: str = "2026-03-20", **changes: object
) -> Report:
    """Record that a message which answers a duty was written, at nine in Shanghai."""
    sender, _, number = duty.case_id.partition(":")
    at = f"{day}T09:00:00+08:00"
    action = {
        "kind": "transmit",
        "batch_number": batch,
        "message_number": NUMBER,
        "worldwide_number": NUMBER,
        "profile": "ema-post",
        "receiver": "EVHUMAN",
        "version": 1,
        "digest": "0" * 64,
        "at": at,
        "duties": [named(duty)],
    }
    data = DeskDecision.model_validate(
        {
            "case": {"sender": sender, "sender_case_id": number},
            "decided_by": "officer-3",
            "decided_at": at,
            "office_zone": "Asia/Shanghai",
            "reason": "written for transmission",
            "action": action | changes,
        },
        strict=False,
    )
    return read_report(f"desk transmit-{batch}", data)


def acknowledge(
    batch: str = "B1",
    code: str = "AA",
    message: str | None = "CA",
    *,
    at: str = "2026-03-21T02:00:00+00:00",
    name: str = "",
    texts: tuple[str, ...] = (),
) -> Report:
    """Give what a gateway said of one message; None speaks of the batch only."""
    told = {"number": NUMBER, "code": message, "local_number": "EU-77", "texts": list(texts)}
    data = Acknowledgement.model_validate(
        {
            "batch_number": batch,
            "code": code,
            "sender": "EVHUMAN",
            "created": at,
            "messages": [] if message is None else [told],
        },
        strict=False,
    )
    return read_report(f"e2b-ack:EVHUMAN {batch}/{code}/{message}/{at}{name}", data)
