"""What does the store hold, in numbers?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, ColumnElement, Connection, Integer, and_, cast, func, select

from safety.store import tables
from safety.store.model import Progress
from safety.store.rows import read_progress
from safety.store.sql import SqlStore
from safety.workflow import VOID


@dataclass(frozen=True, slots=True)
class Standing:
    """How many duties to an authority stand, and the nearest date."""

    authority: str
    obligations: int
    undecided: int
    nearest: date


@dataclass(frozen=True, slots=True)
class Summary:
    """
    What the store holds, in numbers.

    Attributes:
        progress: By partition; empty for what was read from files.
        messages: Accepted ones by what they are about, `case` or `subject`.
        cases: By status of the latest version.
        serious: Cases with a serious reaction in the latest version; void and merged ones are
            left out, as in the next.
        unassessed: Cases with no serious reaction, but one of which the facts contradict each
            other.
        standing: Duties to report that stand, by authority.
        quarantine: Entries by state.
        unpublished: Messages that the broker does not have yet.
    """

    progress: tuple[Progress, ...]
    messages: Mapping[str, int]
    cases: Mapping[str, int]
    serious: int
    unassessed: int
    standing: tuple[Standing, ...]
    quarantine: Mapping[str, int]
    unpublished: int


def summary_counts(store: SqlStore) -> Summary:
    """Count what the store holds."""
    log_entries, cases, events = tables.message_log.c, tables.cases.c, tables.case_events.c
    duties, parked, outbox = tables.standing_obligations.c, tables.quarantine.c, tables.outbox.c
    current = (
        select(
            func.max(_number(events.serious.is_(True))), func.max(_number(events.serious.is_(None)))
        )
        .join(tables.cases, and_(cases.case_id == events.case_id, cases.version == events.version))
        .where(cases.status.not_in(sorted(VOID)))
        .group_by(events.case_id)
    )
    standing = (
        select(
            duties.authority,
            func.count(),
            func.sum(_number(duties.decided.is_(False))),
            func.min(duties.due),
        )
        .group_by(duties.authority)
        .order_by(duties.authority)
    )
    with store.reading(snapshot=True) as connection:
        offsets = select(tables.stream_offsets).order_by(*tables.stream_offsets.primary_key)
        per_case = connection.execute(current).all()
        return Summary(
            progress=tuple(read_progress(row) for row in connection.execute(offsets).mappings()),
            messages=_counts(connection, log_entries.about),
            cases=_counts(connection, cases.status),
            serious=sum(serious for serious, _ in per_case),
            unassessed=sum(unknown for serious, unknown in per_case if not serious),
            standing=tuple(Standing(*row) for row in connection.execute(standing)),
            quarantine=_counts(connection, parked.state),
            unpublished=connection.scalar(select(func.count()).where(outbox.published_at.is_(None)))
            or 0,
        )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(condition, Integer)


def _counts(connection: Connection, column: Column[str]) -> dict[str, int]:
    asked = select(column, func.count()).group_by(column).order_by(column)
    return {row[0]: row[1] for row in connection.execute(asked)}
