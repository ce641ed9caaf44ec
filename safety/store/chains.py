"""
How does a change, a gap or another order show in what is only ever added to?

Every entry of the message log and of the audit trail has its place in a chain: a number without
gaps, and a seal over all that it says and over the seal before it. The log has one chain for each
partition that it is read from (files and the desk are one more), so that two consumers never wait
for each other; the audit trail is one chain. How long a chain is and its newest seal stand in its
head, which is locked from when an entry is sealed until it is stored.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from safety.store import desk_tables, tables

Row = tuple[Any, ...]

# What is sealed of an entry: all of it but the payload, for which its digest stands, and the number
# that the database gives. Written out: a column that comes later must not break older seals.
OF_MESSAGE = (
    "source",
    "message_id",
    "type",
    "subject",
    "about",
    "media_type",
    "digest",
    "topic",
    "partition",
    "offset",
    "part",
    "recorded_at",
    "learned",
)
OF_ACT = ("at", "user", "act", "case_id", "version", "details")
TRAIL = "audit_trail"  # the name of its one chain


class ChainHead(NamedTuple):
    """How many entries a chain has, and the seal of the newest."""

    links: int
    seal: str


NO_ENTRY = ChainHead(0, "")


def seal_entry(previous: str, link: int, said: Iterable[object]) -> str:
    """Seal what an entry says, its place, and the seal before it."""
    told = (previous, link, *(_plain(value) for value in said))
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _plain(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def log_chain(topic: str, partition: int) -> str:
    """Name the chain of the messages that came this way."""
    return f"{topic}/{partition}"


def seal_messages(
    rows: Sequence[Row], names: Sequence[str], heads: Mapping[str, ChainHead]
) -> tuple[list[Row], dict[str, ChainHead]]:
    """
    Give each row of the log its place and its seal.

    Args:
        rows: New rows in their order, without the two.

        names: Their columns.

        heads: Where the chains stand; absent where one begins.

    Returns:
        The rows with the two behind, and where the chains that grew stand then.
    """
    pick = itemgetter(*(names.index(name) for name in OF_MESSAGE))
    where = itemgetter(names.index("topic"), names.index("partition"))
    grown: dict[str, ChainHead] = {}
    sealed = []
    for row in rows:
        name = log_chain(*where(row))
        links, previous = grown.get(name) or heads.get(name, NO_ENTRY)
        grown[name] = head = ChainHead(links + 1, seal_entry(previous, links + 1, pick(row)))
        sealed.append((*row, *head))
    return sealed, grown


def chains_of(rows: Iterable[Row], names: Sequence[str]) -> list[str]:
    """Name the chains that these rows of the log belong to, in the order that locks are taken."""
    where = itemgetter(names.index("topic"), names.index("partition"))
    return sorted({log_chain(*where(row)) for row in rows})


def lock_heads(connection: Connection, table: Table, chains: Sequence[str]) -> dict[str, ChainHead]:
    """Give the heads of some chains, which nobody else can move until this transaction ends."""
    heads = _locked(connection, table, chains)
    if missing := [name for name in chains if name not in heads]:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        begin = insert(table).on_conflict_do_nothing()
        connection.execute(begin, [{"chain": n, "links": 0, "seal": ""} for n in missing])
        heads = _locked(connection, table, chains)
    return heads


def _locked(connection: Connection, table: Table, chains: Sequence[str]) -> dict[str, ChainHead]:
    held = table.c
    asked = (
        select(held.chain, held.links, held.seal)
        .where(held.chain.in_(chains))
        .order_by(held.chain)
        .with_for_update()
    )
    return {row.chain: ChainHead(row.links, row.seal) for row in connection.execute(asked)}


def move_heads(connection: Connection, table: Table, grown: Mapping[str, ChainHead]) -> None:
    """Set where these chains stand now."""
    move = update(table).where(table.c.chain == bindparam("name"))
    values: dict[str, Any] = {"links": bindparam("now_links"), "seal": bindparam("now_seal")}
    told = [{"name": n, "now_links": h.links, "now_seal": h.seal} for n, h in grown.items()]
    connection.execute(move.values(values), told)


def heads_of(connection: Connection, table: Table) -> dict[str, ChainHead]:
    """Give where all chains stand."""
    return {row.chain: ChainHead(row.links, row.seal) for row in connection.execute(select(table))}


LOG_HEADS = tables.log_chains
TRAIL_HEADS = desk_tables.trail_chains
