"""Results of tests (F.r): a number that may be a bound, words, or both."""

from typing import Literal

from schemas.icsr.node import NOTHING, Node
from schemas.icsr.reader import UNIT, Reader, belongs, read_code
from schemas.icsr.sorting import sort_by_code
from schemas.icsr.vocabulary import ABNORMALITY, INTERPRETATIONS, MEDDRA, Observation
from schemas.messages.clinical import Test
from schemas.values import Explicit, Result

Comparator = Literal["<", "<=", ">", ">="]

_BELOW: dict[bool, Comparator] = {True: "<=", False: "<"}
_ABOVE: dict[bool, Comparator] = {True: ">=", False: ">"}


def read_tests(reader: Reader, organizers: list[Node]) -> list[Test]:
    """Read the tests from the organizers of their category."""
    observations = [
        observation
        for organizer in organizers
        for component in organizer.all("component")
        for observation in component.all("observation")
    ]
    return [
        _read_test(reader.at(position), observation, position)
        for position, observation in enumerate(observations, start=1)
    ]


def _read_test(reader: Reader, node: Node, position: int) -> Test:
    code = node.find("code")
    inside = sort_by_code(reader, [node], "outboundRelationship2", "F.r")
    coded = reader.meddra(code, "F.r.2.2b", "F.r.2.2a")
    name = reader.name(code.find("originalText"), "F.r.2.1")
    if name is not None and code.get("codeSystem") == MEDDRA:
        code.read("codeSystem")  # sent even where only words are
    date = reader.or_null(reader.partial_date, node.find("effectiveTime"), "F.r.1")
    interpretation = reader.coded(node.find("interpretationCode"), "F.r.3.1", INTERPRETATIONS)
    numbers = [value for value in node.all("value") if value.type not in {"ED", "ST"}]
    words = next((value for value in node.all("value") if value.type in {"ED", "ST"}), NOTHING)
    result = _read_result(reader, numbers[0]) if numbers else None
    text = reader.long_text(words, "F.r.3.4")
    if name is not None or coded is not None:
        reader.require(date, "F.r.1", "missing_conditional")
        if interpretation is None and result is None and text is None:
            reader.note("missing_conditional", "F.r.3")
    return Test(
        test_id=f"t{position}",
        date=date,
        name=name,
        coded=coded,
        interpretation=interpretation,
        result=result,
        result_text=text,
        low=_read_limit(reader, node, "L", "F.r.4"),
        high=_read_limit(reader, node, "H", "F.r.5"),
        comments=reader.text(inside.value(Observation.COMMENT), "F.r.6"),
        more_available=reader.boolean(inside.value(Observation.MORE_INFORMATION), "F.r.7"),
    )


def _read_result(reader: Reader, value: Node) -> Result | Explicit | None:
    """Read a centre, which is a plain number, or the one finite end of an interval, a bound."""
    center, low, high = value.find("center"), value.find("low"), value.find("high")
    for plain in (center, value):
        if plain.get("value") is not None:
            return _read_number(reader, plain)
    if high.get("value") is not None and low.get("value") is None:
        return _read_end(reader, high, low, "NINF", _BELOW)
    if low.get("value") is not None and high.get("value") is None:
        return _read_end(reader, low, high, "PINF", _ABOVE)
    if low and high:
        reader.note("result_is_a_range", "F.r.3.2")
    return reader.null(center or value, "F.r.3.2")


def _read_end(
    reader: Reader, end: Node, open_end: Node, infinite: str, comparators: dict[bool, Comparator]
) -> Result | None:
    included = end.get("inclusive") != "false"  # HL7: an end belongs to the interval by default
    result = _read_number(reader, end, comparators[included])
    if result is not None:
        end.read("inclusive")
        if open_end.get("nullFlavor") == infinite:
            open_end.read("nullFlavor")
    return result


def _read_number(reader: Reader, node: Node, comparator: Comparator | None = None) -> Result | None:
    unit = node.get("unit") or ""
    if len(unit) > UNIT:
        reader.note("longer_than_the_model_holds", "F.r.3.3")
        return None
    number = reader.number(node, "F.r.3.2")
    if number is None:
        return None
    reader.require(unit or None, "F.r.3.3", "unit_missing")
    node.read("unit")
    return Result(value=number, unit=unit, comparator=comparator)


def _read_limit(reader: Reader, node: Node, letter: str, element: str) -> Result | None:
    """Read one limit of the reference range."""
    for reference in node.all("referenceRange"):
        limit = reference.find("observationRange")
        kind, value = limit.find("interpretationCode"), limit.find("value")
        if kind.get("code") != letter or not belongs(kind, ABNORMALITY):
            continue
        unit = value.get("unit") or ""
        number = reader.number(value, element) if len(unit) <= UNIT else None
        if number is not None:
            value.read("unit")
            read_code(kind, ABNORMALITY)
            return Result(value=number, unit=unit)
    return None
