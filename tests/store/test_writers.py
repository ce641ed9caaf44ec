"""Two writers at once, on each database: one wins, the other is told to try again."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import Connection, event, make_url

from safety.errors import OffsetConflictError, StoreUnavailableError
from safety.store import SqlStore
from safety.store.canonical import canonical_digests
from safety.store.model import Batch, Progress
from safety.store.transaction import SqlTransaction
from tests.support.postgres import PostgresServer
from tests.support.reports import follow_up, report
from tests.support.stories import CASE_ID, NOON, Story, logged, named, study_record

SECONDS = 20.0  # after which a thread that should have ended is stuck
FIRST = Progress("pv.icsr", 0, 5, 5, 5, 0, 0)


def save(store: SqlStore, batch: Batch) -> None:
    with store.transaction() as work:
        work.save(batch, now=NOON)


def move(store: SqlStore, before: Progress, after: Progress) -> None:
    with store.transaction() as work:
        work.advance(before, after)


def wait_until_blocked(store: SqlStore) -> None:
    """Wait until a session of this PostgreSQL database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(1_000):
        with store.reading() as connection:  # a transaction would see the same answer each time
            if connection.exec_driver_sql(waiting).scalar():
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits for a lock")


def write_more_than_fits(store: SqlStore) -> None:
    with store.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        large = Batch(messages=[logged("EDC 2", "s", text="x" * 1_000_000)])
        SqlTransaction(connection, store.place).save(large, now=NOON)


@contextmanager
def before_statement(store: SqlStore, table: str, act: Callable[[], None]) -> Iterator[None]:
    """Do something once, right before a statement that reads this table."""
    done = threading.Event()

    def look(_connection: Connection, _cursor: Any, statement: str, *_rest: object) -> None:
        if table in statement and not done.is_set():
            done.set()
            act()

    event.listen(store._engine, "before_cursor_execute", look)
    try:
        yield
    finally:
        event.remove(store._engine, "before_cursor_execute", look)
    assert done.is_set()


