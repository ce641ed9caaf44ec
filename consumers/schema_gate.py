"""
Is an ICSR valid against the ICH schema files that the user has?

The files are copyright of HL7 and ICH and are not shipped; SAFETY_E2B_SCHEMA_DIR
names a folder with them. With the gate on, an invalid ICSR is quarantined, with
the first fault, its place and an alert; without it, the reader's own checks apply.
"""

from pathlib import Path
from typing import Any

from lxml import etree

from consumers.settings import SettingsError
from reports.e2b.validate import SchemaFault
from schemas.errors import ContractError, Reason
from schemas.icsr.document import parse_document
from schemas.icsr.node import HL7
from schemas.parse import Message

ROOT_SCHEMA = Path("multicacheschemas", "MCCI_IN200100UV01.xsd")

_MESSAGE = f"{HL7}PORR_IN049016UV"
_FOUND = {
    "SCHEMAV_ELEMENT_CONTENT": "an element is missing, not admitted, or out of order",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "an attribute that must be there is missing",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "an attribute is not admitted",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "an attribute is not admitted",
    "SCHEMAV_CVC_TYPE_2": "the type of the value (xsi:type) is missing",
    "SCHEMAV_CVC_ELT_1": "an element of this name and namespace is not known",
    "SCHEMAV_CVC_ELT_4_2": "the type of the value (xsi:type) is not known, or its prefix is not",
}


class SchemaGate:
    """Checks ICSRs against an XSD; compiled once."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        self._schema = schema

    def fault(self, message: Message) -> ContractError | None:
        """Give the first fault of an ICSR in E2B(R3), or None; nothing else has this schema."""
        if message.media_type != "application/xml":
            return None
        root = parse_document(message.payload)
        if root.tag != f"{HL7}MCCI_IN200100UV01" or self._schema.validate(root.getroottree()):
            return None
        first = self._log()[0]
        return ContractError(
            Reason.XSD_INVALID,
            f"line {first.line}",
            f"the ICH schema refuses this ({first.type_name}); have the sender correct the file, or"
            " redrive it without the schema check if the case must be worked on now",
        )

    def faults(self, root: etree._Element) -> dict[int, SchemaFault]:
        """Give the first fault of each message of a batch by its position; others at 0."""
        found: dict[int, SchemaFault] = {}
        if self._schema.validate(root.getroottree()):
            return found
        places = {
            message: position
            for position, message in enumerate(root.iterchildren(_MESSAGE), start=1)
        }
        for entry in self._log():
            element = _element(root, entry.path)
            above = () if element is None else (element, *element.iterancestors())
            position = next((places[one] for one in above if one in places), 0)
            found.setdefault(position, _fault(entry, element))
        return found

    def _log(self) -> Any:  # noqa: ANN401 - the stubs do not know that the log holds entries
        return self._schema.error_log


def _element(root: etree._Element, path: str) -> etree._Element | None:
    """Give the element of a path of the log; None if it cannot be found by it."""
    names: dict[Any, str] = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found: Any = root.getroottree().xpath(path, namespaces=names)
    except etree.XPathError:  # a prefix that is declared further inside
        return None
    return found[0] if isinstance(found, list) and found else None


def _fault(entry: Any, element: etree._Element | None) -> SchemaFault:  # noqa: ANN401 - as above
    kind = str(entry.type_name)
    says = _FOUND.get(kind, "a value is not of the type, or not in the list, that is asked for")
    if element is None:
        return SchemaFault(f"line {entry.line} ({kind})", says)
    above = element.getparent()
    names = [etree.QName(one).localname for one in (above, element) if one is not None]
    return SchemaFault(f"{'/'.join(names)}, line {entry.line} ({kind})", says)


def load_schema_gate(folder: Path) -> SchemaGate:
    """
    Compile the schema found in a folder.

    Raises:
        SettingsError: The folder has no such schema, or it cannot be compiled.
    """
    file = folder / ROOT_SCHEMA
    if not file.is_file():
        raise SettingsError(f"SAFETY_E2B_SCHEMA_DIR has no {ROOT_SCHEMA}")
    try:
        return SchemaGate(etree.XMLSchema(etree.parse(str(file))))
    except etree.LxmlError as error:
        raise SettingsError(f"SAFETY_E2B_SCHEMA_DIR: the schema is faulty ({error})") from None
