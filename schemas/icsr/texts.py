"""
Texts, identifiers and absences of the message as values of the contract.

Every reading method takes an element of the message and the ICH number of what it
should hold. It gives None where nothing usable stands, notes the fault if there is
one, and leaves what it could not take unread, so that it is kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, TypeVar

from schemas.icsr.elements import load_elements
from schemas.icsr.findings import Findings
from schemas.icsr.keys import key_of
from schemas.icsr.node import Node
from schemas.values import Explicit
from schemas.vocabulary import NullFlavor

Value = TypeVar("Value")
Read = Callable[[Node, str], Value | None]

# Characters that the fields of the contract hold
LINE = 2_000
NAME = 500
TEXT = 100_000

_FLAVORS = {flavor.value: flavor for flavor in NullFlavor}


@dataclass(slots=True)
class Gathered:
    """What is gathered over one message beside its values."""

    findings: Findings = field(default_factory=Findings)
    meddra_versions: set[str] = field(default_factory=set)
    rewritten: list[tuple[Node, str, str]] = field(default_factory=list)


class TextReader:
    """Reads at one position, such as the second reaction."""

    __slots__ = ("_elements", "_position", "gathered")

    def __init__(self, gathered: Gathered, position: str = "") -> None:
        self.gathered = gathered
        self._position = position
        self._elements = load_elements()

    def at(self, *numbers: int) -> Self:
        """Give a reader for the entry with these positions, counted from 1."""
        return type(self)(self.gathered, f"[{'.'.join(map(str, numbers))}]")

    def note(self, code: str, element: str) -> None:
        """Add a finding about an element at this position."""
        self.gathered.findings.note(code, element + self._position)

    def require(self, value: object, element: str, code: str = "missing_mandatory") -> None:
        """Note an element that should be there and is not."""
        if value is None:
            self.note(code, element)

    def or_null(self, read: Read[Value], node: Node, element: str) -> Value | Explicit | None:
        """Read a value, or the reason why there is none."""
        value = read(node, element)
        return self.null(node, element) if value is None else value

    def null(self, node: Node, element: str) -> Explicit | None:
        """Read a null flavour."""
        flavor = node.get("nullFlavor")
        if flavor is None:
            return None
        known = _FLAVORS.get(flavor)
        rule = self._elements.get(element)
        if rule is None or known not in rule.null_flavors:
            self.note("null_flavor_not_allowed", element)
        if known is None:
            return None
        node.read("nullFlavor", "root")
        return Explicit(null=known)

    def text(self, node: Node, element: str) -> str | None:
        """Read text of at most 2,000 characters."""
        return self.limited(LINE)(node, element)

    def name(self, node: Node, element: str) -> str | None:
        """Read text of at most 500 characters."""
        return self.limited(NAME)(node, element)

    def long_text(self, node: Node, element: str) -> str | None:
        """Read text of at most 100,000 characters."""
        return self.limited(TEXT)(node, element)

    def limited(self, limit: int) -> Read[str]:
        """Give a reading method for text of at most so many characters."""
        return lambda node, element: self._text(node, element, limit)

    def _text(self, node: Node, element: str, limit: int) -> str | None:
        value = node.text
        if value is None or not self.is_value(node, value, element):
            return None
        if len(value) > limit:
            self.note("longer_than_the_model_holds", element)
            return None
        node.read_text()
        return value

    def attribute(self, node: Node, element: str, attribute: str) -> str | None:
        """Read an attribute as text of at most 500 characters."""
        value = node.get(attribute)
        if value is None or not self.is_value(node, value, element):
            return None
        if len(value) > NAME:
            self.note("longer_than_the_model_holds", element)
            return None
        node.read(attribute)
        return value

    def extension(self, node: Node, element: str) -> str | None:
        """Read the extension of an id as it is written."""
        value = self.attribute(node, element, "extension")
        if value is not None:
            node.read("root")
        return value

    def key(self, node: Node, element: str) -> str | None:
        """Read the extension of an id as a key."""
        value = self.extension(node, element)
        if value is None:
            return None
        key = key_of(value)
        if key != value:
            self.note("identifier_rewritten", element)
            self.gathered.rewritten.append((node, "@extension", value))
        return key

    def telecom(self, nodes: list[Node], scheme: str, element: str) -> str | None:
        """Read the first number or address of a scheme."""
        for node in nodes:
            value = node.get("value")
            if value is None:
                continue
            if ":" not in value:
                self.note("telecom_without_scheme", element)
            elif value.lower().startswith(scheme) and len(value) <= NAME:
                self._check_length(value[len(scheme) :], element)
                node.read("value")
                return value[len(scheme) :].strip() or None
        return None

    def is_value(self, node: Node, value: str, element: str) -> bool:
        """Tell a value from a placeholder, and note what is wrong around it."""
        if value in self._elements:
            self.note("placeholder_text", element)
            return False
        self._check_length(value, element)
        if node.get("nullFlavor") is not None:
            self.note("value_with_null_flavor", element)
        return True

    def _check_length(self, value: str, element: str) -> None:
        rule = self._elements.get(element)
        if rule is not None and rule.max_length is not None and len(value) > rule.max_length:
            self.note("longer_than_ich_allows", element)
