"""
What the desk keeps beside the log: the queue, people, sessions, views, the audit trail.

None of it decides anything about a case. The queue is derived from the case versions and can
be made anew at any time; the other tables are about the people at the desk. They have a
`MetaData` of their own, because two stores that took the same messages are the same whoever
looked at them.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from safety.store import tables
from safety.store.columns import SERIAL, TOKEN, Instant, Json, Told

metadata = MetaData(naming_convention=tables.metadata.naming_convention)

# One row a case, as a person looks through them: its latest version, flat, with indexes for
# every tab of the desk. Written in the transaction that stores the version.
# `due` is 9999-12-31 where nothing is left to send, so that one index gives the order.
queue = Table(
    "queue",
    metadata,
    Column("id", SERIAL, Identity(), primary_key=True),
    Column("case_id", Told, nullable=False),
    Column("ref", TOKEN, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("status", TOKEN, nullable=False),
    Column("stage", TOKEN, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("owner", Told, nullable=False),
    Column("due", Date, nullable=False),
    Column("authority", TOKEN),
    Column("recipient", TOKEN),
    Column("duty", TOKEN),
    Column("rule_id", TOKEN),
    Column("days", Integer),
    Column("decided", Boolean),
    Column("open_duties", Integer, nullable=False),
    Column("sent", TOKEN),
    Column("gravity", Integer, nullable=False),
    Column("criterion", TOKEN),
    Column("serious", Boolean),
    Column("unexpected", Boolean),
    Column("related", Boolean),
    Column("reaction", Told),
    Column("reactions", Integer, nullable=False),
    Column("term", Told),
    Column("verbatim", Told),
    Column("grade", Integer),
    Column("dose", Told),
    Column("subject", Told),
    Column("country", Told),
    Column("study", Told),
    Column("context", TOKEN, nullable=False),
    Column("sender", Told),
    Column("duplicate_of", Told),
    Column("duplicate_score", Double),
    Column("seven", Boolean, nullable=False),
    Column("fifteen", Boolean, nullable=False),
    Column("missing", Boolean, nullable=False),
    Column("duplicate", Boolean, nullable=False),
    Column("uncoded", Boolean, nullable=False),
    Column("rejected", Boolean, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("words", TOKEN, nullable=False),
    UniqueConstraint("case_id"),
    UniqueConstraint("ref"),
    info={"disposable": True},
)
ORDER = ("due", "gravity", "id")
FILTERED = ("authority", "country", "stage")  # filters that may leave few of many cases
MARKS = ("seven", "fifteen", "missing", "duplicate", "uncoded", "rejected")
Index("ix_queue_open", queue.c.closed, *(queue.c[name] for name in ORDER))
Index("ix_queue_owner", queue.c.closed, queue.c.owner, *(queue.c[name] for name in ORDER))
Index("ix_queue_changed_at", queue.c.changed_at)
for _name in FILTERED:
    Index(
        f"ix_queue_{_name}",
        queue.c[_name],
        *(queue.c[name] for name in ORDER),
        postgresql_where=~queue.c.closed,
        sqlite_where=~queue.c.closed,
    )
for _mark in MARKS:
    Index(
        f"ix_queue_{_mark}",
        *(queue.c[name] for name in ORDER),
        postgresql_where=queue.c[_mark],
        sqlite_where=queue.c[_mark],
    )

users = Table(
    "users",
    metadata,
    Column("name", Told, nullable=False),
    Column("full_name", Told, nullable=False),
    Column("role", TOKEN, nullable=False),
    Column("password_hash", TOKEN),
    Column("zone", TOKEN, nullable=False),
    Column("language", TOKEN, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("failed_at", Instant),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("name"),
    CheckConstraint(
        "role IN ('viewer', 'processor', 'reviewer', 'approver', 'administrator')", name="role"
    ),
)

# A session is known by the digest of its token: who reads this table can sign in as nobody.
sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", TOKEN, nullable=False),
    Column("user", Told, nullable=False),
    Column("csrf", TOKEN, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    PrimaryKeyConstraint("token_digest"),
    ForeignKeyConstraint(["user"], ["users.name"], ondelete="CASCADE"),
    Index(None, "user"),
    info={"disposable": True},
)

# A way of looking at the queue: filters, and the words searched for, which may tell of a
# patient and therefore stand here and not in an address. Those with a title were saved.
queue_views = Table(
    "queue_views",
    metadata,
    Column("view_id", TOKEN, nullable=False),
    Column("user", Told, nullable=False),
    Column("title", Told),
    Column("filters", Json, nullable=False),
    Column("words", Told, nullable=False),
    Column("made_at", Instant, nullable=False),
    PrimaryKeyConstraint("view_id"),
    ForeignKeyConstraint(["user"], ["users.name"], ondelete="CASCADE"),
    Index(None, "user"),
    info={"disposable": True},
)

# Who looked at what, took what out, signed in, was refused. Decisions are in the log.
audit_trail = Table(
    "audit_trail",
    metadata,
    Column("seq", SERIAL, Identity(), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("user", Told, nullable=False),
    Column("act", TOKEN, nullable=False),
    Column("case_id", Told),
    Column("version", BigInteger),
    Column("details", Json, nullable=False),
    Column("link", BigInteger, nullable=False, server_default="0"),
    Column("seal", TOKEN, nullable=False, server_default=""),
    Index(None, "case_id", "seq"),
    Index(None, "user", "seq"),
    info={"append_only": True},
)

# How long the trail is, and its newest seal; see `safety.store.chains`.
trail_chains = Table(
    "trail_chains",
    metadata,
    Column("chain", TOKEN, nullable=False),
    Column("links", BigInteger, nullable=False),
    Column("seal", TOKEN, nullable=False),
    PrimaryKeyConstraint("chain"),
)
