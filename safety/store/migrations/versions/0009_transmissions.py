"""
What was sent in which batch, and what receivers answered.

Triggers refuse to change or delete a row once recorded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")

POSTGRES_TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END
"""


def upgrade() -> None:
    """Create the tables and their triggers."""
    op.create_table(
        "transmissions",
        sa.Column("batch", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("worldwide", TEXT, nullable=False),
        sa.Column("profile", TEXT, nullable=False),
        sa.Column("receiver", TEXT, nullable=False),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_of_a_version("transmissions"),
    )
    op.create_table(
        "acknowledgements",
        sa.Column("batch", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("sender", TEXT, nullable=False),
        sa.Column("reference", TEXT),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        *_of_a_version("acknowledgements"),
    )
    for table in ("transmissions", "acknowledgements"):
        op.create_index(f"ix_{table}_case_id", table, ["case_id"])
        if op.get_bind().dialect.name == "postgresql":
            op.execute(POSTGRES_TRIGGER.format(table=table))
        else:
            for action in ("UPDATE", "DELETE"):
                op.execute(SQLITE_TRIGGER.format(table=table, action=action))


def _of_a_version(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["case_id", "version"],
            ["case_versions.case_id", "case_versions.version"],
            name=f"fk_{table}_case_versions",
        ),
        sa.PrimaryKeyConstraint("batch", "case_id", "version", name=f"pk_{table}"),
    )
