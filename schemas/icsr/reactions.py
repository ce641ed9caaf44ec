"""The reactions (E.i): what happened, when, how serious, how it ended."""

from schemas.icsr.intervals import find_interval
from schemas.icsr.node import Node
from schemas.icsr.reader import Reader, belongs
from schemas.icsr.references import References
from schemas.icsr.sorting import Sorted, sort_by_code
from schemas.icsr.vocabulary import CRITERIA, HIGHLIGHTS, MEDDRA, OUTCOMES, Observation
from schemas.messages.clinical import Reaction, Seriousness, Ticked


def read_reactions(
    reader: Reader, observations: list[Node], references: References
) -> list[Reaction]:
    """
    Read the reactions.

    Args:
        reader: Reads.

        observations: One for each reaction.

        references: Learns the reactions' identifiers.
    """
    return [
        _read_reaction(reader.at(position), node, references.add(reader.at(position), node, "E.i"))
        for position, node in enumerate(observations, start=1)
    ]


def _read_reaction(reader: Reader, node: Node, reaction_id: str) -> Reaction:
    interval = find_interval(reader, node.find("effectiveTime"), "E.i.4")
    inside = sort_by_code(reader, [node], "outboundRelationship2", "E.i")
    place = node.find("location", "locatedEntity", "locatedPlace", "code")
    term = reader.term(_coded_value(node), "E.i.1.1a", "E.i.2.1")
    outcome = reader.coded(inside.value(Observation.OUTCOME), "E.i.7", OUTCOMES)
    reader.require(outcome, "E.i.7")
    if term is None or term.text is None:
        reader.note("missing_verbatim", "E.i.1.1a")
    elif term.language is None:
        reader.note("missing_conditional", "E.i.1.1b")
    if term is None or term.coded is None:
        reader.note("missing_mandatory", "E.i.2.1b")
    return Reaction(
        reaction_id=reaction_id,
        term=term,
        english=reader.text(inside.value(Observation.TRANSLATION), "E.i.1.2"),
        highlight=reader.coded(inside.value(Observation.HIGHLIGHT), "E.i.3.1", HIGHLIGHTS),
        seriousness=_read_seriousness(reader, inside),
        onset=reader.or_null(reader.partial_date, interval.low, "E.i.4"),
        end=reader.or_null(reader.partial_date, interval.high, "E.i.5"),
        duration=reader.quantity(interval.width, "E.i.6"),
        outcome=outcome,
        medically_confirmed=reader.boolean(inside.value(Observation.MEDICALLY_CONFIRMED), "E.i.8"),
        country=reader.or_null(reader.country, place, "E.i.9"),
    )


def _coded_value(node: Node) -> Node:
    """Give the value that is the coded term, wherever it stands among other values."""
    values = node.all("value")
    return next((value for value in values if belongs(value, MEDDRA)), node.find("value"))


def _read_seriousness(reader: Reader, inside: Sorted) -> Seriousness:
    ticks = {}
    for letter, (code, criterion) in CRITERIA.items():
        ticks[criterion.value] = _read_tick(reader, inside.value(code), f"E.i.3.2{letter}")
    return Seriousness(**ticks)


def _read_tick(reader: Reader, value: Node, element: str) -> Ticked:
    stated = reader.or_null(reader.boolean, value, element)
    reader.require(stated, element)
    if stated is False:
        reader.note("seriousness_false", element)
    return None if stated is False else stated
