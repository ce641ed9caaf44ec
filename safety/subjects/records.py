"""
The study records of one subject, of which the newest of each id counts.

Newest by the study database's own instant, then by message: the same set of records is held in
whatever order it comes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from safety.causality import Days, Period, derive_exposure, read_exposure
from safety.laboratory import Measurement
from safety.liver import LiverResult, read_liver_result
from safety.profiles import Product

LABORATORY = "pv.laboratory.recorded.v1"
EXPOSURE = "pv.exposure.recorded.v1"
CONCOMITANT = "pv.concomitant.recorded.v1"
RELEVANT = (LABORATORY, EXPOSURE, CONCOMITANT)  # kinds that are assessed


@dataclass(frozen=True, slots=True)
class SubjectFact:
    """
    One study record.

    Attributes:
        kind: Type of its message.
        order: The greatest of a record id counts.
        result: The record as a result of a liver test; None if it is none.
    """

    message: str
    kind: str
    record_id: str
    order: str
    data: Mapping[str, Any]
    synthetic: bool
    result: LiverResult | None


R = TypeVar("R", LiverResult, Measurement)
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
    return SubjectFact(message, kind, record_id, order, data, synthetic, result)


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
    """Read the dose periods of our product, in the order of their ids."""
    ours = {
        record_id: fact.data
        for record_id, fact in sorted(held.get(EXPOSURE, {}).items())
        if product.is_named_in([fact.data["drug"]])
    }
    return tuple(read_exposure(ours))


def read_liver_results(held: Held, product: Product) -> Iterator[LiverResult]:
    """Give the liver tests; one surely before the first dose is a baseline, marked so or not."""
    first = derive_exposure(read_periods(held, product)).first_dose
    for _, fact in sorted(held.get(LABORATORY, {}).items()):
        if fact.result is not None:
            yield with_baseline(fact.result, first)


def with_baseline(result: R, first: Days | None) -> R:
    """Mark a result surely before the first dose as baseline, as its study may not have done."""
    if result.baseline or result.day is None or first is None:
        return result
    return replace(result, baseline=True) if result.day.surely_before(first) else result
