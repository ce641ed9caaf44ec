"""One unit of work in a database: what is asked and written within it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Insert,
    RowMapping,
    Table,
    Update,
    and_,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from safety.coding import Learned
from safety.deadlines import Obligation
from safety.errors import (
    InvariantError,
    OffsetConflictError,
    StoreUnavailableError,
)
from safety.store import tables
from safety.store.bulk import insert_rows, keys_table
from safety.store.chains import (
    LOG_HEADS,
    chains_of,
    lock_heads,
    move_heads,
    seal_messages,
)
from safety.store.faults import faults_of
from safety.store.model import (
    About,
    Batch,
    CaseHead,
    Compared,
    LoggedMessage,
    MessageKey,
    PairKey,
    Partition,
    Progress,
    RaisedPair,
    SubjectHead,
    SubjectKey,
    SubjectRecordRow,
)
from safety.store.queue_write import save_queue
from safety.store.rows import (
    MESSAGE,
    Changes,
    Row,
    Rows,
    alert_rows,
    append_rows,
    comparison_changes,
    head_rows,
    message_rows,
    outgoing_rows,
    progress_row,
    quarantine_rows,
    read_compared,
    read_head,
    read_learned,
    read_message,
    read_obligation,
    read_pair,
    read_progress,
    read_subject_head,
    read_subject_record,
    subject_rows,
    written,
)
from safety.subjects import RELEVANT


class SqlTransaction:
    """One unit of work in a database; see `safety.store.model.Transaction`."""

    def __init__(self, connection: Connection, place: str) -> None:
        self._connection = connection
        self._place = place
        self._failed = False

    def finish(self) -> None:
        """Refuse to commit after a failure: PostgreSQL would roll back and say nothing."""
        if self._failed:
            raise InvariantError(f"{self._place}: a unit of work went on after an error in it")

    @contextmanager
    def _working(self) -> Iterator[Connection]:
        try:
            with faults_of(self._place):
                yield self._connection
        except BaseException:
            self._failed = True
            raise

    def known_messages(self, keys: Collection[MessageKey]) -> Mapping[MessageKey, str]:
        """Which of these messages are in the log already, with the digest of their payload."""
        if not keys:
            return {}
        log = tables.message_log.c
        sources, ids = zip(*keys, strict=True)
        with self._working() as connection:
            given = keys_table(connection, source=sources, message_id=ids)
            asked = select(log.source, log.message_id, log.digest).join(
                given, and_(log.source == given.c.source, log.message_id == given.c.message_id)
            )
            return {(row[0], row[1]): row[2] for row in connection.execute(asked)}

    def heads(self, case_ids: Collection[str]) -> Mapping[str, CaseHead]:
        """The heads of the cases that exist, with the obligations that stand."""
        if not case_ids:
            return {}
        standing: dict[str, list[Obligation]] = {}
        duties = tables.standing_obligations
        with self._working() as connection:
            given = keys_table(connection, case_id=list(case_ids))
            of_duties = select(duties).join(given, duties.c.case_id == given.c.case_id)
            of_heads = select(tables.cases).join(given, tables.cases.c.case_id == given.c.case_id)
            # Heads first: a writer who comes between makes them stale, and `save` refuses them.
            heads = connection.execute(of_heads).mappings().all()
            for row in connection.execute(of_duties).mappings():
                standing.setdefault(row["case_id"], []).append(read_obligation(row))
        return {row["case_id"]: read_head(row, standing.get(row["case_id"], ())) for row in heads}

    def log_of(
        self, case_ids: Collection[str], *, about: About = "case"
    ) -> Mapping[str, Sequence[LoggedMessage]]:
        """All messages of these cases, or study subjects, in the order they were recorded."""
        if not case_ids:
            return {}
        log = tables.message_log
        found: dict[str, list[LoggedMessage]] = {}
        with self._working() as connection:
            given = keys_table(connection, case_id=list(case_ids))
            asked = (
                select(log)
                .join(given, log.c.subject == given.c.case_id)
                .where(log.c.about == about)
                .order_by(log.c.seq)
            )
            for row in connection.execute(asked).mappings():
                found.setdefault(row["subject"], []).append(read_message(row))
        return found

    def cases_sent(self, batches: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Which cases went out in these batches: batch number to message number to case."""
        if not batches:
            return {}
        sent = tables.transmissions.c
        found: dict[str, dict[str, str]] = {}
        with self._working() as connection:
            given = keys_table(connection, batch=list(batches))
            asked = select(sent.batch, sent.number, sent.case_id).join(
                given, sent.batch == given.c.batch
            )
            for batch, number, case_id in connection.execute(asked):
                found.setdefault(batch, {})[number] = case_id
        return found

    def progress(self, partitions: Collection[Partition]) -> Mapping[Partition, Progress]:
        """How far these partitions are read; absent where never read."""
        offsets = tables.stream_offsets
        with self._working() as connection:
            asked = select(offsets).where(offsets.c.topic.in_({topic for topic, _ in partitions}))
            found = [read_progress(row) for row in connection.execute(asked).mappings()]
        return {
            (progress.topic, progress.partition): progress
            for progress in found
            if (progress.topic, progress.partition) in partitions
        }

    def subject_heads(self, keys: Collection[SubjectKey]) -> Mapping[SubjectKey, SubjectHead]:
        """The heads of the subjects that exist."""
        found = (read_subject_head(row) for row in self._of_subjects(tables.subjects, keys))
        return {head.key: head for head in found}

    def records_of(
        self, keys: Collection[SubjectKey]
    ) -> Mapping[SubjectKey, Sequence[SubjectRecordRow]]:
        """The records of these subjects, of the kinds that are assessed, in any order."""
        found: dict[SubjectKey, list[SubjectRecordRow]] = {}
        for row in self._of_subjects(tables.subject_records, keys):
            if row["kind"] in RELEVANT:
                record = read_subject_record(row)
                found.setdefault((record.study, record.subject), []).append(record)
        return found

    def _of_subjects(self, table: Table, keys: Collection[SubjectKey]) -> Sequence[RowMapping]:
        if not keys:
            return ()
        studies, subjects = zip(*keys, strict=True)
        with self._working() as connection:
            given = keys_table(connection, study=studies, subject=subjects)
            this = (table.c.study == given.c.study) & (table.c.subject == given.c.subject)
            return connection.execute(select(table).join(given, this)).mappings().all()

    def learned(self, *, after: int) -> tuple[Learned, ...]:
        """What people taught the dictionary, in order, behind this number."""
        names = tables.learned_names
        asked = select(names).where(names.c.number > after).order_by(names.c.number)
        with self._working() as connection:
            return tuple(read_learned(row) for row in connection.execute(asked).mappings())

    def compared(self, case_ids: Collection[str]) -> Mapping[str, Compared]:
        """What of these cases is compared with others; absent where nothing is known."""
        held = tables.case_fingerprints
        found = self._with_key(held.c.case_id, case_ids)
        return {row["case_id"]: read_compared(row) for row in found}

    def blocks(self, keys: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """The cases of these blocks, each with its place; absent where a block is empty."""
        found: dict[str, dict[str, int]] = {}
        for row in self._with_key(tables.duplicate_keys.c.key, keys):
            found.setdefault(row["key"], {})[row["case_id"]] = row["place"]
        return found

    def pairs(self, case_ids: Collection[str]) -> Mapping[PairKey, RaisedPair]:
        """The pairs that one of these cases is in."""
        held = tables.duplicate_pairs.c
        rows = (
            *self._with_key(held.case_id, case_ids),
            *self._with_key(held.other_id, case_ids),
        )
        return {(row["case_id"], row["other_id"]): read_pair(row) for row in rows}

    def _with_key(self, column: Column[str], keys: Collection[str]) -> Sequence[RowMapping]:
        if not keys:
            return ()
        with self._working() as connection:
            given = keys_table(connection, key=list(keys))
            asked = select(column.table).join(given, column == given.c.key)
            return connection.execute(asked).mappings().all()

    def save(self, batch: Batch, *, now: datetime) -> None:
        """
        Store a batch.

        Raises:
            StoreUnavailableError: Another writer changed one of the cases first; try again.
        """
        with self._working() as connection:
            self._save_heads(connection, tables.cases, *head_rows(batch))
            self._save_heads(connection, tables.subjects, *subject_rows(batch))
            self._save_messages(connection, batch)
            for rows in append_rows(batch, now):
                insert_rows(connection, rows)
            for changes in comparison_changes(batch):
                _change_rows(connection, changes)
            save_queue(connection, batch)
            _insert_unknown(connection, tables.alerts.c.alert_id, alert_rows(batch, now))
            _insert_unknown(connection, tables.outbox.c.message_id, outgoing_rows(batch))
            _insert_unknown(connection, tables.quarantine.c.quarantine_id, quarantine_rows(batch))

    def _save_messages(self, connection: Connection, batch: Batch) -> None:
        """Seal the messages, each in its chain, and append them to the log."""
        if rows := message_rows(batch):
            heads = lock_heads(connection, LOG_HEADS, chains_of(rows, MESSAGE))
            sealed, grown = seal_messages(rows, MESSAGE, heads)
            insert_rows(connection, Rows(tables.message_log, sealed))
            move_heads(connection, LOG_HEADS, grown)

    def _save_heads(
        self, connection: Connection, table: Table, known: Sequence[tuple[Row, int]], new: list[Row]
    ) -> None:
        """Move heads that exist by compare-and-set, and insert the new ones."""
        if known:
            names = [f"new_{name}" for name in written(table)]
            changes = [
                {"expected": expected, **dict(zip(names, row, strict=True))}
                for row, expected in known
            ]
            if connection.execute(_MOVE_HEAD[table], changes).rowcount != len(known):
                raise StoreUnavailableError(
                    f"{self._place}: another writer changed one of {len(known)} {table.name}"
                    " first; try the batch again"
                )
        insert_rows(connection, Rows(table, new))

    def advance(self, before: Progress | None, after: Progress) -> None:
        """
        Move a partition's offset by compare-and-set.

        Raises:
            OffsetConflictError: It is not at `before` any more: another consumer owns it.
        """
        offsets = tables.stream_offsets
        values = _named(offsets, progress_row(after))
        with self._working() as connection:
            move: Insert | Update = _upsert(connection, offsets).on_conflict_do_nothing()
            if before is not None:
                known = _named(offsets, progress_row(before)).items()
                move = update(offsets).where(*(offsets.c[n] == v for n, v in known))
            moved = connection.execute(move.values(values).returning(offsets.c.topic))
            if moved.first() is None:
                expected = before.next_offset if before else "its beginning"
                raise OffsetConflictError(
                    f"partition {after.partition} of {after.topic} is not at {expected} any more:"
                    " another consumer has moved it"
                )


def _move(table: Table, guard: str) -> Update:
    """Give the statement that moves a head if *guard* says how much it was made of."""
    keys = {column.name for column in table.primary_key}
    return (
        update(table)
        .where(
            *(table.c[name] == bindparam(f"new_{name}") for name in sorted(keys)),
            table.c[guard] == bindparam("expected"),
        )
        .values({name: bindparam(f"new_{name}") for name in written(table) if name not in keys})
    )


_MOVE_HEAD = {
    tables.cases: _move(tables.cases, "messages"),
    tables.subjects: _move(tables.subjects, "records"),
}


def _named(table: Table, row: Row) -> dict[str, Any]:
    return dict(zip(written(table), row, strict=True))


def _upsert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _change_rows(connection: Connection, changes: Changes) -> None:
    """Take rows away by their key, and insert others."""
    keys = [column.name for column in changes.table.primary_key]
    if changes.gone:
        this = (changes.table.c[name] == bindparam(f"gone_{name}") for name in keys)
        names = [f"gone_{name}" for name in keys]
        gone = [dict(zip(names, row, strict=True)) for row in changes.gone]
        connection.execute(delete(changes.table).where(*this), gone)
    insert_rows(connection, Rows(changes.table, changes.rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows whose primary key is not there yet, also beside another who does the same."""
    if rows:
        insert = _upsert(connection, table).on_conflict_do_nothing()
        connection.execute(insert, [_named(table, row) for row in rows])


def _insert_unknown(connection: Connection, key: Column[str], rows: Mapping[str, Row]) -> None:
    """Insert the rows whose key is not there yet: the same ground counts once."""
    if not rows:
        return
    given = keys_table(connection, key=list(rows))
    known = set(connection.scalars(select(key).join(given, key == given.c.key)))
    insert_rows(connection, Rows(key.table, [row for k, row in rows.items() if k not in known]))
