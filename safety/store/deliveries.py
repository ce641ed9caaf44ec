"""Which alerts has somebody been sent, and by which way? A row a delivery, written after it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from safety.alerts import Alert
from safety.store import tables
from safety.store.sql import SqlStore
from safety.store.transaction import insert_new

_FIELDS = tuple(Alert.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class RaisedAlert:
    """An alert as it is stored; `synthetic` says that its case is made up."""

    alert: Alert
    synthetic: bool
    raised_at: datetime


def undelivered(
    store: SqlStore, channel: str, *, kinds: Collection[str], since: datetime
) -> Sequence[RaisedAlert]:
    """
    Give the alerts that a channel has not delivered, the most urgent first.

    Args:
        store: Where to look.

        channel: The name of the way.

        kinds: Only alerts of these kinds.

        since: Only those raised from then on: a channel that is new does not send all of history.
    """
    alerts, sent, cases = tables.alerts, tables.alert_deliveries, tables.cases
    asked = (
        select(alerts, func.coalesce(cases.c.synthetic, False).label("synthetic"))
        .outerjoin(cases, cases.c.case_id == alerts.c.case_id)
        .outerjoin(sent, and_(sent.c.alert_id == alerts.c.alert_id, sent.c.channel == channel))
        .where(
            sent.c.alert_id.is_(None),
            alerts.c.kind.in_(sorted(kinds)),
            alerts.c.recorded_at >= since,
        )
        .order_by(alerts.c.due, alerts.c.alert_id)
    )
    with store.reading() as connection:
        return [
            RaisedAlert(
                Alert(**{name: row[name] for name in _FIELDS}), row["synthetic"], row["recorded_at"]
            )
            for row in connection.execute(asked).mappings()
        ]


def record_deliveries(
    store: SqlStore, channel: str, alert_ids: Collection[str], *, now: datetime
) -> None:
    """Note that a channel has delivered these alerts; noting it again changes nothing."""
    rows = [(alert_id, channel, now) for alert_id in sorted(alert_ids)]
    with store.writing() as connection:
        insert_new(connection, tables.alert_deliveries, rows)
