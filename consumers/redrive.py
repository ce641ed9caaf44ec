"""
Take messages out of quarantine by reading them again with the present software.

A message goes through the same handling as on its first day. If it is accepted, or
turns out to be a repetition, it is marked as redriven; if it is still refused, it
stays parked as it was, and the caller is told the reason of today. Each message is
one transaction; a redrive that is cut short is simply run again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from consumers.acknowledgements import match_acknowledgements
from consumers.cases import CaseCache
from consumers.gate import Gate
from consumers.handlers import Record, handle_batch, parse_all
from consumers.learned import KnowledgeOverTime
from safety.errors import StoreUnavailableError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.model import Quarantined
from safety.store.parked import (
    Parked,
    ParkedState,
    quarantine_list,
    quarantine_mark,
    quarantine_show,
)

ATTEMPTS = 5  # at one message, while another writer changes the same case


@dataclass(frozen=True, slots=True)
class Redriven:
    """
    What became of one message.

    Attributes:
        accepted: It left, or in a dry run would leave, the quarantine.
        reason, path: Why not, as of today.
    """

    quarantine_id: str
    accepted: bool
    reason: str | None = None
    path: str | None = None


def choose_parked(
    store: SqlStore, *, ids: Sequence[str] = (), reason: str | None = None, most: int | None = None
) -> list[Parked]:
    """
    Give the parked messages that a redrive is meant for, the most urgent first.

    Args:
        store: Where they are.

        ids: These, unless empty.

        reason: Those parked for this reason, unless None.

        most: At most so many.
    """
    found = [
        entry
        for entry in quarantine_list(store, state=ParkedState.PARKED)
        if (not ids or entry.quarantine_id in ids) and reason in {None, entry.reason}
    ]
    return found[:most]


def redrive(
    store: SqlStore,
    knowledge: Knowledge,
    entries: Sequence[Parked],
    *,
    note: str,
    gate: Gate | None = None,
    dry_run: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Redriven]:
    """
    Redrive messages, and tell of each what became of it.

    Args:
        store: Where they are parked and where their cases go.

        knowledge: What to decide with.

        entries: As `choose_parked()` gives them.

        note: Why, by whom; kept with each message that leaves the quarantine.

        gate: What a message has to pass beside its contract, such as the ICH schema.

        dry_run: Change nothing; only tell what would happen.

        clock: Gives the instant a message is recorded at; replaceable for tests.
    """
    work = _Redrive(store, KnowledgeOverTime(knowledge), gate, clock, dry_run)
    for entry in entries:
        found = quarantine_show(store, entry.quarantine_id)
        if found is None or found[0].state is not ParkedState.PARKED:
            continue  # somebody else was there first
        result = work.patiently(found[1])
        if result.accepted and not dry_run:
            quarantine_mark(store, entry.quarantine_id, ParkedState.REDRIVEN, note=note)
        yield result


@dataclass(frozen=True, slots=True)
class _Redrive:
    """What every message of one redrive is handled with."""

    store: SqlStore
    knowledge: KnowledgeOverTime
    gate: Gate | None
    clock: Callable[[], datetime]
    dry_run: bool

    def patiently(self, parked: Quarantined) -> Redriven:
        """Handle one message, again if another writer changed its case meanwhile."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self.handle(parked)
            except StoreUnavailableError:
                continue
        return self.handle(parked)

    def handle(self, parked: Quarantined) -> Redriven:
        """Handle one message in one transaction."""
        origin, now = parked.origin, self.clock()
        record = Record(
            topic=origin.topic,
            partition=origin.partition,
            offset=origin.offset,
            key=parked.key,
            headers=parked.headers,
            value=parked.payload,
        )
        # Part 0 may stand for a record that could not be divided then: all of it is read again,
        # and what was accepted from it before is recognised as repeated.
        with self.store.transaction() as transaction:
            knowledge = self.knowledge.refresh(transaction)
            parsed = [
                (record, item)
                for _, item in match_acknowledgements(transaction, parse_all([record], self.gate))
                if origin.part in {0, item.part}
            ]
            handled = handle_batch(
                transaction,
                [record],
                parsed,
                knowledge=knowledge,
                cache=CaseCache(),
                now=now,
            )
            if not self.dry_run:
                transaction.save(handled.batch, now=now)
        for (_, item), refused in zip(parsed, handled.parked, strict=True):
            if item.part == origin.part and not refused:
                return Redriven(parked.quarantine_id, accepted=True)
        again = (each for each in handled.batch.quarantined if each.origin.part == origin.part)
        still = next(again, parked)
        return Redriven(parked.quarantine_id, accepted=False, reason=still.reason, path=still.path)
