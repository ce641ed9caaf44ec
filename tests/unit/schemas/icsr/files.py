"""The project's own ICSRs as tests read, change and break them."""

import re
from datetime import datetime
from importlib.resources import files

from schemas.errors import ContractError
from schemas.icsr.read import Icsr, parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport, Nullification

STUDY = "study-initial"
FOLLOW_UP = "study-follow-up"
GERMANY = "spontaneous-germany"
DEATH = "death"
INTERACTION = "two-drugs-two-reactions"
CHINA = "spontaneous-china"
NULLIFICATION = "nullification"
BATCH = "batch-of-two"
NAMES = (STUDY, FOLLOW_UP, GERMANY, DEATH, INTERACTION, CHINA, NULLIFICATION, BATCH)
REPORTS = (STUDY, FOLLOW_UP, GERMANY, DEATH, INTERACTION, CHINA)


def load_file(name: str) -> bytes:
    return (files("schemas") / "examples" / "icsr" / f"{name}.xml").read_bytes()


def load_example(name: str) -> bytes:
    """The file on one line, so that changes do not depend on its layout."""
    return re.sub(rb">\s+<", b"><", load_file(name))


def change(xml: bytes, old: str, new: str, *, times: int = 1) -> bytes:
    """Replace text that has to occur exactly so often, so that a test cannot change nothing."""
    assert xml.count(old.encode()) == times, f"{xml.count(old.encode())} times {old!r}"
    return xml.replace(old.encode(), new.encode())


def read_all(xml: bytes, received: datetime | None = None) -> list[Icsr | ContractError]:
    return list(parse_icsr_batch(xml, received=received))


def read_one(xml: bytes, received: datetime | None = None) -> Icsr:
    [icsr] = read_all(xml, received)
    assert isinstance(icsr, Icsr), icsr
    return icsr


def read_report(xml: bytes) -> AdverseEventReport:
    data = read_one(xml).data
    assert isinstance(data, AdverseEventReport)
    return data


def read_nullification(xml: bytes) -> Nullification:
    data = read_one(xml).data
    assert isinstance(data, Nullification)
    return data


def refusal(xml: bytes) -> ContractError:
    [error] = read_all(xml)
    assert isinstance(error, ContractError)
    return error


def findings(report: AdverseEventReport | Nullification) -> set[tuple[str, str | None]]:
    return {(finding.code, finding.path) for finding in report.reading_findings or ()}


def kept(report: AdverseEventReport) -> list[str]:
    return [entry.content for entry in report.kept or ()]
