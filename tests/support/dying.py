"""
Consumers that are struck at the worst moments.

Run in a process of their own (see `consuming`), where one function is replaced by one
that sends the process a signal: the product itself knows of no faults.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaConsumer, KafkaProducer

import consumers.loop
import consumers.outbox
import consumers.watch
from consumers.handlers import Tally
from consumers.loop import ConsumerLoop
from consumers.service import run_consumer
from consumers.settings import Settings
from safety.store.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Moment:
    """
    A call of a function.

    Attributes:
        spared: How many calls go well before it.
        late: It is the end of the call, not the beginning.
    """

    owner: Any
    name: str
    spared: int = 1
    late: bool = False


MOMENTS = {
    "joining": Moment(ConsumerLoop, "_go_to_stored_offsets", spared=0),
    "polled": Moment(consumers.loop, "parse_all"),
    "decided, not stored": Moment(SqlTransaction, "save"),
    "stored, offset not moved": Moment(SqlTransaction, "advance", spared=5),
    "offset moved, not committed": Moment(SqlTransaction, "advance", spared=5, late=True),
    "committed, not sent": Moment(ConsumerLoop, "_stored"),
    "half sent": Moment(KafkaProducer, "send", spared=3, late=True),
    "sent, not marked": Moment(consumers.outbox, "mark_published"),
    "marked, Kafka not told": Moment(KafkaConsumer, "commit_async"),
}

# While the clocks are watched beside it, by a thread of the same process.
WATCH_MOMENTS = {
    "alerts found, not stored": Moment(consumers.watch, "raise_alerts", spared=0),
    "alerts stored, not sent": Moment(consumers.watch, "raise_alerts", spared=0, late=True),
    "alerts half sent": Moment(KafkaProducer, "send", spared=2, late=True),
    "alerts sent, not marked": Moment(consumers.outbox, "mark_published", spared=0),
    "alerts marked": Moment(consumers.outbox, "mark_published", spared=0, late=True),
}


def run_until(
    settings: Settings,
    *,
    moment: str,
    signal: int,
    on_batch: Callable[[Tally], None],
    **others: Any,
) -> Tally:
    """Consume; when the moment comes, send ourselves the signal, once."""
    at = (MOMENTS | WATCH_MOMENTS)[moment]
    original = getattr(at.owner, at.name)
    calls = 0

    def strike() -> None:
        os.kill(os.getpid(), signal)

    def watched(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        now = calls == at.spared + 1
        if now and not at.late:
            strike()
        result = original(*args, **kwargs)
        if now and at.late:
            if isinstance(args[0], KafkaProducer):
                args[0].flush()  # so that what was sent so far is with the broker
            strike()
        return result

    setattr(at.owner, at.name, watched)
    return run_consumer(settings, on_batch=on_batch, **others)
