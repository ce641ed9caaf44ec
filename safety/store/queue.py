"""
Which cases wait at the desk, the most urgent first? Filters, tabs, words, pages, counts.

A page is found by the place behind the last row of the one before (due date, gravity, number),
never by counting rows, so that the last page costs what the first does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from safety.store import desk_tables, tables
from safety.store.queries import case_ids, versions_of_cases
from safety.store.queue_row import NEVER, QueueRow, derive_queue_row
from safety.store.queue_write import clear, mark_duplicates, write_rows
from safety.store.rows import read_obligation
from safety.store.sql import SqlStore
from safety.store.words import asked_words

_queue = desk_tables.queue.c
COUNTED = 1_000  # a tab says "1000+" above this: counting more would cost more than it tells
COMMON = 2_000  # rows of a word from which on it is a common one
REBUILT = 200  # cases made anew in one transaction


class Tab(StrEnum):
    """A cut of the queue that has its own place on the desk."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    SEVEN = "seven"
    FIFTEEN = "fifteen"
    MISSING = "missing"
    DUPLICATE = "duplicate"
    UNCODED = "uncoded"
    REJECTED = "rejected"
    DONE = "done"


OPEN_TABS = tuple(tab for tab in Tab if tab is not Tab.DONE)  # done cases are not counted
MARKED = frozenset(Tab(mark) for mark in desk_tables.MARKS)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind this row."""

    due: date
    gravity: int
    number: int


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Which cases somebody wants to see.

    Attributes:
        words: Text to search for, as typed.
        serious, unexpected, related: Yes, no or unknown; None does not matter.
    """

    tab: Tab = Tab.ALL
    words: str = ""
    authority: str | None = None
    country: str | None = None
    study: str | None = None
    context: str | None = None
    stage: str | None = None
    owner: str | None = None
    serious: str | None = None
    unexpected: str | None = None
    related: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One case in the list, with its number, by which pages go on."""

    number: int
    row: QueueRow

    @property
    def place(self) -> Place:
        """The place behind it."""
        return Place(self.row.due, self.row.gravity, self.number)


class Change(NamedTuple):
    """That a case has a version, and since when."""

    ref: str
    version: int
    at: datetime


def list_queue(
    store: SqlStore,
    asked: Asked,
    *,
    user: str,
    today: date,
    limit: int,
    after: Place | None = None,
) -> Sequence[Listed]:
    """
    Give the cases somebody wants to see: by time left, then the gravest first.

    Args:
        store: Where to look.

        asked: Which cases.

        user: Whose are "mine".

        today: Day by which overdue is told.

        limit: At most so many.

        after: Behind this place.
    """
    wanted = _where(select(desk_tables.queue), asked, user, today)
    ordered = wanted.order_by(_queue.due, _queue.gravity, _queue.id).limit(limit)
    if after is not None:
        behind = tuple_(literal(after.due), literal(after.gravity), literal(after.number))
        ordered = ordered.where(tuple_(_queue.due, _queue.gravity, _queue.id) > behind)
    words = asked_words(asked.words)
    with store.reading() as connection:
        held = _holding(connection, ordered, words) if words else ordered
        return [_read(row) for row in connection.execute(held).mappings()]


def count_tabs(
    store: SqlStore, *, user: str, today: date, tabs: Sequence[Tab] = OPEN_TABS
) -> Mapping[Tab, int]:
    """Give how many cases each of these tabs has, at most `COUNTED` + 1."""
    counts = [
        select(func.count())
        .select_from(
            _where(select(_queue.id), Asked(tab), user, today).limit(COUNTED + 1).subquery()
        )
        .scalar_subquery()
        .label(tab.value)
        for tab in tabs
    ]
    with store.reading() as connection:
        row = connection.execute(select(*counts)).one()
    return dict(zip(tabs, row, strict=True))


def find_case(store: SqlStore, ref: str) -> Listed | None:
    """Give the row of a case by its name in addresses."""
    with store.reading() as connection:
        asked = select(desk_tables.queue).where(_queue.ref == ref)
        row = connection.execute(asked).mappings().one_or_none()
    return None if row is None else _read(row)


def cases_of(store: SqlStore, refs: Sequence[str]) -> Sequence[QueueRow]:
    """Give the rows of some cases by their names in addresses, the most urgent first."""
    asked = select(desk_tables.queue).where(_queue.ref.in_(refs))
    with store.reading() as connection:
        ordered = asked.order_by(_queue.due, _queue.gravity, _queue.id)
        return [_read(row).row for row in connection.execute(ordered).mappings()]


def changed_since(store: SqlStore, instant: datetime, *, limit: int) -> Sequence[Change]:
    """Give which cases changed after an instant, the newest change first."""
    asked = (
        select(_queue.ref, _queue.version, _queue.changed_at)
        .where(_queue.changed_at > instant)
        .order_by(_queue.changed_at.desc())
        .limit(limit)
    )
    with store.reading() as connection:
        return [Change(*row) for row in connection.execute(asked)]


def rebuild_queue(store: SqlStore) -> Iterator[int]:
    """
    Make the queue anew from the stored versions.

    Yields:
        How many cases each step wrote.
    """
    with store.writing() as connection:
        clear(connection)
    every = case_ids(store)
    while some := list(islice(every, REBUILT)):
        with store.writing() as connection:
            rows = list(_rows_of(connection, some))
            write_rows(connection, rows)
            mark_duplicates(connection, some)
        yield len(rows)


def holds_real_cases(store: SqlStore) -> bool:
    """Tell whether any case is about a person and not made up."""
    with store.reading() as connection:
        real = select(_queue.id).where(_queue.synthetic.is_(False)).limit(1)
        return connection.scalar(real) is not None


def is_queue_behind(store: SqlStore) -> bool:
    """Tell whether there are cases and an empty queue: it came into being after them."""
    with store.reading() as connection:
        return (
            connection.scalar(select(tables.cases.c.case_id).limit(1)) is not None
            and connection.scalar(select(_queue.id).limit(1)) is None
        )


def _rows_of(connection: Connection, some: Sequence[str]) -> Iterator[QueueRow]:
    duties: dict[str, list[RowMapping]] = {}
    standing = tables.standing_obligations
    for row in connection.execute(select(standing).where(standing.c.case_id.in_(some))).mappings():
        duties.setdefault(row["case_id"], []).append(row)
    for case_id, versions in versions_of_cases(connection, some).items():
        theirs = [read_obligation(row) for row in duties.get(case_id, ())]
        yield derive_queue_row(versions[-1], theirs)


def _where(wanted: "Select[Any]", asked: Asked, user: str, today: date) -> "Select[Any]":
    # A mark stands at open cases only and has an index of its own; SQLite would take another one
    # if more were asked, and none if the mark were compared with 1 as SQLAlchemy does.
    if asked.tab not in MARKED:
        wanted = wanted.where(_queue.closed if asked.tab is Tab.DONE else ~_queue.closed)
    match asked.tab:
        case Tab.MINE:
            wanted = wanted.where(_queue.owner == user)
        case Tab.UNASSIGNED:
            wanted = wanted.where(_queue.owner == "")
        case Tab.OVERDUE:
            wanted = wanted.where(_queue.due < today)
        case _ if asked.tab in MARKED:
            wanted = wanted.where(text(f"queue.{asked.tab.value}"))
        case _:
            pass
    for name in ("authority", "country", "study", "context", "stage", "owner"):
        value = getattr(asked, name)
        if value is not None:
            wanted = wanted.where(_queue[name] == value)
    for name in ("serious", "unexpected", "related"):
        value = getattr(asked, name)
        if value is not None:
            wanted = wanted.where(_queue[name].is_({"yes": True, "no": False}.get(value)))
    return wanted


def _holding(connection: Connection, wanted: "Select[Any]", words: Sequence[str]) -> "Select[Any]":
    """
    Keep rows that have all these words, each as a beginning; words are letters and digits only.

    SQLite looks up the rows of a rare word and sorts them; for a common one, which would be
    thousands to sort for one page, it reads row after row in the order of the queue.
    """
    if connection.dialect.name == "postgresql":
        held = func.array_to_tsvector(func.string_to_array(_queue.words, " "), type_=TSVECTOR)
        asked = cast(" & ".join(f"'{word}':*" for word in words), TSQUERY)
        return wanted.where(held.op("@@")(asked))
    found = table("queue_words", column("rowid"))
    matching = text("queue_words MATCH :matching").bindparams(
        matching=" AND ".join(f'"{word}"*' for word in words)
    )
    rows = select(found.c.rowid).where(matching)
    some = select(func.count()).select_from(rows.limit(COMMON).subquery())
    if (connection.scalar(some) or 0) < COMMON:
        return wanted.where(_queue.id.in_(rows))
    behind_a_space = literal(" ") + _queue.words
    return wanted.where(*(behind_a_space.like(f"% {word}%") for word in words))


_FIELDS = tuple(field.name for field in fields(QueueRow))


def _read(row: RowMapping) -> Listed:
    return Listed(row["id"], QueueRow(**{name: row[name] for name in _FIELDS}))


def is_never(due: date) -> bool:
    """Tell whether nothing is left to send."""
    return due == NEVER
