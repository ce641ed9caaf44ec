"""
What do all records of one subject say together?

A pure function of the records that count and of the knowledge: the liver screen, and what in doses
and concomitant treatment does not fit the label. The order in which the records came plays no part.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from safety.causality import Days, Period, derive_exposure, parse_days
from safety.clinical import check_actions
from safety.dosing import find_interacting_rows
from safety.findings import Finding
from safety.knowledge import Knowledge
from safety.liver import LiverScreen, Mention, screen_liver
from safety.profiles import Product
from safety.subjects.records import (
    CONCOMITANT,
    ENROLLED,
    EXPOSURE,
    LABORATORY,
    Held,
    read_liver_results,
    read_periods,
)


@dataclass(frozen=True, slots=True)
class SubjectAssessment:
    """What the records of a subject say; `liver` is None without liver tests."""

    liver: LiverScreen | None
    findings: tuple[Finding, ...]


def assess_subject(
    held: Held, knowledge: Knowledge, *, screened: LiverScreen | None = None
) -> SubjectAssessment:
    """
    Assess the records that count of one subject.

    Args:
        held: The records.

        knowledge: What to assess with.

        screened: The liver screen, where it is known that it did not change.
    """
    periods = read_periods(held, knowledge.product)
    first = derive_exposure(periods).first_dose
    liver = screened or _screen(held, first)
    return SubjectAssessment(
        liver=liver,
        findings=(
            *_check_doses(periods, knowledge.product),
            *_check_interactions(held, periods, first),
            *_check_liver(held, liver),
        ),
    )


def screen_records(held: Held, product: Product) -> LiverScreen | None:
    """Screen the liver tests of a subject; None where there are none."""
    return _screen(held, derive_exposure(read_periods(held, product)).first_dose)


def _screen(held: Held, first_dose: Days | None) -> LiverScreen | None:
    results = tuple(read_liver_results(held, first_dose))
    return screen_liver(results) if results else None


def _check_doses(periods: tuple[Period, ...], product: Product) -> Iterator[Finding]:
    """Hold the doses against the label: regulatory facts 4.4."""
    for period in periods:
        daily = period.daily_mg
        if daily is not None and period.dosed and daily not in product.plausible_daily_mg:
            yield Finding(
                "dose_not_of_label",
                f"{EXPOSURE}/{period.source}.dose",
                "the dose of a day is none that the label knows; ask whether it is right",
            )
        if period.start and period.end and period.end.surely_before(period.start):
            yield Finding(
                "dose_ends_before_start",
                f"{EXPOSURE}/{period.source}.end",
                "the dose ends before it begins; ask for the right dates",
                "contradiction",
            )
    dosed = [period for period in periods if period.dosed and period.start is not None]
    for one, other in combinations(sorted(dosed, key=_begins), 2):
        if one.end is not None and other.start is not None and other.start.surely_before(one.end):
            yield Finding(
                "doses_overlap",
                f"{EXPOSURE}/{other.source}.start",
                "two dose periods of the drug overlap; ask which dose was taken",
            )


def _check_interactions(
    held: Held, periods: tuple[Period, ...], first: Days | None
) -> Iterator[Finding]:
    """Tell of treatments that interact with our product: regulatory facts 4.5."""
    treatments = dict(sorted(held.get(CONCOMITANT, {}).items()))
    if not periods or not treatments:
        return
    named = {record_id: (fact.data["treatment"],) for record_id, fact in treatments.items()}
    for record_id, row in find_interacting_rows(named):
        ended = parse_days(treatments[record_id].data.get("end"))
        apart = ended is not None and first is not None and ended.surely_before(first)
        yield Finding(
            "interaction",
            f"{CONCOMITANT}/{record_id}.treatment",
            f"{row.about} ({row.id}, {row.evidence})",
            "note" if apart else "query",
        )


def _check_liver(held: Held, liver: LiverScreen | None) -> Iterator[Finding]:
    """Tell what a transaminase calls for, and of TACE and hepatitis B: regulatory facts 3.5."""
    if liver is not None:
        told = tuple(_mentions(held))
        yield from check_actions(liver, told, path_of=lambda source: f"{LABORATORY}/{source}")


def _mentions(held: Held) -> Iterator[Mention]:
    for record_id, fact in sorted(held.get(CONCOMITANT, {}).items()):
        path = f"{CONCOMITANT}/{record_id}.treatment"
        yield Mention(fact.data["treatment"], parse_days(fact.data.get("start")), path)
    for record_id, fact in sorted(held.get(ENROLLED, {}).items()):
        for number, term in enumerate(fact.data.get("history", ())):
            yield Mention(term["text"], None, f"{ENROLLED}/{record_id}.history.{number}")
        for told in fact.data.get("characteristics", ()):
            path = f"{ENROLLED}/{record_id}.characteristics.{told['name']}"
            value = told.get("value")
            if isinstance(value, str) and value.casefold() not in _NOT_SO:
                yield Mention(f"{told['name']} {value}", None, path)


_NOT_SO = frozenset({"no", "n", "-", "0", "none", "unknown"})


def _begins(period: Period) -> tuple[str, str]:
    return ("" if period.start is None else period.start.latest.isoformat(), period.source)
