"""
A receiver's gateway, played: it reads a batch that we wrote and answers as real ones do.

Nothing is sent anywhere. The answers are ICH acknowledgements, valid against the schema,
or what comes when a gateway fails. The same batch gets the same answer.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from lxml import etree

from schemas.icsr.acknowledgement import LOCAL_BATCH, LOCAL_MESSAGE, MESSAGE, ROOT
from schemas.icsr.document import parse_document
from schemas.icsr.node import HL7, XSI_TYPE
from schemas.icsr.vocabulary import (
    BATCH_NUMBER,
    BATCH_RECEIVER,
    BATCH_SENDER,
    CODE_LISTS,
    MESSAGE_RECEIVER,
    MESSAGE_SENDER,
    NAMESPACES,
    SAFETY_REPORT,
)

ACK_NUMBER = f"{NAMESPACES}20"  # ACK.M.1
ACK_BATCH_SENDER, ACK_BATCH_RECEIVER = f"{NAMESPACES}17", f"{NAMESPACES}18"
ACK_SENDER, ACK_RECEIVER = f"{NAMESPACES}15", f"{NAMESPACES}16"
ATTENTION = f"{CODE_LISTS}24"
HL7_URI = HL7[1:-1]
_INTERACTIONS = "2.16.840.1.113883.1.6"
_NAMES: dict[str | None, str] = {None: HL7_URI, "xsi": XSI_TYPE[1:].partition("}")[0]}

TAKEN = "Report loaded successfully"
REFUSED = "Element value for SafetyReportId with Tag Id C.1.1 is not accepted; correct and resend"

Element = etree._Element  # noqa: SLF001 - lxml's public name is a function


class Manner(StrEnum):
    """How the gateway answers."""

    ACCEPT = "accept"  # AA, each message CA
    REJECT = "reject"  # AR, each message CR
    PARTIAL = "partial"  # AE, every second message CR; a message alone too
    SILENT = "silent"  # AR, nothing said of the messages
    GARBAGE = "garbage"  # an acknowledgement that breaks off


@dataclass(frozen=True, slots=True)
class Received:
    """What the gateway sees of a batch; `messages` are numbers with sender and receiver."""

    number: str
    sender: str
    receiver: str
    created: str
    messages: tuple[tuple[str, str, str, str], ...]


def answer(batch: bytes, manner: Manner, *, now: datetime) -> bytes:
    """
    Give the acknowledgement of a batch.

    Args:
        batch: The file as written.

        manner: How to answer.

        now: The gateway's clock.

    Raises:
        ContractError: It is no XML.
    """
    received = _receive(batch)
    root = etree.Element(f"{HL7}{ROOT}", {"ITSVersion": "XML_1.0"}, nsmap=_NAMES)  # type: ignore[arg-type]
    local = int(sha256(received.number.encode()).hexdigest()[:8], 16) % 10**8
    _add(root, "id", extension=str(local), root=ACK_NUMBER)
    _add(root, "creationTime", value=_instant(now))
    _add(root, "responseModeCode", code="D")
    _add(root, "interactionId", extension=ROOT, root=_INTERACTIONS)
    if manner is not Manner.SILENT:
        for position, message in enumerate(received.messages, start=1):
            alone = len(received.messages) == 1
            is_refused = manner is Manner.REJECT or (
                manner is Manner.PARTIAL and (alone or position % 2 == 0)
            )
            _message(root, message, local + position, now, is_refused=is_refused)
    _parties(root, (ACK_BATCH_RECEIVER, received.sender), (ACK_BATCH_SENDER, received.receiver))
    line = _attention(root, "2", "acknowledgementLocalMessageNumber")
    _value(line, "II", extension=str(local), root=LOCAL_BATCH)
    line = _attention(root, "3", "dateOfIcsrBatchTransmission")
    _value(line, "TS", value=received.created)
    code, text = {
        Manner.ACCEPT: ("AA", "message successfully processed, no further action"),
        Manner.GARBAGE: ("AA", "message successfully processed, no further action"),
        Manner.PARTIAL: ("AE", "some ICSR message(s) need further action"),
        Manner.REJECT: ("AR", "no ICSR message was accepted"),
        Manner.SILENT: ("AR", "the batch cannot be parsed"),
    }[manner]
    _verdict(root, code, "targetBatch", BATCH_NUMBER, received.number, text)
    written = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written[: len(written) // 2] if manner is Manner.GARBAGE else written


def _receive(batch: bytes) -> Received:
    root = parse_document(batch)
    return Received(
        number=_extension(root, "id", BATCH_NUMBER),
        sender=_extension(root, "sender/device/id", BATCH_SENDER),
        receiver=_extension(root, "receiver/device/id", BATCH_RECEIVER),
        created=_created(root),
        messages=tuple(
            (
                _extension(message, "id", SAFETY_REPORT),
                _extension(message, "sender/device/id", MESSAGE_SENDER),
                _extension(message, "receiver/device/id", MESSAGE_RECEIVER),
                _created(message),
            )
            for message in root.iterfind(f"{HL7}PORR_IN049016UV")
        ),
    )


def _message(
    root: Element, told: tuple[str, str, str, str], local: int, now: datetime, *, is_refused: bool
) -> None:
    number, sender, receiver, created = told
    message = _add(root, MESSAGE)
    _add(message, "id", extension=str(local), root=LOCAL_MESSAGE)
    _add(message, "creationTime", value=_instant(now))
    _add(message, "interactionId", extension=MESSAGE, root=_INTERACTIONS)
    for tag, code in (
        ("processingCode", "P"),
        ("processingModeCode", "T"),
        ("acceptAckCode", "NE"),
    ):
        _add(message, tag, code=code)
    _parties(message, (ACK_RECEIVER, sender), (ACK_SENDER, receiver))
    _value(_attention(message, "1", "dateOfIcsrMessageCreation"), "TS", value=created)
    code, text = ("CR", REFUSED) if is_refused else ("CA", TAKEN)
    _verdict(message, code, "targetMessage", SAFETY_REPORT, number, text)


def _parties(parent: Element, receiver: tuple[str, str], sender: tuple[str, str]) -> None:
    for tag, kind, (root, extension) in (("receiver", "RCV", receiver), ("sender", "SND", sender)):
        device = _add(_add(parent, tag, typeCode=kind), "device")
        device.set("classCode", "DEV")
        device.set("determinerCode", "INSTANCE")
        _add(device, "id", extension=extension, root=root)


def _attention(parent: Element, code: str, name: str) -> Element:
    line = _add(parent, "attentionLine")
    _add(line, "keyWordText", code=code, codeSystem=ATTENTION, displayName=name)
    return line


def _value(line: Element, kind: str, **attributes: str) -> None:
    _add(line, "value", **attributes).set(XSI_TYPE, kind)


def _verdict(parent: Element, code: str, tag: str, root: str, number: str, text: str) -> None:
    found = _add(parent, "acknowledgement", typeCode=code)
    _add(_add(found, tag), "id", extension=number, root=root)
    _add(_add(found, "acknowledgementDetail"), "text").text = text


def _add(parent: Element, tag: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{HL7}{tag}", attributes)


def _extension(element: Element, path: str, root: str) -> str:
    steps = "/".join(f"{HL7}{step}" for step in path.split("/"))
    for found in element.iterfind(steps):
        if found.get("root") == root:
            return found.get("extension", "")
    return ""


def _created(element: Element) -> str:
    found = element.find(f"{HL7}creationTime")
    return "" if found is None else found.get("value", "")


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S%z")[:19]
