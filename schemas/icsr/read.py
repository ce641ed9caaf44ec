"""
From the bytes of an E2B file to adverse event reports, one for each ICSR in it.

What is said here is of R3; a file in R2 is read by `schemas.icsr2`.

Everything an ICSR says that the contract can hold arrives in its field. What the
contract has no field for, or what is not a usable value, is kept word for word in
`kept`; every fault is a finding. Only a message without a case number, or one that
cannot be made into a contract at all, is refused, and refused alone.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from lxml import etree
from pydantic import ValidationError

from schemas.errors import ContractError, Reason
from schemas.icsr.document import parse_document
from schemas.icsr.header import read_characteristics
from schemas.icsr.node import HL7, Node, build_tree
from schemas.icsr.reader import Reader
from schemas.icsr.report import Case, build_nullification, build_report
from schemas.icsr.texts import Gathered
from schemas.icsr.timestamps import parse_timestamp
from schemas.icsr.vocabulary import SAFETY_REPORT, WORLDWIDE_CASE
from schemas.icsr.wrapper import Wrapper, read_wrapper
from schemas.icsr2.read import ROOT, Found, parse_ichicsr
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.parts import CaseReference

REPORTED = "pv.adverse-event.reported.v1"
NULLIFIED = "pv.adverse-event.nullified.v1"

MAX_WRAPPER_BYTES = 100_000  # it is copied to the payload of each message

_BATCH = f"{HL7}MCCI_IN200100UV01"
_MESSAGE = f"{HL7}PORR_IN049016UV"
_TO_OTHERS = {
    "ichicsr": "E2B(R2) has no namespace; send it without one",
    "MCCI_IN200101UV01": "this is an acknowledgement, not a report",
    "MCCI_IN200100UV01": "the namespace urn:hl7-org:v3 is missing",
    "PORR_IN049016UV": "the namespace urn:hl7-org:v3 is missing",
}


@dataclass(frozen=True, slots=True)
class Icsr:
    """
    One individual case safety report.

    Attributes:
        source, message_id: Together unique for ever.
        type: The CloudEvents type that the same message would have as JSON.
        subject: Key of the case.
        data: The contract.
        payload: Bytes from which this report can be read again, alone.
    """

    source: str
    message_id: str
    type: str
    subject: str
    data: AdverseEventReport | Nullification
    payload: bytes


def parse_icsr_batch(
    value: bytes, *, received: datetime | None = None
) -> Iterator[Icsr | ContractError]:
    """
    Read all ICSRs of a file, in order.

    Args:
        value: The file.

        received: When our company took the file in; without it the time at which the batch
            was sent, or the message was made, stands for it.

    Yields:
        A report, or why this one of them cannot be used.

    Raises:
        ContractError: If the file as a whole is not a batch of ICSRs.
    """
    root = parse_document(value)
    if root.tag == ROOT:
        yield from map(_of_r2, parse_ichicsr(root, value, received=received))
        return
    if root.tag == _MESSAGE:
        yield _read_alone(None, root, value, received)
        return
    if root.tag != _BATCH:
        name = etree.QName(root).localname
        advice = _TO_OTHERS.get(name, "send an HL7 V3 batch, MCCI_IN200100UV01")
        raise ContractError(Reason.NOT_AN_ICSR, "", advice)
    messages = root.findall(_MESSAGE)
    if not messages:
        raise ContractError(Reason.NOT_AN_ICSR, _plain(_BATCH), "the batch holds no message")
    if len(messages) == 1:
        yield _read_alone(root, messages[0], value, received)
        return
    around = [child for child in root if child.tag != _MESSAGE]
    if sum(len(etree.tostring(child)) for child in around) > MAX_WRAPPER_BYTES:
        raise ContractError(
            Reason.TOO_LARGE,
            _plain(_BATCH),
            f"beside its messages a batch may have {MAX_WRAPPER_BYTES} bytes",
        )
    place = {child: position for position, child in enumerate(root)}
    for message in messages:
        before = [child for child in around if place[child] < place[message]]
        batch, own = _wrap_alone(root, before, message, around[len(before) :])
        payload = etree.tostring(batch, xml_declaration=True, encoding="UTF-8")
        yield _read_alone(batch, own, payload, received)


def _of_r2(found: Found | ContractError) -> Icsr | ContractError:
    if isinstance(found, ContractError):
        return found
    case = found.data.case
    return Icsr(
        source=f"e2b:{found.sender}",
        message_id=found.message_id,
        type=NULLIFIED if isinstance(found.data, Nullification) else REPORTED,
        subject=case.worldwide_id or case.sender_case_id,
        data=found.data,
        payload=found.payload,
    )


def _wrap_alone(
    root: etree._Element,
    before: list[etree._Element],
    message: etree._Element,
    after: list[etree._Element],
) -> tuple[etree._Element, etree._Element]:
    """Make a batch with this one message, everything else of the batch in its place."""
    batch = etree.Element(root.tag, root.attrib, nsmap=root.nsmap)  # type: ignore[arg-type]
    own = deepcopy(message)
    batch.extend([*map(deepcopy, before), own, *map(deepcopy, after)])
    return batch, own


def _read_alone(
    batch: etree._Element | None,
    message: etree._Element,
    payload: bytes,
    received: datetime | None,
) -> Icsr | ContractError:
    try:
        return _read_message(batch, message, payload, received)
    except ContractError as error:
        return error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        return ContractError(
            Reason.UNUSABLE_ICSR, path, "the report does not fit the contract; see its limits"
        )


def _read_message(
    batch: etree._Element | None,
    message: etree._Element,
    payload: bytes,
    received: datetime | None,
) -> Icsr:
    gathered = Gathered()
    reader = Reader(gathered)
    around = Node(_plain(_BATCH), {})
    if batch is None:
        reader.note("batch_wrapper_missing", "N.1")
    else:
        around = build_tree(batch, without=frozenset({_plain(_MESSAGE)}))
        _check_order(reader, message)
    tree = build_tree(message)
    if not (around.is_type_resolved and tree.is_type_resolved):
        reader.note("xsi_type_unresolved", "N.2.r")
    wrapper = read_wrapper(reader, around, tree, payload)
    event = _find_event(tree)
    case = _read_case(reader, tree, event, wrapper, received)
    data: AdverseEventReport | Nullification
    if case.characteristics.amendment == "nullification":
        data = build_nullification(reader, event, case)
    else:
        data = build_report(reader, event, case, (around, tree))
    return Icsr(
        source=f"e2b:{wrapper.sender}",
        message_id=wrapper.message_id,
        type=NULLIFIED if isinstance(data, Nullification) else REPORTED,
        subject=case.reference.worldwide_id or case.reference.sender_case_id,
        data=data,
        payload=payload,
    )


def _check_order(reader: Reader, message: etree._Element) -> None:
    before = {etree.QName(one).localname for one in message.itersiblings(preceding=True)}
    if before & {"receiver", "sender"}:
        reader.note("wrapper_order", "N.1")


def _find_event(tree: Node) -> Node:
    events = [
        event
        for subject in tree.find("controlActProcess").all("subject")
        for event in subject.all("investigationEvent")
    ]
    if len(events) == 1:
        return events[0]
    raise ContractError(
        Reason.UNUSABLE_ICSR,
        "PORR_IN049016UV/controlActProcess/subject/investigationEvent",
        "a message holds one case; send each case in a message of its own"
        if events
        else "the message holds no case",
    )


def _read_case(
    reader: Reader, tree: Node, event: Node, wrapper: Wrapper, received: datetime | None
) -> Case:
    safety_report = event.id(SAFETY_REPORT)
    if wrapper.number is not None and wrapper.number != safety_report.get("extension"):
        reader.note("message_id_differs_from_case_id", "N.2.r.1")
    made = tree.find("controlActProcess", "effectiveTime")
    reader.require(made.get("value"), "C.1.2")
    if made.get("value") == tree.find("creationTime").get("value"):
        made.read("value")
    elif (written := made.get("value")) is not None:
        valid = parse_timestamp(written) is not None
        reader.note("creation_time_differs" if valid else "invalid_date", "C.1.2")
    number = reader.key(safety_report, "C.1.1")
    worldwide = reader.key(event.id(WORLDWIDE_CASE), "C.1.8.1")
    reader.require(number, "C.1.1")
    reader.require(worldwide, "C.1.8.1")
    if (own := number or worldwide) is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "C.1.1", "the message names no case; give C.1.1 and C.1.8.1"
        )
    first = reader.day(event.find("effectiveTime", "low"), "C.1.4")
    stated = reader.day(event.find("availabilityTime"), "C.1.5")
    reader.require(first, "C.1.4")
    reader.require(stated, "C.1.5")
    made_on = _day(wrapper.created)
    latest = stated or first or made_on or _day(wrapper.sent) or _day(received)
    received_at = received or wrapper.sent or wrapper.created
    if stated is not None and made_on is not None and made_on < stated:
        reader.note("created_before_information", "N.2.r.4")
    if latest is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "C.1.5", "the message has no usable date; give C.1.4 and C.1.5"
        )
    if received_at is None:
        reader.note("receipt_time_inferred", "N.2.r.4")
        received_at = datetime.combine(latest, time(), UTC)
    return Case(
        reference=CaseReference(sender=wrapper.sender, sender_case_id=own, worldwide_id=worldwide),
        characteristics=read_characteristics(reader, event),
        first_received=first,
        most_recent=latest,
        received_at=received_at,
        synthetic=wrapper.synthetic,
    )


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _plain(tag: str) -> str:
    return tag.removeprefix(HL7)
