"""
The first tables: log, cases and their versions, duties, outbox, quarantine, offsets, knowledge.

Triggers refuse to change or delete what is only ever appended.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

APPEND_ONLY = (
    "alerts",
    "case_events",
    "case_versions",
    "drug_event_pairs",
    "knowledge",
    "message_log",
    "obligation_ends",
    "obligations",
    "subject_records",
)

CASE_VALIDITY = """
CREATE VIEW case_validity AS
SELECT held.case_id, held.version, held.valid_from,
    lead(held.valid_from) OVER (PARTITION BY held.case_id ORDER BY held.version) AS valid_to
FROM (
    SELECT case_versions.case_id AS case_id, case_versions.version AS version,
        max(case_versions.recorded_at) OVER (
            PARTITION BY case_versions.case_id ORDER BY case_versions.version
        ) AS valid_from
    FROM case_versions
) AS held
"""

STANDING_OBLIGATIONS = """
CREATE VIEW standing_obligations AS
SELECT obligations.obligation_id, obligations.version, obligations.case_id, obligations.authority,
    obligations.recipient, obligations.duty, obligations.rule_id, obligations.rulebook,
    obligations.provision, obligations.evidence, obligations.day_zero, obligations.days,
    obligations.due, obligations.decided, obligations.missing, obligations.trigger,
    obligations.reactions, obligations.reason, obligations.arithmetic, obligations.also,
    obligations.recorded_at
