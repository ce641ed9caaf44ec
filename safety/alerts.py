"""
What must be told to somebody now, because a case changed or a clock runs out.

An alert has an id made from its ground, so that the same ground never alerts
twice, however often a message is handled.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from safety.deadlines import Obligation
from safety.submissions import Submission

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


@dataclass(frozen=True, slots=True)
class Thresholds:
    """
    When a clock that nobody has stopped raises an alert, in calendar days.

    Attributes:
        due_soon: Days left.
        overdue: Days late; 1 is the first.
        undecided: Days left while the fact is still missing that would decide the duty.
    """

    due_soon: tuple[int, ...]
    overdue: tuple[int, ...]
    undecided: tuple[int, ...]


def decide_clock_alerts(
    duties: Iterable[Obligation], *, today: date, thresholds: Thresholds
) -> Iterator[Alert]:
    """
    Give the alerts that the passing of time raises; each duty once a threshold.

    1. overdue: the greatest threshold that is reached;
    2. due soon: the smallest threshold that is reached, so that a late start tells once;
    3. besides, still undecided: the same, where a fact is missing.

    Args:
        duties: Those that stand and have something left to do.

        today: The calendar day; it decides no due date.

        thresholds: When to raise.
    """
    for duty in duties:
        left = (duty.due - today).days
        late = [days for days in thresholds.overdue if days <= -left]
        soon = [days for days in thresholds.due_soon if 0 <= left <= days]
        unsure = [days for days in thresholds.undecided if 0 <= left <= days]
        what = f"{duty.duty.value} to {duty.recipient} ({duty.rule_id})"
        if late:
            text = f"{what} was due {duty.due}, is {-left} days late and not recorded as submitted"
            yield _of_clock("overdue", max(late), duty, text)
        elif soon:
            yield _of_clock("due_soon", min(soon), duty, f"{what} is due {duty.due}: {left} days")
        if unsure and not duty.decided:
            text = f"{what} would be due {duty.due}; to be decided by {', '.join(duty.missing)}"
            yield _of_clock("undecided", min(unsure), duty, text)


def _of_clock(kind: str, threshold: int, duty: Obligation, text: str) -> Alert:
    return Alert(
        alert_id=alert_id(kind, f"{duty.obligation_id}/{threshold}"),
        kind=kind,
        case_id=duty.case_id,
        obligation_id=duty.obligation_id,
        authority=duty.authority,
        due=duty.due,
        text=text,
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


def alert_rejected(record: Submission, case_id: str, due: date | None) -> Alert:
    """
    Give the alert that the receiver of a report did not take it.

    Args:
        record: What was recorded of it; its words may quote the report, so only the numbers of
            elements and rules in them are told.

        case_id: The case.

        due: The due date of the duty, which is open again; None if it stands no more.
    """
    named = ", ".join(dict.fromkeys(_ELEMENT.findall(record.reason))) or "none"
    until = "the duty stands no more" if due is None else f"it is due {due} and open again"
    return Alert(
        alert_id=alert_id("submission_rejected", f"{record.obligation_id}/{record.at}"),
        kind="submission_rejected",
        case_id=case_id,
        obligation_id=record.obligation_id,
        authority=record.authority,
        due=due,
        text=f"{record.recipient} did not take the {record.duty} under {record.rule_id}; {until};"
        f" elements named in its answer: {named[:200]}; the words: safety submission list",
    )


# Numbers of data elements, such as FDA.C.1.7.1 or G.k.9.i.2.r.1.
_ELEMENT = re.compile(r"\b(?:[A-Z]{2,4}\.)?[A-HN](?:\.(?:[0-9]{1,2}[a-h]?|CN|[a-z]))+\b")


def alert_id(kind: str, ground: str) -> str:
    """Give the id of an alert of this kind on this ground."""
    return hashlib.sha256(f"{kind}\n{ground}".encode()).hexdigest()[:24]
