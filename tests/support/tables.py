"""What a store holds, for comparison with another."""

from typing import Any

from sqlalchemy import Table

from safety.alerts import alert_id
from safety.duplicate_alerts import KIND
from safety.duplicates.compare import OPEN
from safety.store import tables
from safety.store.canonical import Dumped, canonical_digests, canonical_rows

SHOWN = 5  # rows of each side, when two stores differ


def assert_same_tables(one: Dumped, other: Dumped, *, origins: bool = True) -> None:
    """
    Compare all tables row for row; a difference is told by the first rows that differ.

    Alerts of possible duplicates tell of the order in which cases came, so they are not compared:
    each store must hold one for each pair that is open.
    """
    for store in (one, other):
        assert_pairs_alerted(store)
    if canonical_digests(one, origins=origins) == canonical_digests(other, origins=origins):
        return
    first = list(canonical_rows(one, origins=origins))
    second = list(canonical_rows(other, origins=origins))
    only_first = sorted(set(first) - set(second))
    only_second = sorted(set(second) - set(first))
    assert only_first[:SHOWN] == only_second[:SHOWN], (
        f"{len(only_first)} of {len(first)} and {len(only_second)} of {len(second)} rows differ:"
        f" {only_first[:SHOWN]} and {only_second[:SHOWN]}"
    )
    assert len(first) == len(second), "the rows are the same, but not their number"


def assert_pairs_alerted(store: Dumped) -> None:
    """Each pair of cases that waits for a person has its alert, kept and sent."""
    pairs = (row for row in rows_of(store, tables.duplicate_pairs) if row["state"] == OPEN)
    due = {alert_id(KIND, f"{pair['case_id']}\n{pair['other_id']}") for pair in pairs}
    assert due <= {row["alert_id"] for row in rows_of(store, tables.alerts)}
    assert due <= {row["message_id"].split("/")[-1] for row in rows_of(store, tables.outbox)}


# Where the primary key is a number that the database gives: what the rows are sorted by instead.
_ORDER = {"message_log": ["source", "message_id"], "outbox": ["message_id"]}


def rows_of(store: Dumped, table: Table) -> list[dict[str, Any]]:
    """Give all rows of a table by its natural key."""
    order = _ORDER.get(table.name) or [column.name for column in table.primary_key]
    return [dict(row) for _, row in store.dump({table: order})]


def case_ids_of(store: Dumped) -> list[str]:
    """Give the cases that a store holds."""
    return [row["case_id"] for row in rows_of(store, tables.cases)]
