"""
Which alerts were sent by mail or webhook.

Triggers refuse to change or delete a delivery once noted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.Text(collation="C").with_variant(sa.Text(), "sqlite")
INSTANT = sa.TIMESTAMP(timezone=True).with_variant(sa.Text(), "sqlite")

POSTGRES_TRIGGER = """
CREATE TRIGGER alert_deliveries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_deliveries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER alert_deliveries_no_{action} BEFORE {action} ON alert_deliveries
BEGIN SELECT RAISE(ABORT, 'rows of alert_deliveries are never changed'); END
"""


def upgrade() -> None:
    """Create the table and its triggers."""
    op.create_table(
        "alert_deliveries",
        sa.Column("alert_id", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.alert_id"], name="fk_alert_deliveries_alerts"
        ),
        sa.PrimaryKeyConstraint("alert_id", "channel", name="pk_alert_deliveries"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_TRIGGER)
    else:
        for action in ("UPDATE", "DELETE"):
            op.execute(SQLITE_TRIGGER.format(action=action))
