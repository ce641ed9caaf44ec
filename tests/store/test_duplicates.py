"""The same pairs on every store, in every order of arrival, in batches of every size."""

from itertools import permutations

import pytest

from consumers.backfill import process_records
from consumers.handlers import Record
from safety.store import SqlStore, tables
from safety.store.duplicates import duplicate_pairs
from safety.store.memory import MemoryStore
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, HOSPITAL, OF_HOSPITAL, decided, merge, reported
from tests.support.tables import assert_same_tables, rows_of

TWINS = (reported("study"), reported("hospital", OF_HOSPITAL))
OTHER_EVENT = reported(
    "other",
    {"case": {"sender": "EDC", "sender_case_id": "16621-01-001-AE02"}},
    reactions=[
        {
            "reaction_id": "r1",
            "term": {"text": "Alopecia"},
            "onset": {"value": "2026-01-05", "precision": "day"},
        }
    ],
)


def pairs_of(*records: Record, size: int = 500) -> list[dict[str, object]]:
    store = MemoryStore()
    process_records(records, store, knowledge(), batch_records=size)
    rows = rows_of(store, tables.duplicate_pairs)
    return [{name: row[name] for name in row if name != "raised_at"} for row in rows]


class TestPairs:
    def test_are_raised_with_the_message_that_makes_them(
        self, store: MemoryStore | SqlStore
    ) -> None:
        process_records(TWINS, store, knowledge(), batch_records=1)

        [row] = rows_of(store, tables.duplicate_pairs)
        assert row["state"] == "open"
        alerts = [row["kind"] for row in rows_of(store, tables.alerts)]
        assert alerts.count("possible_duplicate") == 1

    def test_are_not_made_of_two_events_of_one_patient(self) -> None:
        assert pairs_of(TWINS[0], OTHER_EVENT) == []

    def test_are_the_same_on_every_store(self, store: MemoryStore | SqlStore) -> None:
        memory = MemoryStore()
        for each in (store, memory):
            process_records((*TWINS, OTHER_EVENT, merge()), each, knowledge(), batch_records=2)

        assert_same_tables(store, memory)

    def test_go_when_a_correction_takes_their_ground_away(self) -> None:
        elsewhere = reported(
            "corrected",
            OF_HOSPITAL,
            kind="correction",
            most_recent_information="2026-03-01",
            study={"study_id": "NCT01751763", "subject_id": "02-009"},
            patient={
                "initials": "ZQ",
                "birth_date": {"value": "1950-01-20", "precision": "day"},
                "age": {"value": "76", "unit": "a"},
            },
        )
        assert len(pairs_of(*TWINS)) == 1
        assert pairs_of(*TWINS, elsewhere) == []

    def test_that_a_person_called_two_events_are_dismissed(self) -> None:
        two = {"kind": "not_a_duplicate", "other": HOSPITAL, "distinct": True}

        [row] = pairs_of(*TWINS, decided("two", EDC, two))
        assert row["state"] == "dismissed"

    @pytest.mark.parametrize("size", [1, 2, 500])
    def test_are_the_same_in_every_order_of_arrival(self, size: int) -> None:
        records = (*TWINS, OTHER_EVENT)
        told = [pairs_of(*order, size=size) for order in permutations(records)]

        assert told[0]
        assert all(each == told[0] for each in told)


class TestDuplicatePairs:
    def test_gives_the_pairs_of_one_case_with_what_was_compared(self, sql_store: SqlStore) -> None:
        process_records((*TWINS, OTHER_EVENT), sql_store, knowledge())

        [found] = duplicate_pairs(sql_store, case_id=HOSPITAL)
        assert (found.left.case_id, found.right.case_id) == (EDC, HOSPITAL)
        assert found.right.birth == "1967-05-03"
        assert duplicate_pairs(sql_store, state="merged") == []
