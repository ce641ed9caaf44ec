"""
The day on which the company first knew of a case, with each version.

Versions made before have none: they count as known before any period.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("case_versions", sa.Column("received", sa.Date()))
