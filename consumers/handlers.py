"""
What a batch of records does to the store: read, recognise, decide, park.

A batch is handled in one transaction: one read of what is known of its messages
and cases, every message in its order, one write. A bad message costs only itself.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from consumers.acknowledgements import match_acknowledgements
from consumers.cases import CaseCache
from consumers.duplicates import DuplicateSearch
from consumers.gate import Gate
from consumers.logged import name_of, read_logged, read_payload, record_row
from consumers.merges import carried_messages, merge_fault
from consumers.publications import alert_raised, case_decided, message_quarantined
from consumers.refusals import (
    ID_REUSED,
    build_alert,
    build_quarantined,
    derive_earliest_due,
    future_fault,
)
from consumers.remember import is_to_be_remembered, remembered
from consumers.subjects import SubjectFold
from safety.case import CaseState, Report
from safety.coding import Learned
from safety.intake import read_report
from safety.knowledge import Knowledge
from safety.pipeline import LiveCase, advance, begin, derive_status, restore
from safety.store.model import (
    Batch,
    CaseHead,
    LoggedMessage,
    MessageKey,
    Origin,
    SubjectKey,
    Transaction,
)
from safety.subjects import LiveSubject
from schemas.errors import ContractError
from schemas.messages.decision import DeskDecision
from schemas.messages.study_record import SubjectRecord
from schemas.parse import Message, Refused, parse_record
from schemas.values import Closed


@dataclass(frozen=True, slots=True)
class Record:
    """One Kafka record, or one entry of a file; partition -1 for files."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: Mapping[str, str]
    value: bytes | None


@dataclass(slots=True)
class Tally:
    """What became of the messages of some records."""

    records: int = 0
    accepted: int = 0
    repeated: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        """Logical messages read; always accepted + repeated + quarantined."""
        return self.accepted + self.repeated + self.quarantined

    def add(self, other: "Tally") -> None:
        """Add the counts of more records."""
        self.records += other.records
        self.accepted += other.accepted
        self.repeated += other.repeated
        self.quarantined += other.quarantined
        for reason, count in other.reasons.items():
            self.reasons[reason] = self.reasons.get(reason, 0) + count


@dataclass(slots=True)
class Handled:
    """The result of a batch: what to store, what was counted where, which cases changed."""

    batch: Batch
    tallies: dict[tuple[str, int], Tally]
    cases: dict[str, LiveCase]
    subjects: dict[SubjectKey, LiveSubject]
    parked: list[bool]  # for each message in its order: was it put in quarantine


def parse_all(
    records: Sequence[Record], gate: Gate | None = None
) -> list[tuple[Record, Message | Refused]]:
    """
    Read every record; needs no database, so it is done before the transaction begins.

    Args:
        records: In their order.

        gate: What a message has to pass beside its contract, such as the ICH schema.
    """
    return [
        (record, _gated(item, gate))
        for record in records
        for item in parse_record(record.topic, record.value, key=record.key, headers=record.headers)
    ]


def _gated(item: Message | Refused, gate: Gate | None) -> Message | Refused:
    if gate is None or isinstance(item, Refused):
        return item
    fault = gate.fault(item)
    return item if fault is None else Refused(item.part, fault, item.payload)


def handle_batch(
    transaction: Transaction,
    records: Sequence[Record],
    parsed: Sequence[tuple[Record, Message | Refused]],
    *,
    knowledge: Knowledge,
    cache: CaseCache,
    now: datetime,
) -> Handled:
    """
    Decide what a batch changes, without storing it.

    Args:
        transaction: To read what is known; the caller saves the returned batch in it.

        records: The records of the batch.

        parsed: The same records as `parse_all` read them; acknowledgements among them are
            matched to what was sent.

        knowledge: What to decide with.

        cache: Cases remembered from earlier batches.

        now: The instant this batch is recorded at (UTC).
    """
    work = _Work(transaction, knowledge, cache, now, records)
    fresh = work.sort_out(match_acknowledgements(transaction, parsed))
    work.load({m.subject for _, m in fresh if not isinstance(m.data, SubjectRecord)})
    told = (m.data for _, m in fresh if isinstance(m.data, SubjectRecord))
    work.folded.load({(data.study_id, data.subject_id) for data in told})
    for record, message in fresh:
        work.take(record, message)
    work.close_cases()
    work.folded.close(work.batch)
    work.search.close(transaction, work.batch, now=now)
    return Handled(work.batch, work.tallies, work.touched, work.folded.touched, work.parked)