class TestTwoWritersOnPostgres:
    def test_who_waited_for_a_head_that_moved_is_refused(self, postgres_store: SqlStore) -> None:
        ours, theirs = Story(), Story()
        save(postgres_store, ours.take(report()))
        theirs.take(report())
        first = ours.take(follow_up("m2"))
        second = theirs.take(follow_up("m3"))

        with ThreadPoolExecutor(1) as pool:
            with postgres_store.transaction() as work:
                work.save(first, now=NOON)
                late = pool.submit(save, postgres_store, second)
                wait_until_blocked(postgres_store)
            with pytest.raises(StoreUnavailableError, match="another writer changed"):
                late.result(SECONDS)

        with postgres_store.transaction() as work:
            assert work.heads([CASE_ID]) == {CASE_ID: ours.head}

    def test_who_waited_for_a_case_that_now_exists_is_refused(
        self, postgres_store: SqlStore
    ) -> None:
        ours = Story()
        with ThreadPoolExecutor(1) as pool:
            with postgres_store.transaction() as work:
                work.save(ours.take(report()), now=NOON)
                batch = Story().take(named(report(), "test theirs"))
                late = pool.submit(save, postgres_store, batch)
                wait_until_blocked(postgres_store)
            with pytest.raises(StoreUnavailableError, match="another writer stored"):
                late.result(SECONDS)

        with postgres_store.transaction() as work:
            assert work.heads([CASE_ID]) == {CASE_ID: ours.head}

    def test_heads_are_locked_in_one_order_so_nobody_deadlocks(
        self, postgres_store: SqlStore
    ) -> None:
        one, other = Story("A:1"), Story("B:1")
        save(postgres_store, one.take(report()))
        save(postgres_store, other.take(named(report(), "test other")))
        head_a, head_b = replace(one.head, messages=2), replace(other.head, messages=2)
        backwards = Batch(heads={"B:1": (1, head_b), "A:1": (1, head_a)})

        with ThreadPoolExecutor(1) as pool:
            with postgres_store.transaction() as work:
                work.save(Batch(heads={"A:1": (1, head_a)}), now=NOON)
                late = pool.submit(save, postgres_store, backwards)
                wait_until_blocked(postgres_store)
                work.save(Batch(heads={"B:1": (1, head_b)}), now=NOON)
            with pytest.raises(StoreUnavailableError, match="another writer changed"):
                late.result(SECONDS)

    def test_who_waited_for_an_offset_that_moved_has_lost_the_partition(
        self, postgres_store: SqlStore
    ) -> None:
        with postgres_store.transaction() as work:
            work.advance(None, FIRST)

        with ThreadPoolExecutor(1) as pool:
            with postgres_store.transaction() as work:
                work.advance(FIRST, replace(FIRST, next_offset=9))
                after = replace(FIRST, next_offset=7)
                late = pool.submit(move, postgres_store, FIRST, after)
                wait_until_blocked(postgres_store)
            with pytest.raises(OffsetConflictError):
                late.result(SECONDS)

        with postgres_store.transaction() as work:
            assert work.progress([("pv.icsr", 0)])["pv.icsr", 0].next_offset == 9

    def test_a_case_that_moves_while_it_is_read_is_refused_when_saved(
        self, postgres_store: SqlStore
    ) -> None:
        ours, theirs = Story(), Story()
        save(postgres_store, ours.take(report()))
        theirs.take(report())
        between = theirs.take(follow_up("m2"))

        with postgres_store.transaction() as work:
            with before_statement(
                postgres_store, "standing_obligations", lambda: save(postgres_store, between)
            ):
                read = work.heads([CASE_ID])[CASE_ID]
            assert read.messages == 1
        stale = Batch(heads={CASE_ID: (read.messages, read)})
        with pytest.raises(StoreUnavailableError):
            save(postgres_store, stale)

    def test_what_is_compared_is_read_as_of_one_instant(self, postgres_store: SqlStore) -> None:
        save(postgres_store, Story().take(report()))
        before = canonical_digests(postgres_store)
        between = Batch(records=[study_record("lab-1", "r1")])

        with before_statement(
            postgres_store, "FROM subject_records", lambda: save(postgres_store, between)
        ):
            assert canonical_digests(postgres_store) == before

        assert canonical_digests(postgres_store) != before

    def test_a_lost_connection_is_an_outage_and_the_next_work_gets_a_new_one(
        self, postgres_store: SqlStore
    ) -> None:
        kill = "SELECT pg_terminate_backend(pg_backend_pid())"
        with (
            pytest.raises(StoreUnavailableError, match="check"),
            postgres_store.writing() as connection,
        ):
            connection.exec_driver_sql(kill)

        save(postgres_store, Batch(messages=[logged("EDC 1", "s")]))

        assert canonical_digests(postgres_store)["message_log"][0] == 1

    def test_a_stale_connection_is_replaced_before_it_is_used(
        self, postgres_store: SqlStore, postgres_shared: str, postgres_server: PostgresServer
    ) -> None:
        save(postgres_store, Batch(messages=[logged("EDC 0", "s")]))
        database = sql.Literal(make_url(postgres_shared).database)
        sessions = sql.SQL(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = "
        )
        postgres_server.execute(sessions + database)

        save(postgres_store, Batch(messages=[logged("EDC 1", "s")]))

        assert canonical_digests(postgres_store)["message_log"][0] == 2


class TestTwoWritersOnSqlite:
    def test_the_second_is_told_that_somebody_else_writes(self, sqlite_store: SqlStore) -> None:
        ours, theirs = Story("A:1"), Story("B:1")
        with sqlite_store.transaction() as work:
            work.save(ours.take(report()), now=NOON)
            batch = theirs.take(named(report(), "test other"))
            with pytest.raises(StoreUnavailableError, match="another process writes"):
                save(sqlite_store, batch)

        save(sqlite_store, batch)
        with sqlite_store.transaction() as work:
            assert work.heads(["A:1", "B:1"]).keys() == {"A:1", "B:1"}

    def test_readers_see_what_was_stored_last_while_somebody_writes(
        self, sqlite_store: SqlStore
    ) -> None:
        save(sqlite_store, Batch(messages=[logged("EDC 1", "s")]))

        with sqlite_store.transaction() as work:
            work.save(Batch(messages=[logged("EDC 2", "s")]), now=NOON)
            seen = canonical_digests(sqlite_store)["message_log"][0]

        assert seen == 1
        assert canonical_digests(sqlite_store)["message_log"][0] == 2

    def test_a_full_disk_is_an_outage_and_leaves_what_was_there(
        self, sqlite_store: SqlStore
    ) -> None:
        save(sqlite_store, Batch(messages=[logged("EDC 1", "s")]))
        before = canonical_digests(sqlite_store)
        with pytest.raises(StoreUnavailableError, match="disk is full"):
            write_more_than_fits(sqlite_store)

        assert canonical_digests(sqlite_store) == before