FROM obligations
WHERE obligations.version = (
    SELECT max(newest.version) FROM obligations AS newest
    WHERE newest.obligation_id = obligations.obligation_id
) AND obligations.version >= coalesce((
    SELECT max(obligation_ends.version) FROM obligation_ends
    WHERE obligation_ends.obligation_id = obligations.obligation_id
), 0)
"""

POSTGRES_REFUSAL = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""


def upgrade() -> None:
    """Create tables, views and triggers."""
    create_tables()
    op.execute(CASE_VALIDITY)
    op.execute(STANDING_OBLIGATIONS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_REFUSAL)
        for table in APPEND_ONLY:
            op.execute(POSTGRES_TRIGGER.format(table=table))
    else:
        for table in APPEND_ONLY:
            for action in ("UPDATE", "DELETE"):
                op.execute(SQLITE_TRIGGER.format(table=table, action=action))


def create_tables() -> None:
    """Create every table with its indexes."""
    op.create_table(
        "alerts",
        sa.Column("alert_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("case_id", TEXT),
        sa.Column("obligation_id", TEXT),
        sa.Column("authority", TEXT),
        sa.Column("due", sa.Date()),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_case_id", "alerts", ["case_id"])

    op.create_table(
        "case_versions",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("caused_by", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("knowledge", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("previous_chain", TEXT, nullable=False),
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_case_versions"),
    )

    op.create_table(
        "cases",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_cases"),
    )

    op.create_table(
        "knowledge",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("part", TEXT, nullable=False),
        sa.Column("part_digest", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("digest", "part", name="pk_knowledge"),
    )

    op.create_table(
        "message_log",
        sa.Column("seq", SERIAL, sa.Identity(), nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint("about IN ('case', 'subject')", name="ck_message_log_about"),
        sa.PrimaryKeyConstraint("seq", name="pk_message_log"),
        sa.UniqueConstraint("source", "message_id", name="uq_message_log_source_message_id"),
    )
    op.create_index("ix_message_log_subject_seq", "message_log", ["subject", "seq"])

    op.create_table(
        "outbox",
        sa.Column("id", SERIAL, sa.Identity(), nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("published_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index(
        "ix_outbox_unpublished",
        "outbox",
        ["id"],
        postgresql_where=sa.text("published_at IS NULL"),
        sqlite_where=sa.text("published_at IS NULL"),
    )

    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("advice", TEXT, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("key", TEXT),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("earliest_due", sa.Date()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("state", TEXT, server_default="parked", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", TEXT),
        sa.CheckConstraint(
            "state IN ('parked', 'redriven', 'discarded')", name="ck_quarantine_state"
        ),
        sa.PrimaryKeyConstraint("quarantine_id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_state", "quarantine", ["state"])

    op.create_table(
        "stream_offsets",
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("next_offset", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("repeated", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "partition", name="pk_stream_offsets"),
    )

    op.create_table(
        "subject_records",
        sa.Column("source", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("study", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("record_id", TEXT, nullable=False),
        sa.Column("record_order", TEXT, nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "message_id", name="pk_subject_records"),
    )
    op.create_index(
        "ix_subject_records_study_subject_kind_record_id",
        "subject_records",
        ["study", "subject", "kind", "record_id"],
    )

    op.create_table(
        "case_events",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reaction", TEXT, nullable=False),
        sa.Column("study", TEXT),
        sa.Column("subject", TEXT),
        sa.Column("context", TEXT, nullable=False),
        sa.Column("verbatim", TEXT),
        sa.Column("term", TEXT),
        sa.Column("code", TEXT),
        sa.Column("soc", TEXT),
        sa.Column("coding_method", TEXT, nullable=False),
        sa.Column("coding_score", sa.Double()),
        sa.Column("dictionary", TEXT),
        sa.Column("grade", sa.Integer()),
        sa.Column("ctcae", TEXT),
        sa.Column("serious", sa.Boolean()),
        sa.Column("criteria", TEXT, nullable=False),
        sa.Column("fatal", sa.Boolean()),
        sa.Column("life_threatening", sa.Boolean()),
        sa.Column("related", sa.Boolean()),
        sa.Column("related_reporter", sa.Boolean()),
        sa.Column("related_sponsor", sa.Boolean()),
        sa.Column("expected_eu", sa.Boolean()),
        sa.Column("expected_us", sa.Boolean()),
        sa.Column("expected_cn", sa.Boolean()),
        sa.Column("onset", TEXT),
        sa.Column("ended", TEXT),
        sa.Column("outcome", TEXT),
        sa.Column("country", TEXT),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name="fk_case_events_case_versions",
        ),
        sa.PrimaryKeyConstraint("case_id", "version", "reaction", name="pk_case_events"),
    )
    op.create_index("ix_case_events_study_subject", "case_events", ["study", "subject"])
    op.create_index(
        "ix_case_events_term_case_id_version", "case_events", ["term", "case_id", "version"]
    )

    op.create_table(
        "drug_event_pairs",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drug", TEXT, nullable=False),
        sa.Column("reaction", TEXT, nullable=False),
        sa.Column("drug_name", TEXT),
        sa.Column("role", TEXT),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("action_taken", TEXT),
        sa.Column("rechallenge", TEXT),
        sa.Column("term", TEXT),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name="fk_drug_event_pairs_case_versions",
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "version", "drug", "reaction", name="pk_drug_event_pairs"
        ),
    )
    op.create_index("ix_drug_event_pairs_drug_name_term", "drug_event_pairs", ["drug_name", "term"])

    op.create_table(
        "obligation_ends",
        sa.Column("obligation_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("replaced_by", TEXT),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name="fk_obligation_ends_case_versions",
        ),
        sa.PrimaryKeyConstraint("obligation_id", "version", name="pk_obligation_ends"),
    )
    op.create_index("ix_obligation_ends_case_id", "obligation_ends", ["case_id"])

    op.create_table(
        "obligations",
        sa.Column("obligation_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("authority", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("duty", TEXT, nullable=False),
        sa.Column("rule_id", TEXT, nullable=False),
        sa.Column("rulebook", TEXT, nullable=False),
        sa.Column("provision", TEXT, nullable=False),
        sa.Column("evidence", TEXT, nullable=False),
        sa.Column("day_zero", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("trigger", TEXT, nullable=False),
        sa.Column("reactions", sa.Text(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("arithmetic", TEXT, nullable=False),
        sa.Column("also", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name="fk_obligations_case_versions",
        ),
        sa.PrimaryKeyConstraint("obligation_id", "version", name="pk_obligations"),
    )
    op.create_index("ix_obligations_case_id", "obligations", ["case_id"])
    op.create_index("ix_obligations_due_authority", "obligations", ["due", "authority"])
