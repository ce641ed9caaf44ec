"""
What people and reports ask of the store: cases as known at an instant, duties, counts, queues.

Nothing here decides anything. What can be long is streamed; a caller may stop early.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, literal, or_, select, tuple_, update

from safety.deadlines import Obligation
from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.known import duties_at
from safety.store.model import LoggedMessage, Outgoing, SubjectRecordRow
from safety.store.parked import Parked, quarantine_list, quarantine_mark, quarantine_show
from safety.store.rows import (
    EVENT_KEYS,
    PAIR_KEYS,
    read_message,
    read_obligation,
    read_outgoing,
    read_subject_record,
    read_version,
)
from safety.store.sql import STREAM, STREAMED, SqlStore
from safety.store.summary import Standing, Summary, summary_counts
from safety.versions import Version
from safety.workflow import VOID


@dataclass(frozen=True, slots=True)
class Uncoded:
    """Words that no term was found for, in how many reactions, and one case that has them."""

    verbatim: str
    count: int
    case_id: str


LOGGED = 200  # messages in memory at a time; an ICSR may be large

__all__ = [
    "Parked",
    "Standing",
    "Summary",
    "Uncoded",
    "case_ids",
    "case_messages",
    "coded_verbatims",
    "due",
    "duties_of",
    "list_duties",
    "load_version",
    "log",
    "mark_published",
    "quarantine_list",
    "quarantine_mark",
    "quarantine_show",
    "subject_records",
    "summary_counts",
    "uncoded_verbatims",
    "unpublished",
    "versions_of",
    "versions_of_cases",
]


def case_ids(store: SqlStore) -> Iterator[str]:
    """All cases, by id."""
    after = ""
    asked = select(tables.cases.c.case_id).order_by(tables.cases.c.case_id).limit(STREAMED)
    while True:
        with store.reading() as connection:
            found = connection.scalars(asked.where(tables.cases.c.case_id > after)).all()
        yield from found
        if len(found) < STREAMED:
            return
        after = found[-1]


def coded_verbatims(store: SqlStore) -> Iterator[tuple[str, str, str]]:
    """Case, reaction and verbatim of the events of each case's latest version, by case."""
    events, cases = tables.case_events.c, tables.cases.c
    asked = (
        select(events.case_id, events.reaction, events.verbatim)
        .join_from(
            tables.case_events,
            tables.cases,
            (events.case_id == cases.case_id) & (events.version == cases.version),
        )
        .where(events.verbatim.is_not(None))
        .order_by(events.case_id, events.reaction)
    )
    with store.reading(snapshot=True) as connection:
        for row in connection.execution_options(**STREAM).execute(asked):
            yield row.case_id, row.reaction, row.verbatim


def uncoded_verbatims(store: SqlStore, *, limit: int | None = None) -> Sequence[Uncoded]:
    """Words of reactions of each case now that no term was found for, the commonest first."""
    events, cases = tables.case_events.c, tables.cases.c
    count = func.count().label("count")
    asked = (
        select(events.verbatim, count, func.min(events.case_id).label("case_id"))
        .join_from(
            tables.case_events,
            tables.cases,
            (events.case_id == cases.case_id) & (events.version == cases.version),
        )
        .where(events.coding_method == "uncoded", events.verbatim.is_not(None))
        .where(cases.status.not_in(sorted(VOID)))
        .group_by(events.verbatim)
        .order_by(count.desc(), events.verbatim)
        .limit(limit)
    )
    with store.reading() as connection:
        return [Uncoded(**row) for row in connection.execute(asked).mappings()]


def versions_of(store: SqlStore, case_id: str) -> Sequence[Version]:
    """All versions of a case, oldest first."""
    with store.reading(snapshot=True) as connection:
        return versions_of_cases(connection, [case_id]).get(case_id, ())


