"""
What is kept, table by table: the same on SQLite and PostgreSQL.

Nothing here is ever overwritten but the head of a case or of a chain, what is derived to find
duplicates, the state of a quarantined message, the mark that an outgoing message was sent,
and how far a partition is read.
Triggers of the database refuse to change or delete a row of any other table.

A column's `info` says what comparing two stores must know: `volatile` differs from
run to run (numbers the database gives, instants at which we stored, and the chain
that seals them); `origin` depends on the way a message came. A table may be `volatile` as a whole.
"""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    Double,
    ForeignKeyConstraint,
    FromClause,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    func,
    literal_column,
    select,
)
from sqlalchemy.schema import CreateView

from safety.store.columns import SERIAL, TOKEN, Instant, Json, Told

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_VOLATILE = {"volatile": True}
_ORIGIN = {"origin": True}


def _recorded_at() -> Column[object]:
    return Column("recorded_at", Instant, nullable=False, info=_VOLATILE)


def _origin() -> Sequence[Column[object]]:
    """Topic, partition (-1 for files), offset in it, place inside the record."""
    return (
        Column("topic", Told, nullable=False, info=_ORIGIN),
        Column("partition", Integer, nullable=False, info=_ORIGIN),
        Column("offset", BigInteger, nullable=False, info=_ORIGIN),
        Column("part", Integer, nullable=False, info=_ORIGIN),
    )


