"""What became of the messages that were stored last, as the bound of quarantine asks."""

from dataclasses import replace
from datetime import timedelta

from safety.store import SqlStore
from safety.store.model import Batch, LoggedMessage, Quarantined
from safety.store.parked import ParkedState, quarantine_mark, recent_outcomes
from tests.support.stories import NOON, logged, parked


def accepted(number: int, *, minute: int, partition: int = 0) -> LoggedMessage:
    message = logged(f"EDC {number}", "s", about="subject", now=NOON + timedelta(minutes=minute))
    return replace(message, origin=replace(message.origin, partition=partition))


def refused(number: int, *, minute: int, partition: int = 0) -> Quarantined:
    entry = parked(f"q{number}", offset=number, now=NOON + timedelta(minutes=minute))
    return replace(entry, origin=replace(entry.origin, partition=partition))


def save(store: SqlStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)


class TestRecentOutcomes:
    def test_are_in_the_order_of_storing_those_of_one_batch_in_quarantine_first(
        self, sql_store: SqlStore
    ) -> None:
        messages = [accepted(1, minute=0), accepted(2, minute=1)]
        entries = [refused(1, minute=1), refused(2, minute=2)]
        save(sql_store, Batch(messages=messages, quarantined=entries))

        assert recent_outcomes(sql_store, limit=10) == [False, True, False, True]
        assert recent_outcomes(sql_store, limit=2) == [False, True]

    def test_leave_out_files_and_what_a_person_has_dealt_with(self, sql_store: SqlStore) -> None:
        messages = [accepted(1, minute=0, partition=-1)]
        entries = [refused(1, minute=1), refused(2, minute=1, partition=-1), refused(3, minute=2)]
        save(sql_store, Batch(messages=messages, quarantined=entries))
        assert recent_outcomes(sql_store, limit=10) == [True, True]

        quarantine_mark(sql_store, "q1", ParkedState.DISCARDED, note="seen")

        assert recent_outcomes(sql_store, limit=10) == [True]