class _Work:
    """One batch while it is being handled."""

    def __init__(
        self,
        transaction: Transaction,
        knowledge: Knowledge,
        cache: CaseCache,
        now: datetime,
        records: Sequence[Record],
    ) -> None:
        self.transaction = transaction
        self.knowledge = knowledge
        self.cache = cache
        self.now = now
        self.batch = Batch()
        self.cases: dict[str, LiveCase] = {}
        self.touched: dict[str, LiveCase] = {}
        self.before: dict[str, int] = {}
        self.parked: list[bool] = []
        self.places: dict[MessageKey, int] = {}  # of new messages in `parked`
        self.search = DuplicateSearch()
        self.folded = SubjectFold(transaction, knowledge, cache.subjects, now)
        self.taught: tuple[Learned, ...] | None = None
        self.tallies: dict[tuple[str, int], Tally] = {}
        for record in records:
            self.tally(record).records += 1

    def tally(self, record: Record) -> Tally:
        """The counts of the record's partition."""
        return self.tallies.setdefault((record.topic, record.partition), Tally())

    def load(self, case_ids: Collection[str]) -> None:
        """Bring cases in as they stand: those remembered, else those stored."""
        wanted = [case_id for case_id in case_ids if case_id not in self.cases]
        self.cases |= _load_cases(self.transaction, wanted, self.cache, self.knowledge)

    def find(self, case_id: str) -> CaseState | None:
        """Give the state of a case after what was taken so far."""
        self.load([case_id])
        live = self.cases.get(case_id)
        return None if live is None else live.case.state

    def sort_out(
        self, parsed: Sequence[tuple[Record, Message | Refused]]
    ) -> list[tuple[Record, Message]]:
        """Park what is refused, count what is repeated, give back what is new."""
        keys = {(m.source, m.message_id) for _, m in parsed if isinstance(m, Message)}
        seen: dict[MessageKey, str] = dict(self.transaction.known_messages(keys)) if keys else {}
        fresh: list[tuple[Record, Message]] = []
        for record, item in parsed:
            self.parked.append(self._sort(record, item, seen, fresh))
        return fresh

    def _sort(
        self,
        record: Record,
        item: Message | Refused,
        seen: dict[MessageKey, str],
        fresh: list[tuple[Record, Message]],
    ) -> bool:
        """Sort one message; True if it went into quarantine."""
        if isinstance(item, Refused):
            self.park(record, item.part, item.error, item.payload)
            return True
        digest = hashlib.sha256(item.payload).hexdigest()
        known = seen.get((item.source, item.message_id))
        if known == digest:
            self.tally(record).repeated += 1
            return False
        error = ID_REUSED if known is not None else future_fault(item, self.now)
        if error is not None:
            self.park(record, item.part, error, item.payload)
            return True
        seen[item.source, item.message_id] = digest
        self.places[item.source, item.message_id] = len(self.parked)
        fresh.append((record, item))
        return False

    def take(self, record: Record, message: Message) -> None:
        """Store one new message and what it decides, or park a merge that cannot be done."""
        fault = merge_fault(message.subject, message.data, self.find)
        if fault is not None:
            self.parked[self.places[message.source, message.message_id]] = True
            self.park(record, message.part, fault, message.payload)
            return
        is_record = isinstance(message.data, SubjectRecord)
        logged = LoggedMessage(
            source=message.source,
            message_id=message.message_id,
            type=message.type,
            subject=message.subject,
            about="subject" if is_record else "case",
            media_type=message.media_type,
            payload=message.payload,
            digest=hashlib.sha256(message.payload).hexdigest(),
            origin=Origin(record.topic, record.partition, record.offset, message.part),
            recorded_at=self.now,
            learned=self.knowledge.learned,
        )
        self.tally(record).accepted += 1
        if isinstance(message.data, SubjectRecord):
            self.batch.messages.append(logged)
            row = record_row(logged, message.data)
            self.batch.records.append(row)
            self.folded.take(row, self.batch)
        else:
            self._case_message(logged, message.data)

    def _case_message(self, logged: LoggedMessage, data: Closed) -> None:
        """Take a message into its case, and what it carries over into others."""
        report: Report = read_report(name_of(logged), data)
        earlier = partial(self._told_before, logged.subject, len(self.batch.messages))
        self.batch.messages.append(logged)
        before = self.cases.get(logged.subject) or begin(logged.subject)
        after = self._advance(before, report)
        if is_to_be_remembered(data):
            self._remember(logged.subject, after.case.state, data)
        states = (before.case.state, after.case.state)
        for carried in carried_messages(states, (logged, report, data), earlier):
            self.load([carried.subject])
            self._case_message(carried, read_payload(carried))

    def _remember(self, case_id: str, state: CaseState, data: DeskDecision) -> None:
        """Teach the dictionary the words that a person coded, if they are to be remembered."""
        if self.taught is None:
            self.taught = self.transaction.learned(after=0)
        entry = remembered(case_id, state, data, self.taught, self.knowledge.dictionary)
        if entry is not None:
            self.taught += (entry,)
            self.batch.learned.append(entry)

    def _told_before(self, case_id: str, end: int) -> list[tuple[LoggedMessage, Report]]:
        """All messages of a case that were taken before a place in this batch."""
        stored = self.transaction.log_of([case_id]).get(case_id, ())
        here = [logged for logged in self.batch.messages[:end] if logged.subject == case_id]
        return [(logged, read_logged(logged)) for logged in (*stored, *here)]

    def _advance(self, live: LiveCase, report: Report) -> LiveCase:
        self.before.setdefault(live.case_id, len(live.steps))
        outcome = advance(live, report, self.knowledge, now=self.now)
        self.cases[live.case_id] = self.touched[live.case_id] = outcome.case
        self.search.observe(outcome.case)
        version = outcome.version
        if version is None:
            return outcome.case
        self.batch.versions.append(version)
        self.batch.created += [(version.version, created) for created in outcome.created]
        self.batch.superseded += [
            (version.case_id, version.version, ended) for ended in outcome.superseded
        ]
        self.batch.submissions += [
            (version.case_id, version.version, moved) for moved in outcome.submissions
        ]
        self.batch.sent += [(version.case_id, version.version, sent) for sent in outcome.sent]
        self.batch.answered += [
            (version.case_id, version.version, answered) for answered in outcome.answered
        ]
        self.batch.alerts += outcome.alerts
        self.batch.outgoing.append(case_decided(version, outcome, now=self.now))
        self.batch.outgoing += [
            alert_raised(alert, synthetic=version.synthetic, now=self.now)
            for alert in outcome.alerts
        ]
        return outcome.case

    def close_cases(self) -> None:
        """Write down the head of every case the batch touched."""
        for case_id, live in self.touched.items():
            self.batch.heads[case_id] = (self.before[case_id], head_of(live))

    def park(self, record: Record, part: int, error: ContractError, payload: bytes) -> None:
        """Put one message in quarantine, with an alert: the clock does not stop for a parser."""
        tally = self.tally(record)
        tally.quarantined += 1
        tally.reasons[error.reason] = tally.reasons.get(error.reason, 0) + 1
        origin = Origin(record.topic, record.partition, record.offset, part)
        parked = build_quarantined(
            error,
            origin,
            payload,
            key=record.key,
            headers=record.headers,
            earliest_due=derive_earliest_due(payload, self.knowledge, self.now),
            now=self.now,
        )
        alert = build_alert(parked)
        self.batch.quarantined.append(parked)
        self.batch.alerts.append(alert)
        self.batch.outgoing.append(message_quarantined(parked, now=self.now))
        self.batch.outgoing.append(alert_raised(alert, synthetic=False, now=self.now))


def head_of(live: LiveCase) -> CaseHead:
    """The head of a case as the store keeps it."""
    return CaseHead(
        case_id=live.case_id,
        version=live.version,
        messages=len(live.steps),
        status=derive_status(live.steps[-1]),
        digest=live.digest,
        chain=live.chain,
        synthetic=live.synthetic,
        obligations=live.obligations,
    )


def _load_cases(
    transaction: Transaction, wanted: Collection[str], cache: CaseCache, knowledge: Knowledge
) -> dict[str, LiveCase]:
    heads = transaction.heads(wanted) if wanted else {}
    cases = {case_id: live for case_id, head in heads.items() if (live := cache.take(head))}
    absent = sorted(heads.keys() - cases.keys())
    logs = transaction.log_of(absent) if absent else {}
    for case_id in absent:
        head = heads[case_id]
        cases[case_id] = restore(
            case_id,
            [read_logged(logged) for logged in logs[case_id]],
            knowledge,
            version=head.version,
            digest=head.digest,
            chain=head.chain,
            obligations=head.obligations,
        )
    return cases
