"""How many wrong passwords are too many? Per person in the database, per address in memory."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from safety.store.people import User

FREE_TRIES = 5  # wrong passwords before anybody has to wait
FIRST_WAIT = timedelta(seconds=30)  # doubles with every further one
LONGEST_WAIT = timedelta(minutes=15)
ADDRESSES = 10_000  # kept at a time; the one not seen longest goes first
ADDRESS_TRIES = 30  # of one address, whoever it says it is
ADDRESS_WINDOW = timedelta(minutes=10)


def wait_of(user: User, now: datetime) -> timedelta:
    """Give how long a person has to wait for the next try; zero if not at all."""
    if user.failures < FREE_TRIES or user.failed_at is None:
        return timedelta(0)
    doublings = min(user.failures - FREE_TRIES, 10)
    wait: timedelta = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    return max(user.failed_at + wait - now, timedelta(0))


@dataclass
class Throttle:
    """Counts the wrong passwords that come from one address."""

    _seen: OrderedDict[str, list[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def allows(self, address: str, now: datetime) -> bool:
        """Tell whether this address may try again."""
        with self._lock:
            recent = [at for at in self._seen.get(address, ()) if now - at < ADDRESS_WINDOW]
            return len(recent) < ADDRESS_TRIES

    def note(self, address: str, now: datetime) -> None:
        """Count a wrong password."""
        with self._lock:
            recent = [at for at in self._seen.pop(address, ()) if now - at < ADDRESS_WINDOW]
            self._seen[address] = [*recent, now]
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)
