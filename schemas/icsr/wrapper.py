"""
The batch and the message around a case (N.1, N.2): who sent it, when, under which number.

What the wrapper says is about the transmission, not about the case: it identifies
the message and stays in the message log. Only what has no place in the standard's
wrapper is kept with the case.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from schemas.icsr.keys import key_of
from schemas.icsr.node import XSI_LOCATION, Node
from schemas.icsr.reader import Reader, read_code
from schemas.icsr.vocabulary import (
    BATCH_NUMBER,
    BATCH_RECEIVER,
    BATCH_SENDER,
    MESSAGE_RECEIVER,
    MESSAGE_SENDER,
    MESSAGE_TYPES,
    SAFETY_REPORT,
)

# HL7 processing code: training and debugging messages are about nobody
_NOT_PRODUCTION = frozenset({"T", "D"})

# Elements that say the same in every message, with the values the standard and its samples know.
_FIXED = {
    "responseModeCode": frozenset({"D"}),
    "processingCode": frozenset({"P", "T", "D"}),
    "processingModeCode": frozenset({"T", "I"}),
    "acceptAckCode": frozenset({"AL"}),
    "statusCode": frozenset({"active"}),
}
_EVENTS = {
    "PORR_TE049016UV": "2.16.840.1.113883.1.18",
    "PAT_ADV_EVNT": "2.16.840.1.113883.5.4",
}
_INTERACTIONS = frozenset({"MCCI_IN200100UV01", "PORR_IN049016UV"})
_INTERACTION_ROOT = "2.16.840.1.113883.1.6"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """
    What identifies a message.

    Attributes:
        sender: The sending organisation's identifier as a key.
        message_id: Batch number and message number, or the digest of the bytes.
        number: N.2.r.1 as written.
        created: When the message was made (N.2.r.4).
        sent: When the batch was sent (N.1.5).
        synthetic: It is marked as not about a real person.
    """

    sender: str
    message_id: str
    number: str | None
    created: datetime | None
    sent: datetime | None
    synthetic: bool


def read_wrapper(reader: Reader, batch: Node, message: Node, payload: bytes) -> Wrapper:
    """
    Read the wrapper of one message.

    Args:
        reader: Reads.

        batch: The batch without its messages.

        message: The message.

        payload: The bytes that stand for this message alone.
    """
    batch.read("ITSVersion", XSI_LOCATION)
    batch_number = reader.extension(batch.id(BATCH_NUMBER), "N.1.2")
    number = reader.extension(message.id(SAFETY_REPORT), "N.2.r.1")
    batch_sender = reader.extension(batch.find("sender", "device").id(BATCH_SENDER), "N.1.3")
    own_sender = reader.extension(message.find("sender", "device").id(MESSAGE_SENDER), "N.2.r.2")
    for receiver, root, element in (
        (batch, BATCH_RECEIVER, "N.1.4"),
        (message, MESSAGE_RECEIVER, "N.2.r.3"),
    ):
        reader.require(
            reader.extension(receiver.find("receiver", "device").id(root), element), element
        )
    reader.require(batch_sender, "N.1.3")
    reader.require(own_sender, "N.2.r.2")
    kind = batch.find("name")
    if kind.get("codeSystem") == MESSAGE_TYPES and kind.get("code") == "1":
        read_code(kind)
    elif batch.children:
        reader.note("missing_mandatory", "N.1.1")
    sent = reader.instant(batch.find("creationTime"), "N.1.5")
    created = reader.instant(message.find("creationTime"), "N.2.r.4")
    reader.require(created, "N.2.r.4")
    synthetic = message.find("processingCode").get("code") in _NOT_PRODUCTION
    for node in (batch, message):
        _read_fixed(node)
    if batch_number is None or number is None:
        reader.note("message_id_missing", "N.1.2" if batch_number is None else "N.2.r.1")
        message_id = sha256(payload).hexdigest()
    else:
        message_id = f"{batch_number}/{number}"
    sender = batch_sender or own_sender
    if sender is None:
        reader.note("sender_unknown", "N.1.3")
    return Wrapper(
        sender=key_of(sender or "unknown"),
        message_id=message_id,
        number=number,
        created=created,
        sent=sent,
        synthetic=synthetic,
    )


def _read_fixed(node: Node) -> None:
    """Mark what is the same in every message; any other value remains unread."""
    places = [node, node.find("controlActProcess")]
    places.append(places[1].find("subject", "investigationEvent"))
    for place in places:
        for child in place.children:
            code = child.get("code")
            if code in _FIXED.get(child.tag, ()):
                child.read("code")
            if child.tag == "code" and code in _EVENTS:
                read_code(child, _EVENTS[code])
            is_known = child.get("extension") in _INTERACTIONS
            if is_known and child.get("root") == _INTERACTION_ROOT:
                child.read("extension", "root")
