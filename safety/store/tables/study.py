"""Study records of subjects, and what they say together."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from safety.store.columns import TOKEN, Json, Told
from safety.store.tables.base import VOLATILE, metadata, recorded_at

# Study records; the newest `record_order` of a record id counts.
subject_records = Table(
    "subject_records",
    metadata,
    Column("source", Told, nullable=False),
    Column("message_id", Told, nullable=False),
    Column("study", Told, nullable=False),
    Column("subject", Told, nullable=False),
    Column("kind", TOKEN, nullable=False),
    Column("record_id", Told, nullable=False),
    Column("record_order", Told, nullable=False),
    Column("data", Json, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("source", "message_id"),
    Index(None, "study", "subject", "kind", "record_id"),
    info={"append_only": True},
)

# The head of each subject of a study. `records` guards it: a writer who folded fewer is refused.
subjects = Table(
    "subjects",
    metadata,
    Column("study", Told, nullable=False),
    Column("subject", Told, nullable=False),
    Column("records", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("chain", TOKEN, nullable=False, info=VOLATILE),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("study", "subject"),
)

# What the records of a subject say, from the record on that changed it; no case depends on it.
subject_assessments = Table(
    "subject_assessments",
    metadata,
    Column("study", Told, nullable=False),
    Column("subject", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("caused_by", Told, nullable=False),
    recorded_at(),
    Column("knowledge", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("previous_chain", TOKEN, nullable=False, info=VOLATILE),
    Column("chain", TOKEN, nullable=False, info=VOLATILE),
    Column("liver", TOKEN, nullable=False),
    Column("said", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("study", "subject", "version"),
    Index(None, "liver", "study"),
    info={"append_only": True},
)
