"""
Is every entry of the message log and of the audit trail there, unchanged and in its place?

Read once, in the order of storing, in one snapshot: a chain whose numbers run from 1 to those of
its head, each entry sealed with the one before it, has lost nothing and nothing in it was moved.
What was cut off behind shows against the head; heads that were set back with it show against
seals that were kept elsewhere (`safety.store.kept`).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from safety.store import desk_tables, tables
from safety.store.chains import (
    LOG_HEADS,
    NO_ENTRY,
    OF_ACT,
    OF_MESSAGE,
    TRAIL,
    TRAIL_HEADS,
    ChainHead,
    heads_of,
    log_chain,
    seal_entry,
)
from safety.store.kept import NOTHING_KEPT, Kept, Seals
from safety.store.sql import STREAM, SqlStore


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One row that is not what it should be; `what` names the column or the fault, no value."""

    table: str
    key: str
    what: str


Row = RowMapping | Mapping[str, Any]


def verify_log(store: SqlStore, kept: Kept = NOTHING_KEPT) -> Iterator[Discrepancy]:
    """Check the digest of every message, and the chains of the log."""
    with store.reading(snapshot=True) as connection:
        log = _Chains("message_log", OF_MESSAGE, kept.log)
        for row in _rows(connection, tables.message_log, (*OF_MESSAGE, "payload")):
            key = f"{row['source']} {row['message_id']}"
            if hashlib.sha256(row["payload"]).hexdigest() != row["digest"]:
                yield Discrepancy("message_log", key, "payload and digest differ")
            yield from log.follow(row, log_chain(row["topic"], row["partition"]), key)
        yield from log.compare(heads_of(connection, LOG_HEADS), LOG_HEADS)


def verify_trail(store: SqlStore, kept: Kept = NOTHING_KEPT) -> Iterator[Discrepancy]:
    """Check the chain of the audit trail."""
    with store.reading(snapshot=True) as connection:
        trail = _Chains("audit_trail", OF_ACT, kept.trail)
        for row in _rows(connection, desk_tables.audit_trail, OF_ACT):
            yield from trail.follow(row, TRAIL, f"entry {row['seq']}")
        yield from trail.compare(heads_of(connection, TRAIL_HEADS), TRAIL_HEADS)


def _rows(connection: Connection, table: Table, names: Sequence[str]) -> Iterator[RowMapping]:
    columns = [table.c[name] for name in ("seq", "link", "seal", *names)]
    asked = select(*columns).order_by(table.c.seq)
    with connection.execute(asked, execution_options=STREAM) as found:
        yield from found.mappings()


class _Chains:
    """
    Follows the chains of one table.

    Args:
        table: Its name.

        said: The columns that a seal covers.

        kept: Seals that were kept elsewhere.
    """

    def __init__(self, table: str, said: Sequence[str], kept: Seals) -> None:
        self._table = table
        self._said = said
        self._kept = kept
        self._ends: dict[str, ChainHead] = {}

    def follow(self, row: Row, chain: str, key: str) -> Iterator[Discrepancy]:
        """
        Take the next entry.

        1. Its number is not the next: entries before it are gone, or it was moved.
        2. Its seal is not over what it says and the seal before it: one of the two was changed.
        3. Its seal is not the one that was kept of this number.
        """
        end = self._ends.get(chain, NO_ENTRY)
        link, here = row["link"], f"{key}, link {row['link']} of {chain}"
        if link != end.links + 1:
            what = f"link {end.links + 1} should stand here: entries are gone or were moved"
            yield Discrepancy(self._table, here, what)
        elif seal_entry(end.seal, link, (row[name] for name in self._said)) != row["seal"]:
            yield Discrepancy(self._table, here, "seal is not made of what it says")
        kept = self._kept.get(chain, NO_ENTRY)
        if link == kept.links and row["seal"] != kept.seal:
            yield Discrepancy(self._table, here, "seal is not the one that was kept")
        if link > end.links:
            self._ends[chain] = ChainHead(link, row["seal"])

    def compare(self, heads: Mapping[str, ChainHead], held: Table) -> Iterator[Discrepancy]:
        """Compare where the chains end with their heads, and with what was kept."""
        for chain in sorted(self._ends.keys() | heads.keys() | self._kept.keys()):
            end = self._ends.get(chain, NO_ENTRY)
            head = heads.get(chain, NO_ENTRY)
            if end != head:
                what = f"it ends at link {end.links}, its head says {head.links}"
                if end.links == head.links:
                    what = "seal is not that of its newest entry"
                yield Discrepancy(held.name, chain, what)
            if end.links < (least := self._kept.get(chain, NO_ENTRY).links):
                what = f"it ends at link {end.links}; a seal of link {least} was kept"
                yield Discrepancy(held.name, chain, what)
