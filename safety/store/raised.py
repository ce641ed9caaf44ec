"""Alerts that the passing of time raises: stored once, with the messages that tell of them."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from safety.alerts import Alert
from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.model import Batch, Outgoing
from safety.store.sql import SqlStore


def raise_alerts(
    store: SqlStore,
    alerts: Sequence[Alert],
    tell: Callable[[Alert, bool], Outgoing],
    *,
    now: datetime,
) -> Sequence[Alert]:
    """
    Store the alerts that are not there yet, each with its outgoing message, in one transaction.

    Args:
        store: Where to.

        alerts: Those to raise; their ids are made from their ground.

        tell: Builds the outgoing message of an alert; the flag says that its case is made up.

        now: When they are recorded.

    Returns:
        Those that are new. Two who raise the same alert at once store it once.
    """
    known = _known(store, {alert.alert_id for alert in alerts})
    new = [alert for alert in alerts if alert.alert_id not in known]
    if not new:
        return ()
    with store.transaction() as work:
        heads = work.heads({alert.case_id for alert in new if alert.case_id is not None})
        made_up = {case_id for case_id, head in heads.items() if head.synthetic}
        told = [tell(alert, alert.case_id in made_up) for alert in new]
        work.save(Batch(alerts=list(new), outgoing=told), now=now)
    return new


def _known(store: SqlStore, ids: Collection[str]) -> set[str]:
    if not ids:
        return set()
    alerts = tables.alerts.c
    with store.writing() as connection:  # the keys stand in a temporary table
        given = keys_table(connection, key=list(ids))
        asked = select(alerts.alert_id).join(given, alerts.alert_id == given.c.key)
        return set(connection.scalars(asked))
