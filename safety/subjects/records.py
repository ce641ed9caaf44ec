"""
The study records of one subject, of which the newest of each id counts.

Newest by the study database's own instant, then by message: the same set of records is held in
whatever order it comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from safety.causality import Days, Period, read_exposure
from safety.laboratory import Measurement
from safety.liver import LiverResult, read_liver_result
from safety.profiles import Product

LABORATORY = "pv.laboratory.recorded.v1"
EXPOSURE = "pv.exposure.recorded.v1"
CONCOMITANT = "pv.concomitant.recorded.v1"
ENROLLED = "pv.subject.enrolled.v1"
RELEVANT = (LABORATORY, EXPOSURE, CONCOMITANT, ENROLLED)  # kinds that are assessed


@dataclass(frozen=True, slots=True)
class SubjectFact:
    """
    One study record.

    Attributes:
        kind: Type of its message.
        order: The greatest of a record id counts.
        result: The record as a result of a liver test; None if it is none.
        period: The record as a dose period, of whatever drug; None if it is none.
    """

    message: str
    kind: str
    record_id: str
    order: str
    data: Mapping[str, Any]
    synthetic: bool
    result: LiverResult | None
    period: Period | None = None


Held = Mapping[str, Mapping[str, SubjectFact]]  # kind, then record id


def read_fact(
    message: str,
    *,
    kind: str,
    record_id: str,
    order: str,
    data: Mapping[str, Any],
    synthetic: bool,
) -> SubjectFact:
    """Read a study record once for all assessments to come."""
    result = read_liver_result(record_id, data) if kind == LABORATORY else None
    period = next(read_exposure({record_id: data})) if kind == EXPOSURE else None
    return SubjectFact(message, kind, record_id, order, data, synthetic, result, period)


def hold(held: Held, fact: SubjectFact) -> Held | None:
    """Hold one more fact; None where a newer one of its id is held, or its kind is not assessed."""
    if fact.kind not in RELEVANT:
        return None
    of_kind = held.get(fact.kind, {})
    known = of_kind.get(fact.record_id)
    if known is not None and known.order >= fact.order:
        return None
    return {**held, fact.kind: {**of_kind, fact.record_id: fact}}


def read_periods(held: Held, product: Product) -> tuple[Period, ...]:
    """Give the dose periods of our product, in the order of their ids."""
    return tuple(
        fact.period
        for _, fact in sorted(held.get(EXPOSURE, {}).items())
        if fact.period is not None and product.is_named_in([fact.data["drug"]])
    )


def read_liver_results(held: Held, first_dose: Days | None) -> Iterator[LiverResult]:
    """Give the liver tests; one surely before the first dose is a baseline, marked so or not."""
    for _, fact in sorted(held.get(LABORATORY, {}).items()):
        result = fact.result
        if result is not None:
            yield result.as_baseline if is_before_treatment(result, first_dose) else result


def is_before_treatment(result: LiverResult | Measurement, first_dose: Days | None) -> bool:
    """Whether a sample was surely taken before the first dose."""
    return (
        result.day is not None and first_dose is not None and result.day.surely_before(first_dose)
    )
