"""Messages: the log with its chains, what is to be sent, what was refused, how far all is read."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from safety.store.columns import SERIAL, TOKEN, Instant, Json, Told
from safety.store.tables.base import ORIGIN, VOLATILE, metadata, origin, recorded_at

# Every accepted message, in the order it was stored. The numbers of transactions that
# run side by side may become visible out of order; those of one case never do.
message_log = Table(
    "message_log",
    metadata,
    Column("seq", SERIAL, Identity(), primary_key=True, info=VOLATILE),
    Column("source", Told, nullable=False),
    Column("message_id", Told, nullable=False),
    Column("type", Told, nullable=False),
    Column("subject", Told, nullable=False),
    Column("about", TOKEN, nullable=False),
    Column("media_type", TOKEN, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", TOKEN, nullable=False),
    *origin(),
    recorded_at(),
    Column("learned", Integer, nullable=False, server_default="0", info=VOLATILE),
    Column("link", BigInteger, nullable=False, server_default="0", info=VOLATILE),
    Column("seal", TOKEN, nullable=False, server_default="", info=VOLATILE),
    UniqueConstraint("source", "message_id"),
    CheckConstraint("about IN ('case', 'subject')", name="about"),
    Index(None, "subject", "seq"),
    info={"append_only": True},
)

# How long each chain of the log is, and its newest seal; see `safety.store.chains`.
log_chains = Table(
    "log_chains",
    metadata,
    Column("chain", TOKEN, nullable=False),
    Column("links", BigInteger, nullable=False),
    Column("seal", TOKEN, nullable=False),
    PrimaryKeyConstraint("chain"),
    info=VOLATILE,
)

# Messages to publish, and whether the broker has them.
outbox = Table(
    "outbox",
    metadata,
    Column("id", SERIAL, Identity(), primary_key=True, info=VOLATILE),
    Column("message_id", Told, nullable=False, unique=True),
    Column("topic", TOKEN, nullable=False),
    Column("key", Told, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    recorded_at(),
    Column("published_at", Instant, info={**VOLATILE, "later": True}),
)
Index(
    "ix_outbox_unpublished",
    outbox.c.id,
    postgresql_where=outbox.c.published_at.is_(None),
    sqlite_where=outbox.c.published_at.is_(None),
)

# Messages that broke their contract, as received. `attempts` counts how often it was redriven.
quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", TOKEN, nullable=False, info=ORIGIN),
    Column("reason", TOKEN, nullable=False),
    Column("path", Told, nullable=False),
    Column("advice", Told, nullable=False),
    *origin(),
    Column("key", Told, info=ORIGIN),
    Column("headers", Json, nullable=False, info=ORIGIN),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("earliest_due", Date),
    recorded_at(),
    Column("state", TOKEN, nullable=False, server_default="parked", info={"later": True}),
    Column("attempts", Integer, nullable=False, server_default="0", info={"later": True}),
    Column("note", Told, info={"later": True}),
    PrimaryKeyConstraint("quarantine_id"),
    CheckConstraint("state IN ('parked', 'redriven', 'discarded')", name="state"),
    Index(None, "state"),
)

# How far each partition is read, and what became of what was read.
stream_offsets = Table(
    "stream_offsets",
    metadata,
    Column("topic", Told, nullable=False),
    Column("partition", Integer, nullable=False, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("repeated", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    PrimaryKeyConstraint("topic", "partition"),
    info=ORIGIN,
)
