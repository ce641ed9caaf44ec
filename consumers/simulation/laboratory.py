"""
The laboratory series of a subject: visits, drift, and a few liver injuries.

About three subjects in a hundred meet the biochemical part of Hy's law at one
visit: ALT or AST at least three times, total bilirubin more than twice the
upper limit, alkaline phosphatase under twice (FDA guidance on drug-induced
liver injury, 2009).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from consumers.simulation.chance import Chance
from consumers.simulation.events import Happening
from consumers.simulation.person import Subject
from consumers.simulation.tables import Analyte, load_analytes, load_graded_results

VISIT_DAYS = (28, 56, 84, 140, 196, 280, 364, 532, 700, 868, 1036)  # after the first dose
HYS_LAW_PERCENT = 3
MISSED_PERCENT = 8  # of single results; daily practice decides what is measured

# Multiples of the upper limit, permille, at the visit with the injury.
_INJURY = {
    "ALT": (3300, 11000),
    "AST": (3100, 9000),
    "Total bilirubin": (2150, 4200),
    "Alkaline phosphatase": (700, 1700),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """One result; `value` in whole numbers of 1 / `analyte.step` units."""

    analyte: Analyte
    value: int
    day: date
    visit: str
    baseline: bool = False


def measure_series(subject: Subject, last_dose: date, seen_until: date) -> Iterator[Measured]:
    """Give the scheduled results of one subject, by day."""
    chance = Chance("secure", subject.seed, subject.number, "laboratory")
    until = min(last_dose + timedelta(days=30), seen_until)
    days = [subject.first_dose + timedelta(days=day) for day in VISIT_DAYS]
    visits = [day + timedelta(days=chance.between(-5, 5)) for day in days]
    visits = [day for day in visits if day <= until]
    levels = [
        (analyte, _baseline(chance, analyte, raised=chance.percent(analyte.abnormal)))
        for analyte in load_analytes()
    ]
    injured = chance.between(1, len(visits)) if chance.percent(HYS_LAW_PERCENT) and visits else 0
    day = subject.first_dose - timedelta(days=chance.between(0, 7))
    for analyte, level in levels:
        yield Measured(analyte, level, day, "baseline", baseline=True)
    for number, day in enumerate(visits, start=1):
        for analyte, level in levels:
            if number == injured and analyte.name in _INJURY:
                value = analyte.high * chance.between(*_INJURY[analyte.name]) // 1000
            elif chance.percent(MISSED_PERCENT):
                continue
            else:
                permille = 1000 + chance.bell(analyte.drift * number, analyte.wobble)
                value = level * max(permille, 250) // 1000
            yield Measured(analyte, value, day, f"visit {number}")


def measure_at(subject: Subject, number: int, event: Happening) -> tuple[Measured, ...]:
    """Give the result that led to a laboratory event, of the grade the event has."""
    chance = Chance("secure", subject.seed, subject.number, "measured", number)
    measured = []
    for concept, grade in [(event.concept, event.grade)] + [
        (each.concept, each.grade) for each in event.companions
    ]:
        graded = load_graded_results().get(concept)
        if graded is None:
            continue
        analyte = next(each for each in load_analytes() if each.name == graded.test)
        limit = analyte.high if graded.limit == "high" else analyte.low
        permille = chance.between(*graded.ranges[min(grade, 4) - 1])
        value = limit * permille // 1000
        measured.append(Measured(analyte, value, event.onset, "unscheduled"))
    return tuple(measured)


def _baseline(chance: Chance, analyte: Analyte, *, raised: bool) -> int:
    middle = analyte.raised if raised else analyte.middle
    # What is out of range in liver disease spreads with its size: AFP over orders of magnitude.
    spread = abs(middle - analyte.middle) // 4 + analyte.spread
    return max(chance.bell(middle, spread), analyte.step)
