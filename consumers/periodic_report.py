"""A report of a period, from the store to a book of tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from reports.periodic import Basis, Counts, Kind, Period, build_book, build_counts, validate_counts
from reports.tables import Book
from safety.errors import InvariantError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.periodic import (
    CaseContent,
    cases_of_period,
    changed_reactions,
    count_reactions,
    has_history,
    latest_dictionaries,
)


def derive_period(
    store: SqlStore,
    start: date,
    lock: date,
    *,
    known_at: datetime | None = None,
    earlier: datetime | None = None,
) -> Period:
    """
    Give the period of a report, with the instant of the one before.

    Args:
        store: Whose history says whether there can have been one.

        start: First day.

        lock: Data lock point.

        known_at: Instant of this report; now unless given.

        earlier: Instant of the one before; the beginning of the first day (UTC) unless given.
    """
    before = earlier or datetime.combine(start, time(), UTC)
    if known_at is not None:
        before = min(before, known_at)  # no report rests on what was not known yet
    return Period(start, lock, known_at, before if has_history(store, before) else None)


def load_counts(store: SqlStore, period: Period) -> Counts:
    """
    Count a period.

    Raises:
        InvariantError: The counts do not add up.
    """
    now = count_reactions(store, start=period.start, lock=period.lock, known_at=period.known_at)
    if period.earlier is None:
        counts = build_counts(period, now, now, (), ())
    else:
        before = count_reactions(
            store, start=period.start, lock=period.lock, known_at=period.earlier
        )
        was, become = changed_reactions(
            store, before=period.start, earlier=period.earlier, known_at=period.known_at
        )
        counts = build_counts(period, now, before, was, become)
    for fault in validate_counts(counts):
        raise InvariantError(f"the periodic report does not add up: {fault}")
    return counts


def load_book(
    store: SqlStore,
    knowledge: Knowledge,
    kind: Kind,
    period: Period,
    *,
    programme: str,
    made_at: datetime,
) -> Book:
    """
    Build a periodic report.

    Raises:
        InvariantError: The counts do not add up.
    """

    def read() -> Iterator[CaseContent]:
        return cases_of_period(
            store, start=period.start, lock=period.lock, known_at=period.known_at
        )

    basis = Basis(
        product=knowledge.product.name,
        reference=tuple(_reference(knowledge, kind, period)),
        dictionaries=tuple(latest_dictionaries(store)),
        programme=programme,
        knowledge=knowledge.digest,
        made_at=made_at,
    )
    return build_book(kind, period, basis, load_counts(store, period), read)


def _reference(knowledge: Knowledge, kind: Kind, period: Period) -> Iterator[str]:
    """Name the text of each label: of a DSUR as of the first day, of others as of the lock."""
    day = period.start if kind == "dsur" else period.lock
    for region, label in sorted(knowledge.labels.items()):
        version = label.version_on(day)
        text = f"version {version.id}" if version is not None else f"no text in force on {day}"
        yield f"{region}: {label.label_id}, {text}"
