"""
The watch over the clocks: what is due soon, overdue or still undecided is told, once.

It decides no due date; it compares those that stand with the calendar day it is given.
Alerts are stored with their outgoing messages and published from the outbox, so none
is lost while the broker is away, and none is raised twice, however often it restarts.
Mail and webhook come after that, at least once (`consumers.deliveries`).
"""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread
from types import FrameType

import structlog

from consumers.deliveries import deliver
from consumers.metrics import DUTIES, LAST_LOOK, Metrics
from consumers.outbox import Outbox
from consumers.publications import alert_raised
from consumers.settings import Settings
from consumers.telemetry import Telemetry, telemetry_of
from consumers.wiring import build_channels, build_producer, build_store
from safety.alerts import Alert, Thresholds, decide_clock_alerts
from safety.errors import TransientError
from safety.store import SqlStore
from safety.store.raised import raise_alerts
from safety.store.submissions import open_duties

log = structlog.get_logger(__name__)

BEAT_S = 30.0


def look_once(
    store: SqlStore, thresholds: Thresholds, *, today: date, now: datetime
) -> Sequence[Alert]:
    """
    Raise what has become due to be told; gives the alerts that are new.

    Args:
        store: Where the duties are, and the alerts go.

        thresholds: When to raise.

        today: The calendar day to compare due dates with.

        now: When the alerts are recorded.
    """
    horizon = max((0, *thresholds.due_soon, *thresholds.undecided))
    duties = open_duties(store, until=today + timedelta(days=horizon))
    alerts = decide_clock_alerts(
        (each.obligation for each in duties), today=today, thresholds=thresholds
    )
    return raise_alerts(
        store,
        list(alerts),
        lambda alert, synthetic: alert_raised(alert, synthetic=synthetic, now=now),
        now=now,
    )


def publish_alerts(settings: Settings, store: SqlStore) -> int | None:
    """Send what waits in the outbox; None if the broker is away, it then waits on."""
    try:
        outbox = Outbox(store, build_producer(settings))
        try:
            return outbox.send_left_over()
        finally:
            outbox.close()
    except TransientError as error:
        log.warning("alerts wait in the outbox", error=type(error).__name__)
        return None


def deliver_alerts(settings: Settings, store: SqlStore, pause: Callable[[float], bool]) -> int:
    """
    Send alerts by mail and webhook, where they are set; gives how many were taken.

    Raises:
        SettingsError: A setting of mail or webhook is missing or wrong.
    """
    channels = build_channels(settings)
    return deliver(store, channels, clock=lambda: datetime.now(UTC), pause=pause)


def watch(settings: Settings, store: SqlStore) -> None:
    """Look at the clocks again and again, until SIGTERM or Ctrl-C; main thread only."""
    stopping = Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        log.info("ending the watch", signal=signal.Signals(number).name)
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with telemetry_of(settings) as telling:
            watch_until(settings, store, stopping, telling)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def watch_until(
    settings: Settings, store: SqlStore, stopping: Event, telling: Telemetry | None = None
) -> None:
    """Look at the clocks again and again, until told to stop."""
    telling = telling or Telemetry()
    thresholds = thresholds_of(settings)
    while not stopping.is_set():
        telling.pulse.beat()
        try:
            now = datetime.now(UTC)
            new = look_once(store, thresholds, today=now.date(), now=now)
            log.info("looked at the clocks", records=len(new))
            tell_standing(store, thresholds, telling.metrics, today=now.date())
            publish_alerts(settings, store)
            deliver_alerts(settings, store, stopping.wait)
        except TransientError as error:
            log.warning("looking again later", error=type(error).__name__)
        _wait(settings.watch_seconds, stopping, telling)


def tell_standing(
    store: SqlStore, thresholds: Thresholds, metrics: Metrics, *, today: date
) -> None:
    """Tell how many duties are open, by authority: overdue, due soon, or later."""
    soon = today + timedelta(days=max((0, *thresholds.due_soon)))
    standing: Counter[tuple[str, str]] = Counter()
    for duty in (each.obligation for each in open_duties(store)):
        when = "overdue" if duty.due < today else "due_soon" if duty.due <= soon else "later"
        standing[duty.authority, when] += 1
    metrics.forget(DUTIES)  # what is settled by now is open no more
    for labels, number in standing.items():
        metrics.set(DUTIES, *labels, value=number)
    metrics.set(LAST_LOOK, value=time.time())


def _wait(seconds: float, stopping: Event, telling: Telemetry) -> None:
    """Wait for the next look, and beat meanwhile: a watch that waits is well."""
    until = time.monotonic() + seconds
    while not stopping.is_set() and (left := until - time.monotonic()) > 0:
        telling.pulse.beat()
        stopping.wait(min(left, BEAT_S))


@contextmanager
def watching_beside(
    settings: Settings, on_end: Callable[[], None], telling: Telemetry | None = None
) -> Iterator[None]:
    """
    Watch the clocks in a thread of its own while the block runs.

    A watch that ends by an error nobody foresaw must not go unseen: it calls `on_end`, which ends
    the block, and its error is raised behind it.

    Args:
        settings: All of them; the watch has a connection of its own.

        on_end: Ends what the block does.

        telling: What the process tells of itself; its pulse stays that of the block.
    """
    beside = None if telling is None else Telemetry(metrics=telling.metrics)
    build_channels(settings)  # a wrong setting shows before anything begins
    stopping = Event()
    faults: list[BaseException] = []

    def run() -> None:
        try:
            store = build_store(settings)
            try:
                watch_until(settings, store, stopping, beside)
            finally:
                store.close()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            faults.append(error)
            on_end()

    thread = Thread(target=run, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
    if faults:
        raise faults[0]


def thresholds_of(settings: Settings) -> Thresholds:
    """Give the thresholds that are set."""
    return Thresholds(settings.watch_due_soon, settings.watch_overdue, settings.watch_undecided)
