"""
Which adverse events a subject has: when, how severe, how they end.

The common events follow the published percentages of adverse_events.toml, the
serious ones those of serious_events.toml. Onset never precedes the first dose,
an end never precedes its onset, and nothing happens after death.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from consumers.simulation.chance import Chance
from consumers.simulation.course import Course
from consumers.simulation.person import Subject
from consumers.simulation.tables import (
    CommonEvent,
    SeriousEvent,
    load_common_events,
    load_companions,
    load_serious_events,
)

AFTER_LAST_DOSE = 30  # days in which an event still counts as emerging under treatment
IN_A_HUNDRED = 100  # one subject in so many is entered twice, and told of from elsewhere too


@dataclass(frozen=True, slots=True)
class Companion:
    """A reaction that is told in the case of another."""

    concept: str
    grade: int
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """
    One adverse event as it truly was.

    Attributes:
        criteria: Names of the seriousness criteria met; empty for a non-serious event.
        ended: Last day, None while it goes on or where it was fatal.
        died: The day of death where it was fatal.
    """

    concept: str
    onset: date
    ended: date | None
    outcome: str
    grade: int
    criteria: tuple[str, ...]
    died: date | None
    related: bool
    zh: tuple[str, ...]
    en: tuple[str, ...]
    companions: tuple[Companion, ...] = ()

    @property
    def serious(self) -> bool:
        """Whether any seriousness criterion is met."""
        return bool(self.criteria)


def plan_events(
    subject: Subject, course: Course, *, told_again: bool = False
) -> tuple[list[Happening], Course]:
    """
    Make up the adverse events of one subject, by onset.

    Returns:
        The events, and the course cut short where one of them was fatal.
    """
    chance = Chance("secure", subject.seed, subject.number, "events")
    last = min(course.planned_stop + timedelta(days=AFTER_LAST_DOSE), course.observed_until)
    events = _common_events(chance, subject, last) + _serious_events(chance, subject, last)
    if told_again and not any(event.serious for event in events):
        events.append(_serious(chance, load_serious_events()[0], subject.first_dose, last))
    events.sort(key=lambda event: (event.onset, event.concept))
    fatal = min((event.died for event in events if event.died), default=None)
    if fatal is None or fatal > course.observed_until:
        return [_seen_until(event, course.observed_until) for event in events], course
    course = replace(
        course,
        observed_until=fatal,
        ending="dead",
        death_by_event=True,
        recurrence=_before(course.recurrence, fatal),
        progression=_before(course.progression, fatal),
        planned_stop=min(course.planned_stop, fatal),
        stop_reason="adverse_event" if fatal <= course.planned_stop else course.stop_reason,
    )
    kept = [event for event in events if event.onset <= fatal and event.died in (None, fatal)]
    return [_seen_until(event, fatal) for event in kept], course


def is_told_again(subject: Subject, one_in: int = IN_A_HUNDRED) -> bool:
    """
    Say whether this subject is the one in so many on whom the rare stories are told.

    Its first serious event reaches the company from a hospital too, and its first
    event is entered twice and nullified once. Any so many subjects in a row have one.
    """
    return subject.number % one_in == subject.seed % one_in


def _common_events(chance: Chance, subject: Subject, last: date) -> list[Happening]:
    events = []
    for row in load_common_events():
        if not chance.percent(row.all_grades):
            continue
        first = _common(chance, row, subject.first_dose, last)
        events.append(first)
        if first.ended and first.ended < last and chance.percent(row.again):
            events.append(_common(chance, row, first.ended + timedelta(days=1), last))
    return events


def _common(chance: Chance, row: CommonEvent, since: date, last: date) -> Happening:
    onset = _within(since, chance.along(*row.onset_days), last)
    severe = chance.percent(100 * row.grade_3_4 / row.all_grades)
    if severe:
        grade = 4 if row.top_grade > 3 and chance.percent(12) else 3  # noqa: PLR2004 - a CTCAE grade
    else:
        grade = 2 if chance.percent(38) else 1
    ended, outcome = _ending(chance, onset, row.lasts_days)
    # A severe event that is not in the serious table is now and then admitted all the same.
    admitted = severe and chance.percent(5)
    return Happening(
        concept=row.concept,
        onset=onset,
        ended=ended,
        outcome=outcome,
        grade=grade,
        criteria=("hospitalisation",) if admitted else (),
        died=None,
        related=chance.percent(row.related),
        zh=row.zh,
        en=row.en,
    )


def _serious_events(chance: Chance, subject: Subject, last: date) -> list[Happening]:
    return [
        _serious(chance, row, subject.first_dose, last)
        for row in load_serious_events()
        if chance.percent(row.percent)
    ]


def _serious(chance: Chance, row: SeriousEvent, since: date, last: date) -> Happening:
    onset = _within(since, chance.along(*row.onset_days), last)
    died = onset + timedelta(days=chance.between(0, 18)) if chance.percent(row.fatal) else None
    criteria = ["death"] if died else []
    if chance.percent(row.life_threatening):
        criteria.append("life_threatening")
    if chance.percent(row.hospital):
        criteria.append("hospitalisation")
    if not criteria:
        criteria.append("other_important")
    ended, outcome = (None, "fatal") if died else _ending(chance, onset, row.lasts_days)
    library = load_companions()
    told = [library[concept] for concept, often in row.companions if chance.percent(often)]
    return Happening(
        concept=row.concept,
        onset=onset,
        ended=ended,
        outcome=outcome,
        grade=5 if died else chance.pick(row.grades),
        criteria=tuple(criteria),
        died=died,
        related=chance.percent(row.related),
        zh=row.zh,
        en=row.en,
        companions=tuple(Companion(each.concept, each.grade, each.zh, each.en) for each in told),
    )


def _ending(
    chance: Chance, onset: date, lasts_days: tuple[int, int, int]
) -> tuple[date | None, str]:
    ended = onset + timedelta(days=chance.along(*lasts_days))
    outcome = chance.weighted(
        (("recovered", 82), ("recovered_with_sequelae", 1), ("not_recovered", 12), ("unknown", 5))
    )
    return (ended, outcome) if outcome.startswith("recovered") else (None, outcome)


def _seen_until(event: Happening, last: date) -> Happening:
    """Leave open what had not ended, and survived what was not yet fatal, when last seen."""
    if event.died and event.died > last:
        left = tuple(name for name in event.criteria if name != "death") or ("life_threatening",)
        return replace(event, died=None, outcome="not_recovered", grade=4, criteria=left)
    if event.ended and event.ended > last:
        return replace(event, ended=None, outcome="not_recovered")
    return event


def _within(since: date, days: int, last: date) -> date:
    """Give a day after *since*; a day too late is folded back into the time there is."""
    room = (last - since).days
    return since + timedelta(days=days if days <= room else days % max(room, 1))


def _before(day: date | None, end: date) -> date | None:
    return day if day and day < end else None
