"""
Dose periods of a drug (G.k.4.r).

"400 mg twice a day" is a dose of 400 mg and an interval of 12 h. A total dose has
no interval: it is the dose check quantity, and its interval is written "1 {total}".
"""

from decimal import Decimal

from schemas.icsr.intervals import Interval, find_interval
from schemas.icsr.node import Node
from schemas.icsr.reader import Reader
from schemas.icsr.sorting import sort_by_code
from schemas.icsr.vocabulary import Observation
from schemas.messages.clinical import Dose
from schemas.values import Code, Explicit, Quantity

TOTAL = "{total}"


def read_dose(reader: Reader, node: Node, number: int) -> Dose:
    """
    Read one dose period.

    Args:
        reader: At the position of this period.

        node: The inner substanceAdministration.

        number: Position of the period in its drug, counted from 1.
    """
    interval = find_interval(reader, node.find("effectiveTime"), "G.k.4.r.4")
    kind = node.find("consumable", "instanceOfKind")
    form = kind.find("kindOfProduct", "formCode")
    route = node.find("routeCode")
    parent = sort_by_code(reader, [node], "inboundRelationship", "G.k.4.r.11").value(
        Observation.PARENT_ROUTE
    )
    dose, every = _read_amount(reader, node, interval)
    form_text, form_code = _read_named_code(reader, form, "G.k.4.r.9")
    route_text, route_code = _read_named_code(reader, route, "G.k.4.r.10")
    parent_text, parent_code = _read_named_code(reader, parent, "G.k.4.r.11")
    return Dose(
        dose_id=f"{number}",
        dose=dose,
        interval=every,
        start=reader.or_null(reader.partial_date, interval.low, "G.k.4.r.4"),
        end=reader.or_null(reader.partial_date, interval.high, "G.k.4.r.5"),
        duration=reader.quantity(interval.width, "G.k.4.r.6"),
        batch=reader.or_null(
            reader.name, kind.find("productInstanceInstance", "lotNumberText"), "G.k.4.r.7"
        ),
        text=reader.text(node.find("text"), "G.k.4.r.8"),
        form=form_text,
        form_code=form_code,
        route=route_text,
        route_code=route_code,
        parent_route=parent_text,
        parent_route_code=parent_code,
    )


def _read_amount(
    reader: Reader, node: Node, interval: Interval
) -> tuple[Quantity | Explicit | None, Quantity | Explicit | None]:
    dose = reader.or_null(reader.quantity, node.find("doseQuantity"), "G.k.4.r.1")
    every = reader.or_null(reader.interval, interval.period, "G.k.4.r.2")
    check = node.find("doseCheckQuantity")
    if dose is not None or not check:
        return dose, every
    total = reader.quantity(check.find("numerator"), "G.k.4.r.1")
    denominator = check.find("denominator")
    if total is not None and every is None and denominator.get("nullFlavor") == "UNK":
        denominator.read("nullFlavor")
        every = Quantity(value=Decimal(1), unit=TOTAL)
    return total, every


def _read_named_code(
    reader: Reader, node: Node, element: str
) -> tuple[str | Explicit | None, Code | None]:
    text = reader.or_null(reader.name, node.find("originalText"), f"{element}.1")
    code = reader.terminology_code(node, f"{element}.2b")
    return text, code
