"""What stands inside an element, by its code: which element it is, only the code says."""

from collections.abc import Iterable

from schemas.icsr.node import NOTHING, Node
from schemas.icsr.reader import Reader, read_code
from schemas.icsr.vocabulary import OBSERVATIONS, Observation


class Sorted:
    """What stands inside the relationships of an element, by its code."""

    __slots__ = ("_element", "_found", "_reader", "_system")

    def __init__(self, reader: Reader, element: str, system: str) -> None:
        self._reader = reader
        self._element = element
        self._system = system
        self._found: dict[str, list[tuple[Node, Node]]] = {}

    def add(self, node: Node, code: Node) -> None:
        """Add an observation or organizer under its code."""
        self._found.setdefault(code.get("code") or "", []).append((node, code))

    def all(self, code: str) -> list[Node]:
        """Give those of one kind, their codes marked as read."""
        found = self._found.get(code, [])
        for _, own in found:
            read_code(own, self._system)
        return [node for node, _ in found]

    def one(self, code: str) -> Node:
        """Give the first of one kind; the others stay unread."""
        found = self._found.get(code)
        if not found:
            return NOTHING
        if len(found) > 1:
            self._reader.note("repeated_element", self._element)
        node, own = found[0]
        read_code(own, self._system)
        return node

    def value(self, code: str) -> Node:
        """Give the value of the first of one kind."""
        return self.one(code).find("value")


def sort_by_code(
    reader: Reader,
    nodes: Iterable[Node],
    relation: str,
    element: str,
    *,
    tag: str = "observation",
    system: str = OBSERVATIONS,
) -> Sorted:
    """
    Sort what stands inside the relationships of some elements by its code.

    Args:
        reader: Notes what is wrong with the codes.

        nodes: The elements.

        relation: Name of the relationships, such as "outboundRelationship2".

        element: For findings.

        tag: Name of what stands inside.

        system: The code list that the codes must be from.
    """
    found = Sorted(reader, element, system)
    for node in nodes:
        for outer in node.all(relation):
            for inside in outer.all(tag):
                code = reader.kind(inside, system, element, preferred=Observation.REACTION)
                if code:
                    found.add(inside, code)
    return found
