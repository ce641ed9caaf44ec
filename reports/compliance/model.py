"""What a compliance report says: what was due to whom each month, and what became of it."""

from dataclasses import dataclass
from datetime import date, datetime
from statistics import median


@dataclass(frozen=True, slots=True)
class MonthOfAuthority:
    """
    The duties to one authority that fell due in one month.

    Attributes:
        month: First day of the month of the due dates.
        on_time: Sent on the due day or before.
        late: Sent after it; `days_late` holds by how many calendar days, in rising order.
        late_unknown: Of those, kept the date then known; an older awareness was told afterwards.
        overdue: Not sent, and the due day is over.
        open: Not sent, and there is time left; not part of the rate.
        not_required: Found by a person not to be required; not part of the rate.
    """

    authority: str
    month: date
    on_time: int
    days_late: tuple[int, ...]
    late_unknown: int
    overdue: int
    open: int
    not_required: int

    @property
    def late(self) -> int:
        """Sent after the due day."""
        return len(self.days_late)

    @property
    def counted(self) -> int:
        """What the rate is of: sent or past due."""
        return self.on_time + self.late + self.overdue

    @property
    def rate(self) -> float | None:
        """Share that was on time, 0 to 1; None where nothing counts yet."""
        return self.on_time / self.counted if self.counted else None

    @property
    def median_late(self) -> float | None:
        """Middle one of the days late, among those sent late."""
        return median(self.days_late) if self.days_late else None

    @property
    def most_late(self) -> int | None:
        """Most days late, among those sent late."""
        return self.days_late[-1] if self.days_late else None


@dataclass(frozen=True, slots=True)
class Compliance:
    """
    The whole report.

    Attributes:
        as_of: The day by which something not sent is overdue.
        known_at: The instant whose knowledge it rests on; None for the latest.
        months: By authority, then month; only months in which something fell due.
        duties: How many duties were counted in all.
    """

    as_of: date
    known_at: datetime | None
    months: tuple[MonthOfAuthority, ...]
    duties: int

    @property
    def authorities(self) -> tuple[str, ...]:
        """Those that something was due to, by name."""
        return tuple(dict.fromkeys(each.authority for each in self.months))
