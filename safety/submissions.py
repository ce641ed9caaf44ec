"""
How far has the report for a duty come, and may it go there from where it was?

The record is a fold like all else of a case: what a person recorded is a desk decision
in the log, and the same decisions give the same record in whatever order they arrive.
A step out of sequence changes nothing and leaves a finding.

A record belongs to the ground of a duty: to whom, what, under which rule, because of
which message. When only its date or its certainty changes, the duty gets a new id and
keeps its record: what was sent was sent. Any other change makes another duty, which
is open until somebody records something about it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from schemas.vocabulary import SubmissionState as State

FAMILY = "submissions"  # where the records stand among the entities of a case

# From which state a report may go to which; None is the state of a duty nobody has touched.
# A report that was sent outside this system is recorded as submitted at once.
TRANSITIONS: Mapping[State | None, frozenset[State]] = {
    None: frozenset({State.DRAFT, State.SUBMITTED, State.NOT_REQUIRED}),
    State.DRAFT: frozenset({State.APPROVED, State.NOT_REQUIRED}),
    State.APPROVED: frozenset({State.DRAFT, State.SUBMITTED, State.NOT_REQUIRED}),
    State.SUBMITTED: frozenset({State.ACKNOWLEDGED, State.REJECTED}),
    State.ACKNOWLEDGED: frozenset(),
    State.REJECTED: frozenset({State.DRAFT, State.SUBMITTED, State.NOT_REQUIRED}),
    State.NOT_REQUIRED: frozenset({State.DRAFT, State.SUBMITTED}),
}
# States in which nothing is left to do for the duty.
SETTLED = frozenset({State.SUBMITTED, State.ACKNOWLEDGED, State.NOT_REQUIRED})
SENT = frozenset({State.SUBMITTED, State.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Submission:
    """
    The record of one duty's report, in its newest state.

    Attributes:
        obligation_id: The duty as it stood when this was recorded.
        trigger: The message that started its clock.
        due: Its due date then.
        at: When the step happened, ISO 8601 with offset.
        day: The same as calendar day of the office.
        by: Who recorded it.
        submitted_on: Calendar day it was last sent; None before, and after a rejection.
        reference: The recipient's number for it.
    """

    obligation_id: str
    authority: str
    recipient: str
    duty: str
    rule_id: str
    trigger: str
    due: str
    state: str
    at: str
    day: str
    by: str
    reason: str
    reference: str | None = None
    submitted_on: str | None = None

    def facts(self) -> dict[str, Any]:
        """Give it as fields of an entity; None is a value here, so that a rejection shows."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    What one desk decision said of a duty's report.

    Attributes:
        ground: Whose record it is; see `ground_of`.
        genuine: The duty's id is the one its fields make.
    """

    ground: str
    genuine: bool
    submission: Submission


def record_step(before: Mapping[str, Any] | None, step: Recorded) -> Submission | None:
    """
    Give the record after a step; the first that applies decides.

    1. the step names a duty whose id its own fields do not make: None;
    2. it is out of sequence: None;
    3. it is sent: this day is the one that counts;
    4. it is sent back: no day counts any more;
    5. any other step keeps the day it was sent.

    Args:
        before: Fields of the record so far; None if there is none.

        step: What was recorded.
    """
    told = step.submission
    if not step.genuine:
        return None
    if State(told.state) not in TRANSITIONS[None if before is None else State(before["state"])]:
        return None
    if told.state == State.SUBMITTED:
        return replace(told, submitted_on=told.day)
    if before is None or told.state not in SENT:
        return told
    sent = before["submitted_on"]
    return replace(told, submitted_on=sent, reference=told.reference or before["reference"])


def explain_refusal(before: State | None, wanted: State) -> str:
    """Say why a report cannot go from one state to another, and what it can do."""
    now = "has no record yet" if before is None else f"is {spoken(before)}"
    nexts = [state for state in State if state in TRANSITIONS[before]]
    possible = ", ".join(map(spoken, nexts)) or "nothing: that is its end"
    return f"the report {now}, so it cannot become {spoken(wanted)}; possible next: {possible}"


def spoken(state: str) -> str:
    """Give a state as words."""
    return state.replace("_", " ")


def days_late(due: date, sent: date) -> int:
    """Give by how many calendar days a report was late; 0 or less is on time."""
    return (sent - due).days


def ground_of(case_id: str, authority: str, recipient: str, duty: str, *why: str) -> str:
    """
    Give the id of what a duty rests on, whatever its date and certainty.

    Args:
        case_id: The case.

        authority: Whose rulebook.

        recipient: Who is to be told.

        duty: What has to be sent.

        why: The rule and the message that started the clock.
    """
    ground = "\n".join((case_id, authority, recipient, duty, *why))
    return hashlib.sha256(ground.encode()).hexdigest()[:24]


def identify_duty(ground: tuple[str, ...], due: date, *, decided: bool) -> str:
    """
    Give the id that the ground of a duty, its date and its certainty make.

    Args:
        ground: Case, authority, recipient, duty, rule, triggering message.

        due: The last day that is on time.

        decided: False while it is held on a conservative clock.
    """
    named = "\n".join((*ground, due.isoformat(), str(decided)))
    return hashlib.sha256(named.encode()).hexdigest()[:24]
