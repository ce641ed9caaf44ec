"""
Where does the time of the pipeline go, step by step?

Timers are put around the product's functions from outside, for as long as a block
lasts; the product knows nothing of them. A step's time is its own: what a step inside
it takes is charged to that one. CPU time is that of the whole process, so what a
Kafka client's thread does while the main thread waits for it is charged to the wait.
Python's garbage collection strikes any step; it is taken out and is a step itself.
"""

import gc
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from unittest.mock import patch

from kafka import KafkaConsumer
from sqlalchemy import Connection, Engine
from sqlalchemy.engine.default import DefaultDialect

import consumers.backfill
import consumers.handlers
import consumers.loop
import consumers.outbox
import safety.pipeline
from consumers.outbox import Outbox
from safety.store.transaction import SqlTransaction

# What is timed: the step, whose attribute, its name. A step may have several functions.
PIPELINE: tuple[tuple[str, object, str], ...] = (
    ("poll", KafkaConsumer, "poll"),
    ("poll", KafkaConsumer, "commit_async"),
    ("poll", consumers.loop, "_record"),
    ("parse", consumers.loop, "parse_all"),
    ("parse", consumers.backfill, "parse_all"),
    ("book", consumers.loop, "handle_batch"),
    ("book", consumers.backfill, "handle_batch"),
    ("read", SqlTransaction, "known_messages"),
    ("read", SqlTransaction, "heads"),
    ("read", SqlTransaction, "log_of"),
    ("restore", consumers.handlers, "restore"),
    ("intake", consumers.handlers, "read_report"),
    ("decide", consumers.handlers, "advance"),
    ("save", SqlTransaction, "save"),
    ("save", SqlTransaction, "advance"),
    ("commit", Engine, "connect"),
    ("commit", Connection, "begin"),
    ("commit", DefaultDialect, "do_commit"),
    ("commit", Connection, "close"),
    ("publish", Outbox, "send"),
    ("mark", consumers.outbox, "mark_published"),
)
DECISION: tuple[tuple[str, object, str], ...] = (
    ("fold", safety.pipeline, "fold"),
    ("assess", safety.pipeline, "assess_case"),
    ("rules", safety.pipeline, "assess_steps"),
    ("clocks", safety.pipeline, "decide_obligations"),
    ("trace", safety.pipeline, "build_trace"),
    ("seal", safety.pipeline, "seal"),
)
_END = object()

Item = TypeVar("Item")

COLLECT = "collect"
WHOLE = frozenset({"decide", "publish", "restore"})  # a step inside one of these is a part of it


@dataclass(slots=True)
class Spent:
    """What a step took, without the steps inside it; seconds."""

    cpu: float = 0.0
    wall: float = 0.0
    calls: int = 0


class StepTimers:
    """
    What each step took; a part of a step is named `step/part`.

    Time outside all steps is charged to none.
    """

    def __init__(self) -> None:
        self.spent: dict[str, Spent] = {}
        self._open: list[str] = []
        self._cpu = 0.0
        self._wall = 0.0
        self._thread = threading.get_ident()

    def clear(self) -> None:
        """Forget what was measured; no step may be open."""
        self.spent.clear()

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Give the function with a timer around it."""

        @wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            self._begin(step)
            try:
                return function(*args, **kwargs)
            finally:
                self._end()

        return timed

    def collecting(self, phase: str, _info: dict[str, int]) -> None:
        """Charge Python's garbage collection to a step of its own; for `gc.callbacks`."""
        if threading.get_ident() != self._thread:
            return  # in a client's thread; charged to what waits for it
        if phase == "start":
            self._begin(COLLECT)
        elif self._open and self._open[-1] == COLLECT:
            self._end()

    def drawing(self, step: str, items: Iterable[Item]) -> Iterator[Item]:
        """Give the items, with a timer around the work of getting each."""
        source = iter(items)
        draw = self.timed(step, lambda: next(source, _END))
        while (item := draw()) is not _END:
            yield item

    def _begin(self, step: str) -> None:
        self._charge()
        whole = self._open[-1].partition("/")[0] if self._open else ""
        name = f"{whole}/{step}" if whole in WHOLE and step not in {whole, COLLECT} else step
        self.spent.setdefault(name, Spent()).calls += 1
        self._open.append(name)

    def _end(self) -> None:
        self._charge()
        self._open.pop()

    def _charge(self) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        if self._open:
            spent = self.spent[self._open[-1]]
            spent.cpu += cpu - self._cpu
            spent.wall += wall - self._wall
        self._cpu, self._wall = cpu, wall


@contextmanager
def step_timers(
    *timed: tuple[tuple[str, object, str], ...],
) -> Iterator[StepTimers]:
    """Put timers around these functions until the block ends."""
    timers = StepTimers()
    with ExitStack() as stack:
        for step, owner, name in (row for rows in timed for row in rows):
            function = timers.timed(step, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, function))
        if timed:
            gc.callbacks.append(timers.collecting)
            stack.callback(gc.callbacks.remove, timers.collecting)
        yield timers
