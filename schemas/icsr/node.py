"""
A tree of the message that remembers what was read of it.

Reading marks each attribute and text it used. Whatever carries data and was not
used is given out in the end, word for word: nothing is dropped in silence. What
is not data is listed here.
"""

from collections import Counter
from collections.abc import Iterable

from lxml import etree

from schemas.errors import ContractError, Reason
from schemas.icsr.document import MAX_DEPTH

HL7 = "{urn:hl7-org:v3}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
XSI_LOCATION = XSI_TYPE.replace("}type", "}schemaLocation")

# Elements whose code is always the same.
_ONE_OF_A_KIND = frozenset({"controlActProcess", "investigationEvent", "researchStudy"})

# Attributes with the values that only say what kind of element this is. The element's name and
# place say it already; any other value is data that nobody reads, and is kept.
_STRUCTURAL = {
    "classCode": "ACT ACTI ASSIGNED CACT CATEGORY CLNTRL CNTRCT COUNTRY DEV DOC HLD IDENT INST"
    " INVSBJ INVSTG LOCE MANU MMAT NAT OBS ORG PRS PSN QUAL SBADM TERR",
    "moodCode": "EVN EVN.CRT",
    "determinerCode": "INSTANCE KIND",
    "typeCode": "AUT AUTH CAUS COMP CSM DRIV EXPL HLD LOC PERT PRF RCV REFR REFV RSON SBJ SND SPRT"
    " SUBJ SUMM",
    "operator": "A",
    "mediaType": "text/plain",
    "representation": "TXT",
}
_STRUCTURE = frozenset(
    (name, value) for name, values in _STRUCTURAL.items() for value in values.split()
)
_TYPE_NAMES = "BL CE CD CS ED ST INT REAL PQ TS IVL_PQ IVL_TS PIVL_TS SXPR_TS"
_TYPES = frozenset(_TYPE_NAMES.split())


class Node:
    """
    One element.

    Attributes:
        tag: Local name for elements of HL7 V3, `{namespace}name` for others.
        type: Local name of its `xsi:type`.
        is_type_resolved: False if the prefix of an `xsi:type`, here or inside, leads nowhere.
        children: Elements inside, in order.
    """

    __slots__ = (
        "_attributes",
        "_read",
        "_text",
        "_text_read",
        "children",
        "is_type_resolved",
        "tag",
        "type",
    )

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.type: str | None = None
        self.is_type_resolved = True
        self.children: list[Node] = []
        self._attributes = attributes
        self._text: str | None = None
        self._read: set[str] = set()
        self._text_read = False

    def __bool__(self) -> bool:
        return self is not NOTHING

    def all(self, tag: str) -> list["Node"]:
        """Give the children of this name."""
        return [child for child in self.children if child.tag == tag]

    def find(self, *tags: str) -> "Node":
        """Walk down, taking the first child of each name; `NOTHING` if there is none."""
        node = self
        for tag in tags:
            for child in node.children:
                if child.tag == tag:
                    node = child
                    break
            else:
                return NOTHING
        return node

    def id(self, root: str) -> "Node":
        """Give the first `id` of a namespace."""
        return next((one for one in self.all("id") if one.get("root") == root), NOTHING)

    def get(self, attribute: str) -> str | None:
        """Look at an attribute without reading it; blank is absent."""
        value = self._attributes.get(attribute)
        return value.strip() or None if value is not None else None

    def set_text(self, text: str) -> None:
        """Give the element its text; blanks around it are layout."""
        self._text = text.strip() or None

    @property
    def text(self) -> str | None:
        """The element's own text, looked at without reading it."""
        return self._text

    def read(self, *attributes: str) -> None:
        """Mark attributes as read."""
        self._read.update(attributes)

    def read_text(self) -> None:
        """Mark the text as read."""
        self._text_read = True

    def gather_unread(self, found: list[tuple["Node", str, str]]) -> None:
        """Add each attribute ("@name") and text ("text()") inside that was not read, in order."""
        read = self._read
        for name, value in self._attributes.items():
            if name not in read and (name, value) not in _STRUCTURE and value.strip():
                found.append((self, f"@{_plain(name)}", value))
        if self._text is not None and not self._text_read:
            found.append((self, "text()", self._text))
        for child in self.children:
            child.gather_unread(found)


class Paths:
    """XPaths of the nodes of some trees, without prefixes; codes tell like elements apart."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self._above: dict[Node, Node] = {}
        self._steps: dict[Node, str] = {}  # of the nodes asked for, those above them, and twins
        for tree in trees:
            self._steps[tree] = _step(tree)
            self._link(tree)

    def of(self, node: Node) -> str:
        """Give the path of a node from the root of its tree."""
        steps = [self._step_to(node)]
        while node in self._above:
            node = self._above[node]
            steps.append(self._step_to(node))
        return "/".join(reversed(steps))

    def _link(self, parent: Node) -> None:
        for child in parent.children:
            self._above[child] = parent
            self._link(child)

    def _step_to(self, node: Node) -> str:
        if node not in self._steps:
            self._count(self._above[node])
        return self._steps[node]

    def _count(self, parent: Node) -> None:
        totals = Counter(child.tag for child in parent.children)
        seen: Counter[str] = Counter()
        for child in parent.children:
            seen[child.tag] += 1
            position = f"[{seen[child.tag]}]" if totals[child.tag] > 1 else ""
            self._steps[child] = _step(child, position)


def _step(node: Node, position: str = "") -> str:
    number = node.find("code").get("code")
    code = f"[code/@code='{number}']" if number and node.tag not in _ONE_OF_A_KIND else ""
    return f"{_plain(node.tag)}{position}{code}"


NOTHING = Node("", {})  # the element that is not there; it is false


def build_tree(root: etree._Element, *, without: frozenset[str] = frozenset()) -> Node:
    """
    Copy an lxml element into nodes.

    Args:
        root: Where to begin.

        without: Names of HL7 elements to leave out, with all inside them.

    Raises:
        ContractError: TOO_DEEP.
    """
    return _build(root, without, MAX_DEPTH)


def _build(element: etree._Element, without: frozenset[str], depth: int) -> Node:
    if not depth:
        raise ContractError(Reason.TOO_DEEP, "", "the XML is nested too deeply")
    attributes: dict[str, str] = dict(element.items())  # type: ignore[arg-type]  # lxml: str for str
    node = Node(str(element.tag).removeprefix(HL7), attributes)
    text = element.text or ""
    for child in element:
        text += child.tail or ""
        if without and str(child.tag).removeprefix(HL7) in without:
            continue
        inside = _build(child, without, depth - 1)
        node.children.append(inside)
        if not inside.is_type_resolved:
            node.is_type_resolved = False
    if text:
        node.set_text(text)
    if XSI_TYPE in attributes:
        kind = attributes[XSI_TYPE].strip()
        node.type = kind.rpartition(":")[2]
        node.is_type_resolved = node.is_type_resolved and _is_resolved(kind, element)
        if node.type in _TYPES:
            node.read(XSI_TYPE)
    return node


def _is_resolved(kind: str, element: etree._Element) -> bool:
    prefix = kind.rpartition(":")[0]
    if not prefix and not element.prefix and str(element.tag).startswith(HL7):
        return True  # the default namespace is HL7's: the common case, without a look-up
    scope: dict[str | None, str] = dict(element.nsmap)
    return scope.get(prefix or None) == HL7[1:-1]


def _plain(name: str) -> str:
    return name.rpartition("}")[2]
