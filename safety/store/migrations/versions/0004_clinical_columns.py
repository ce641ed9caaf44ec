"""
The grades kept apart, expectedness in Switzerland, and what time and doses tell of each pair.

Rows from before have none of it; `safety replay` tells which cases would.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add the columns."""
    for grade in ("reported", "computed", "confirmed", "proposed"):
        op.add_column("case_events", sa.Column(f"grade_{grade}", sa.Integer()))
    op.add_column("case_events", sa.Column("expected_ch", sa.Boolean()))
    for count in ("onset", "last_dose"):
        for end in ("least", "most"):
            op.add_column("drug_event_pairs", sa.Column(f"{count}_days_{end}", sa.Integer()))
    for name in ("dose_at_onset_mg", "dechallenge", "rechallenge_derived", "causality_proposed"):
        op.add_column("drug_event_pairs", sa.Column(name, TEXT))
