"""
The triage desk: its queue, its people and their sessions, views, and the audit trail.

The queue is found by words as well: SQLite through an FTS5 index that triggers keep current,
PostgreSQL through a GIN index over the same words. Both take the words as we cut them, so that
both find the same; see `safety.store.words`. The queue of cases that are there already is
filled by `safety queue rebuild`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ORDER = ["due", "gravity", "id"]
FILTERED = ("authority", "country", "stage")
MARKS = ("seven", "fifteen", "missing", "duplicate", "uncoded", "rejected")

SQLITE_WORDS = (
    """
    CREATE VIRTUAL TABLE queue_words USING fts5(
      words, content='queue', content_rowid='id', detail='none', prefix='2 3',
      tokenize='unicode61 remove_diacritics 0'
    )
    """,
    """
    CREATE TRIGGER queue_words_new AFTER INSERT ON queue
    BEGIN INSERT INTO queue_words (rowid, words) VALUES (new.id, new.words); END
    """,
    """
    CREATE TRIGGER queue_words_gone AFTER DELETE ON queue
    BEGIN
      INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER queue_words_changed AFTER UPDATE OF words ON queue
    WHEN old.words <> new.words
    BEGIN
      INSERT INTO queue_words (queue_words, rowid, words) VALUES ('delete', old.id, old.words);
      INSERT INTO queue_words (rowid, words) VALUES (new.id, new.words);
    END
    """,
)
POSTGRES_WORDS = """
CREATE INDEX ix_queue_words ON queue USING gin (array_to_tsvector(string_to_array(words, ' ')))
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER audit_trail_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_trail
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER audit_trail_no_{action} BEFORE {action} ON audit_trail
BEGIN SELECT RAISE(ABORT, 'rows of audit_trail are never changed'); END
"""


def upgrade() -> None:
    """Create the tables, their indexes and triggers."""
    _create_queue()
    _create_people()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_WORDS)
        op.execute(POSTGRES_TRIGGER)
    else:
        for statement in SQLITE_WORDS:
            op.execute(statement)
        for action in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(action=action))


def _create_queue() -> None:
    op.create_table(
        "queue",
        sa.Column("id", SERIAL, sa.Identity(), primary_key=True),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("ref", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("authority", TEXT),
        sa.Column("recipient", TEXT),
        sa.Column("duty", TEXT),
        sa.Column("rule_id", TEXT),
        sa.Column("days", sa.Integer()),
        sa.Column("decided", sa.Boolean()),
        sa.Column("open_duties", sa.Integer(), nullable=False),
        sa.Column("sent", TEXT),
        sa.Column("gravity", sa.Integer(), nullable=False),
        sa.Column("criterion", TEXT),
        sa.Column("serious", sa.Boolean()),
        sa.Column("unexpected", sa.Boolean()),
        sa.Column("related", sa.Boolean()),
        sa.Column("reaction", TEXT),
        sa.Column("reactions", sa.Integer(), nullable=False),
        sa.Column("term", TEXT),
        sa.Column("verbatim", TEXT),
        sa.Column("grade", sa.Integer()),
        sa.Column("dose", TEXT),
        sa.Column("subject", TEXT),
        sa.Column("country", TEXT),
        sa.Column("study", TEXT),
        sa.Column("context", TEXT, nullable=False),
        sa.Column("sender", TEXT),
        sa.Column("duplicate_of", TEXT),
        sa.Column("duplicate_score", sa.Double()),
        *(sa.Column(mark, sa.Boolean(), nullable=False) for mark in MARKS),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.UniqueConstraint("case_id", name="uq_queue_case_id"),
        sa.UniqueConstraint("ref", name="uq_queue_ref"),
    )
    op.create_index("ix_queue_open", "queue", ["closed", *ORDER])
    op.create_index("ix_queue_owner", "queue", ["closed", "owner", *ORDER])
    op.create_index("ix_queue_changed_at", "queue", ["changed_at"])
    for name in FILTERED:
        still = ~sa.column("closed", sa.Boolean)
        op.create_index(
            f"ix_queue_{name}", "queue", [name, *ORDER], postgresql_where=still, sqlite_where=still
        )
    for mark in MARKS:
        only = sa.column(mark, sa.Boolean)
        op.create_index(
            f"ix_queue_{mark}", "queue", ORDER, postgresql_where=only, sqlite_where=only
        )


def _create_people() -> None:
    op.create_table(
        "users",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("full_name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("password_hash", TEXT),
        sa.Column("zone", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("failed_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'processor', 'reviewer', 'approver', 'administrator')",
            name="ck_users_role",
        ),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_digest", TEXT, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("csrf", TEXT, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.name"], name="fk_sessions_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_digest", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_table(
        "queue_views",
        sa.Column("view_id", TEXT, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("title", TEXT),
        sa.Column("filters", sa.Text(), nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user"], ["users.name"], name="fk_queue_views_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("view_id", name="pk_queue_views"),
    )
    op.create_index("ix_queue_views_user", "queue_views", ["user"])
    op.create_table(
        "audit_trail",
        sa.Column("seq", SERIAL, sa.Identity(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("user", TEXT, nullable=False),
        sa.Column("act", TEXT, nullable=False),
        sa.Column("case_id", TEXT),
        sa.Column("version", sa.BigInteger()),
        sa.Column("details", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_trail_case_id_seq", "audit_trail", ["case_id", "seq"])
    op.create_index("ix_audit_trail_user_seq", "audit_trail", ["user", "seq"])