def load_version(
    store: SqlStore,
    case_id: str,
    *,
    version: int | None = None,
    as_known_at: datetime | None = None,
) -> Version | None:
    """
    Give one version of a case: a certain one, the one known at an instant, else the latest.

    Returns:
        None if there is no such version, or nothing was known of the case then.
    """
    validity = tables.case_validity.c
    asked = select(validity.version).where(validity.case_id == case_id)
    if version is not None:
        asked = asked.where(validity.version == version)
    if as_known_at is not None:
        still = or_(validity.valid_to.is_(None), validity.valid_to > as_known_at)
        asked = asked.where(validity.valid_from <= as_known_at, still)
    newest = asked.order_by(validity.version.desc()).limit(1)
    with store.reading(snapshot=True) as connection:
        number = connection.scalar(newest)
        if number is None:
            return None
        return versions_of_cases(connection, [case_id], number)[case_id][0]


def versions_of_cases(
    connection: Connection, case_ids: Sequence[str], version: int | None = None
) -> Mapping[str, Sequence[Version]]:
    """Give the versions of some cases, oldest first; or one of them, by number."""
    flat: list[dict[tuple[str, int], list[dict[str, Any]]]] = []
    for table, keys in ((tables.case_events, EVENT_KEYS), (tables.drug_event_pairs, PAIR_KEYS)):
        of_versions: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in _of_cases(connection, table, case_ids, version):
            told = {key: row[key] for key in keys}
            of_versions.setdefault((row["case_id"], row["version"]), []).append(told)
        flat.append(of_versions)
    events, pairs = flat
    found: dict[str, list[Version]] = {}
    for row in _of_cases(connection, tables.case_versions, case_ids, version):
        key = (row["case_id"], row["version"])
        one = read_version(row, events.get(key, ()), pairs.get(key, ()))
        found.setdefault(one.case_id, []).append(one)
    return found


def _of_cases(
    connection: Connection, table: Table, case_ids: Sequence[str], version: int | None
) -> Iterable[RowMapping]:
    given = keys_table(connection, case_id=case_ids)
    asked = select(table).join(given, table.c.case_id == given.c.case_id)
    if version is not None:
        asked = asked.where(table.c.version == version)
    return connection.execute(asked.order_by(*table.primary_key)).mappings()


def case_messages(store: SqlStore, case_id: str) -> Sequence[LoggedMessage]:
    """The messages of a case, in the order they were recorded."""
    entries = tables.message_log
    asked = (
        select(entries)
        .where(entries.c.subject == case_id, entries.c.about == "case")
        .order_by(entries.c.seq)
    )
    with store.reading() as connection:
        return [read_message(row) for row in connection.execute(asked).mappings()]


def log(
    store: SqlStore, *, after_seq: int = 0, limit: int | None = None
) -> Iterator[tuple[int, LoggedMessage]]:
    """
    Give the log in the order it was recorded, each message with its number.

    Meant for a store that nobody writes to: messages of transactions that run side by side
    become visible out of order.

    Args:
        store: Where to look.

        after_seq: Begin behind this number.

        limit: Stop after so many messages.
    """
    entries = tables.message_log
    left = limit
    while left is None or left > 0:
        size = LOGGED if left is None else min(LOGGED, left)
        asked = select(entries).where(entries.c.seq > after_seq).order_by(entries.c.seq).limit(size)
        with store.reading() as connection:
            found = [
                (row["seq"], read_message(row)) for row in connection.execute(asked).mappings()
            ]
        yield from found
        if len(found) < size:
            return
        after_seq = found[-1][0]
        left = None if left is None else left - size


def due(
    store: SqlStore,
    *,
    until: date | None = None,
    authority: str | None = None,
    limit: int | None = None,
    as_known_at: datetime | None = None,
) -> Sequence[Obligation]:
    """
    Give the duties that stand, the most urgent first.

    Args:
        store: Where to look.

        until: Only those due on this day or before.

        authority: Only those to this authority.

        limit: At most so many.

        as_known_at: Those that stood at an instant, as they were known then.
    """
    standing = duties_at(as_known_at)
    duties = standing.c
    asked = select(standing).order_by(
        duties.due,
        duties.authority,
        duties.recipient,
        duties.case_id,
        duties.obligation_id,
    )
    if until is not None:
        asked = asked.where(duties.due <= until)
    if authority is not None:
        asked = asked.where(duties.authority == authority)
    with store.reading() as connection:
        return [read_obligation(row) for row in connection.execute(asked.limit(limit)).mappings()]


