"""A step that changes nothing: 0003 stands on it, and the chain of steps must have no gap."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change nothing."""
