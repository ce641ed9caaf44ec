"""Subjects of studies in every store: the same assessments whatever the batches, guarded heads."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from consumers.cases import CaseCache
from consumers.handlers import Record, handle_batch, parse_all
from consumers.replay import Difference, replay
from safety.errors import StoreUnavailableError
from safety.store import SqlStore
from safety.store.canonical import canonical_digests
from safety.store.memory import MemoryStore
from safety.store.subjects import held_records, latest_assessments, load_subject, subject_keys
from safety.store.verify import verify_store
from tests.support.decisions import knowledge

AnyStore = SqlStore | MemoryStore
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
STUDY = "NCT01751763"


def record(offset: int, subject: str, record_id: str, **data: Any) -> Record:
    kind = data.pop("kind", "pv.laboratory.recorded.v1")
    event = {
        "specversion": "1.0",
        "id": f"{subject}-{record_id}-{offset}",
        "source": "urn:test",
        "type": kind,
        "subject": f"{STUDY}:{subject}",
        "data": {
            "study_id": STUDY,
            "subject_id": subject,
            "record_id": record_id,
            "recorded_at": f"2026-03-02T09:00:{offset:02d}Z",
            **data,
        },
    }
    key = f"{STUDY}:{subject}"
    return Record("pv.study-records", 0, offset, key, {}, orjson.dumps(event))


def result(offset: int, subject: str, test: str, value: float, high: float) -> Record:
    unit = "umol/L" if test == "BILI" else "U/L"
    return record(
        offset,
        subject,
        f"{test}-1",
        test=test,
        collected={"value": "2026-03-01", "precision": "day"},
        result={"value": value, "unit": unit},
        high=high,
    )


# ALT 8.24 x ULN, bilirubin 2.85 x ULN, ALP 1.12 x ULN: potential Hy's law, regulatory facts 3.5
STREAM = [
    result(0, "01-001", "ALT", 412, 50),
    result(1, "01-002", "ALT", 40, 50),
    result(2, "01-001", "BILI", 58.4, 20.5),
    result(3, "01-001", "ALP", 140, 125),
    result(4, "01-001", "ALT", 41, 50),  # corrected
]


def take(store: AnyStore, records: Sequence[Record], cache: CaseCache | None = None) -> None:
    with store.transaction() as work:
        handled = handle_batch(
            work,
            records,
            parse_all(records),
            knowledge=knowledge(),
            cache=cache or CaseCache(),
            now=NOW,
        )
        work.save(handled.batch, now=NOW)
    if cache is not None:
        for live in handled.subjects.values():
            cache.subjects.put(live)


class TestSubjects:
    def test_are_the_same_whatever_the_batches_and_what_is_remembered(
        self, store: AnyStore
    ) -> None:
        take(store, STREAM)
        whole, single, remembered = canonical_digests(store), MemoryStore(), MemoryStore()
        cache = CaseCache()
        for one in STREAM:
            take(single, [one])
            take(remembered, [one], cache)

        for other in (single, remembered):
            found = canonical_digests(other)
            assert found["subjects"] == whole["subjects"]
            assert found["subject_assessments"] == whole["subject_assessments"]
        # ALT alone asks for closer observation; undecided; met; none after the correction
        assert whole["subject_assessments"][0] == 4
        assert whole["alerts"][0] == 2

    def test_a_subject_that_another_writer_moved_is_refused(self, store: AnyStore) -> None:
        take(store, STREAM[:1])
        with store.transaction() as work:
            stale = handle_batch(
                work,
                STREAM[2:3],
                parse_all(STREAM[2:3]),
                knowledge=knowledge(),
                cache=CaseCache(),
                now=NOW,
            )
        take(store, STREAM[3:4])

        with pytest.raises(StoreUnavailableError), store.transaction() as work:
            work.save(stale.batch, now=NOW)

    def test_a_subject_that_another_writer_began_is_refused(self, store: AnyStore) -> None:
        with store.transaction() as work:
            first = handle_batch(
                work,
                STREAM[:1],
                parse_all(STREAM[:1]),
                knowledge=knowledge(),
                cache=CaseCache(),
                now=NOW,
            )
        take(store, STREAM[2:3])

        with pytest.raises(StoreUnavailableError), store.transaction() as work:
            work.save(first.batch, now=NOW)


class TestReplay:
    def test_gives_every_subject_again(self, sql_store: SqlStore) -> None:
        take(sql_store, STREAM[:2])
        take(sql_store, STREAM[2:])
        differences: list[Difference] = []

        found = replay(sql_store, knowledge(), on_difference=differences.append)

        assert (found.subjects, differences) == (2, [])
        assert list(verify_store(sql_store)) == []

    def test_and_the_audit_tell_of_a_row_that_is_gone(self, sqlite_store: SqlStore) -> None:
        take(sqlite_store, STREAM)
        with sqlite_store.writing() as connection:
            connection.exec_driver_sql("DROP TRIGGER subject_assessments_no_DELETE")
            connection.exec_driver_sql("DELETE FROM subject_assessments WHERE version = 4")
        differences: list[Difference] = []

        replay(sqlite_store, knowledge(), on_difference=differences.append)

        assert [each.what for each in differences] == ["4 versions, 3 stored"]
        assert [each.table for each in verify_store(sqlite_store)] == ["subjects"]


class TestQueries:
    def test_list_what_is_said_now(self, sql_store: SqlStore) -> None:
        take(sql_store, STREAM[:4])

        assert list(subject_keys(sql_store)) == [(STUDY, "01-001"), (STUDY, "01-002")]
        assert list(subject_keys(sql_store, study="other")) == []
        (only,) = latest_assessments(sql_store, study=STUDY, liver="met")
        assert (only.subject, only.version) == ("01-001", 3)
        assert latest_assessments(sql_store, liver="none") == []

    def test_hold_the_newest_record_of_each_id(self, sql_store: SqlStore) -> None:
        take(sql_store, STREAM)

        held = held_records(sql_store, STUDY, "01-001")["pv.laboratory.recorded.v1"]
        assert sorted(held) == ["ALP-1", "ALT-1", "BILI-1"]
        assert held["ALT-1"].data["result"]["value"] == "41"
        head = load_subject(sql_store, STUDY, "01-001")
        assert head is not None
        assert head.records == 4
        assert load_subject(sql_store, STUDY, "none") is None
