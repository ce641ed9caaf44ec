"""
What does a laboratory result say, when it may be a bound, and its unit or limit may be missing?

A result becomes an interval of values; every comparison has three answers. Units are read only
where they are given and known: an unknown unit is never taken for the usual one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from safety.causality import Days
from safety.laboratory import read_measurement
from safety.liver.criteria import (
    LiverCriteria,
    Sign,
    Test,
    fold_unit,
    load_liver_criteria,
)


@dataclass(frozen=True)
class LiverResult:
    """
    One result, as reported; what follows from it alone is found once.

    Attributes:
        upper_limit: Upper limit of normal, in the unit of the value.
        comparator: "<", "<=", ">", ">=" where the value is a bound.
        day: When the sample was taken; None unknown.
        baseline: Taken before treatment.
        source: Id of the record, for the explanation.
    """

    test: Test
    value: Decimal
    unit: str
    day: Days | None
    source: str
    upper_limit: Decimal | None = None
    comparator: str | None = None
    baseline: bool = False

    @cached_property
    def reading(self) -> "Reading | None":
        """The result as understood; see `derive_reading()`."""
        return derive_reading(self)

    @cached_property
    def as_baseline(self) -> "LiverResult":
        """The same result, taken before treatment."""
        return self if self.baseline else replace(self, baseline=True)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value may be: from low to high, the ends included unless open; None is no end."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    def compare(self, sign: Sign, number: Decimal) -> bool | None:
        """Say whether every value, none, or only some (None) stand so to a number."""
        match sign:
            case "at_least":
                return self._at_least(number)
            case "above":
                return self._above(number)
            case "below":
                reached = self._at_least(number)
                return None if reached is None else not reached

    def times(self, factor: Decimal) -> "Bounds":
        """Multiply by a factor above zero."""
        return self._map(lambda value: value * factor)

    def over(self, divisor: Decimal) -> "Bounds":
        """Divide by a number above zero: 90 over 30 is 3, where 90 times 1/30 falls short of it."""
        return self._map(lambda value: value / divisor)

    def _map(self, change: Callable[[Decimal], Decimal]) -> "Bounds":
        return Bounds(
            None if self.low is None else change(self.low),
            None if self.high is None else change(self.high),
            self.low_open,
            self.high_open,
        )

    @property
    def figure(self) -> Decimal | None:
        """The number as reported, whether it is the value or a bound of it."""
        return self.high if self.low is None else self.low

    def _at_least(self, number: Decimal) -> bool | None:
        if self.low is not None and self.low >= number:
            return True
        if self.high is not None and (
            self.high < number or (self.high == number and self.high_open)
        ):
            return False
        return None

    def _above(self, number: Decimal) -> bool | None:
        if self.low is not None and (self.low > number or (self.low == number and self.low_open)):
            return True
        return False if self.high is not None and self.high <= number else None


ANYTHING = Bounds(None, None)


@dataclass(frozen=True, slots=True)
class Reading:
    """A result whose unit is understood and whose day is known: in U/L, umol/L or 1, and x ULN."""

    test: Test
    day: Days
    value: Bounds
    of_limit: Bounds  # anything where the limit is not known
    source: str


@dataclass(frozen=True, slots=True)
class BaselineValue:
    """Mean of the values before treatment, the same as multiple of ULN, and how many they were."""

    mean: Decimal
    of_limit: Decimal | None
    values: int


LiverBaseline = Mapping[Test, BaselineValue]


def read_liver_result(source: str, data: Mapping[str, Any]) -> LiverResult | None:
    """
    Read a laboratory record of a study; None where it is not a liver test or has no value.

    Args:
        source: Id of the record.

        data: The record in the shape of `pv.laboratory.recorded.v1`.
    """
    read = read_measurement(source, data)
    test = None if read is None else load_liver_criteria().by_id.get(read.test.id)
    if read is None or test is None:
        return None
    return LiverResult(
        test=test,
        value=read.value,
        unit=read.unit,
        day=read.day,
        source=source,
        upper_limit=read.high,
        comparator=read.comparator,
        baseline=read.baseline,
    )


def derive_reading(result: LiverResult) -> Reading | None:
    """Understand a result; None where unit or day are unknown, or the value is below zero."""
    factor = load_liver_criteria().units[result.test].get(fold_unit(result.unit))
    if factor is None or result.day is None or result.value < 0:
        return None
    told, limit = _bounds(result), result.upper_limit
    of_limit = ANYTHING if limit is None or limit <= 0 else told.over(limit)
    return Reading(result.test, result.day, told.times(factor), of_limit, result.source)


def derive_baseline(results: Iterable[LiverResult]) -> LiverBaseline:
    """Give the baseline: by test the mean of the results before treatment that are exact."""
    found: dict[Test, list[tuple[Decimal, Decimal | None]]] = {}
    for result in results:
        reading = result.reading if result.baseline else None
        if reading is not None and result.comparator is None:
            value, multiple = reading.value.figure, reading.of_limit.figure
            if value is not None and value > 0:
                found.setdefault(result.test, []).append((value, multiple))
    return {test: _mean(values) for test, values in found.items()}


def is_raised(
    baseline: LiverBaseline, test: Test, criteria: LiverCriteria | None = None
) -> bool | None:
    """Say whether a test was raised before treatment; None where that is not known."""
    known = baseline.get(test)
    if known is None or known.of_limit is None:
        return None
    return known.of_limit >= (criteria or load_liver_criteria()).raised_from


def _mean(values: list[tuple[Decimal, Decimal | None]]) -> BaselineValue:
    multiples = [multiple for _, multiple in values if multiple is not None]
    return BaselineValue(
        mean=sum((value for value, _ in values), Decimal(0)) / len(values),
        of_limit=sum(multiples, Decimal(0)) / len(multiples) if multiples else None,
        values=len(values),
    )


def _bounds(result: LiverResult) -> Bounds:
    match result.comparator:
        case "<" | "<=":
            return Bounds(None, result.value, high_open=result.comparator == "<")
        case ">" | ">=":
            return Bounds(result.value, None, low_open=result.comparator == ">")
        case _:
            return Bounds(result.value, result.value)
