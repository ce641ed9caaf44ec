"""One report of a case: what was told, by whom, and when it became known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from safety.facts import Value
from safety.findings import Finding
from safety.submissions import Recorded
from safety.transmissions import Answer, Transmission

Order = tuple[str, int, str, str]


@dataclass(frozen=True, slots=True)
class Nullified:
    """A report's wish that the case be void."""

    reason: str
    explanation: str
    surviving_case: str | None


@dataclass(frozen=True, slots=True)
class Awareness:
    """One calendar day on which somebody of the company knew, and how that day was found."""

    day: date
    channel: str
    basis: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    One message about a case, in the terms of the domain.

    Attributes:
        message: Source and id of the message, joined; unique for ever.
        kind: initial, follow_up, correction, nullification or decision.
        order: Where this report stands among those of its case.
        sender: Whose report it is; owner of the list entries it brings.
        received_at: Instant of first receipt, with its offset.
        awareness: All days on which the company's side knew of this report, earliest first.
        first_received: Day on which its sender first heard of the case at all (E2B C.1.4).
        complete: List entries of this sender that it does not name are gone.
        entities: What it says: entity key to field to value.
        merges: The merges that carried it over from another case; empty for the case's own.
        ends: The merge that this report takes back.
        significant: A person's or reporter's mark that it changes the medical picture.
    """

    message: str
    kind: str
    order: Order
    sender: str
    received_at: datetime
    awareness: tuple[Awareness, ...]
    entities: Mapping[str, Mapping[str, Value]]
    first_received: date | None = None
    complete: bool = False
    synthetic: bool = False
    significant: bool | None = None
    nullified: Nullified | None = None
    marks: tuple[tuple[str, bool], ...] = ()  # desk: (message, significant)
    submission: Recorded | None = None  # desk: how far the report for a duty has come
    undoes: str | None = None  # desk: the decision that is taken back
    transmission: Transmission | None = None  # desk: what was sent
    answer: Answer | None = None  # what the receiver of a transmission said
    decided_by: str | None = None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    kept: int = 0  # elements of an ICSR held verbatim in the log only
    merges: tuple[str, ...] = ()
    ends: str | None = None

    @property
    def aware(self) -> date:
        """Day zero of this report: the earliest day any channel knew."""
        return self.awareness[0].day

    @property
    def from_outside(self) -> bool:
        """It brings information from a source; a correction or a decision is our own act."""
        return self.kind in {"initial", "follow_up"}

    @property
    def icsr_number(self) -> str | None:
        """Batch and message number of an ICSR, which its sender may use twice; else None."""
        if not self.message.startswith("e2b:"):
            return None
        return self.message.rpartition("#")[0]  # behind it stands the digest of the content
