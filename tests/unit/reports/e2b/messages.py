"""Cases as tests send them, and what comes back of them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from reports.e2b.build import Choices, build_icsr
from reports.e2b.model import Icsr, OwnSender, Wrapper
from reports.e2b.profiles import load_profile
from reports.e2b.render import render_batch
from safety.case import Case, Report, fold
from safety.intake import read_report
from schemas.icsr.read import Icsr as Received
from schemas.icsr.read import parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport

CREATED = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)
SENDER = OwnSender("US-TEST")
HL7 = {"h": "urn:hl7-org:v3"}

Entities = Mapping[str, Mapping[str, Any]]


def case_of(*reports: Report, case_id: str = "case-1") -> Case:
    case = Case(case_id)
    for report in reports:
        case = fold(case, report)
    return case


def wrapper(profile: str = "ich", sender: OwnSender = SENDER) -> Wrapper:
    receiver = load_profile(profile)
    return Wrapper(
        batch_number="batch-1",
        sender=sender.identifier,
        batch_receiver=receiver.batch_receiver,
        message_receiver=receiver.message_receiver,
        created=CREATED,
        processing_mode=receiver.processing_mode,
    )


def outgoing(
    *reports: Report,
    profile: str = "ich",
    sender: OwnSender = SENDER,
    choices: Choices | None = None,
) -> Icsr:
    case = case_of(*reports)
    return build_icsr(
        case.case_id,
        case.steps,
        reports[0],
        load_profile(profile),
        sender,
        created=CREATED,
        choices=choices,
    )


def sent(icsr: Icsr, profile: str = "ich", sender: OwnSender = SENDER) -> bytes:
    return render_batch([icsr], wrapper(profile, sender), load_profile(profile))


def read_back(xml: bytes) -> Received:
    [found] = parse_icsr_batch(xml)
    assert isinstance(found, Received), found
    return found


def entities_of(data: AdverseEventReport) -> Entities:
    return read_report("m", data).entities


def parsed(xml: bytes) -> Any:
    return etree.fromstring(xml)
