"""Replay computes every decision again from the log, and finds each one that was changed."""

import sqlite3
from pathlib import Path

import pytest

from consumers.backfill import process_records
from consumers.replay import Difference, ReplayResult, replay
from safety.store import SqlStore, open_store, tables
from tests.support.decisions import knowledge
from tests.support.streams import examples, in_place, reports
from tests.support.tables import case_ids_of, rows_of


def replayed(store: SqlStore) -> tuple[ReplayResult, list[Difference]]:
    found: list[Difference] = []
    return replay(store, knowledge(), on_difference=found.append), found


def fill(store: SqlStore) -> None:
    process_records(in_place([*examples(), *reports(7, 10)]), store, knowledge(), batch_records=10)


class TestReplay:
    def test_finds_no_difference_and_looks_at_all_there_is(self, store: SqlStore) -> None:
        fill(store)

        result, found = replayed(store)

        assert found == []
        assert result.cases == len(case_ids_of(store)) > 20
        assert result.versions == len(rows_of(store, tables.case_versions))
        assert result.messages == len(rows_of(store, tables.message_log))

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ("UPDATE case_versions SET status = 'pending' WHERE status = 'valid'", "status"),
            ("UPDATE case_versions SET digest = 'x'", "digest"),
            ("UPDATE case_versions SET caused_by = 'x'", "caused_by"),
            ("UPDATE case_versions SET recorded_at = '2014-05-06T08:00:00.000000'", "recorded_at"),
            ("UPDATE case_versions SET chain = 'x'", "chain"),
            ("UPDATE case_versions SET previous_chain = 'x'", "previous_chain"),
            ("UPDATE case_versions SET knowledge = 'x'", "knowledge"),
            ("UPDATE case_versions SET state = '{}'", "state"),
            ("UPDATE case_versions SET changes = '[[]]'", "changes"),
            ("UPDATE case_versions SET findings = '[{}]'", "findings"),
            ("UPDATE case_versions SET trace = '{}'", "trace"),
            ("UPDATE case_versions SET synthetic = NOT synthetic", "synthetic"),
            ("UPDATE case_events SET serious = NOT coalesce(serious, 0)", "events"),
            ("UPDATE drug_event_pairs SET ours = NOT ours", "pairs"),
            ("UPDATE obligations SET due = '2099-12-31'", "the case's obligations"),
            ("DELETE FROM obligations", "the case's obligations"),
            ("UPDATE cases SET status = 'pending' WHERE status = 'valid'", "the case's status"),
            ("UPDATE cases SET messages = messages + 1", "the case's messages"),
        ],
    )
    def test_finds_what_was_changed_by_hand(
        self, change: str, what: str, sqlite_url: str, tmp_path: Path
    ) -> None:
        store = open_store(sqlite_url)
        fill(store)
        with sqlite3.connect(tmp_path / "safety.db") as connection:
            for (trigger,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).fetchall():
                connection.execute(f"DROP TRIGGER {trigger}")  # as one who covers his tracks
            assert connection.execute(change).rowcount > 0
        connection.close()

        _, found = replayed(store)

        assert {difference.what for difference in found} >= {what}
        store.close()
