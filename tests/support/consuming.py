"""
Consumers as processes of their own, to be killed, stopped and watched.

They are forked from one server process that has everything imported, so that one
starts in no time. Each tells through a pipe how many records it has read so far, and
ends when the test is gone.
"""

import os
import time
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Self

from consumers.handlers import Tally
from consumers.log import configure_service_log
from consumers.service import run_consumer
from consumers.settings import load_settings

PATIENCE_S = 300.0  # with a very busy machine; nothing is expected to take so long
POLL_S = 0.1
SHORT_SESSION = {
    "session_timeout_ms": 1_000,  # soon missed
    "heartbeat_interval_ms": 100,
    "quarantine_ratio": 1.0,  # a partition may hold most of the examples that are to be refused
}

Run = Callable[..., Tally]

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait until something has come about that processes of their own bring about."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(POLL_S)


class ConsumerProcess:
    """
    One consumer in a process of its own, killed when the `with` block ends.

    Args:
        settings: Settings by name; the session is short unless they say otherwise.

        log: The file that everything it prints is appended to.

        run: What it runs; called with the settings, `on_batch` and the rest.

        arguments: The rest, such as `idle_seconds`.
    """

    def __init__(
        self, settings: Mapping[str, Any], log: Path, *, run: Run = run_consumer, **arguments: Any
    ) -> None:
        self._notes, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_live, args=(SHORT_SESSION | dict(settings), log, run, arguments, theirs)
        )
        self._process.start()
        theirs.close()
        self.records = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._notes.close()

    @property
    def pid(self) -> int:
        """Its process number."""
        assert self._process.pid is not None
        return self._process.pid

    def send(self, signal: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, signal)

    def kill(self) -> int | None:
        """Kill it with SIGKILL, if it still runs, and give its exit code."""
        if self._process.is_alive():
            self._process.kill()
        return self.wait()

    def wait(self, timeout: float = PATIENCE_S) -> int | None:
        """Wait until it has ended and give its exit code; negative is the signal that killed it."""
        until = time.monotonic() + timeout
        while self._process.is_alive() and (left := until - time.monotonic()) > 0:
            ready = wait([self._notes, self._process.sentinel], left)
            if self._notes in ready and not self.batch(0):  # unread notes would block it
                self._process.join(left)
        return self._process.exitcode

    def batch(self, timeout: float = PATIENCE_S) -> bool:
        """Wait until it has handled one more batch; False if it ended or none came in time."""
        try:
            if not self._notes.poll(timeout):
                return False
            self.records = self._notes.recv()
        except (EOFError, ConnectionResetError):
            return False
        return True


def _live(
    settings: Mapping[str, Any], log: Path, run: Run, arguments: dict[str, Any], notes: Connection
) -> None:
    printed = log.open("a", encoding="utf-8", buffering=1)
    os.dup2(printed.fileno(), 1)
    os.dup2(printed.fileno(), 2)  # tracebacks as well
    configure_service_log("DEBUG", printed)
    Thread(target=_end_with_the_test, args=(notes,), daemon=True).start()
    run(load_settings(**settings), on_batch=lambda tally: notes.send(tally.records), **arguments)


def _end_with_the_test(notes: Connection) -> None:
    try:
        notes.recv()
    except (EOFError, OSError):
        os._exit(1)
