"""What is derived to find cases that may be one."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from safety.store.columns import TOKEN, Instant, Json, Told
from safety.store.tables.base import VOLATILE, metadata

# What of each case is compared with others, as it stands now, and where it stands in its blocks.
case_fingerprints = Table(
    "case_fingerprints",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("told", Json, nullable=False),
    Column("places", Json, nullable=False, info=VOLATILE),
    PrimaryKeyConstraint("case_id"),
    info={"disposable": True},
)

# The cases of each block. Who joins a block takes the next place in it; of two writers that join
# it at the same time neither would see the other, so the place lets only one in.
duplicate_keys = Table(
    "duplicate_keys",
    metadata,
    Column("key", TOKEN, nullable=False),
    Column("place", Integer, nullable=False, autoincrement=False, info=VOLATILE),
    Column("case_id", Told, nullable=False),
    PrimaryKeyConstraint("key", "place"),
    info={"disposable": True},
)

# Pairs of cases that may be one, as they stand now; `case_id` sorts before `other_id`.
duplicate_pairs = Table(
    "duplicate_pairs",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("other_id", Told, nullable=False),
    Column("score", Double, nullable=False),
    Column("state", TOKEN, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("raised_at", Instant, nullable=False, info=VOLATILE),
    PrimaryKeyConstraint("case_id", "other_id"),
    CheckConstraint("state IN ('open', 'dismissed', 'merged')", name="state"),
    Index(None, "other_id"),
    Index(None, "state", "score"),
    info={"disposable": True},
)
