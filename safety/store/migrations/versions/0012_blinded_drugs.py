"""
Whether a drug was blinded when it was reported, so that a DSUR can count it apart.

Rows from before have none of it; `safety replay` tells which cases would.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("drug_event_pairs", sa.Column("blinded", sa.Boolean()))
