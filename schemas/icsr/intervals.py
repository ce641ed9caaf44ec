"""
Intervals of time: the several shapes in which HL7 V3 writes start, end and duration.

One part stands in an IVL_TS or PIVL_TS; several parts that do not fit into one are
the components of an SXPR_TS.
"""

from dataclasses import dataclass

from schemas.icsr.node import NOTHING, Node
from schemas.icsr.reader import Reader


@dataclass(frozen=True, slots=True)
class Interval:
    """The parts of an effectiveTime, wherever they stand in it."""

    low: Node
    high: Node
    width: Node
    period: Node


def find_interval(reader: Reader, time: Node, element: str) -> Interval:
    """
    Find the parts of an effectiveTime.

    Args:
        reader: Notes an interval that is told in three parts.

        time: The effectiveTime.

        element: Number of the start, for findings.
    """
    shapes = [time, *time.all("comp")]
    for shape in shapes:
        if all(shape.find(part) for part in ("low", "high", "width")):
            reader.note("start_end_and_duration", element)
    return Interval(*(_first(shapes, part) for part in ("low", "high", "width", "period")))


def _first(shapes: list[Node], part: str) -> Node:
    return next((found for shape in shapes if (found := shape.find(part))), NOTHING)
