"""What a report of a period rests on, and what it counts, before it is a book of tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["pbrer", "dsur", "cioms-ii", "pader"]
Column = str
TermKey = tuple[str, str]  # class and term
Counted = Mapping[TermKey, int]

UNCODED = "Not coded"


@dataclass(frozen=True, slots=True)
class Period:
    """
    Which days a report is about, and as known when.

    Attributes:
        start: First day of the period.
        lock: Last day, the data lock point.
        known_at: Instant as of which the cases are counted; all that is known unless given.
        earlier: Instant of the previous report's count; None if there is nothing from then.
    """

    start: date
    lock: date
    known_at: datetime | None
    earlier: datetime | None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a reader must know beside the period: product, reference information, versions."""

    product: str
    reference: tuple[str, ...]
    dictionaries: tuple[str, ...]
    programme: str
    knowledge: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """
    One column of cumulative counts, taken apart.

    Attributes:
        before: What was counted at the previous lock.
        interval: Reactions of cases that became known in the period.
        late: What changed in cases of earlier periods since they were last counted.
        now: What is counted at this lock.
    """

    before: Counted
    interval: Counted
    late: Counted
    now: Counted


@dataclass(frozen=True, slots=True)
class LateChange:
    """Why one case of an earlier period counts otherwise than at the previous lock."""

    case_id: str
    column: Column
    term: TermKey
    change: int
    reason: str


@dataclass(frozen=True, slots=True)
class Counts:
    """All columns of a report, by name, with the changes in cases of earlier periods."""

    tallies: Mapping[Column, Tally]
    late: tuple[LateChange, ...]
    unknown_serious: int  # reactions counted as serious because it is not known
