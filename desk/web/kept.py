"""What costs much to find out is kept for a while, and found out anew beside the page."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Generic, TypeVar

import structlog

from safety.errors import SafetyError

T = TypeVar("T")
_MOST = 16  # values kept at a time


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """
    What was found out last.

    Attributes:
        fault: Why it could not be found out; a sentence.
    """

    at: datetime
    value: T | None = None
    fault: str | None = None


@dataclass
class Kept(Generic[T]):
    """
    A value that is found out at most every so often, by one thread at a time.

    Attributes:
        find: Finds it out; a `SafetyError` is kept as the fault.
        fresh: So long it is not asked for again.
    """

    find: Callable[[], T]
    fresh: timedelta
    _known: Known[T] | None = None
    _lock: Lock = field(default_factory=Lock)

    def get(self, now: datetime) -> Known[T] | None:
        """Give what is known, without waiting; None before it was found out for the first time."""
        known = self._known
        if (known is None or now - known.at > self.fresh) and self._lock.acquire(blocking=False):
            Thread(target=self._refresh, args=(now,), daemon=True).start()
        return known

    def wait(self, now: datetime) -> Known[T]:
        """Give what is known, and wait for it the first time."""
        known = self.get(now)
        if known is None:
            with self._lock:  # until whoever is at it has found it out
                known = self._known
        return known or Known(now, fault="it is not known yet")

    def _refresh(self, now: datetime) -> None:
        """Find it out; the caller holds the lock, and it is given back here."""
        try:
            self._known = Known(now, self.find())
        except SafetyError as error:
            self._known = Known(now, fault=str(error))
        except Exception as error:  # noqa: BLE001 - a thread of its own: nobody else would hear of it
            structlog.get_logger().error("page failed", error=type(error).__name__)
            self._known = Known(now, fault="an error nobody foresaw; it is in the log of the desk")
        finally:
            self._lock.release()


@dataclass
class Recent(Generic[T]):
    """
    Values that are good for a few seconds: what many pages show and one count can tell.

    Attributes:
        fresh: So long a value is not found out again.
    """

    fresh: timedelta
    _known: dict[Hashable, Known[T]] = field(default_factory=dict)

    def get(self, key: Hashable, now: datetime, find: Callable[[], T]) -> T:
        """Give the value of a key, found out now unless it is known."""
        known = self._known.get(key)
        if known is not None and known.value is not None and now - known.at <= self.fresh:
            return known.value
        found = find()
        if len(self._known) >= _MOST:
            self.forget()
        self._known[key] = Known(now, found)
        return found

    def forget(self) -> None:
        """Find everything out anew: somebody here has just changed it."""
        self._known.clear()
