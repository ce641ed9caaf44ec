"""
How does the office stand? Duties by due day, what was sent in time, what comes in, what is open.

Counted by the database, a group a row, so that it costs the same memory for a hundred cases as for
a hundred thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, func, select, tuple_

from safety.store import desk_tables, tables
from safety.store.parked import ParkedState
from safety.store.queue_row import ref_of
from safety.store.sql import SqlStore
from safety.submissions import SENT, SETTLED
from safety.workflow import Stage

_queue = desk_tables.queue.c
_duties = tables.standing_obligations.c
_GROUND = ("case_id", "authority", "recipient", "duty", "rule_id", "trigger")


class OpenCount(NamedTuple):
    """How many duties to an authority are due on a day and not sent."""

    authority: str
    due: date
    number: int


class SentCount(NamedTuple):
    """How many reports to an authority that were due on a day were sent in time, or late."""

    authority: str
    due: date
    on_time: bool
    number: int


class Received(NamedTuple):
    """How many cases were first heard of on a day, by whether they are serious now."""

    day: date
    serious: bool | None
    number: int


class ParkedCount(NamedTuple):
    """How many messages are in quarantine for a reason, and the first day one could be due."""

    reason: str
    number: int
    earliest_due: date | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A duty held on a conservative clock for want of a fact."""

    case_id: str
    authority: str
    rule_id: str
    day_zero: date
    due: date
    missing: Sequence[str]

    @property
    def ref(self) -> str:
        """The name of its case in addresses."""
        return ref_of(self.case_id)


@dataclass(frozen=True, slots=True)
class Untouched:
    """A case that nobody has taken on, and since when its last message is stored."""

    ref: str
    case_id: str
    changed_at: datetime
    due: date
    term: str | None
    verbatim: str | None


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """
    How far a partition is read.

    Attributes:
        end: Where the broker's records end; None where the broker was not asked or said nothing.
    """

    topic: str
    partition: int
    next_offset: int
    end: int | None = None

    @property
    def behind(self) -> int | None:
        """Records that are not stored yet."""
        return None if self.end is None else max(self.end - self.next_offset, 0)


def open_counts(store: SqlStore) -> Sequence[OpenCount]:
    """Count the duties that stand and are not sent, taken or found not required."""
    record = _newest()
    unsettled = record.c.state.is_(None) | record.c.state.not_in(sorted(SETTLED))
    asked = (
        select(_duties.authority, _duties.due, func.count())
        .select_from(tables.standing_obligations.outerjoin(record, _same_ground(record)))
        .where(unsettled)
        .group_by(_duties.authority, _duties.due)
        .order_by(_duties.authority, _duties.due)
    )
    with store.reading() as connection:
        return [OpenCount(*row) for row in connection.execute(asked)]


def sent_counts(store: SqlStore, since: date) -> Sequence[SentCount]:
    """Count the reports that were sent and due on a day or later, by the date known then."""
    record = _newest()
    on_time = record.c.submitted_on <= record.c.due
    asked = (
        select(record.c.authority, record.c.due, on_time, func.count())
        .where(record.c.state.in_(sorted(SENT)), record.c.due >= since)
        .group_by(record.c.authority, record.c.due, on_time)
        .order_by(record.c.authority, record.c.due)
    )
    with store.reading() as connection:
        return [SentCount(a, due, bool(kept), n) for a, due, kept, n in connection.execute(asked)]


def received_counts(store: SqlStore, since: date, until: date) -> Sequence[Received]:
    """Count the cases by the day on which anybody of the company first knew of them."""
    versions = tables.case_versions.c
    asked = (
        select(versions.received, _queue.serious, func.count())
        .join_from(
            desk_tables.queue,
            tables.case_versions,
            and_(versions.case_id == _queue.case_id, versions.version == _queue.version),
        )
        .where(versions.received >= since, versions.received <= until)
        .group_by(versions.received, _queue.serious)
        .order_by(versions.received)
    )
    with store.reading() as connection:
        return [Received(*row) for row in connection.execute(asked)]


def oldest_undecided(store: SqlStore, *, limit: int) -> Sequence[Undecided]:
    """Give the duties that wait longest for the fact that would decide them."""
    record = _newest()
    unsettled = record.c.state.is_(None) | record.c.state.not_in(sorted(SETTLED))
    names = ("case_id", "authority", "rule_id", "day_zero", "due", "missing")
    asked = (
        select(*(_duties[name] for name in names))
        .select_from(tables.standing_obligations.outerjoin(record, _same_ground(record)))
        .where(unsettled, _duties.decided.is_(False))
        .order_by(_duties.day_zero, _duties.due, _duties.obligation_id)
        .limit(limit)
    )
    with store.reading() as connection:
        return [Undecided(*row) for row in connection.execute(asked)]


def oldest_untouched(store: SqlStore, *, limit: int) -> Sequence[Untouched]:
    """Give the open cases that nobody has taken on, those that wait longest first."""
    names = ("ref", "case_id", "changed_at", "due", "term", "verbatim")
    asked = (
        select(*(_queue[name] for name in names))
        .where(~_queue.closed, _queue.stage == Stage.NEW.value)
        .order_by(_queue.changed_at, _queue.id)
        .limit(limit)
    )
    with store.reading() as connection:
        return [Untouched(*row) for row in connection.execute(asked)]


def parked_counts(store: SqlStore) -> Sequence[ParkedCount]:
    """Count what waits in quarantine by its reason, the commonest first."""
    parked = tables.quarantine.c
    count = func.count().label("count")
    asked = (
        select(parked.reason, count, func.min(parked.earliest_due))
        .where(parked.state == ParkedState.PARKED.value)
        .group_by(parked.reason)
        .order_by(count.desc(), parked.reason)
    )
    with store.reading() as connection:
        return [ParkedCount(*row) for row in connection.execute(asked)]


def stored_offsets(store: SqlStore) -> Sequence[PartitionLag]:
    """Give how far every partition is read."""
    offsets = tables.stream_offsets.c
    asked = select(offsets.topic, offsets.partition, offsets.next_offset).order_by(
        offsets.topic, offsets.partition
    )
    with store.reading() as connection:
        return [PartitionLag(*row) for row in connection.execute(asked)]


def _newest() -> FromClause:
    """The newest step of the report for every duty."""
    steps = tables.submissions
    last = select(steps.c.ground, func.max(steps.c.version)).group_by(steps.c.ground)
    return select(steps).where(tuple_(steps.c.ground, steps.c.version).in_(last)).subquery()


def _same_ground(record: FromClause) -> ColumnElement[bool]:
    """A report is for a duty if both rest on the same, whatever date and certainty it has now."""
    return and_(*(_duties[name] == record.c[name] for name in _GROUND))
