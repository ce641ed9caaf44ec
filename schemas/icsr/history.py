"""Medical history and past drugs, of the patient (D.7, D.8) or the parent (D.10.7, D.10.8)."""

from collections.abc import Iterator

from schemas.icsr.intervals import find_interval
from schemas.icsr.node import Node
from schemas.icsr.reader import Reader, belongs
from schemas.icsr.sorting import sort_by_code
from schemas.icsr.vocabulary import MEDDRA, OBSERVATIONS, Observation
from schemas.messages.parts import Term
from schemas.messages.people import HistoryEntry, PastDrug

_TEXTS = frozenset({Observation.HISTORY_TEXT, Observation.CONCOMITANT_THERAPIES})


def read_history(reader: Reader, organizers: list[Node], group: str) -> list[HistoryEntry]:
    """
    Read the structured medical history.

    Args:
        reader: Reads.

        organizers: Those of this category.

        group: "D.7.1.r" or "D.10.7.1.r".
    """
    return [
        _read_condition(reader.at(position), observation, group, position)
        for position, observation in enumerate(_conditions(organizers), start=1)
    ]


def _conditions(organizers: list[Node]) -> Iterator[Node]:
    """Entries are coded in MedDRA, or only named; list 19 codes are the texts beside them."""
    for organizer in organizers:
        for component in organizer.all("component"):
            for observation in component.all("observation"):
                code = observation.find("code")
                is_text = belongs(code, OBSERVATIONS) and code.get("code") in _TEXTS
                named = code.find("originalText").text is not None
                if named or (belongs(code, MEDDRA) and not is_text):
                    yield observation


def _read_condition(reader: Reader, node: Node, group: str, position: int) -> HistoryEntry:
    interval = find_interval(reader, node.find("effectiveTime"), f"{group}.2")
    inside = sort_by_code(reader, [node], "outboundRelationship2", group)
    before = sort_by_code(reader, [node], "inboundRelationship", group)
    return HistoryEntry(
        history_id=f"h{position}",
        condition=reader.term(node.find("code"), f"{group}.1", f"{group}.1"),
        start=reader.or_null(reader.partial_date, interval.low, f"{group}.2"),
        end=reader.or_null(reader.partial_date, interval.high, f"{group}.4"),
        continuing=reader.or_null(
            reader.boolean, before.value(Observation.CONTINUING), f"{group}.3"
        ),
        comments=reader.text(inside.value(Observation.COMMENT), f"{group}.5"),
        family_history=reader.boolean(inside.value(Observation.FAMILY_HISTORY), f"{group}.6"),
    )


def read_past_drugs(reader: Reader, organizers: list[Node], group: str) -> list[PastDrug]:
    """
    Read the past drugs.

    Args:
        reader: Reads.

        organizers: Those of this category.

        group: "D.8.r" or "D.10.8.r".
    """
    administrations = [
        administration
        for organizer in organizers
        for component in organizer.all("component")
        for administration in component.all("substanceAdministration")
    ]
    return [
        _read_past_drug(reader.at(position), node, group, position)
        for position, node in enumerate(administrations, start=1)
    ]


def _read_past_drug(reader: Reader, node: Node, group: str, position: int) -> PastDrug:
    interval = find_interval(reader, node.find("effectiveTime"), f"{group}.4")
    product = node.find("consumable", "instanceOfKind", "kindOfProduct")
    inside = sort_by_code(reader, [node], "outboundRelationship2", group)
    return PastDrug(
        past_drug_id=f"p{position}",
        name=reader.or_null(reader.text, product.find("name"), f"{group}.1"),
        product_code=reader.terminology_code(product.find("code"), f"{group}.2b"),
        start=reader.or_null(reader.partial_date, interval.low, f"{group}.4"),
        end=reader.or_null(reader.partial_date, interval.high, f"{group}.5"),
        indication=_read_term(reader, inside.value(Observation.INDICATION), f"{group}.6"),
        reaction=_read_term(reader, inside.value(Observation.REACTION), f"{group}.7"),
    )


def _read_term(reader: Reader, value: Node, group: str) -> Term | None:
    return reader.term(value, group, group)
