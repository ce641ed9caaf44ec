"""
What the study records of each subject say, in versions, with a head that guards them.

Subjects stored before are counted here; what their records say is assessed when the next one comes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")

COUNTED = """
INSERT INTO subjects (study, subject, records, version, digest, chain, synthetic)
SELECT study, subject, COUNT(*), 0, '', '', MAX(CASE WHEN synthetic THEN 1 ELSE 0 END) = 1
FROM subject_records GROUP BY study, subject
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER subject_assessments_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON subject_assessments
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER subject_assessments_no_{action} BEFORE {action} ON subject_assessments
BEGIN SELECT RAISE(ABORT, 'rows of subject_assessments are never changed'); END
"""


def upgrade() -> None:
    """Create the tables and triggers, and count the records of the subjects that are there."""
    op.create_table(
        "subjects",
        sa.Column("study", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("study", "subject", name="pk_subjects"),
    )
    op.create_table(
        "subject_assessments",
        sa.Column("study", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("caused_by", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("knowledge", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("previous_chain", TEXT, nullable=False),
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("liver", TEXT, nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("study", "subject", "version", name="pk_subject_assessments"),
    )
    op.create_index("ix_subject_assessments_liver_study", "subject_assessments", ["liver", "study"])
    op.execute(COUNTED)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(action=action))
