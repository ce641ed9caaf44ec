"""
How much quarantine is too much?

A bad deployment of a sender, or of ours, would empty a topic into quarantine. So
quarantine is bounded by run and by ratio; past a bound the consumer stops without
storing the batch, and a person looks.
"""

from collections import deque
from collections.abc import Sequence

from safety.errors import InvariantError

WINDOW = 1_000  # messages over which the ratio is taken
LEAST = 100  # messages before the ratio says anything


class QuarantineLimitError(InvariantError):
    """So many messages break their contract that one of the sides must be wrong."""


class QuarantineBound:
    """Watches what becomes of messages, in order."""

    def __init__(self, *, run: int, ratio: float) -> None:
        self._run_limit = run
        self._ratio_limit = ratio
        self._run = 0
        self._recent: deque[bool] = deque(maxlen=WINDOW)

    def check(self, outcomes: Sequence[bool]) -> None:
        """
        See whether these messages may be stored; takes no note of them.

        Args:
            outcomes: The messages in their order: True for quarantined.

        Raises:
            QuarantineLimitError: A bound is passed; nothing of this batch may be stored.
        """
        if not any(outcomes):
            return  # what was stored before stays stored
        longest, run = 0, self._run
        for parked in outcomes:
            run = run + 1 if parked else 0
            longest = max(longest, run)
        if longest >= self._run_limit:
            raise QuarantineLimitError(
                f"{longest} messages in a row break their contract; check the sender's and"
                " our version, then raise SAFETY_QUARANTINE_RUN for one start if they are right"
            )
        recent = [*self._recent, *outcomes][-WINDOW:]
        share = sum(recent) / max(len(recent), 1)
        if len(recent) >= LEAST and share > self._ratio_limit:
            raise QuarantineLimitError(
                f"{share:.0%} of the last {len(recent)} messages break their contract;"
                " check the sender's and our version, then raise SAFETY_QUARANTINE_RATIO for one"
                " start if they are right"
            )

    def observe(self, outcomes: Sequence[bool]) -> None:
        """Take note of messages that were stored, by us or by the process before us."""
        for parked in outcomes:
            self._run = self._run + 1 if parked else 0
        self._recent.extend(outcomes)
