"""
What becomes of a subject apart from adverse events: treatment planned, recurrence, death.

Times are invented; their medians are of the order that one expects after a
resection that left disease behind.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from consumers.simulation.chance import Chance
from consumers.simulation.person import PRIMARY_COMPLETION, Subject

StopReason = Literal["adverse_event", "progression", "patient_wish", "death", "planned", "other"]

MEDIAN_TREATMENT = 210  # days
MEDIAN_TO_RECURRENCE = 420  # days
MEDIAN_TO_PROGRESSION_DEATH = 420  # days from recurrence
THREE_YEARS = 1095  # days: the longest time frame of the study's outcome measures


@dataclass(frozen=True, slots=True)
class Course:
    """
    The plan of one subject's time in the study.

    Attributes:
        planned_stop: Last day of sorafenib unless an adverse event ends it earlier.
        stop_reason: Why it ends then; None where it goes on at the end of the observation.
        observed_until: Last day on which anything can be seen of the subject.
        ending: How the observation ends.
        death_by_event: Whether an adverse event was fatal; otherwise a death is the disease's.
    """

    planned_stop: date
    stop_reason: StopReason | None
    recurrence: date | None
    progression: date | None
    observed_until: date
    ending: Literal["dead", "lost_to_follow_up", "completed"]
    death_by_event: bool = False


def plan_course(subject: Subject) -> Course:
    """Make up the course of one subject."""
    chance = Chance("secure", subject.seed, subject.number, "course")
    first = subject.first_dose
    end = min(first + timedelta(days=THREE_YEARS), PRIMARY_COMPLETION)
    ending: Literal["dead", "lost_to_follow_up", "completed"] = "completed"
    recurrence: date | None = first + timedelta(
        days=chance.along(35, MEDIAN_TO_RECURRENCE, 2 * THREE_YEARS)
    )
    progression: date | None = None
    if recurrence and recurrence <= end:
        survives = chance.along(60, MEDIAN_TO_PROGRESSION_DEATH, 2 * THREE_YEARS)
        death = recurrence + timedelta(days=survives)
        if chance.percent(70):
            progression = recurrence + timedelta(days=chance.between(30, max(survives - 20, 31)))
        if death <= end:
            end, ending = death, "dead"
    if chance.percent(10):
        lost = first + timedelta(days=chance.between(60, THREE_YEARS))
        if lost < end:
            end, ending = lost, "lost_to_follow_up"
    recurrence = recurrence if recurrence and recurrence < end else None
    progression = progression if progression and recurrence and progression < end else None
    stop, reason = _plan_stop(chance, first, recurrence, end)
    if reason is None and ending == "dead":
        reason = "death"
    return Course(
        planned_stop=stop,
        stop_reason=reason,
        recurrence=recurrence,
        progression=progression,
        observed_until=end,
        ending=ending,
    )


def _plan_stop(
    chance: Chance, first: date, recurrence: date | None, end: date
) -> tuple[date, StopReason | None]:
    stop = first + timedelta(days=chance.along(12, MEDIAN_TREATMENT, THREE_YEARS))
    reason: StopReason = chance.weighted((("patient_wish", 45), ("planned", 30), ("other", 25)))
    if recurrence and chance.percent(45):
        after = recurrence + timedelta(days=chance.between(1, 20))
        if after < stop:
            stop, reason = after, "progression"
    if stop >= end:
        return end, None
    return stop, reason