def list_duties(
    store: SqlStore,
    *,
    until: date | None,
    authority: str | None,
    after: tuple[date, str] | None,
    limit: int,
) -> Sequence[Obligation]:
    """
    Give a page of the duties that stand, by due date.

    Args:
        store: Where to look.

        until: Only those due on this day or before.

        authority: Only those to this authority.

        after: Due date and id of the last one of the page before.

        limit: At most so many.
    """
    duties = tables.standing_obligations.c
    asked = select(tables.standing_obligations).order_by(duties.due, duties.obligation_id)
    if until is not None:
        asked = asked.where(duties.due <= until)
    if authority is not None:
        asked = asked.where(duties.authority == authority)
    if after is not None:
        behind = tuple_(literal(after[0]), literal(after[1]))
        asked = asked.where(tuple_(duties.due, duties.obligation_id) > behind)
    with store.reading() as connection:
        return [read_obligation(row) for row in connection.execute(asked.limit(limit)).mappings()]


def duties_of(store: SqlStore, case_id: str) -> Sequence[Obligation]:
    """Give the duties of a case that stand, the most urgent first."""
    duties = tables.standing_obligations
    asked = select(duties).where(duties.c.case_id == case_id)
    ordered = asked.order_by(
        duties.c.due, duties.c.authority, duties.c.recipient, duties.c.obligation_id
    )
    with store.reading() as connection:
        return [read_obligation(row) for row in connection.execute(ordered).mappings()]


def subject_records(
    store: SqlStore,
    study: str,
    *,
    subject: str | None = None,
    as_known_at: datetime | None = None,
) -> Generator[SubjectRecordRow, None, None]:
    """
    Give the newest of each study record, by subject, kind and record id.

    The rows are streamed over an open connection: read on, or close the generator.

    Args:
        store: Where to look.

        study: The study's own id, as its records give it.

        subject: Only this subject's.

        as_known_at: As it was known at an instant; what was stored later does not count.
    """
    records = tables.subject_records
    ranked = select(
        records,
        func.row_number()
        .over(
            partition_by=(records.c.subject, records.c.kind, records.c.record_id),
            order_by=records.c.record_order.desc(),
        )
        .label("age"),
    ).where(records.c.study == study)
    if subject is not None:
        ranked = ranked.where(records.c.subject == subject)
    if as_known_at is not None:
        ranked = ranked.where(records.c.recorded_at <= as_known_at)
    held = ranked.subquery()
    asked = select(held).where(held.c.age == 1)
    ordered = asked.order_by(held.c.subject, held.c.kind, held.c.record_id)
    with (
        store.reading() as connection,
        connection.execute(ordered, execution_options=STREAM) as found,
    ):
        for row in found.mappings():
            yield read_subject_record(row)


def unpublished(store: SqlStore, *, limit: int = 1_000) -> Sequence[Outgoing]:
    """Give the oldest messages that the broker does not have yet, in the order they were stored."""
    outbox = tables.outbox
    asked = select(outbox).where(outbox.c.published_at.is_(None)).order_by(outbox.c.id).limit(limit)
    with store.reading() as connection:
        return [read_outgoing(row) for row in connection.execute(asked).mappings()]


def mark_published(store: SqlStore, message_ids: Iterable[str], *, now: datetime) -> None:
    """Note that the broker has these messages."""
    outbox = tables.outbox
    with store.writing() as connection:
        given = keys_table(connection, key=list(message_ids))
        sent = outbox.c.message_id.in_(select(given.c.key)) & outbox.c.published_at.is_(None)
        connection.execute(update(outbox).where(sent).values(published_at=now))
