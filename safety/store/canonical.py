"""
Do two stores hold the same? Every table as lines of text that can be compared.

A line is a row without what differs from run to run (see the `info` of the columns
in `safety.store.tables`). Rows are sorted by what they say, not by when they came:
two runs over the same stream give the same lines, whatever the size of the batches,
the restarts between them, and the kind of database.

Alerts of possible duplicates are left out: they say how a pair looked when it was first seen, and
whether it was seen at all before it stood no more. Cases come through partitions of their own, in
an order that no two consumers share. The pairs themselves are compared.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import orjson
from sqlalchemy import Table

from safety.store import tables
from schemas.topics import ALERTS, DEAD_LETTERS

# Kinds of alerts: that a message was put in quarantine, and that two cases may be one.
_OF_THE_WAY = "quarantined"
_OF_THE_ORDER = "possible_duplicate"

# Where the primary key differs from run to run: what the rows are sorted by instead.
_ORDER: Mapping[str, Sequence[str]] = {
    "message_log": ("source", "message_id"),
    "outbox": ("message_id",),
    "quarantine": ("digest", "reason", "path", "topic", "partition", "offset", "part"),
    "duplicate_keys": ("key", "case_id"),
}
# Where the chains stand depends on when messages were stored.
COMPARED = tuple(t for t in tables.metadata.sorted_tables if not t.info.get("volatile"))


class Dumped(Protocol):
    """A store whose rows can be listed."""

    def dump(
        self, orders: Mapping[Table, Sequence[str]]
    ) -> Iterator[tuple[Table, Mapping[str, Any]]]:
        """Give all rows of these tables, each table in its order, as they stand at one instant."""


def canonical_rows(store: Dumped, *, origins: bool = True) -> Iterator[tuple[str, str]]:
    """
    Give the name of the table and one line for every row.

    Args:
        store: The store to list.

        origins: Whether it matters which way a message came: topic, partition, offset, and
            what is made from them (the alert and the dead letter of a quarantined message).
            False to compare a run on Kafka with one on files.
    """
    compared = {table: _order(table) for table in COMPARED}
    if not origins:
        compared = {table: o for table, o in compared.items() if not table.info.get("origin")}
    columns = {table: _columns(table, origins=origins) for table in compared}
    for table, row in store.dump(compared):
        kind = _kind_of_alert(table, row)
        if kind != _OF_THE_ORDER and (origins or not _made_from_origin(table, row, kind)):
            line = {name: _told(row[name]) for name in columns[table]}
            yield table.name, orjson.dumps(line, option=orjson.OPT_SORT_KEYS).decode()


def canonical_digests(store: Dumped, *, origins: bool = True) -> dict[str, tuple[int, str]]:
    """Give the number of rows and the sha256 over the lines of each table."""
    counts = dict.fromkeys((table.name for table in COMPARED), 0)
    digests = {name: hashlib.sha256() for name in counts}
    for name, line in canonical_rows(store, origins=origins):
        counts[name] += 1
        digests[name].update(line.encode() + b"\n")
    return {name: (counts[name], digests[name].hexdigest()) for name in counts}


def _order(table: Table) -> Sequence[str]:
    return _ORDER.get(table.name) or tuple(column.name for column in table.primary_key)


def _columns(table: Table, *, origins: bool) -> tuple[str, ...]:
    return tuple(
        str(column.name)  # the name as SQLAlchemy holds it is no plain str
        for column in table.columns
        if not column.info.get("volatile") and (origins or not column.info.get("origin"))
    )


def _kind_of_alert(table: Table, row: Mapping[str, Any]) -> str | None:
    """Give the kind of an alert, kept or to be sent; None for a row of anything else."""
    if table is tables.alerts:
        return str(row["kind"])
    if table is tables.outbox and row["topic"] == ALERTS.name:
        return str(orjson.loads(row["payload"])["data"]["kind"])
    return None


def _made_from_origin(table: Table, row: Mapping[str, Any], kind: str | None) -> bool:
    """Tell whether the row rests on the place of a message."""
    dead = table is tables.outbox and row["topic"] == DEAD_LETTERS.name
    return dead or kind == _OF_THE_WAY


def _told(value: object) -> object:
    """Bytes are compared by their digest: a difference must not print a message."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value
