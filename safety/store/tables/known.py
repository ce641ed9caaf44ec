"""What decisions were made with: digests of the knowledge, and what people taught."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from safety.store.columns import TOKEN, Instant, Told
from safety.store.tables.base import metadata, recorded_at

# Which knowledge a digest stands for: one row a part.
knowledge = Table(
    "knowledge",
    metadata,
    Column("digest", TOKEN, nullable=False),
    Column("part", TOKEN, nullable=False),
    Column("part_digest", TOKEN, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("digest", "part"),
    info={"append_only": True},
)

# What people taught the dictionary, in the order it took effect. The numbers have no gap: who comes
# at the same moment takes the same number, and only one gets it.
learned_names = Table(
    "learned_names",
    metadata,
    Column("number", Integer, nullable=False, autoincrement=False),
    Column("action", TOKEN, nullable=False),
    Column("text", Told, nullable=False),
    Column("term", Told, nullable=False),
    Column("dictionary", Told, nullable=False),
    Column("by", Told, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Told, nullable=False),
    Column("case_id", Told),
    PrimaryKeyConstraint("number"),
    CheckConstraint("action IN ('learn', 'withdraw')", name="action"),
    info={"append_only": True},
)
