"""
The liver tests of a case, each in the order of its dates: first, highest and last value.

Only figures are compared, in one unit, and a multiple of the upper limit is given only where the
limit stands beside the result in its own unit.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from reports.narrative.templates.derived import Derived
from safety.case import CaseState, Entry, Value
from safety.laboratory import find_test
from safety.liver import load_liver_criteria

_PLACES = Decimal("0.1")


def derive_liver(derived: Derived, state: CaseState) -> None:
    """Give each liver test with at least two dated figures in one unit, as `liver/1`..."""
    for place, series in enumerate(_series(state), start=1):
        peak = max(series, key=_figure)
        path = f"liver/{place}"
        derived.add(path, "tests", [test.path for test in series])
        because = tuple(f"{test.path}.{name}" for test in series for name in ("date", "result"))
        derived.add(path, "peak", peak.path, because)
        high, result = peak.known("high"), peak.known("result")
        if high is not None and high.get("unit") == result.get("unit") and _number(high) > 0:
            times = (_figure(peak) / _number(high)).quantize(_PLACES)
            limit = (f"{peak.path}.result", f"{peak.path}.high")
            derived.add(path, "times_limit", {"value": f"{times:f}"}, limit)


def _series(state: CaseState) -> Iterator[tuple[Entry, ...]]:
    of_liver = load_liver_criteria().by_id
    found: dict[tuple[object, str], list[Entry]] = {}
    for test in state.entries("tests"):
        named = find_test(test.known("name"), (test.known("coded") or {}).get("code"))
        kind = None if named is None else of_liver.get(named.id)
        result, day = test.known("result"), test.known("date")
        if (
            kind
            and day is not None
            and len(day["value"]) >= len("2014-05-06")
            and _is_exact(result)
        ):
            found.setdefault((kind, str(result.get("unit") or "")), []).append(test)
    for tests in found.values():
        if len(tests) > 1:
            yield tuple(sorted(tests, key=lambda test: test.known("date")["value"]))


def _is_exact(result: Value) -> bool:
    if not isinstance(result, dict) or result.get("comparator"):
        return False
    try:
        return Decimal(str(result["value"])).is_finite()
    except (InvalidOperation, KeyError):
        return False


def _figure(test: Entry) -> Decimal:
    return _number(test.known("result"))


def _number(quantity: Value) -> Decimal:
    return Decimal(str(quantity["value"]))
