"""
How does the office stand today? From counts to what the overview shows, pure.

"On time" is by the due date that was known when the report went; `safety report compliance` counts
by what is known now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.web.timeleft import SOON_DAYS
from safety.store import SqlStore
from safety.store.overview import (
    OpenCount,
    ParkedCount,
    PartitionLag,
    Received,
    SentCount,
    Undecided,
    Untouched,
    oldest_undecided,
    oldest_untouched,
    open_counts,
    parked_counts,
    received_counts,
    sent_counts,
    stored_offsets,
)

DAYS = 30  # of intake
MONTHS = 12  # of the rate
SHOWN = 10
WEEK = 7
URGENCIES = ("overdue", "day", "soon", "week", "later")
ANSWERS = ("serious", "unknown", "not_serious")


@dataclass(frozen=True, slots=True)
class Counts:
    """What the store says, as counted by it."""

    open: Sequence[OpenCount]
    sent: Sequence[SentCount]
    received: Sequence[Received]
    undecided: Sequence[Undecided]
    untouched: Sequence[Untouched]
    parked: Sequence[ParkedCount]
    offsets: Sequence[PartitionLag]


@dataclass(frozen=True, slots=True)
class Month:
    """The reports to an authority that were due in a month: sent in time, late, or not sent."""

    first: date
    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def counted(self) -> int:
        """What the rate is of."""
        return self.on_time + self.late + self.overdue

    @property
    def rate(self) -> float | None:
        """Share that was on time, percent; None where nothing counts."""
        return 100 * self.on_time / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class Office:
    """
    How one authority is served.

    Attributes:
        open: Duties that are not sent, by urgency.
        months: The last months, oldest first.
    """

    authority: str
    open: Mapping[str, int]
    months: Sequence[Month]

    @property
    def whole(self) -> Month:
        """All the months together."""
        return Month(
            self.months[0].first,
            sum(each.on_time for each in self.months),
            sum(each.late for each in self.months),
            sum(each.overdue for each in self.months),
        )


@dataclass(frozen=True, slots=True)
class Day:
    """The cases first heard of on a day, by whether they are serious now."""

    day: date
    by: Mapping[str, int]

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.by.values())


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows."""

    offices: Sequence[Office]
    intake: Sequence[Day]
    counts: Counts

    @property
    def busiest(self) -> int:
        """The most cases of one day, for the height of the plot."""
        return max((each.count for each in self.intake), default=0)

    @property
    def longest(self) -> int:
        """The most open duties to one authority, for the length of the bars."""
        return max((sum(each.open.values()) for each in self.offices), default=0)


def count_all(store: SqlStore, today: date) -> Counts:
    """Ask the store for all counts."""
    return Counts(
        open=open_counts(store),
        sent=sent_counts(store, months_before(today)[0]),
        received=received_counts(store, today - timedelta(days=DAYS - 1), today),
        undecided=oldest_undecided(store, limit=SHOWN),
        untouched=oldest_untouched(store, limit=SHOWN),
        parked=parked_counts(store),
        offsets=stored_offsets(store),
    )


def derive_overview(counts: Counts, today: date) -> Overview:
    """Sort the counts into what the page shows, as on a day."""
    waiting: dict[str, Counter[str]] = defaultdict(Counter)
    missed: Counter[tuple[str, date]] = Counter()
    for each in counts.open:
        waiting[each.authority][urgency_of(each.due, today)] += each.number
        if each.due < today:
            missed[each.authority, each.due.replace(day=1)] += each.number
    sent: dict[bool, Counter[tuple[str, date]]] = {True: Counter(), False: Counter()}
    for report in counts.sent:
        sent[report.on_time][report.authority, report.due.replace(day=1)] += report.number
    names = sorted({*waiting, *(report.authority for report in counts.sent)})
    offices = [
        Office(
            name,
            {urgency: waiting[name][urgency] for urgency in URGENCIES},
            [
                Month(first, sent[True][name, first], sent[False][name, first], missed[name, first])
                for first in months_before(today)
            ],
        )
        for name in names
    ]
    return Overview(offices, _intake(counts.received, today), counts)


def urgency_of(due: date, today: date) -> str:
    """
    Tell how urgent a due date is; the first that applies decides.

    1. the day is past: overdue;
    2. today or tomorrow;
    3. within three days;
    4. within a week;
    5. later.
    """
    days = (due - today).days
    if days < 0:
        return "overdue"
    if days <= 1:
        return "day"
    if days <= SOON_DAYS:
        return "soon"
    return "week" if days <= WEEK else "later"


def months_before(today: date) -> Sequence[date]:
    """Give the first days of the last months, this one included, oldest first."""
    place = today.year * 12 + today.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(place - MONTHS + 1, place + 1)]


def _intake(received: Iterable[Received], today: date) -> Sequence[Day]:
    names = {True: "serious", None: "unknown", False: "not_serious"}
    by: dict[date, Counter[str]] = defaultdict(Counter)
    for each in received:
        by[each.day][names[each.serious]] += each.number
    days = [today - timedelta(days=n) for n in reversed(range(DAYS))]
    return [Day(day, {name: by[day][name] for name in ANSWERS}) for day in days]


def with_ends(
    offsets: Sequence[PartitionLag], ends: Mapping[tuple[str, int], int]
) -> Sequence[PartitionLag]:
    """Give how far every partition is read, with where the broker says that it ends."""
    stored = {(each.topic, each.partition): each.next_offset for each in offsets}
    return [
        PartitionLag(*name, stored.get(name, 0), ends.get(name))
        for name in sorted({*stored, *ends})
    ]
