"""
The messages we send: case decided, alert raised, message quarantined.

Each is a CloudEvents event whose id is made from its ground, so that a message
built again after a crash is the same message. None holds patient data, save the
dead letter's payload, which is the message as received.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from safety.alerts import Alert
from safety.deadlines import Obligation
from safety.pipeline import Outcome, submissions_of
from safety.store.model import Outgoing, Quarantined
from safety.submissions import Submission
from safety.versions import Version
from schemas.topics import ALERTS, CASE_DECISIONS, DEAD_LETTERS, Topic

SOURCE = "urn:sorafenib-safety"
MAX_EMBEDDED_BYTES = 512 * 1024  # a larger payload stays in the store, the letter names it


def case_decided(version: Version, outcome: Outcome, *, now: datetime) -> Outgoing:
    """Build the message that a case has a new version."""
    ended = {end.obligation_id: end.reason for end in outcome.superseded}
    records = submissions_of(outcome.case.case.state)
    data = {
        "case_id": version.case_id,
        "version": version.version,
        "status": version.status,
        "digest": version.digest,
        "knowledge": version.knowledge,
        "caused_by": version.caused_by,
        "reactions": [_reaction(event) for event in version.events],
        "obligations": [
            *(_obligation(o, "open", o.reason, records) for o in outcome.case.obligations),
            *(
                _obligation(o, "superseded", ended[o.obligation_id], records)
                for o in outcome.lifted
            ),
        ],
        "synthetic": version.synthetic,
    }
    return _outgoing(
        CASE_DECISIONS, f"{version.case_id}/{version.version}", version.case_id, data, now
    )


def alert_raised(alert: Alert, *, synthetic: bool, now: datetime) -> Outgoing:
    """Build the message that somebody has to act."""
    data = {
        "alert_id": alert.alert_id,
        "kind": alert.kind,
        "case_id": alert.case_id,
        "obligation_id": alert.obligation_id,
        "authority": alert.authority,
        "due": alert.due,
        "text": alert.text[:500],
        "synthetic": synthetic,
    }
    return _outgoing(ALERTS, alert.alert_id, alert.case_id or alert.alert_id, data, now)


def message_quarantined(parked: Quarantined, *, now: datetime) -> Outgoing:
    """Build the dead letter of a message."""
    small = len(parked.payload) <= MAX_EMBEDDED_BYTES
    data = {
        "quarantine_id": parked.quarantine_id,
        "reason": parked.reason,
        "path": parked.path[:500] or None,
        "advice": parked.advice[:500],
        "topic": parked.origin.topic,
        "partition": parked.origin.partition,
        "offset": parked.origin.offset,
        "part": parked.origin.part,
        "contract": f"{parked.origin.topic} v1",
        "payload_digest": parked.digest,
        "payload_bytes": len(parked.payload),
        "earliest_due": parked.earliest_due,
        "payload_base64": base64.b64encode(parked.payload).decode() if small else None,
    }
    return _outgoing(DEAD_LETTERS, parked.quarantine_id, parked.quarantine_id, data, now)


def _reaction(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reaction_id": event["reaction"],
        "term": event["term"],
        "code": event["code"],
        "grade": event["grade"],
        "grade_reported": event["grade_reported"],
        "grade_computed": event["grade_computed"],
        "grade_confirmed": event["grade_confirmed"],
        "serious": event["serious"],
        "criteria": event["criteria"].split(),
        "related": event["related"],
        "expected": event["expected_eu"],
    }


def _obligation(
    obligation: Obligation, state: str, reason: str, records: Mapping[str, Submission]
) -> dict[str, Any]:
    record = records.get(obligation.ground) if records else None
    return {
        "obligation_id": obligation.obligation_id,
        "authority": obligation.authority,
        "recipient": obligation.recipient,
        "duty": obligation.duty.value,
        "rule_id": obligation.rule_id,
        "rulebook": obligation.rulebook,
        "provision": obligation.provision,
        "evidence": obligation.evidence,
        "day_zero": obligation.day_zero,
        "due": obligation.due,
        "decided": obligation.decided,
        "missing": list(obligation.missing),
        "state": state,
        "reason": reason[:500],
        **({} if record is None else {"submission": record.state}),
    }


def _outgoing(
    topic: Topic, message_id: str, key: str, data: Mapping[str, Any], now: datetime
) -> Outgoing:
    kind = topic.kinds[0].type
    event = {
        "specversion": "1.0",
        "id": message_id,
        "source": SOURCE,
        "type": kind,
        "subject": key,
        "datacontenttype": "application/json",
        "data": data,
    }
    return Outgoing(f"{topic.name}/{message_id}", topic.name, key, orjson.dumps(event), now)
