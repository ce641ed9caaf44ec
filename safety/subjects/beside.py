"""
What do the study records of a subject say beside one of its cases?

Worked out when it is read, from the case and the records as both stand, and stored nowhere: a case
never depends on study records (see docs/adr/0004 and 0009).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from safety.causality import Days, derive_exposure, parse_days
from safety.grading import Tested, is_graded_otherwise
from safety.laboratory import ComputedGrade, choose_version, compute_grade, read_measurement
from safety.liver import LiverScreen
from safety.profiles import Product
from safety.subjects.assess import screen_records
from safety.subjects.records import LABORATORY, Held, is_before_treatment, read_periods


@dataclass(frozen=True, slots=True)
class BesideGrade:
    """The grade that the study's laboratory gives for one reaction of a case."""

    reaction: str
    reported: int | None
    confirmed: int | None
    computed: ComputedGrade
    differs: bool  # from the confirmed grade, else from the reported one


@dataclass(frozen=True, slots=True)
class BesideCase:
    """What the records of a case's subject say."""

    grades: tuple[BesideGrade, ...]
    liver: LiverScreen | None


def derive_beside(
    events: Sequence[Mapping[str, Any]],
    grades: Sequence[Mapping[str, Any]],
    held: Held,
    product: Product,
) -> BesideCase:
    """
    Work out what the records of a subject say beside a case version.

    Args:
        events: Of the version, as it was flattened.

        grades: Of its clinical trace: the terms as CTCAE names them.

        held: The records of the subject.

        product: Which drug is ours.
    """
    terms = {row["reaction"]: row["term"] for row in grades}
    return BesideCase(
        grades=tuple(_grades(events, terms, held, product)),
        liver=screen_records(held, product),
    )


def _grades(
    events: Sequence[Mapping[str, Any]],
    terms: Mapping[str, str | None],
    held: Held,
    product: Product,
) -> Iterator[BesideGrade]:
    first = derive_exposure(read_periods(held, product)).first_dose
    read = (
        read_measurement(record_id, fact.data)
        for record_id, fact in sorted(held.get(LABORATORY, {}).items())
    )
    measured = [
        replace(one, baseline=one.baseline or is_before_treatment(one, first))
        for one in read
        if one is not None
    ]
    for event in events:
        onset, ended = _days(event["onset"]), _days(event["ended"])
        computed = compute_grade(
            terms.get(event["reaction"]),
            measured,
            onset=onset,
            end=ended,
            version=choose_version(event["ctcae"], None if onset is None else onset.earliest),
        )
        if computed is None or computed.grade is None:
            continue
        told = event["grade"]
        tested = Tested(computed.grade, computed.at_least)
        yield BesideGrade(
            reaction=event["reaction"],
            reported=event["grade_reported"],
            confirmed=event["grade_confirmed"],
            computed=computed,
            differs=told is not None and is_graded_otherwise(told, tested),
        )


def _days(value: str | None) -> Days | None:
    return None if value is None else parse_days({"value": value})
