"""
The study records of a batch, folded into their subjects.

Done in the transaction that stores the records: what is known of the subjects is read once, each
record is taken in its order, and the head of each subject is moved by compare-and-set.
"""

from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime

from consumers.publications import alert_raised
from safety.knowledge import Knowledge
from safety.store.model import Batch, SubjectHead, SubjectKey, SubjectRecordRow, Transaction
from safety.subjects import (
    LiveSubject,
    SubjectFact,
    advance_subject,
    begin_subject,
    read_fact,
    restore_subject,
)

DEFAULT_SIZE = 500  # subjects


class SubjectCache:
    """A bounded map from study and subject to the subject as last seen; see `CaseCache`."""

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        self._size = size
        self._subjects: OrderedDict[SubjectKey, LiveSubject] = OrderedDict()

    def take(self, head: SubjectHead) -> LiveSubject | None:
        """The subject, if what is remembered is what the store has."""
        live = self._subjects.get(head.key)
        if live is None:
            return None
        if (live.records, live.digest) != (head.records, head.digest):
            del self._subjects[head.key]
            return None
        self._subjects.move_to_end(head.key)
        return live

    def put(self, live: LiveSubject) -> None:
        """Remember a subject after its batch was stored."""
        self._subjects[live.key] = live
        self._subjects.move_to_end(live.key)
        while len(self._subjects) > self._size:
            self._subjects.popitem(last=False)

    def clear(self) -> None:
        """Forget everything, when partitions move."""
        self._subjects.clear()


class SubjectFold:
    """The subjects of one batch."""

    def __init__(
        self, transaction: Transaction, knowledge: Knowledge, cache: SubjectCache, now: datetime
    ) -> None:
        self.touched: dict[SubjectKey, LiveSubject] = {}
        self._transaction = transaction
        self._knowledge = knowledge
        self._cache = cache
        self._now = now
        self._subjects: dict[SubjectKey, LiveSubject] = {}
        self._before: dict[SubjectKey, int] = {}

    def load(self, keys: Collection[SubjectKey]) -> None:
        """Bring subjects in as they stand: those remembered, else those stored."""
        heads = self._transaction.subject_heads(keys) if keys else {}
        for key, head in heads.items():
            if (live := self._cache.take(head)) is not None:
                self._subjects[key] = live
        absent = sorted(heads.keys() - self._subjects.keys())
        records = self._transaction.records_of(absent) if absent else {}
        for key in absent:
            facts = [fact_of(row) for row in records.get(key, ())]
            self._subjects[key] = restore_subject(empty_of(heads[key]), facts, self._knowledge)

    def take(self, row: SubjectRecordRow, batch: Batch) -> None:
        """Take one new record, and add to the batch what it decides."""
        key = (row.study, row.subject)
        live = self._subjects.get(key) or begin_subject(*key)
        self._before.setdefault(key, live.records)
        outcome = advance_subject(live, fact_of(row), self._knowledge, now=self._now)
        self._subjects[key] = self.touched[key] = outcome.subject
        if outcome.version is None:
            return
        batch.assessments.append(outcome.version)
        batch.alerts += outcome.alerts
        batch.outgoing += [
            alert_raised(alert, synthetic=outcome.version.synthetic, now=self._now)
            for alert in outcome.alerts
        ]

    def close(self, batch: Batch) -> None:
        """Write down the head of every subject the batch touched."""
        for key, live in self.touched.items():
            batch.subjects[key] = (self._before[key], head_of_subject(live))


def fact_of(row: SubjectRecordRow) -> SubjectFact:
    """Give a stored study record as it is folded."""
    return read_fact(
        f"{row.source} {row.message_id}",
        kind=row.kind,
        record_id=row.record_id,
        order=row.order,
        data=row.data,
        synthetic=row.synthetic,
    )


def head_of_subject(live: LiveSubject) -> SubjectHead:
    """The head of a subject as the store keeps it."""
    return SubjectHead(
        study=live.study,
        subject=live.subject,
        records=live.records,
        version=live.version,
        digest=live.digest,
        chain=live.chain,
        synthetic=live.synthetic,
    )


def empty_of(head: SubjectHead) -> LiveSubject:
    """Give a stored subject whose records are still to be folded."""
    return LiveSubject(
        study=head.study,
        subject=head.subject,
        records=head.records,
        version=head.version,
        digest=head.digest,
        chain=head.chain,
        synthetic=head.synthetic,
    )
