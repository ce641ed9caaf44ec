"""
How much time is left, in words, shape and colour?

Green means that the report is with the authority, and nothing else does. A due date is a calendar
day and is itself on time, so "24 hours" are today and tomorrow.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from safety.store.queue_row import NEVER
from schemas.vocabulary import SubmissionState

Urgency = Literal["overdue", "day", "soon", "later", "none", "submitted", "acknowledged"]
SOON_DAYS = 3
SHAPES: dict[Urgency, str] = {
    "overdue": "■",
    "day": "◆",
    "soon": "▲",
    "later": "●",
    "none": "–",
    "submitted": "✓",
    "acknowledged": "✓✓",
}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """
    What the reader sees of a due date.

    Attributes:
        days: Calendar days left; negative if overdue, None where nothing is due.
        used: How much of the time allowed is gone, percent.
    """

    urgency: Urgency
    days: int | None
    due: date | None
    used: int

    @property
    def shape(self) -> str:
        """A mark that tells the urgency without colour."""
        return SHAPES[self.urgency]

    @property
    def words(self) -> str:
        """The time left as a text of the desk, to be translated; `n` is the number of days."""
        if self.days is None:
            return {"submitted": "submitted", "acknowledged": "acknowledged"}.get(
                self.urgency, "nothing due"
            )
        if self.days < 0:
            return "{n} days overdue" if self.days < -1 else "1 day overdue"
        return {0: "today", 1: "tomorrow"}.get(self.days, "in {n} days")


def tell_time_left(due: date, allowed: int | None, sent: str | None, today: date) -> TimeLeft:
    """
    Tell how urgent a due date is; the first that applies decides.

    1. nothing is open: submitted or acknowledged if it was sent, else nothing is due;
    2. the day is past: overdue;
    3. today or tomorrow;
    4. within three days;
    5. later.

    Args:
        due: The last day that is on time; `NEVER` where nothing is open.

        allowed: Calendar days the rule allows.

        sent: What became of the reports, where nothing is open.

        today: The calendar day of the reader.
    """
    if due == NEVER:
        if sent == SubmissionState.SUBMITTED:
            return TimeLeft("submitted", None, None, 100)
        if sent == SubmissionState.ACKNOWLEDGED:
            return TimeLeft("acknowledged", None, None, 100)
        return TimeLeft("none", None, None, 0)
    days = (due - today).days
    used = 100 if not allowed else min(max(round(100 * (allowed - days) / allowed), 4), 100)
    if days < 0:
        return TimeLeft("overdue", days, due, 100)
    if days <= 1:
        return TimeLeft("day", days, due, used)
    return TimeLeft("soon" if days <= SOON_DAYS else "later", days, due, used)
