"""
The identifiers by which the parts of a report refer to each other.

Reactions and drugs carry an identifier that relatedness and rechallenge rows name.
Where one is missing, the position stands for it; where one is used twice, the
second entry gets its own and references mean the first.
"""

from schemas.icsr.keys import key_of
from schemas.icsr.node import Node
from schemas.icsr.reader import Reader


class References:
    """The identifiers of one list."""

    def __init__(self, letter: str) -> None:
        self._letter = letter
        self._keys: set[str] = set()

    def add(self, reader: Reader, node: Node, element: str) -> str:
        """
        Give an entry its key.

        Args:
            reader: At the position of the entry.

            node: The entry.

            element: For findings.
        """
        number = len(self._keys) + 1
        identifier = node.find("id")
        key = _spelling(identifier)
        if key is None:
            reader.note("missing_id", element)
            key = f"{self._letter}{number}"
        else:
            identifier.read("root", "extension")
        if key in self._keys:
            reader.note("repeated_id", element)
            key = key_of(f"{key}.{number}")
        self._keys.add(key)
        return key

    def find(self, node: Node) -> str | None:
        """Give the key that an id refers to, None for a dangling reference; reads nothing."""
        key = _spelling(node)
        return key if key in self._keys else None


def _spelling(identifier: Node) -> str | None:
    """A UUID is a root alone, without regard to case; some senders add an extension."""
    root, extension = identifier.get("root"), identifier.get("extension")
    if root is None:
        return None
    return key_of(root.lower() if extension is None else f"{root.lower()}:{extension}")
