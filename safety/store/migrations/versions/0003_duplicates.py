"""
What of each case is compared with others, by which blocks it is found, and which pairs may be one.

Cases stored before have no fingerprint yet: `safety case find-duplicates` derives them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "case_fingerprints",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_fingerprints"),
    )
    op.create_table(
        "duplicate_keys",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", "place", name="pk_duplicate_keys"),
    )
    op.create_table(
        "duplicate_pairs",
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("other_id", TEXT, nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("raised_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'dismissed', 'merged')", name="ck_duplicate_pairs_state"
        ),
        sa.PrimaryKeyConstraint("case_id", "other_id", name="pk_duplicate_pairs"),
    )
    op.create_index("ix_duplicate_pairs_other_id", "duplicate_pairs", ["other_id"])
    op.create_index("ix_duplicate_pairs_state_score", "duplicate_pairs", ["state", "score"])
