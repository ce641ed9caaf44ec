"""
Alerts of the clocks, sent to people and programs that do not read Kafka: by mail and webhook.

At least once: a delivery is noted after it was made. One that was made and not noted, because the
process was killed between the two, is made again: a mail then comes twice with the same Message-ID,
a webhook twice with the same Safety-Delivery. What a channel does not take is tried again, after a
growing pause, and at the next look; after some days it is old news and left alone.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from safety.errors import TransientError
from safety.store import SqlStore
from safety.store.deliveries import RaisedAlert, record_deliveries, undelivered

log = structlog.get_logger(__name__)

KINDS = frozenset({"due_soon", "overdue", "undecided"})  # what the watch raises
PAUSES_S = (1.0, 2.0, 4.0)  # between the attempts of one look
OLD_NEWS = timedelta(days=3)


class DeliveryError(TransientError):
    """A mail server or webhook did not take an alert; it is tried again."""


class Channel(Protocol):
    """One way to tell somebody."""

    @property
    def name(self) -> str:
        """Under which deliveries are noted."""

    @property
    def at_once(self) -> int:
        """How many alerts one delivery may hold."""

    def send(self, alerts: Sequence[RaisedAlert]) -> None:
        """
        Deliver alerts.

        Raises:
            DeliveryError: It was not taken.
        """


def deliver(
    store: SqlStore,
    channels: Collection[Channel],
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], bool],
) -> int:
    """
    Send what was raised and not delivered; gives the number of deliveries noted.

    Args:
        store: Where the alerts are.

        channels: The ways that are set.

        clock: Gives the instant, for the notes.

        pause: Waits some seconds; True if the process is to end, which then ends the attempts.
    """
    noted = 0
    for channel in channels:
        waiting = undelivered(store, channel.name, kinds=KINDS, since=clock() - OLD_NEWS)
        for start in range(0, len(waiting), channel.at_once):
            part = waiting[start : start + channel.at_once]
            if not _sent(channel, part, pause):
                break  # it does not take any now; the rest waits for the next look
            ids = [each.alert.alert_id for each in part]
            record_deliveries(store, channel.name, ids, now=clock())
            noted += len(ids)
    return noted


def _sent(channel: Channel, alerts: Sequence[RaisedAlert], pause: Callable[[float], bool]) -> bool:
    for wait in (*PAUSES_S, None):
        try:
            channel.send(alerts)
        except DeliveryError as error:
            log.warning("an alert was not taken", error=str(error), where=channel.name)
            if wait is None or pause(wait):
                return False
        else:
            return True
    return False
