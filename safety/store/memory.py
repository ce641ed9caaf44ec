"""
The store without a database: for tests and dry runs.

It keeps the same rows under the same keys as the tables, and refuses what they
refuse. One unit of work runs at a time; an exception in it is undone step by step.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from operator import itemgetter
from threading import Lock
from typing import Any

from sqlalchemy import Table

from safety.coding import Learned
from safety.errors import InvariantError, OffsetConflictError, StoreUnavailableError
from safety.store import tables
from safety.store.chains import ChainHead, seal_messages
from safety.store.columns import as_held
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
from safety.store.rows import (
    MESSAGE,
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

WAIT_SECONDS = 10.0

Key = tuple[Any, ...]
Held = dict[str, Any]

# Where a number is the primary key, the natural key is another; what else rows are found by.
_KEYS = {"message_log": ("source", "message_id"), "outbox": ("message_id",)}
_FOUND_BY = {
    "message_log": "subject",
    "subject_records": "subject",
    "obligations": "case_id",
    "obligation_ends": "case_id",
}
_FILLED_IN: dict[str, Held] = {
    "outbox": {"published_at": None},
    "quarantine": {"state": "parked", "attempts": 0, "note": None},
}
_CONTENDED = (
    "cases",
    "message_log",
    "subject_records",
    "subjects",
    "case_fingerprints",
    "duplicate_keys",
    "learned_names",
)


class MemoryStore:
    """Everything in dictionaries; see `safety.store.model.Store`."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, Held]] = {name: {} for name in tables.metadata.tables}
        self._found: dict[tuple[str, str], list[Held]] = {}
        self._lock = Lock()

    @contextmanager
    def transaction(self) -> Iterator["MemoryTransaction"]:
        """
        Begin a unit of work; an exception in the block undoes it.

        Raises:
            StoreUnavailableError: Another unit of work does not end.
        """
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise StoreUnavailableError("another unit of work in memory does not end")
        work = MemoryTransaction(self._rows, self._found)
        try:
            yield work
            work.finish()
        except BaseException:
            work.undo()
            raise
        finally:
            self._lock.release()

    def keep_knowledge(self, digest: str, parts: Mapping[str, str], *, now: datetime) -> None:
        """Record once which knowledge a digest stands for."""
        with self.transaction() as work:
            for part, part_digest in sorted(parts.items()):
                work.insert_new(tables.knowledge, [(digest, part, part_digest, now)])

    def dump(
        self, orders: Mapping[Table, Sequence[str]]
    ) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        """Give all rows of these tables, each table in its order."""
        for table, order in orders.items():
            for row in sorted(self._rows[table.name].values(), key=partial(_place, order)):
                yield table, row

    def close(self) -> None:
        """Nothing to give back."""