# Every accepted message, in the order it was stored. The numbers of transactions that
# run side by side may become visible out of order; those of one case never do.
message_log = Table(
    "message_log",
    metadata,
    Column("seq", SERIAL, Identity(), primary_key=True, info=_VOLATILE),
    Column("source", Told, nullable=False),
    Column("message_id", Told, nullable=False),
    Column("type", Told, nullable=False),
    Column("subject", Told, nullable=False),
    Column("about", TOKEN, nullable=False),
    Column("media_type", TOKEN, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", TOKEN, nullable=False),
    *_origin(),
    _recorded_at(),
    Column("learned", Integer, nullable=False, server_default="0", info=_VOLATILE),
    Column("link", BigInteger, nullable=False, server_default="0", info=_VOLATILE),
    Column("seal", TOKEN, nullable=False, server_default="", info=_VOLATILE),
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
    info=_VOLATILE,
)

# The head of each case. `messages` guards it: a writer who folded fewer is refused.
cases = Table(
    "cases",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("status", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("chain", TOKEN, nullable=False, info=_VOLATILE),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id"),
)

case_versions = Table(
    "case_versions",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", TOKEN, nullable=False),
    Column("caused_by", Told, nullable=False),
    Column("received", Date),  # the first day on which anybody of the company knew of the case
    _recorded_at(),
    Column("knowledge", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("previous_chain", TOKEN, nullable=False, info=_VOLATILE),
    Column("chain", TOKEN, nullable=False, info=_VOLATILE),
    Column("state", Json, nullable=False),
    Column("changes", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("trace", Json, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("case_id", "version"),
    info={"append_only": True},
)

# One row a reaction of a case version, as the pipeline flattens it.
case_events = Table(
    "case_events",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("reaction", Told, nullable=False),
    Column("study", Told),
    Column("subject", Told),
    Column("context", TOKEN, nullable=False),
    Column("verbatim", Told),
    Column("term", Told),
    Column("code", Told),
    Column("soc", Told),
    Column("coding_method", TOKEN, nullable=False),
    Column("coding_score", Double),
    Column("dictionary", Told),
    Column("grade", Integer),
    Column("ctcae", Told),
    Column("grade_reported", Integer),
    Column("grade_computed", Integer),
    Column("grade_confirmed", Integer),
    Column("grade_proposed", Integer),
    Column("serious", Boolean),
    Column("criteria", TOKEN, nullable=False),
    Column("fatal", Boolean),
    Column("life_threatening", Boolean),
    Column("related", Boolean),
    Column("related_reporter", Boolean),
    Column("related_sponsor", Boolean),
    Column("expected_eu", Boolean),
    Column("expected_us", Boolean),
    Column("expected_cn", Boolean),
    Column("expected_ch", Boolean),
    Column("onset", Told),
    Column("ended", Told),
    Column("outcome", Told),
    Column("country", Told),
    PrimaryKeyConstraint("case_id", "version", "reaction"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "term", "case_id", "version"),
    Index(None, "study", "subject"),
    info={"append_only": True},
)

# One row a drug and reaction of a case version.
drug_event_pairs = Table(
    "drug_event_pairs",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("version", Integer, nullable=False),
    Column("drug", Told, nullable=False),
    Column("reaction", Told, nullable=False),
    Column("drug_name", Told),
    Column("role", Told),
    Column("ours", Boolean, nullable=False),
    Column("action_taken", Told),
    Column("rechallenge", Told),
    Column("onset_days_least", Integer),  # from the first dose
    Column("onset_days_most", Integer),
    Column("last_dose_days_least", Integer),  # from the last dose before it; 0 while it was taken
    Column("last_dose_days_most", Integer),
    Column("dose_at_onset_mg", Told),  # a day; "400-800" where the dates leave both
    Column("dechallenge", Told),
    Column("rechallenge_derived", Told),
    Column("causality_proposed", Told),
    Column("term", Told),
    PrimaryKeyConstraint("case_id", "version", "drug", "reaction"),
    ForeignKeyConstraint(
        ["case_id", "version"], ["case_versions.case_id", "case_versions.version"]
    ),
    Index(None, "drug_name", "term"),
    info={"append_only": True},
)

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
    _recorded_at(),
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
    _recorded_at(),
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
    _recorded_at(),
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
    _recorded_at(),
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
    _recorded_at(),
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
    _recorded_at(),
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
    _recorded_at(),
    PrimaryKeyConstraint("alert_id", "channel"),
    ForeignKeyConstraint(["alert_id"], ["alerts.alert_id"]),
    info={"append_only": True, **_ORIGIN},
)

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
    _recorded_at(),
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
    Column("chain", TOKEN, nullable=False, info=_VOLATILE),
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
    _recorded_at(),
    Column("knowledge", TOKEN, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("previous_chain", TOKEN, nullable=False, info=_VOLATILE),
    Column("chain", TOKEN, nullable=False, info=_VOLATILE),
    Column("liver", TOKEN, nullable=False),
    Column("said", Json, nullable=False),
    Column("findings", Json, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    PrimaryKeyConstraint("study", "subject", "version"),
    Index(None, "liver", "study"),
    info={"append_only": True},
)

# Messages to publish, and whether the broker has them.
outbox = Table(
    "outbox",
    metadata,
    Column("id", SERIAL, Identity(), primary_key=True, info=_VOLATILE),
    Column("message_id", Told, nullable=False, unique=True),
    Column("topic", TOKEN, nullable=False),
    Column("key", Told, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    _recorded_at(),
    Column("published_at", Instant, info={**_VOLATILE, "later": True}),
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
    Column("quarantine_id", TOKEN, nullable=False, info=_ORIGIN),
    Column("reason", TOKEN, nullable=False),
    Column("path", Told, nullable=False),
    Column("advice", Told, nullable=False),
    *_origin(),
    Column("key", Told, info=_ORIGIN),
    Column("headers", Json, nullable=False, info=_ORIGIN),
    Column("payload", LargeBinary, nullable=False),
    Column("digest", TOKEN, nullable=False),
    Column("earliest_due", Date),
    _recorded_at(),
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
    info=_ORIGIN,
)

# Which knowledge a digest stands for: one row a part.
knowledge = Table(
    "knowledge",
    metadata,
    Column("digest", TOKEN, nullable=False),
    Column("part", TOKEN, nullable=False),
    Column("part_digest", TOKEN, nullable=False),
    _recorded_at(),
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

# What of each case is compared with others, as it stands now, and where it stands in its blocks.
case_fingerprints = Table(
    "case_fingerprints",
    metadata,
    Column("case_id", Told, nullable=False),
    Column("told", Json, nullable=False),
    Column("places", Json, nullable=False, info=_VOLATILE),
    PrimaryKeyConstraint("case_id"),
    info={"disposable": True},
)

# The cases of each block. Who joins a block takes the next place in it; of two writers that join
# it at the same time neither would see the other, so the place lets only one in.
duplicate_keys = Table(
    "duplicate_keys",
    metadata,
    Column("key", TOKEN, nullable=False),
    Column("place", Integer, nullable=False, autoincrement=False, info=_VOLATILE),
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
    Column("raised_at", Instant, nullable=False, info=_VOLATILE),
    PrimaryKeyConstraint("case_id", "other_id"),
    CheckConstraint("state IN ('open', 'dismissed', 'merged')", name="state"),
    Index(None, "other_id"),
    Index(None, "state", "score"),
    info={"disposable": True},
)

_held = select(
    case_versions.c.case_id,
    case_versions.c.version,
    func.max(case_versions.c.recorded_at)  # the greatest so far: a clock set back turns no history
    .over(partition_by=case_versions.c.case_id, order_by=case_versions.c.version)
    .label("valid_from"),
).subquery()

# When each version was the current one: from `valid_from` on, before `valid_to` (null: still).
CREATE_CASE_VALIDITY = CreateView(
    select(
        _held.c.case_id,
        _held.c.version,
        _held.c.valid_from,
        func.lead(_held.c.valid_from, type_=Instant)
        .over(partition_by=_held.c.case_id, order_by=_held.c.version)
        .label("valid_to"),
    ),
    "case_validity",
)
case_validity = CREATE_CASE_VALIDITY.table

_newest = obligations.alias("newest")


def _last(table: FromClause) -> ColumnElement[int]:
    """The last version of a duty's id in a table: one look into its key, whatever else is asked."""
    last = func.max(table.c.version).label("max")
    return (
        select(last).where(table.c.obligation_id == obligations.c.obligation_id).scalar_subquery()
    )


# Duties in their newest row that no later version has ended.
CREATE_STANDING_OBLIGATIONS = CreateView(
    select(obligations).where(
        obligations.c.version == _last(_newest),
        obligations.c.version >= func.coalesce(_last(obligation_ends), literal_column("0")),
    ),
    "standing_obligations",
)
standing_obligations = CREATE_STANDING_OBLIGATIONS.table

VIEWS = (CREATE_CASE_VALIDITY, CREATE_STANDING_OBLIGATIONS)
APPEND_ONLY = tuple(table for table in metadata.sorted_tables if table.info.get("append_only"))
