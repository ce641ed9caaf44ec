"""
Reads ICH's acknowledgement of a batch (MCCI_IN200101UV01), as gateways really write it.

What decides is read strictly: which batch, which message, taken or not. What only explains is
read as it comes: some gateways leave out the time of a message, or their own numbers.
"""

from datetime import UTC

from lxml import etree
from pydantic import ValidationError

from schemas.errors import ContractError, Reason
from schemas.icsr.document import parse_document
from schemas.icsr.node import HL7
from schemas.icsr.timestamps import parse_timestamp
from schemas.icsr.vocabulary import BATCH_NUMBER, NAMESPACES, SAFETY_REPORT
from schemas.messages.acknowledgement import Acknowledgement

ACKNOWLEDGED = "pv.acknowledgement.received.v1"

ROOT = "MCCI_IN200101UV01"
MESSAGE = "MCCI_IN000002UV01"
SNIFFED = 4_096  # bytes of a file that hold its root element
LOCAL_MESSAGE = f"{NAMESPACES}19"  # ACK.B.r.2
LOCAL_BATCH = f"{NAMESPACES}21"  # ACK.A.2

Element = etree._Element  # noqa: SLF001 - lxml's public name is a function


def is_acknowledgement(value: bytes) -> bool:
    """Tell, from the beginning of a file only, whether it is meant to be an acknowledgement."""
    head = value[:SNIFFED].replace(b"\0", b"")  # UTF-16, too
    return ROOT.encode() in head


def parse_acknowledgement(value: bytes) -> Acknowledgement:
    """
    Read an acknowledgement.

    Raises:
        ContractError: It is none, or does not say what became of which batch.
    """
    root = parse_document(value)
    if root.tag != f"{HL7}{ROOT}":
        advice = (
            "these are case reports, not an acknowledgement; send them to pv.icsr"
            if etree.QName(root).localname in {"MCCI_IN200100UV01", "PORR_IN049016UV", "ichicsr"}
            else f"send an ICH acknowledgement, {ROOT} in the namespace urn:hl7-org:v3"
        )
        raise ContractError(Reason.NOT_AN_ACKNOWLEDGEMENT, "", advice)
    sent = root.find(f"{HL7}creationTime")
    stamp = parse_timestamp(sent.get("value", "").strip()) if sent is not None else None
    if stamp is None or stamp.instant is None:
        raise _lacks("ACK.M.4", "give the time of the acknowledgement, to the second")
    about = _only(root, "ACK.A.4")
    told = {
        "batch_number": _number(about, "targetBatch", BATCH_NUMBER, "ACK.A.1"),
        "code": about.get("typeCode"),
        "sender": _first(root, "sender/device/id/@extension") or "unknown",
        "created": stamp.instant.replace(tzinfo=stamp.instant.tzinfo or UTC),
        "local_number": _first(
            root, f"attentionLine/value[@root='{LOCAL_BATCH}']/@extension", exact=False
        ),
        "texts": _texts(about),
        "messages": [_read_message(one) for one in root.iterfind(f"{HL7}{MESSAGE}")],
    }
    try:
        return Acknowledgement.model_validate(told)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise ContractError(
            Reason.NOT_AN_ACKNOWLEDGEMENT,
            path,
            "the value is not one of those that ICH has for it",
        ) from None


def divide(value: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """
    Take an acknowledgement apart into pieces that can be read again, each alone.

    Returns:
        What it says of the batch only; and for each message its number, and what it says with
        this message only.
    """
    root = parse_document(value)
    messages = root.findall(f"{HL7}{MESSAGE}")
    place = root.index(messages[0]) if messages else 0
    for message in messages:
        root.remove(message)
    of_batch = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    parts = []
    for message in messages:
        root.insert(place, message)
        number = _number(_only(message, "ACK.B.r.6"), "targetMessage", SAFETY_REPORT, "ACK.B.r.1")
        parts.append((number, etree.tostring(root, xml_declaration=True, encoding="UTF-8")))
        root.remove(message)
    return of_batch, parts


def _read_message(message: Element) -> dict[str, object]:
    about = _only(message, "ACK.B.r.6")
    return {
        "number": _number(about, "targetMessage", SAFETY_REPORT, "ACK.B.r.1"),
        "code": about.get("typeCode"),
        "local_number": _first(message, f"id[@root='{LOCAL_MESSAGE}']/@extension", exact=False),
        "texts": _texts(about),
    }


def _only(parent: Element, element: str) -> Element:
    found = parent.findall(f"{HL7}acknowledgement")
    if len(found) != 1:
        raise _lacks(element, "give one acknowledgement element, with its typeCode")
    return found[0]


def _number(about: Element, tag: str, root: str, element: str) -> str:
    """The number of what is acknowledged; a gateway may write another root for it."""
    ids = about.findall(f"{HL7}{tag}/{HL7}id")
    known = [one for one in ids if one.get("root") == root] or ids
    number = known[0].get("extension", "").strip() if known else ""
    if not number:
        raise _lacks(element, "name what is acknowledged by the number that was sent")
    return number


def _texts(about: Element) -> list[str]:
    found = (
        "".join(map(str, text.itertext())).strip()
        for text in about.iterfind(f"{HL7}acknowledgementDetail/{HL7}text")
    )
    return [text for text in found if text]


def _first(element: Element, path: str, *, exact: bool = True) -> str | None:
    """The first value at a path of HL7 elements; too long a number of theirs is left out."""
    steps = "/".join(step if step.startswith("@") else f"h:{step}" for step in path.split("/"))
    found = element.xpath(steps, namespaces={"h": HL7[1:-1]})
    text = str(found[0]).strip() if isinstance(found, list) and found else ""
    return text if text and (exact or len(text) <= MAX_NUMBER) else None


MAX_NUMBER = 500


def _lacks(path: str, advice: str) -> ContractError:
    return ContractError(Reason.NOT_AN_ACKNOWLEDGEMENT, path, advice)
