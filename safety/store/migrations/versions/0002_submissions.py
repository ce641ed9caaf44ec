"""
How far the report for each duty has come.

Triggers refuse to change or delete a step once recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")

POSTGRES_TRIGGER = """
CREATE TRIGGER submissions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON submissions
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER submissions_no_{action} BEFORE {action} ON submissions
BEGIN SELECT RAISE(ABORT, 'rows of submissions are never changed'); END
"""


def upgrade() -> None:
    """Create the table and its triggers."""
    op.create_table(
        "submissions",
        sa.Column("ground", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("obligation_id", TEXT, nullable=False),
        sa.Column("authority", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("duty", TEXT, nullable=False),
        sa.Column("rule_id", TEXT, nullable=False),
        sa.Column("trigger", TEXT, nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("reference", TEXT),
        sa.Column("submitted_on", sa.Date()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name="fk_submissions_case_versions",
        ),
        sa.PrimaryKeyConstraint("ground", "version", name="pk_submissions"),
    )
    op.create_index("ix_submissions_case_id", "submissions", ["case_id"])
    op.create_index("ix_submissions_obligation_id", "submissions", ["obligation_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(action=action))
