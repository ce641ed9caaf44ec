"""
Cases and subjects kept in memory between batches, so that none is read again for what follows.

An entry is used only if the store's head says the same number of messages and the
same digest; another consumer's work is therefore never overlooked. The number of
cases is bounded, the oldest unused go first.
"""

from collections import OrderedDict

from consumers.subjects import SubjectCache
from safety.pipeline import LiveCase
from safety.store.model import CaseHead

DEFAULT_SIZE = 500  # cases; some 40 kB each


class CaseCache:
    """A bounded map from case id to the case as last seen; beside it one of subjects."""

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        self.subjects = SubjectCache(size)
        self._size = size
        self._cases: OrderedDict[str, LiveCase] = OrderedDict()

    def take(self, head: CaseHead) -> LiveCase | None:
        """The case, if what is remembered is what the store has."""
        live = self._cases.get(head.case_id)
        if live is None:
            return None
        if len(live.steps) != head.messages or live.digest != head.digest:
            del self._cases[head.case_id]
            return None
        self._cases.move_to_end(head.case_id)
        return live

    def put(self, live: LiveCase) -> None:
        """Remember a case after its batch was stored."""
        self._cases[live.case_id] = live
        self._cases.move_to_end(live.case_id)
        while len(self._cases) > self._size:
            self._cases.popitem(last=False)

    def clear(self) -> None:
        """Forget everything, when partitions move."""
        self.subjects.clear()
        self._cases.clear()
