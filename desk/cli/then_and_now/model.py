"""What is told to whom by both laws, report by report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from consumers.what_if import WhatIf
from safety.deadlines import Obligation
from safety.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Told:
    """
    What one authority would be told at one time because of one report, by both laws.

    Attributes:
        then: The duties by the law of the time, one a recipient; none if it was not told.
        now: The same by the law asked about.
    """

    case_id: str
    authority: str
    duty: str
    then: tuple[Obligation, ...]
    now: tuple[Obligation, ...]

    @property
    def moved_days(self) -> int | None:
        """By how many days the first of them is due later now; None if only one law asks."""
        if not self.then or not self.now:
            return None
        return (min(d.due for d in self.now) - min(d.due for d in self.then)).days


@dataclass(frozen=True, slots=True)
class Findings:
    """
    All that the page says.

    Attributes:
        told: By case, authority and duty.
        events: The reactions of each case, as its newest version has them.
    """

    result: WhatIf
    told: tuple[Told, ...]
    events: Mapping[str, Sequence[Mapping[str, Any]]]
    knowledge: Knowledge
    law: date
