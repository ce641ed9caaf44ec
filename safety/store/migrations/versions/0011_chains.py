"""
The message log and the audit trail as chains: what is there already is sealed as it stands.

Triggers that refuse changes are away while it is sealed, in the transaction of the migration.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from safety.store.chains import NO_ENTRY, OF_ACT, OF_MESSAGE, ChainHead, log_chain, seal_entry
from safety.store.columns import Instant, Json, Told

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
AT_A_TIME = 1_000  # entries in memory
TYPES = {"recorded_at": Instant(), "at": Instant(), "details": Json()}

SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""


def upgrade() -> None:
    """Add the columns and the heads, and seal what is there."""
    for heads in ("log_chains", "trail_chains"):
        op.create_table(
            heads,
            sa.Column("chain", TEXT, nullable=False),
            sa.Column("links", sa.BigInteger(), nullable=False),
            sa.Column("seal", TEXT, nullable=False),
            sa.PrimaryKeyConstraint("chain", name=f"pk_{heads}"),
        )
    for table in ("message_log", "audit_trail"):
        link = sa.Column("link", sa.BigInteger(), nullable=False, server_default="0")
        op.add_column(table, link)
        op.add_column(table, sa.Column("seal", TEXT, nullable=False, server_default=""))
    seal_all("message_log", OF_MESSAGE, "log_chains")
    seal_all("audit_trail", OF_ACT, "trail_chains")


def seal_all(table: str, said: Sequence[str], heads: str) -> None:
    """Seal every entry of a table in the order it was stored."""
    entries = sa.table(
        table,
        *(sa.column(name, TYPES.get(name, Told())) for name in said if name not in NUMBERS),
        *(sa.column(name, sa.BigInteger()) for name in said if name in NUMBERS),
        sa.column("seq", sa.BigInteger()),
        sa.column("link", sa.BigInteger()),
        sa.column("seal", sa.Text()),
    )
    change = (
        sa.update(entries)
        .where(entries.c.seq == sa.bindparam("at_seq"))
        .values(link=sa.bindparam("its_link"), seal=sa.bindparam("its_seal"))
    )
    grown: dict[str, ChainHead] = {}
    guard(table, on=False)
    for rows in chunks(entries, said):
        changes = []
        for row in rows:
            name = chain_of(table, row)
            links, previous = grown.get(name, NO_ENTRY)
            link = links + 1
            seal = seal_entry(previous, link, (row[column] for column in said))
            grown[name] = ChainHead(link, seal)
            changes.append({"at_seq": row["seq"], "its_link": link, "its_seal": seal})
        op.get_bind().execute(change, changes)
    guard(table, on=True)
    held = sa.table(heads, sa.column("chain"), sa.column("links"), sa.column("seal"))
    told = [{"chain": n, "links": h.links, "seal": h.seal} for n, h in sorted(grown.items())]
    op.bulk_insert(held, told)


NUMBERS = frozenset({"partition", "offset", "part", "learned", "version"})


def chain_of(table: str, row: Mapping[str, Any]) -> str:
    """Name the chain that an entry belongs to."""
    return table if table == "audit_trail" else log_chain(row["topic"], row["partition"])


def chunks(entries: sa.TableClause, said: Sequence[str]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Give the entries in the order they were stored, some at a time."""
    last = 0
    columns = [entries.c.seq, *(entries.c[name] for name in said)]
    while True:
        asked = sa.select(*columns).where(entries.c.seq > last).order_by(entries.c.seq)
        rows = op.get_bind().execute(asked.limit(AT_A_TIME)).mappings().all()
        if not rows:
            return
        yield rows
        last = rows[-1]["seq"]


def guard(table: str, *, on: bool) -> None:
    """Put the triggers that refuse changes in their place, or take them away."""
    if op.get_bind().dialect.name == "postgresql":
        state = "ENABLE" if on else "DISABLE"
        op.execute(f"ALTER TABLE {table} {state} TRIGGER {table}_append_only")
        return
    for action in ("UPDATE", "DELETE"):
        if on:
            op.execute(SQLITE_TRIGGER.format(table=table, action=action))
        else:
            op.execute(f"DROP TRIGGER {table}_no_{action}")
