"""The queue of the desk: kept with the cases, in order, found by words, on both databases."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from consumers.backfill import process_records
from consumers.examples import incoming_examples
from safety.store import SqlStore, desk_tables
from safety.store.queue import (
    Asked,
    Listed,
    Tab,
    changed_since,
    count_tabs,
    is_queue_behind,
    list_queue,
    rebuild_queue,
)
from safety.store.queue_row import NEVER
from safety.store.queue_write import clear
from tests.support.decisions import knowledge

NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
TODAY = date(2014, 5, 20)


@pytest.fixture
def filled(sql_store: SqlStore) -> SqlStore:
    """A store with all the examples."""
    process_records(incoming_examples(), sql_store, knowledge(), clock=lambda: NOW)
    return sql_store


def listed(store: SqlStore, asked: Asked | None = None, **options: object) -> list[Listed]:
    given = {"user": "processor", "today": TODAY, "limit": 1_000, **options}
    return list(list_queue(store, asked or Asked(), **given))  # type: ignore[arg-type]


class TestListQueue:
    def test_has_one_row_for_every_case(self, filled: SqlStore) -> None:
        with filled.reading() as connection:
            cases = connection.exec_driver_sql("SELECT count(*) FROM cases").scalar_one()
            rows = connection.exec_driver_sql("SELECT count(*) FROM queue").scalar_one()

        assert rows == cases > 0

    def test_is_ordered_by_due_date_then_by_gravity(self, filled: SqlStore) -> None:
        keys = [(each.row.due, each.row.gravity) for each in listed(filled)]

        assert keys == sorted(keys)
        assert keys[0][0] < NEVER

    def test_pages_join_without_gap_or_overlap(self, filled: SqlStore) -> None:
        whole = [each.number for each in listed(filled)]
        paged: list[int] = []
        after = None
        while page := listed(filled, limit=3, after=after):
            paged += [each.number for each in page]
            after = page[-1].place

        assert paged == whole

    @pytest.mark.parametrize("search", ["出血", "secure", "HAND"])
    def test_finds_the_same_words_as_reading_every_row_does(
        self, filled: SqlStore, search: str
    ) -> None:
        found = {each.row.case_id for each in listed(filled, Asked(words=search))}
        wanted = {
            each.row.case_id
            for each in listed(filled)
            if any(word.startswith(search.casefold()) for word in each.row.words.split())
        }

        assert found == wanted != set()

    @pytest.mark.parametrize("search", ["'", '"', "a' OR 1=1 --", 'x" OR words:y', "*", "血' & !x"])
    def test_takes_no_orders_from_what_is_searched_for(self, filled: SqlStore, search: str) -> None:
        assert len(listed(filled, Asked(words=search))) <= len(listed(filled))

    def test_a_tab_holds_what_its_mark_says(self, filled: SqlStore) -> None:
        everything = listed(filled)

        for tab in (Tab.SEVEN, Tab.FIFTEEN, Tab.MISSING, Tab.UNCODED):
            marked = [each for each in everything if getattr(each.row, tab.value)]
            assert listed(filled, Asked(tab)) == marked
        assert [each for each in everything if each.row.due < TODAY] == listed(
            filled, Asked(Tab.OVERDUE)
        )

    def test_counts_what_the_tabs_list(self, filled: SqlStore) -> None:
        counts = count_tabs(filled, user="processor", today=TODAY)

        assert counts == {tab: len(listed(filled, Asked(tab))) for tab in counts}

    def test_an_unknown_answer_is_asked_for_by_its_name(self, filled: SqlStore) -> None:
        for answer, value in (("yes", True), ("no", False), ("unknown", None)):
            found = listed(filled, Asked(serious=answer))
            assert {each.row.serious for each in found} <= {value}


class TestRebuildQueue:
    def test_makes_what_the_writing_of_the_cases_made(self, filled: SqlStore) -> None:
        before = sorted((each.row for each in listed(filled)), key=lambda row: row.case_id)

        written = sum(rebuild_queue(filled))

        after = sorted((each.row for each in listed(filled)), key=lambda row: row.case_id)
        assert after == before
        assert written >= len(before)

    def test_tells_when_it_is_needed(self, filled: SqlStore) -> None:
        assert not is_queue_behind(filled)
        with filled.writing() as connection:
            clear(connection)

        assert is_queue_behind(filled)
        assert not listed(filled, Asked(words="secure"))


class TestChangedSince:
    def test_gives_what_changed_after_an_instant_only(self, filled: SqlStore) -> None:
        with filled.reading() as connection:
            refs = set(connection.scalars(select(desk_tables.queue.c.ref)))

        before = changed_since(filled, datetime(2026, 4, 1, 11, tzinfo=UTC), limit=1_000)

        assert {each.ref for each in before} == refs
        assert changed_since(filled, NOW, limit=1_000) == []
        assert all(a.at >= b.at for a, b in pairwise(before))
