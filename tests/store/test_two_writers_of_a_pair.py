"""
Two consumers take the two cases of a pair at the same time, on PostgreSQL.

Neither sees what the other has not committed. Whoever comes second is refused, as its place in the
blocks of the cases is taken, and does its batch again; then it finds the other's case.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from consumers.cases import CaseCache
from consumers.handlers import Record, handle_batch, parse_all
from safety.errors import StoreUnavailableError
from safety.store import SqlStore, tables
from safety.store.model import Batch, Transaction
from tests.store.test_writers import wait_until_blocked
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, HOSPITAL, OF_HOSPITAL, reported
from tests.support.tables import rows_of

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
SECONDS = 60.0  # after which a thread that should have ended is stuck
STUDY, OTHER = reported("study"), reported("hospital", OF_HOSPITAL)
BOTH_ORDERS = pytest.mark.parametrize(
    ("first", "second"), [(STUDY, OTHER), (OTHER, STUDY)], ids=["study first", "hospital first"]
)


def judge(work: Transaction, record: Record) -> Batch:
    """Give what a record changes, as a consumer finds it in its transaction."""
    return handle_batch(
        work, [record], parse_all([record]), knowledge=knowledge(), cache=CaseCache(), now=NOW
    ).batch


def take(store: SqlStore, record: Record) -> None:
    """Take a record in one transaction."""
    with store.transaction() as work:
        work.save(judge(work, record), now=NOW)


def take_until_stored(store: SqlStore, records: Sequence[Record]) -> int:
    """Take records as the loop does, each again when it is refused; gives how often it was."""
    refused = 0
    for record in records:
        while True:
            try:
                take(store, record)
                break
            except StoreUnavailableError:
                refused += 1
    return refused


def assert_found_once(store: SqlStore, cases: int = 2) -> None:
    """Hold the store to so many cases of which each two are a pair that was raised once."""
    pairs = rows_of(store, tables.duplicate_pairs)
    alerts = [row["kind"] for row in rows_of(store, tables.alerts)]
    assert len(pairs) == cases // 2
    assert {row["state"] for row in pairs} == {"open"}
    assert alerts.count("possible_duplicate") == cases // 2
    assert len(rows_of(store, tables.message_log)) == cases


class TestTwoWritersOfAPair:
    @BOTH_ORDERS
    def test_who_looked_before_the_other_was_there_is_refused_and_finds_it_then(
        self, first: Record, second: Record, postgres_store: SqlStore
    ) -> None:
        def look_early() -> None:
            with postgres_store.transaction() as work:
                early = judge(work, first)
                assert early.pairs == {}
                take(postgres_store, second)
                work.save(early, now=NOW)

        with pytest.raises(StoreUnavailableError, match="another writer"):
            look_early()

        take(postgres_store, first)

        assert_found_once(postgres_store)

    @BOTH_ORDERS
    def test_who_waits_for_the_other_to_commit_is_refused_and_finds_it_then(
        self, first: Record, second: Record, postgres_store: SqlStore
    ) -> None:
        with ThreadPoolExecutor(1) as pool:
            with postgres_store.transaction() as work:
                work.save(judge(work, first), now=NOW)
                late = pool.submit(take, postgres_store, second)
                wait_until_blocked(postgres_store)
            with pytest.raises(StoreUnavailableError):
                late.result(SECONDS)

        take(postgres_store, second)

        assert_found_once(postgres_store)

    def test_two_that_take_what_comes_at_the_same_time_lose_nothing(
        self, postgres_store: SqlStore
    ) -> None:
        patients = range(6)
        ready = threading.Barrier(2)

        def work_through(records: Sequence[Record]) -> int:
            ready.wait(SECONDS)
            return take_until_stored(postgres_store, records)

        with ThreadPoolExecutor(2) as pool:
            told = [
                pool.submit(work_through, [of_patient(source, n) for n in patients])
                for source in (EDC, HOSPITAL)
            ]
            for each in told:
                each.result(SECONDS)

        assert_found_once(postgres_store, cases=2 * len(patients))


def of_patient(source: str, number: int) -> Record:
    """Give what one source tells of one of several patients."""
    sender = source.partition(":")[0]
    told = OF_HOSPITAL if source == HOSPITAL else {}
    birth = f"19{50 + number}-05-{10 + number}"
    return reported(
        f"{sender}-{number}",
        told,
        case={"sender": sender, "sender_case_id": f"2026-{number:06}"},
        study=None,
        report_type="spontaneous",
        patient={
            "initials": "ABCDEF"[number] * 2,
            "sex": "male",
            "birth_date": {"value": birth, "precision": "day"},
        },
    )
