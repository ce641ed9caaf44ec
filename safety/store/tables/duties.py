"""Duties to report: what is due, what became of it, whom it was told."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
)

from safety.store.columns import TOKEN, Instant, Json, Told
from safety.store.tables.base import ORIGIN, metadata, recorded_at

# A duty to report, from the case version that created it. The id is made from the ground of
# the duty: one that was lifted and comes back, or gets another reason, has the same id and a
# row of a later version. The newest row of an id counts, and stands while `obligation_ends`
# has no later end of that id (see the view `standing_obligations`).
obligations = Table(
    "obligations",
    metadata,
    Column("obligation_id", TOKEN, nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_id", Told, nullable=False),
    Column("authority", TOKEN, nullable=False),
    Column("recipient", TOKEN, nullable=False),
    Column("duty", TOKEN, nullable=False),
    Column("rule_id", TOKEN, nullable=False),
    Column("rulebook", TOKEN, nullable=False),
    Column("provision", TOKEN, nullable=False),
    Column("evidence", TOKEN, nullable=False),
    Column("day_zero", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("decided", Boolean, nullable=False),
    Column("missing", Json, nullable=False),
    Column("trigger", Told, nullable=False),
    Column("reactions", Json, nullable=False),
    Column("reason", Told, nullable=False),
    Column("arithmetic", Told, nullable=False),
    Column("also", Json, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("obligation_id", "version"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "case_id"),
    Index(None, "due", "authority"),
    info={"append_only": True},
)

# That a duty no longer stands, from the case version that replaced or lifted it.
obligation_ends = Table(
    "obligation_ends",
    metadata,
    Column("obligation_id", TOKEN, nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_id", Told, nullable=False),
    Column("reason", Told, nullable=False),
    Column("replaced_by", TOKEN),
    recorded_at(),
    PrimaryKeyConstraint("obligation_id", "version"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "case_id"),
    info={"append_only": True},
)

# How far the report for a duty has come: one row a step, from the case version that took it.
# `ground` is what the duty rests on whatever its date; the newest version of a ground counts.
submissions = Table(
    "submissions",
    metadata,
    Column("ground", TOKEN, nullable=False),
    Column("version", Integer, nullable=False),
    Column("case_id", Told, nullable=False),
    Column("obligation_id", TOKEN, nullable=False),
    Column("authority", Told, nullable=False),
    Column("recipient", Told, nullable=False),
    Column("duty", Told, nullable=False),
    Column("rule_id", Told, nullable=False),
    Column("trigger", Told, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", TOKEN, nullable=False),
    Column("at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("by", Told, nullable=False),
    Column("reason", Told, nullable=False),
    Column("reference", Told),
    Column("submitted_on", Date),
    recorded_at(),
    PrimaryKeyConstraint("ground", "version"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "case_id"),
    Index(None, "obligation_id"),
    info={"append_only": True},
)

# Which message about a case went into which batch, from the case version that recorded it.
transmissions = Table(
    "transmissions",
    metadata,
    Column("batch", Told, nullable=False),
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", Told, nullable=False),
    Column("worldwide", Told, nullable=False),
    Column("profile", Told, nullable=False),
    Column("receiver", Told, nullable=False),
    Column("told_version", Integer, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Told, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("duties", Json, nullable=False),
    Column("documents", Json, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("batch", "case_id", "version"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "case_id"),
    info={"append_only": True},
)

# What receivers answered; the newest version of a batch and case counts.
acknowledgements = Table(
    "acknowledgements",
    metadata,
    Column("batch", Told, nullable=False),
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("code", TOKEN, nullable=False),
    Column("at", Instant, nullable=False),
    Column("sender", Told, nullable=False),
    Column("reference", Told),
    Column("errors", Json, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("batch", "case_id", "version"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "case_id"),
    info={"append_only": True},
)

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", TOKEN, nullable=False),
    Column("kind", TOKEN, nullable=False),
    Column("case_id", Told),
    Column("obligation_id", TOKEN),
    Column("authority", TOKEN),
    Column("due", Date),
    Column("text", Told, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("alert_id"),
    Index(None, "case_id"),
    info={"append_only": True},
)

# That an alert was sent by a way other than Kafka; written after it was.
alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("alert_id", TOKEN, nullable=False),
    Column("channel", TOKEN, nullable=False),
    recorded_at(),
    PrimaryKeyConstraint("alert_id", "channel"),
    ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"]),
    info={"append_only": True, **ORIGIN},
)
