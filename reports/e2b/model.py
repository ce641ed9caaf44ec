"""
What is an outgoing ICSR made of: a report as E2B(R3) can hold it, its numbers, what is left out.

The report is the contract that our own reader gives back for the XML written from it,
so that writing and reading can be compared field by field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from schemas.messages.adverse_event import AdverseEventReport
from schemas.vocabulary import SenderType


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    Something the case says that the message does not, or not in the same way.

    Attributes:
        code: Why; see `reports.e2b.notes`.
        path: The field, without its value.
    """

    code: str
    path: str


@dataclass(frozen=True, slots=True)
class Identity:
    """The two numbers of a case, which never change: C.1.1 and C.1.8.1."""

    safety_report_id: str
    worldwide_id: str


@dataclass(frozen=True, slots=True)
class OwnSender:
    """Who we are to the receivers; what is None is taken from the case."""

    identifier: str  # N.1.3, N.2.r.2, and the second part of a number of our own
    organisation: str | None = None  # C.3.2
    country: str | None = None  # C.3.4.5
    type: SenderType | None = None  # C.3.1


@dataclass(frozen=True, slots=True)
class Amendment:
    """C.1.11: the report takes back or corrects one that was sent before."""

    kind: Literal["nullification", "amendment"]
    reason: str


@dataclass(frozen=True, slots=True)
class Icsr:
    """
    One outgoing report.

    Attributes:
        version: The case version it tells; 0 where there is no store.
        report: What it says; ids of entries are those our reader gives.
        first_received: C.1.4.
        most_recent: C.1.5.
        created: N.2.r.4 and C.1.2, to the second.
        regional: Values of regional elements by number; "null:NA" is a null flavour.
        attachments: Bytes of attached documents by their digest.
        left_out: What the case says and the message does not.
    """

    case_id: str
    identity: Identity
    report: AdverseEventReport
    first_received: date
    most_recent: date
    created: datetime
    amendment: Amendment | None = None
    regional: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    version: int = 0

    def __repr__(self) -> str:
        return f"Icsr({self.case_id})"


@dataclass(frozen=True, slots=True)
class Wrapper:
    """
    What stands around the reports of one batch.

    Attributes:
        batch_number: N.1.2, never used before.
        sender: N.1.3 and N.2.r.2.
        batch_receiver: N.1.4.
        message_receiver: N.2.r.3.
        created: N.1.5.
        processing_mode: T or I.
    """

    batch_number: str
    sender: str
    batch_receiver: str
    message_receiver: str
    created: datetime
    processing_mode: Literal["T", "I"] = "T"
