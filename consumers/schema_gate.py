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
from schemas.errors import ContractError, Reason
from schemas.icsr.document import parse_document
from schemas.icsr.node import HL7
from schemas.parse import Message

ROOT_SCHEMA = Path("multicacheschemas", "MCCI_IN200100UV01.xsd")


class SchemaGate:
    """Checks ICSRs against an XSD; compiled once."""

    def __init__(self, schema: etree.XMLSchema) -> None:
        self._schema = schema

    def fault(self, message: Message) -> ContractError | None:
        """Give the first fault of an ICSR in E2B(R3), or None; nothing else has this schema."""
        if message.media_type != "application/xml":
            return None
        root = parse_document(message.payload)
        if root.tag != f"{HL7}MCCI_IN200100UV01":
            return None
        document = root.getroottree()
        place = self.place_of_fault(document)
        if place is None:
            return None
        return ContractError(
            Reason.XSD_INVALID,
            place.partition(" (")[0],
            f"the ICH schema refuses this ({self._kind()}); have the sender correct the file, or"
            " redrive it without the schema check if the case must be worked on now",
        )

    def place_of_fault(self, document: etree._ElementTree) -> str | None:
        """Give the line and kind of the first fault of a document, or None."""
        if self._schema.validate(document):
            return None
        return f"line {self._first().line} ({self._kind()})"

    def _first(self) -> Any:  # noqa: ANN401 - the stubs do not know that the log holds entries
        faults: Any = self._schema.error_log
        return faults[0]

    def _kind(self) -> str:
        return str(self._first().type_name)


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
