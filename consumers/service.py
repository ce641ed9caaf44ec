"""
The consumer as a process: it starts, says with what, ends when asked, and says what it did.

SIGTERM and the first Ctrl-C finish the batch at hand, so that nothing has to be read
twice; the second Ctrl-C interrupts, which costs only that batch's work.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from types import FrameType

import structlog

from consumers.handlers import Tally
from consumers.loop import ConsumerLoop
from consumers.memory import load_for_a_long_run
from consumers.metrics import INFO
from consumers.release import installed_version
from consumers.settings import Settings
from consumers.telemetry import telemetry_of
from consumers.watch import watching_beside
from consumers.wiring import build_loop, build_store
from schemas.topics import INCOMING

log = structlog.get_logger(__name__)

TELL_SECONDS = 30.0


def run_consumer(
    settings: Settings,
    *,
    idle_seconds: float | None = None,
    watching: bool = False,
    on_batch: Callable[[Tally], None] | None = None,
) -> Tally:
    """
    Consume all incoming topics until stopped by a signal.

    Args:
        settings: All of them.

        idle_seconds: End too when there has been nothing to read for this long.

        watching: Watch the clocks too, in a thread beside it.

        on_batch: Called with the running counts after each batch; they are logged now and then
            unless given.

    Returns:
        The counts of this run.
    """
    knowledge = load_for_a_long_run(settings)
    store = build_store(settings)
    try:
        store.keep_knowledge(knowledge.digest, knowledge.parts(), now=datetime.now(UTC))
        topics = [topic.name for topic in INCOMING]
        with telemetry_of(settings) as telling:
            telling.metrics.set(INFO, installed_version(), knowledge.digest[:12], value=1)
            loop = build_loop(settings, store, knowledge, telling)
            log.info(
                "consumer started", store=store.place, group=settings.kafka_group, topics=topics
            )
            beside = watching_beside(settings, loop.stop, telling) if watching else nullcontext()
            with stopped_by_signals(loop), beside:
                tally = loop.run(
                    topics, idle_seconds=idle_seconds, on_batch=on_batch or _told_now_and_then()
                )
    finally:
        store.close()
    _tell("consumer ended", tally)
    return tally


def _told_now_and_then() -> Callable[[Tally], None]:
    """Give what tells the running counts, but not after every batch."""
    told_at = time.monotonic()

    def tell(tally: Tally) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_SECONDS:
            told_at = time.monotonic()
            _tell("consuming", tally)

    return tell


def _tell(event: str, tally: Tally) -> None:
    log.info(
        event,
        records=tally.records,
        accepted=tally.accepted,
        repeated=tally.repeated,
        quarantined=tally.quarantined,
    )


@contextmanager
def stopped_by_signals(loop: ConsumerLoop) -> Iterator[None]:
    """
    Let SIGTERM and Ctrl-C stop the loop while the block runs; main thread only.

    The handler itself says nothing: a signal that comes while a line is being logged, or a second
    one, would wait for the log's lock for ever.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        loop.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
