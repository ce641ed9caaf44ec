"""
What does one laboratory result of a case or a study say?

A case tells its tests (E2B F.r) and a study its records in different shapes; both become the same
measurement. What is not told stays unknown: a limit in another unit than the value is no limit.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from safety.case import CaseState, Entry
from safety.causality import Days, parse_days
from safety.laboratory.tests import LaboratoryTest, find_test


@dataclass(frozen=True, slots=True)
class Measurement:
    """
    One result with a figure.

    Attributes:
        low: Lower limit of normal, in the unit of the value; `high` the upper one.
        comparator: "<", "<=", ">", ">=" where the value is a bound.
        day: When the sample was taken; None unknown.
        baseline: Taken before treatment, as told.
        source: Path of the test in the case, or id of the study record.
    """

    test: LaboratoryTest
    value: Decimal
    unit: str
    day: Days | None
    source: str
    low: Decimal | None = None
    high: Decimal | None = None
    comparator: str | None = None
    baseline: bool = False


def read_measurement(source: str, data: Mapping[str, Any]) -> Measurement | None:
    """
    Read a record of a study; None where the test is not known or has no figure.

    Args:
        source: Id of the record.

        data: The record in the shape of `pv.laboratory.recorded.v1`.
    """
    test = find_test(data.get("test"), data.get("coded"))
    result = data.get("result") or {}
    if test is None or "value" not in result:
        return None
    return Measurement(
        test=test,
        value=Decimal(str(result["value"])),
        unit=result.get("unit", ""),
        day=parse_days(data.get("collected")),
        source=source,
        low=_number(data.get("low")),
        high=_number(data.get("high")),
        comparator=result.get("comparator"),
        baseline=bool(data.get("baseline", False)),
    )


def parse_case_tests(
    state: CaseState, first_dose: Days | None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """
    Give the tests of a case in the shape of study records, so that both are read alike.

    Args:
        state: The case.

        first_dose: Of our product; a sample surely taken before it is a baseline. None unknown.
    """
    for test in state.entries("tests"):
        record = _as_record(test)
        day = parse_days(record["collected"])
        before = day is not None and first_dose is not None and day.surely_before(first_dose)
        yield test.path, {**record, "baseline": before}


def read_case_tests(state: CaseState, first_dose: Days | None) -> tuple[Measurement, ...]:
    """Read the tests of a case that have a figure; see `parse_case_tests()`."""
    read = (read_measurement(path, record) for path, record in parse_case_tests(state, first_dose))
    return tuple(one for one in read if one is not None)


def _as_record(test: Entry) -> dict[str, Any]:
    result = test.known("result") or {}
    coded = test.known("coded")
    return {
        "test": test.known("name"),
        "coded": None if coded is None else coded["code"],
        "collected": test.known("date"),
        "result": result,
        "low": _limit(test.known("low"), result),
        "high": _limit(test.known("high"), result),
    }


def derive_baselines(measured: Iterable[Measurement]) -> Mapping[tuple[str, str], Decimal]:
    """Give the newest exact result before treatment, by test and unit."""
    newest: dict[tuple[str, str], Measurement] = {}
    for one in measured:
        if not one.baseline or one.comparator is not None:
            continue
        key = (one.test.id, one.unit)
        known = newest.get(key)
        if known is None or _age(known) < _age(one):
            newest[key] = one
    return {key: one.value for key, one in newest.items()}


def _age(one: Measurement) -> tuple[str, str]:
    return ("" if one.day is None else one.day.latest.isoformat(), one.source)


def _limit(limit: Mapping[str, Any] | None, result: Mapping[str, Any]) -> str | None:
    """Give a limit of normal; a bound is none, nor is one in a unit that the value is not in."""
    if limit is None or limit.get("comparator"):
        return None
    unit = limit.get("unit", "")
    return str(limit["value"]) if unit in {"", result.get("unit", "")} else None


def _number(told: float | str | None) -> Decimal | None:
    return None if told is None else Decimal(str(told))
