"""
What people taught the dictionary, and with how much of it each message was decided.

Triggers refuse to change or delete an entry.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")

POSTGRES_TRIGGER = """
CREATE TRIGGER learned_names_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON learned_names
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER learned_names_no_{action} BEFORE {action} ON learned_names
BEGIN SELECT RAISE(ABORT, 'rows of learned_names are never changed'); END
"""


def upgrade() -> None:
    """Create the table, its triggers, and the column."""
    op.create_table(
        "learned_names",
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("term", TEXT, nullable=False),
        sa.Column("dictionary", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("case_id", TEXT),
        sa.CheckConstraint("action IN ('learn', 'withdraw')", name="ck_learned_names_action"),
        sa.PrimaryKeyConstraint("number", name="pk_learned_names"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(action=action))
    learned = sa.Column("learned", sa.Integer(), nullable=False, server_default="0")
    op.add_column("message_log", learned)
