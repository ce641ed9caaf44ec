"""
What must be told to somebody now, because a case changed.

An alert has an id made from its ground, so that the same ground never alerts
twice, however often a message is handled.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from safety.deadlines import Obligation

EXPEDITED_DAYS = 15  # longer limits are due too, but nobody has to be woken for them


@dataclass(frozen=True, slots=True)
class Alert:
    """Something a person has to know; holds no patient data."""

    alert_id: str
    kind: str
    case_id: str | None
    obligation_id: str | None
    authority: str | None
    due: date | None
    text: str


def decide_alerts(before: Iterable[Obligation], now: Iterable[Obligation]) -> Iterator[Alert]:
    """Give one alert for each new expedited duty, decided or held on a conservative clock."""
    known = {obligation.obligation_id for obligation in before}
    for obligation in now:
        if obligation.obligation_id in known or obligation.days > EXPEDITED_DAYS:
            continue
        kind = "expedited" if obligation.decided else "undecidable"
        missing = (
            f"; to be decided by {', '.join(obligation.missing)}" if obligation.missing else ""
        )
        yield Alert(
            alert_id=alert_id(kind, obligation.obligation_id),
            kind=kind,
            case_id=obligation.case_id,
            obligation_id=obligation.obligation_id,
            authority=obligation.authority,
            due=obligation.due,
            text=f"{obligation.duty.value} to {obligation.recipient} by {obligation.due}"
            f" ({obligation.rule_id}, {obligation.provision}){missing}",
        )


def alert_void_case(case_id: str, message: str, due: date) -> Alert:
    """
    Give the alert that a report came for a case that is void.

    Args:
        case_id: The void case.

        message: The report that came.

        due: The earliest day on which a report could be due, if the event is real.
    """
    return Alert(
        alert_id=alert_id("report_after_nullification", message),
        kind="report_after_nullification",
        case_id=case_id,
        obligation_id=None,
        authority=None,
        due=due,
        text=f"a report came for the void case {case_id}; if the event is real a report may be due"
        f" {due}, under new numbers",
    )


def alert_id(kind: str, ground: str) -> str:
    """Give the id of an alert of this kind on this ground."""
    return hashlib.sha256(f"{kind}\n{ground}".encode()).hexdigest()[:24]
