"""Made-up messages for tests: a complete study report, and words to change it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from safety.case import Case, Report, fold
from safety.intake import read_report
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.decision import DeskDecision

BASE: dict[str, Any] = {
    "kind": "initial",
    "case": {"sender": "EDC", "sender_case_id": "16621-01-001-AE01"},
    "report_type": "study",
    "received_at": "2026-03-02T09:00:00+08:00",
    "office_zone": "Asia/Shanghai",
    "most_recent_information": "2026-03-02",
    "study": {"study_id": "NCT01751763", "subject_id": "01-001"},
    "reporters": [{"reporter_id": "1", "qualification": "physician", "country": "CN"}],
    "patient": {"initials": "WL", "sex": "male", "age": {"value": "58", "unit": "a"}},
    "drugs": [{"drug_id": "d1", "role": "suspect", "name": "sorafenib"}],
    "reactions": [
        {
            "reaction_id": "r1",
            "term": {"text": "Pulmonary embolism", "language": "en"},
            "seriousness": {"hospitalisation": True},
            "onset": {"value": "2026-02-27", "precision": "day"},
            "country": "CN",
        }
    ],
    "relatedness": [
        {"drug_id": "d1", "reaction_id": "r1", "assessor": "investigator", "result": "related"},
        {"drug_id": "d1", "reaction_id": "r1", "assessor": "sponsor", "result": "related"},
    ],
}


def message(**changes: Any) -> AdverseEventReport:
    """Give the base message with top-level fields replaced; None takes a field away."""
    data = deepcopy(BASE) | changes
    kept = {name: value for name, value in data.items() if value is not None}
    return AdverseEventReport.model_validate(kept, strict=False)


def report(name: str = "m1", **changes: Any) -> Report:
    """Give the base message as a report."""
    return read_report(f"test {name}", message(**changes))


def reaction(**changes: Any) -> list[dict[str, Any]]:
    """Give the base reaction, changed, as the list a message carries."""
    changed = deepcopy(BASE["reactions"][0]) | changes
    return [{name: value for name, value in changed.items() if value is not None}]


def answers(**results: str | None) -> list[dict[str, Any]]:
    """Give relatedness answers by assessor; None leaves one out."""
    return [
        {"drug_id": "d1", "reaction_id": "r1", "assessor": assessor, "result": result}
        for assessor, result in results.items()
        if result is not None
    ]


def follow_up(name: str = "m2", day: str = "2026-03-09", **fields: Any) -> Report:
    """Give a follow-up received on a day that carries only the fields named."""
    head = {
        "kind": "follow_up",
        "case": BASE["case"],
        "report_type": "study",
        "received_at": f"{day}T09:00:00+08:00",
        "office_zone": "Asia/Shanghai",
        "most_recent_information": day,
    }
    data = AdverseEventReport.model_validate(head | fields, strict=False)
    return read_report(f"test {name}", data)


def correction(name: str = "m3", day: str = "2026-03-12", **fields: Any) -> Report:
    """Give a correction made on a day; its most recent information date stays the initial's."""
    return follow_up(
        name,
        day,
        kind="correction",
        most_recent_information="2026-03-02",
        case=BASE["case"] | {"sender_version": 2},
        **fields,
    )


def nullification(name: str = "m9", reason: str = "duplicate", day: str = "2026-03-20") -> Report:
    """Give a nullification."""
    data = {
        "case": BASE["case"],
        "reason": reason,
        "explanation": "the same event was reported twice",
        "received_at": f"{day}T09:00:00+08:00",
        "office_zone": "Asia/Shanghai",
        "most_recent_information": day,
    }
    return read_report(f"test {name}", Nullification.model_validate(data, strict=False))


def decision(name: str, action: Mapping[str, Any], day: str = "2026-03-05") -> Report:
    """Give a desk decision."""
    data = {
        "case": BASE["case"],
        "decided_by": "reviewer-1",
        "decided_at": f"{day}T15:00:00+08:00",
        "office_zone": "Asia/Shanghai",
        "reason": "reviewed with the source documents",
        "action": dict(action),
    }
    return read_report(f"test {name}", DeskDecision.model_validate(data, strict=False))


def fold_all(*reports: Report) -> Case:
    """Fold reports in the order given."""
    case = Case("EDC:16621-01-001-AE01")
    for one in reports:
        case = fold(case, one)
    return case
