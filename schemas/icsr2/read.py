"""Every safety report of an `ichicsr` file, each with bytes from which it can be read alone."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from lxml import etree
from pydantic import ValidationError

from schemas.errors import ContractError, Reason
from schemas.icsr.keys import key_of
from schemas.icsr.node import Node, build_tree
from schemas.icsr.texts import Gathered
from schemas.icsr2.report import Head, read_safety_report
from schemas.icsr2.values import R2Reader
from schemas.messages.adverse_event import AdverseEventReport, Nullification

ROOT = "ichicsr"
_HEADER = "ichicsrmessageheader"
_LANGUAGE_LETTERS = (2, 3)

Element = etree._Element  # noqa: SLF001 - lxml's public name is a function


@dataclass(frozen=True, slots=True)
class Found:
    """One report, with what identifies it."""

    sender: str
    message_id: str
    data: AdverseEventReport | Nullification
    payload: bytes


def parse_ichicsr(
    root: Element, value: bytes, *, received: datetime | None
) -> Iterator[Found | ContractError]:
    """
    Read the reports of a file, in order.

    Args:
        root: The file, parsed.

        value: Its bytes.

        received: When our company took it in.

    Yields:
        A report, or why this one cannot be used.

    Raises:
        ContractError: The file holds no report.
    """
    reports = root.findall("safetyreport")
    if not reports:
        raise ContractError(Reason.NOT_AN_ICSR, ROOT, "the message holds no safety report")
    for report in reports:
        payload = value if len(reports) == 1 else _alone(root, report)
        try:
            yield _read(root, report, payload, received)
        except ContractError as error:
            yield error
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            path = ".".join(str(part) for part in first["loc"])
            yield ContractError(
                Reason.UNUSABLE_ICSR, path, "the report does not fit the contract; see its limits"
            )


def _alone(root: Element, report: Element) -> bytes:
    alone = etree.Element(root.tag, {str(name): str(value) for name, value in root.items()})
    alone.extend([deepcopy(one) for one in root if one.tag != "safetyreport" or one is report])
    return etree.tostring(alone, xml_declaration=True, encoding="UTF-8")


def _read(root: Element, report: Element, payload: bytes, received: datetime | None) -> Found:
    gathered = Gathered()
    reader = R2Reader(gathered)
    header = build_tree(root, without=frozenset({"safetyreport"}))
    node = build_tree(report)
    message = header.find(_HEADER)
    batch = reader.named(message, "messagenumb", "N.1.2")
    sender = reader.named(message, "messagesenderidentifier", "N.1.3")
    head = Head(
        sender=key_of(sender or "unknown"),
        sent=reader.instant(message, "messagedate", "N.1.5"),
        language=_language(header),
        received=received,
    )
    if sender is None:
        reader.note("sender_unknown", "N.1.3")
    for tag in _TRANSPORT:
        message.find(tag).read_text()
    number = node.find("safetyreportid").text
    if batch is None or number is None:
        reader.note("message_id_missing", "N.1.2" if batch is None else "N.2.r.1")
        message_id = sha256(payload).hexdigest()
    else:
        message_id = f"{batch}/{number}"
    _read_receiver(node)
    data = read_safety_report(node, header, head, gathered)
    return Found(head.sender, message_id, data, payload)


# What is about the transmission, not about the case; it stays in the log.
_TRANSPORT = (
    "messagetype",
    "messageformatversion",
    "messageformatrelease",
    "messagereceiveridentifier",
)


def _read_receiver(report: Node) -> None:
    for child in report.find("receiver").children:
        child.read_text()


def _language(header: Node) -> str | None:
    told = header.get("lang")
    if told is None:
        return None
    letters = told.lower()
    if not (letters.isascii() and letters.isalpha() and len(letters) in _LANGUAGE_LETTERS):
        return None
    header.read("lang")
    return letters
