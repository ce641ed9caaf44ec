"""
A decision of a person as the message it is: the same event a broker would carry.

The id is drawn once and the bytes are made once: what is handled here and what is published are
the same message, so that a consumer that reads it from Kafka finds it repeated.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from consumers.backfill import FILE_PARTITION
from consumers.handlers import Record
from schemas.topics import ADVERSE_EVENTS

DESK = "urn:sorafenib-safety:desk"


@dataclass(frozen=True, slots=True)
class Taken:
    """
    Who decides about which case, and why.

    Attributes:
        zone: IANA zone of the office, whose calendar counts.
        synthetic: The case is made up.
    """

    case_id: str
    by: str
    zone: str
    reason: str
    synthetic: bool = False


def desk_record(taken: Taken, action: Mapping[str, Any], *, now: datetime) -> Record:
    """Build the message of a decision."""
    return _record(
        taken,
        "pv.decision.recorded.v1",
        {
            "decided_by": taken.by,
            "decided_at": now,
            "office_zone": taken.zone,
            "reason": taken.reason,
            "action": action,
        },
    )


def nullification_record(
    taken: Taken, ground: str, *, surviving_case: str | None, now: datetime
) -> Record:
    """Build the message that a case is void."""
    return _record(
        taken,
        "pv.adverse-event.nullified.v1",
        {
            "reason": ground,
            "explanation": taken.reason,
            "received_at": now,
            "office_zone": taken.zone,
            "most_recent_information": now.astimezone(ZoneInfo(taken.zone)).date(),
            "decided_by": taken.by,
            **({} if surviving_case is None else {"surviving_case": surviving_case}),
        },
    )


def _record(taken: Taken, kind: str, data: Mapping[str, Any]) -> Record:
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": DESK,
        "type": kind,
        "subject": taken.case_id,
        "data": {"case": _case(taken.case_id), "synthetic": taken.synthetic, **data},
    }
    payload = orjson.dumps(event)
    return Record(ADVERSE_EVENTS.name, FILE_PARTITION, 0, taken.case_id, {}, payload)


def _case(case_id: str) -> dict[str, str]:
    """Name a case so that its subject is the one it has."""
    sender, _, number = case_id.partition(":")
    if number:
        return {"sender": sender, "sender_case_id": number}
    return {"sender": "desk", "sender_case_id": case_id, "worldwide_id": case_id}
