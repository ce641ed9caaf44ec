"""Keep the desk's queue as the case versions say, in the transaction that stores them."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter

from sqlalchemy import Connection, Table, bindparam, delete, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite

from safety.duplicates.compare import OPEN
from safety.store import desk_tables, tables
from safety.store.bulk import keys_table
from safety.store.model import Batch
from safety.store.queue_row import QueueRow, derive_queue_row

_KEPT = frozenset({"case_id", "duplicate", "duplicate_of", "duplicate_score"})
_NAMES = tuple(field.name for field in fields(QueueRow))
_values_of = attrgetter(*_NAMES)


def save_queue(connection: Connection, batch: Batch) -> None:
    """Write the row of every case that got a version, in the order of case ids."""
    latest = {version.case_id: version for version in batch.versions}
    write_rows(
        connection,
        (
            derive_queue_row(version, batch.heads[case_id][1].obligations)
            for case_id, version in sorted(latest.items())
        ),
    )
    if batch.pairs:
        mark_duplicates(connection, sorted({case_id for pair in batch.pairs for case_id in pair}))


def mark_duplicates(connection: Connection, case_ids: Sequence[str]) -> None:
    """Mark which of these cases may be another, with the likeliest of those others."""
    pairs, rows = tables.duplicate_pairs.c, desk_tables.queue
    given = keys_table(connection, case_id=case_ids)
    asked = [
        select(mine, other.label("other"), pairs.score)
        .join_from(given, tables.duplicate_pairs, mine == given.c.case_id)
        .where(pairs.state == OPEN)
        for mine, other in ((pairs.case_id, pairs.other_id), (pairs.other_id, pairs.case_id))
    ]
    likeliest: dict[str, tuple[float, str]] = {}
    for case_id, other, score in connection.execute(union_all(*asked)):
        likeliest[case_id] = max(likeliest.get(case_id, (0.0, "")), (score, other))
    marks = [
        {
            "of": case_id,
            "duplicate": case_id in likeliest,
            "duplicate_of": likeliest.get(case_id, (0.0, None))[1],
            "duplicate_score": likeliest[case_id][0] if case_id in likeliest else None,
        }
        for case_id in case_ids
    ]
    changed = update(rows).where(rows.c.case_id == bindparam("of"))
    connection.execute(changed, marks)


def write_rows(connection: Connection, rows: Iterable[QueueRow]) -> None:
    """Write rows; the one a case had is replaced."""
    values = [dict(zip(_NAMES, _values_of(row), strict=True)) for row in rows]
    if not values:
        return
    insert = _insert(connection, desk_tables.queue)
    changed = {name: insert.excluded[name] for name in _NAMES if name not in _KEPT}
    connection.execute(
        insert.on_conflict_do_update(index_elements=["case_id"], set_=changed), values
    )


def clear(connection: Connection) -> None:
    """Empty the queue, to make it anew."""
    connection.execute(delete(desk_tables.queue))


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