class MemoryTransaction:
    """One unit of work; see `safety.store.model.Transaction`."""

    def __init__(
        self, rows: dict[str, dict[Key, Held]], found: dict[tuple[str, str], list[Held]]
    ) -> None:
        self._rows = rows
        self._found = found
        self._undo: list[Callable[[], object]] = []
        self._failed = False

    def finish(self) -> None:
        """Refuse to keep the work if a part of it failed."""
        if self._failed:
            raise InvariantError("a unit of work in memory went on after an error in it")

    def undo(self) -> None:
        """Take back everything, the last change first."""
        while self._undo:
            self._undo.pop()()

    @contextmanager
    def _working(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._failed = True
            raise

    def known_messages(self, keys: Collection[MessageKey]) -> Mapping[MessageKey, str]:
        """Which of these messages are in the log already, with the digest of their payload."""
        known = self._rows["message_log"]
        return {key: known[key]["digest"] for key in keys if key in known}

    def heads(self, case_ids: Collection[str]) -> Mapping[str, CaseHead]:
        """The heads of the cases that exist, with the obligations that stand."""
        heads = self._rows["cases"]
        return {
            case_id: read_head(
                heads[case_id,], [read_obligation(row) for row in self._standing(case_id)]
            )
            for case_id in case_ids
            if (case_id,) in heads
        }

    def _standing(self, case_id: str) -> Iterator[Held]:
        duties: dict[str, Held] = {}
        for row in self._found.get(("obligations", case_id), ()):
            known = duties.setdefault(row["obligation_id"], row)
            duties[row["obligation_id"]] = max(known, row, key=itemgetter("version"))
        ended = {
            (end["obligation_id"], end["version"])
            for end in self._found.get(("obligation_ends", case_id), ())
        }
        for duty in duties.values():
            if not any(
                obligation_id == duty["obligation_id"] and version > duty["version"]
                for obligation_id, version in ended
            ):
                yield duty

    def log_of(
        self, case_ids: Collection[str], *, about: About = "case"
    ) -> Mapping[str, Sequence[LoggedMessage]]:
        """All messages of these cases, or study subjects, in the order they were recorded."""
        found = {
            case_id: [
                read_message(row)
                for row in self._found.get(("message_log", case_id), ())
                if row["about"] == about
            ]
            for case_id in case_ids
        }
        return {case_id: messages for case_id, messages in found.items() if messages}

    def cases_sent(self, batches: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Which cases went out in these batches: batch number to message number to case."""
        found: dict[str, dict[str, str]] = {}
        for row in self._rows["transmissions"].values():
            if row["batch"] in batches:
                found.setdefault(row["batch"], {})[row["number"]] = row["case_id"]
        return found

    def progress(self, partitions: Collection[Partition]) -> Mapping[Partition, Progress]:
        """How far these partitions are read; absent where never read."""
        known = self._rows["stream_offsets"]
        return {key: read_progress(known[key]) for key in partitions if key in known}

    def subject_heads(self, keys: Collection[SubjectKey]) -> Mapping[SubjectKey, SubjectHead]:
        """The heads of the subjects that exist."""
        held = self._rows["subjects"]
        return {key: read_subject_head(held[key]) for key in keys if key in held}

    def records_of(
        self, keys: Collection[SubjectKey]
    ) -> Mapping[SubjectKey, Sequence[SubjectRecordRow]]:
        """The records of these subjects, of the kinds that are assessed, in any order."""
        return {
            (study, subject): [
                read_subject_record(row)
                for row in self._found.get(("subject_records", subject), ())
                if row["study"] == study and row["kind"] in RELEVANT
            ]
            for study, subject in keys
        }

    def learned(self, *, after: int) -> tuple[Learned, ...]:
        """What people taught the dictionary, in order, behind this number."""
        rows = sorted(self._rows["learned_names"].values(), key=itemgetter("number"))
        return tuple(read_learned(row) for row in rows[after:])

    def compared(self, case_ids: Collection[str]) -> Mapping[str, Compared]:
        """What of these cases is compared with others; absent where nothing is known."""
        held = self._rows["case_fingerprints"]
        return {each: read_compared(held[each,]) for each in case_ids if (each,) in held}

    def blocks(self, keys: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """The cases of these blocks, each with its place; absent where a block is empty."""
        found: dict[str, dict[str, int]] = {}
        for row in self._rows["duplicate_keys"].values():
            if row["key"] in keys:
                found.setdefault(row["key"], {})[row["case_id"]] = row["place"]
        return found

    def pairs(self, case_ids: Collection[str]) -> Mapping[PairKey, RaisedPair]:
        """The pairs that one of these cases is in."""
        return {
            (row["case_id"], row["other_id"]): read_pair(row)
            for row in self._rows["duplicate_pairs"].values()
            if row["case_id"] in case_ids or row["other_id"] in case_ids
        }

    def save(self, batch: Batch, *, now: datetime) -> None:
        """
        Store a batch.

        Raises:
            StoreUnavailableError: Another writer changed one of the cases first; try again.
        """
        with self._working():
            known, new = head_rows(batch)
            for row, expected in known:
                head = self._rows["cases"].get((row[0],))
                if head is None or head["messages"] != expected:
                    raise StoreUnavailableError("another writer changed a case first; try again")
                self._put(tables.cases, row)
            self._insert(Rows(tables.cases, new))
            self._save_subjects(batch)
            self._save_messages(batch)
            for rows in append_rows(batch, now):
                self._insert(rows)
            for changes in comparison_changes(batch):
                for key in changes.gone:
                    self._remove(changes.table, key)
                self._insert(Rows(changes.table, changes.rows))
            self.insert_new(tables.alerts, list(alert_rows(batch, now).values()))
            self.insert_new(tables.outbox, list(outgoing_rows(batch).values()))
            self.insert_new(tables.quarantine, list(quarantine_rows(batch).values()))

    def _save_messages(self, batch: Batch) -> None:
        held = self._rows["log_chains"].values()
        heads = {row["chain"]: ChainHead(row["links"], row["seal"]) for row in held}
        sealed, grown = seal_messages(message_rows(batch), MESSAGE, heads)
        self._insert(Rows(tables.message_log, sealed))
        for name, head in grown.items():
            self._put(tables.log_chains, (name, *head))

    def _save_subjects(self, batch: Batch) -> None:
        known, new = subject_rows(batch)
        for row, expected in known:
            head = self._rows["subjects"].get((row[0], row[1]))
            if head is None or head["records"] != expected:
                raise StoreUnavailableError("another writer changed a subject first; try again")
            self._put(tables.subjects, row)
        self._insert(Rows(tables.subjects, new))

    def advance(self, before: Progress | None, after: Progress) -> None:
        """
        Move a partition's offset by compare-and-set.

        Raises:
            OffsetConflictError: It is not at `before` any more: another consumer owns it.
        """
        with self._working():
            partition = (after.topic, after.partition)
            if self.progress([partition]).get(partition) != before:
                raise OffsetConflictError(
                    f"partition {after.partition} of {after.topic} was moved by another consumer"
                )
            self._put(tables.stream_offsets, progress_row(after))

    def insert_new(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert the rows whose key is not there yet."""
        held = self._rows[table.name]
        for row in rows:
            if _key(table, _held(table, row)) not in held:
                self._put(table, row)

    def _insert(self, new: Rows) -> None:
        name = new.table.name
        held = self._rows[name]
        for row in new.rows:
            if _key(new.table, _held(new.table, row)) in held:
                if name in _CONTENDED:
                    raise StoreUnavailableError(f"another writer stored the same row of {name}")
                raise InvariantError(f"a row of {name} is there already")
            self._put(new.table, row)

    def _put(self, table: Table, row: Row) -> None:
        """Set a row and note how to take it back."""
        rows, held = self._rows[table.name], _held(table, row)
        key = _key(table, held)
        old = rows.get(key)
        rows[key] = held
        self._undo.append(lambda: rows.pop(key) if old is None else rows.update({key: old}))
        by = _FOUND_BY.get(table.name)
        if by is not None:
            found = self._found.setdefault((table.name, held[by]), [])
            found.append(held)
            self._undo.append(found.pop)

    def _remove(self, table: Table, key: Key) -> None:
        """Take a row away, if it is there, and note how to put it back."""
        rows = self._rows[table.name]
        old = rows.pop(key, None)
        if old is not None:
            self._undo.append(lambda: rows.update({key: old}))


def _key(table: Table, held: Held) -> Key:
    names = _KEYS.get(table.name) or tuple(column.name for column in table.primary_key)
    return tuple(held[name] for name in names)


def _place(order: Sequence[str], held: Held) -> Key:
    """Sort as the databases do."""
    values = (held[name] for name in order)
    return tuple(as_held(value) if isinstance(value, str) else value for value in values)


def _held(table: Table, row: Row) -> Held:
    """Give the row by column name, with what a database would fill in."""
    if any(isinstance(value, datetime) and value.tzinfo is None for value in row):
        raise ValueError("an instant without UTC offset cannot be stored")
    return dict(zip(written(table), row, strict=True)) | _FILLED_IN.get(table.name, {})
