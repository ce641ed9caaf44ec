"""Two reports of one event under two case numbers, as messages."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import orjson

from consumers.handlers import Record
from tests.support.reports import BASE

EDC, HOSPITAL = "EDC:16621-01-001-AE01", "HOSPITAL:2026-0117"

# What a hospital tells of the event of BASE: other ids, another day of receipt.
OF_HOSPITAL: Mapping[str, Any] = {
    "case": {"sender": "HOSPITAL", "sender_case_id": "2026-0117"},
    "received_at": "2026-02-28T10:00:00+08:00",
    "most_recent_information": "2026-02-28",
    "patient": {
        "initials": "W.L.",
        "sex": "male",
        "birth_date": {"value": "1967-05-03", "precision": "day"},
    },
    "drugs": [{"drug_id": "D1", "role": "suspect", "name": "Nexavar"}],
    "reactions": [
        {
            "reaction_id": "R1",
            "term": {"text": "肺栓塞", "language": "zh"},
            "seriousness": {"life_threatening": True},
            "onset": {"value": "2026-02-27", "precision": "day"},
            "country": "CN",
        }
    ],
    "relatedness": [
        {"drug_id": "D1", "reaction_id": "R1", "assessor": "reporter", "result": "related"},
    ],
    "narrative": "一名男性患者突发肺栓塞。",
}


def reported(name: str, data: Mapping[str, Any] | None = None, **changes: Any) -> Record:
    """Give a report as a record; BASE unless other data are given."""
    whole = deepcopy(BASE) | deepcopy(dict(data or {})) | changes
    return _record(name, "pv.adverse-event.reported.v1", whole)


def decided(name: str, case: str, action: Mapping[str, Any], day: str = "2026-03-05") -> Record:
    """Give a decision about a case as a record."""
    sender, _, number = case.partition(":")
    return _record(
        name,
        "pv.decision.recorded.v1",
        {
            "case": {"sender": sender, "sender_case_id": number},
            "decided_by": "reviewer-1",
            "decided_at": f"{day}T15:00:00+08:00",
            "office_zone": "Asia/Shanghai",
            "reason": "compared with the source documents",
            "action": dict(action),
        },
    )


def merge(name: str = "merge", *, day: str = "2026-03-05") -> Record:
    """Give the decision that the hospital's case gives way to the study's."""
    same = [
        {"family": "reactions", "here": "R1", "there": "r1"},
        {"family": "drugs", "here": "D1", "there": "d1"},
    ]
    return decided(name, HOSPITAL, {"kind": "merge", "into": EDC, "same": same}, day)


def undo(name: str = "undo", *, day: str = "2026-03-06") -> Record:
    """Give the decision that takes it back."""
    return decided(name, HOSPITAL, {"kind": "undo_merge"}, day)


def _record(name: str, kind: str, data: Mapping[str, Any]) -> Record:
    case = data["case"]
    subject = f"{case['sender']}:{case['sender_case_id']}"
    event = {
        "specversion": "1.0",
        "id": name,
        "source": "urn:test",
        "type": kind,
        "subject": subject,
        "data": dict(data),
    }
    return Record("pv.adverse-events", 0, 0, subject, {}, orjson.dumps(event))
