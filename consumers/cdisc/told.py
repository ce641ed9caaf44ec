"""What one row says, before it has the identity of a message; and what was seen in reading it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """
    One message to be.

    Attributes:
        key: Subject of the envelope: the case, or study and subject.
        name: What the row is, within the study: dataset, subject, number.
        day: When the study recorded it, as far as it says.
        data: All but what identity adds: kind, version and instants.
        row: Number of the row in its dataset.
        file: Name of the file it stands in.
    """

    type: str
    key: str
    name: str
    day: date | None
    data: Json
    row: int
    file: str


@dataclass(slots=True)
class Seen:
    """
    What was read of one dataset, what was left out and why, and what contradicts itself.

    Attributes:
        skipped: Rows that became no message, by reason.
        unused: Columns that no message carries.
        findings: Contradictions, by code; those of an event are in its case as well.
    """

    dataset: str
    file: str
    encoding: str = ""
    rows: int = 0
    messages: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unused: tuple[str, ...] = ()
    misfits: list[int] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)

    def skip(self, reason: str) -> None:
        """Count a row that becomes no message."""
        self.skipped[reason] += 1
