"""How long and how much was taken, and how long each subject was at risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from reports.study.days import DAYS_A_YEAR
from reports.study.definitions import WINDOW_DAYS
from reports.study.model import DosePeriod, Event, StudyData, Subject


@dataclass(frozen=True, slots=True)
class Exposure:
    """
    What one subject took.

    Attributes:
        first: First day with a dose.
        last: Last day with a dose, or the end of the observation of an open treatment.
        days: Both included.
        cumulative: All that was taken, in the unit of the doses; None where a dose is not known.
        daily: The average over all days.
        intensity: The average as percent of the planned daily dose; None where none is known.
        started: The first daily dose.
    """

    first: date
    last: date
    days: int
    cumulative: float | None
    daily: float | None
    intensity: float | None
    started: float | None


def exposure_of(subject: Subject, data: StudyData) -> Exposure | None:
    """
    Add up what a subject took.

    Returns:
        None for who was never treated.
    """
    if subject.first_dose is None:
        return None
    last = max(end_of_treatment(subject, data.lock), subject.first_dose)
    days = (last - subject.first_dose).days + 1
    given = [period for period in subject.doses if period.given]
    amounts = [_amount(period, subject.first_dose, last) for period in given]
    known = [amount for amount in amounts if amount is not None]
    cumulative = sum(known) if known and len(known) == len(amounts) else None
    daily = None if cumulative is None else cumulative / days
    started = given[0].daily if given else None
    planned = data.planned_daily or started
    intensity = daily * 100 / planned if daily is not None and planned else None
    return Exposure(subject.first_dose, last, days, cumulative, daily, intensity, started)


def end_of_treatment(subject: Subject, lock: date) -> date:
    """Give the last day with a dose; of an open treatment the last day seen, or of life."""
    if subject.last_dose is not None:
        return subject.last_dose
    return min(subject.died or lock, subject.last_seen or lock, lock)


def _amount(period: DosePeriod, first: date, last: date) -> float | None:
    if period.daily is None:
        return None
    begin = max(period.start.first, first)
    end = min(period.end.last if period.end is not None else last, last)
    return period.daily * max((end - begin).days + 1, 0)


def end_of_risk(subject: Subject, data: StudyData) -> date:
    """Give the last day on which an event would be treatment-emergent and could be seen."""
    seen = max(subject.last_seen or data.lock, subject.first_dose or data.lock)
    bounds = [data.lock, seen]
    if subject.died is not None:
        bounds.append(subject.died)
    if subject.last_dose is not None:
        bounds.append(subject.last_dose + timedelta(days=WINDOW_DAYS))
    return max(min(bounds), subject.first_dose or min(bounds))


def years_at_risk(subject: Subject, data: StudyData, events: Iterable[Event] = ()) -> float:
    """
    Give the time at risk in years: to the first of these events, else to the end of the risk.

    An event whose onset is not known counts its subject, and shortens no time.
    """
    if subject.first_dose is None:
        return 0.0
    onsets = [event.onset.first for event in events if event.onset is not None]
    end = end_of_risk(subject, data)
    last = max(min([end, *onsets]), subject.first_dose)
    return ((last - subject.first_dose).days + 1) / DAYS_A_YEAR
