"""
Which cases of the store may be the ones that a batch of messages tells of?

The search follows the messages one by one, so that the size of a batch changes nothing; but it asks
the store only three times a batch: for the cases themselves, for the blocks they stand in, and for
the cases to compare them with. What a pair is follows from its two cases alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from consumers.publications import alert_raised
from safety.duplicate_alerts import alert_possible_duplicate
from safety.duplicates import (
    Fingerprint,
    Pair,
    assess_pair,
    derive_fingerprint,
    derive_keys,
    load_weights,
    pair_of,
)
from safety.duplicates.compare import OPEN
from safety.pipeline import LiveCase
from safety.store.model import Batch, Compared, PairKey, RaisedPair, Transaction


class DuplicateSearch:
    """The search of one batch: `observe` each message's case, then `close`."""

    def __init__(self) -> None:
        self._observed: list[tuple[Fingerprint, bool]] = []

    def observe(self, live: LiveCase) -> None:
        """Note how a case stands after a message."""
        last = live.steps[-1]
        told = derive_fingerprint(live.case_id, last.state, last.assessment)
        self.note(told, synthetic=live.synthetic)

    def note(self, told: Fingerprint, *, synthetic: bool) -> None:
        """Note what of a case is compared after a message."""
        self._observed.append((told, synthetic))

    def close(
        self, transaction: Transaction, batch: Batch, *, now: datetime, everything: bool = False
    ) -> None:
        """
        Add to a batch what changes in pairs, and an alert for each new one.

        Args:
            transaction: To read what is known; the caller saves the batch in it.

            batch: What the messages changed.

            now: The instant the batch is recorded at.

            everything: Compare also what compares as it did before, for the weights may be others.
        """
        stored = transaction.compared({told.case_id for told, _ in self._observed})
        changed = self._observed if everything else list(_changes(self._observed, stored))
        if not changed:
            return
        work = _Comparison(transaction, stored, [told for told, _ in changed], now)
        for told, synthetic in changed:
            for pair in work.take(told):
                alert = alert_possible_duplicate(pair)
                batch.alerts.append(alert)
                batch.outgoing.append(alert_raised(alert, synthetic=synthetic, now=now))
        batch.compared.update(work.compared())
        batch.pairs.update(work.changes)


def _changes(
    observed: Iterable[tuple[Fingerprint, bool]], stored: Mapping[str, Compared]
) -> Iterable[tuple[Fingerprint, bool]]:
    """Leave out what compares as it did before: most follow-ups tell nothing of who and what."""
    known = {case_id: compared.told for case_id, compared in stored.items()}
    for told, synthetic in observed:
        if known.get(told.case_id) != told:
            known[told.case_id] = told
            yield told, synthetic


class _Comparison:
    """The cases of a batch among those that each may be."""

    def __init__(
        self,
        transaction: Transaction,
        stored: Mapping[str, Compared],
        changed: Sequence[Fingerprint],
        now: datetime,
    ) -> None:
        self._now = now
        self._stored = stored
        self._blocks = transaction.blocks({key for told in changed for key in derive_keys(told)})
        self._pairs = dict(transaction.pairs({told.case_id for told in changed}))
        self._members = {key: set(cases) for key, cases in self._blocks.items()}
        mates = {case_id for cases in self._members.values() for case_id in cases}
        mates |= {case_id for pair in self._pairs for case_id in pair}
        mates |= {told.merged_into for told in changed if told.merged_into is not None}
        others = transaction.compared(mates - stored.keys())
        known = {**stored, **others}
        self._known = {case_id: compared.told for case_id, compared in known.items()}
        self._touched = {told.case_id for told in changed}
        self.changes: dict[PairKey, RaisedPair | None] = {}

    def take(self, told: Fingerprint) -> Iterator[Pair]:
        """Take in how a case stands now; gives the pairs that are new and open."""
        case_id = told.case_id
        old = self._known.get(case_id)
        for key in () if old is None else derive_keys(old):
            self._members.get(key, set()).discard(case_id)
        self._known[case_id] = told
        mates = {other for pair in self._pairs if case_id in pair for other in pair}
        if told.merged_into is not None:
            mates.add(told.merged_into)
        for key in derive_keys(told):
            members = self._members.setdefault(key, set())
            mates |= members
            members.add(case_id)
        for other in sorted(mates - {case_id}):
            if other in self._known:
                yield from self._compare(told, self._known[other])

    def _compare(self, told: Fingerprint, other: Fingerprint) -> Iterator[Pair]:
        key = pair_of(told.case_id, other.case_id)
        before, pair = self._pairs.get(key), assess_pair(told, other, load_weights())
        if pair is None:
            if self._pairs.pop(key, None) is not None:
                self.changes[key] = None
            return
        if before is not None and before.pair == pair:
            return
        raised = RaisedPair(pair, self._now if before is None else before.raised_at)
        self._pairs[key] = self.changes[key] = raised
        if before is None and pair.state == OPEN:
            yield pair

    def compared(self) -> Iterator[tuple[str, tuple[Compared | None, Compared]]]:
        """Give how each changed case was and is compared, at the next free places of its blocks."""
        taken: dict[str, int] = {}
        for case_id in sorted(self._touched):
            old, told = self._stored.get(case_id), self._known[case_id]
            if old is not None and old.told == told:
                continue
            places = {}
            for key in derive_keys(told):
                last = max(self._blocks.get(key, {}).values(), default=-1)
                places[key] = taken[key] = taken.get(key, last) + 1
            yield case_id, (old, Compared(told, places))
