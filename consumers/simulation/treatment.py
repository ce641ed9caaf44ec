"""
What sorafenib a subject took, and what the investigator did with it at each adverse event.

Levels are those of the United States prescribing information for
hepatocellular carcinoma: 400 mg twice a day, 400 mg once a day, 400 mg every
other day. Periods follow each other without a gap: an interruption is a period
without doses, and so is the end of the treatment, which stays open.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from consumers.simulation.chance import Chance
from consumers.simulation.course import Course, StopReason
from consumers.simulation.events import Happening
from consumers.simulation.person import Subject

LOWEST_LEVEL = 2
SEVERE = 3  # CTCAE grade
LONGEST_PAUSE = 28  # days

Change = Literal["start", "reduced", "interrupted", "resumed", "stopped"]


@dataclass(frozen=True, slots=True)
class Period:
    """
    One dose period, or a time without doses.

    Attributes:
        level: 0, 1, 2 from the full dose down; None without doses.
        end: Last day; None where it was open when last seen.
        event: Position of the adverse event that led to it, if one did.
    """

    start: date
    end: date | None
    level: int | None
    change: Change
    reason: StopReason | None = None
    event: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was done with the drug at one event, and what came of a restart."""

    action: str
    resumed: date | None = None
    recurred: bool | None = None


class _Regimen:
    """The periods so far, while the events are gone through by onset."""

    def __init__(self, start: date, stop: date) -> None:
        self.closed: list[Period] = []
        self.open = Period(start, None, 0, "start")
        self.stop = stop
        self.level = 0
        self.stopped = False

    def switch(
        self, day: date, level: int | None, change: Change, reason: StopReason, event: int | None
    ) -> None:
        """End the open period the day before *day* and begin another."""
        last = max(day - timedelta(days=1), self.open.start)
        former = self.open
        self.closed.append(
            Period(former.start, last, former.level, former.change, former.reason, former.event)
        )
        self.open = Period(day, None, level, change, reason, event)
        if level is not None:
            self.level = level


def derive_treatment(
    subject: Subject, course: Course, events: list[Happening]
) -> tuple[list[Period], list[Reply]]:
    """
    Go through the events by onset and decide doses.

    Returns:
        The periods by start, and one reply an event, in the order of *events*.
    """
    chance = Chance("secure", subject.seed, subject.number, "treatment")
    regimen = _Regimen(subject.first_dose, course.planned_stop)
    replies = [_reply(chance, regimen, at, event) for at, event in enumerate(events)]
    if not regimen.stopped and course.stop_reason is not None:
        day = max(course.planned_stop, regimen.open.start) + timedelta(days=1)
        regimen.switch(day, None, "stopped", course.stop_reason, None)
    return [*regimen.closed, regimen.open], replies


def last_dose_day(periods: list[Period], seen_until: date) -> date:
    """Give the last day with a dose, as far as it was seen."""
    return max((period.end or seen_until) for period in periods if period.level is not None)


def _reply(chance: Chance, regimen: _Regimen, at: int, event: Happening) -> Reply:
    day = event.onset + timedelta(days=1)
    if regimen.stopped or event.onset >= regimen.stop or event.onset < regimen.open.start:
        return Reply("not_applicable")
    action = _action(chance, event)
    if action == "dose_reduced" and regimen.level == LOWEST_LEVEL:
        action = "interrupted"
    if action == "withdrawn":
        regimen.stopped = True
        regimen.switch(day, None, "stopped", "adverse_event", at)
    elif action == "dose_reduced":
        regimen.switch(day, regimen.level + 1, "reduced", "adverse_event", at)
    elif action == "interrupted":
        return _interrupt(chance, regimen, day, at, event)
    return Reply(action)


def _interrupt(chance: Chance, regimen: _Regimen, day: date, at: int, event: Happening) -> Reply:
    healed = event.ended or day + timedelta(days=chance.between(7, LONGEST_PAUSE))
    back = min(max(healed, day) + timedelta(days=2), day + timedelta(days=LONGEST_PAUSE))
    if back >= regimen.stop:
        regimen.stopped = True
        regimen.switch(day, None, "stopped", "adverse_event", at)
        return Reply("withdrawn")
    regimen.switch(day, None, "interrupted", "adverse_event", at)
    lower = chance.percent(55) and regimen.level < LOWEST_LEVEL
    level = regimen.level + 1 if lower else regimen.level
    regimen.switch(back, level, "resumed", "adverse_event", at)
    return Reply("interrupted", resumed=back, recurred=chance.percent(25))


def _action(chance: Chance, event: Happening) -> str:
    if event.died:
        return "withdrawn"
    if event.serious:
        return chance.weighted(
            (("withdrawn", 34), ("interrupted", 40), ("dose_reduced", 8), ("dose_not_changed", 18))
        )
    if not event.related:
        return chance.weighted((("dose_not_changed", 95), ("interrupted", 5)))
    if event.grade >= SEVERE:
        return chance.weighted(
            (("withdrawn", 9), ("interrupted", 42), ("dose_reduced", 27), ("dose_not_changed", 22))
        )
    if event.grade == SEVERE - 1:
        return chance.weighted(
            (("withdrawn", 1), ("interrupted", 8), ("dose_reduced", 11), ("dose_not_changed", 80))
        )
    return "dose_not_changed"
