"""Two stores that were told the same are found equal, and any other two are not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from safety.case import Report
from safety.store import SqlStore
from safety.store.canonical import canonical_digests, canonical_rows
from safety.store.memory import MemoryStore
from safety.store.model import Batch, Progress, Store
from tests.support.reports import follow_up, reaction, report
from tests.support.stories import (
    CASE_ID,
    NOON,
    Story,
    alert,
    logged,
    outgoing,
    parked,
    study_record,
)

AnyStore = MemoryStore | SqlStore
HISTORY = (
    report(),
    follow_up(
        "m2",
        reactions=reaction(outcome="recovering", term={"text": "肺\x00栓塞", "language": "zh"}),
    ),
    follow_up(
        "m3", "2026-03-10", reactions=reaction(onset={"value": "2026-02", "precision": "month"})
    ),
)


def tell(store: Store, *batches: Sequence[Report], hours_later: int = 0) -> None:
    """Store a case in these batches, and one of everything else beside it."""
    later = NOON + timedelta(hours=hours_later)
    story = Story(now=later)
    for batch in batches:
        with store.transaction() as work:
            work.save(story.take(*batch), now=later)
    rest = Batch(
        messages=[logged("EDC r1", "s", about="subject", now=later)],
        # NUL sorts before "!" in Python, and after it in the databases, which hold it otherwise
        records=[study_record("lab", "r\x00", now=later), study_record("lab", "r!", now=later)],
        alerts=[replace(alert("a1"), case_id=CASE_ID)],
        outgoing=[outgoing("x", topic="pv.alerts", now=later)],
        quarantined=[parked("q1", now=later)],
    )
    with store.transaction() as work:
        work.save(rest, now=later)
        work.advance(None, Progress("pv.icsr", 0, 5, 5, 5, 0, 0))
    store.keep_knowledge("k1", {"dictionary": "d"}, now=later)


def told_in_memory(*batches: Sequence[Report], hours_later: int = 0) -> MemoryStore:
    store = MemoryStore()
    tell(store, *batches, hours_later=hours_later)
    return store


class TestCanonicalRows:
    def test_are_the_same_in_memory_in_sqlite_and_in_postgres(
        self, sqlite_store: SqlStore, postgres_store: SqlStore
    ) -> None:
        for store in (sqlite_store, postgres_store):
            tell(store, HISTORY)
        expected = list(canonical_rows(told_in_memory(HISTORY)))

        assert list(canonical_rows(sqlite_store)) == expected
        assert list(canonical_rows(postgres_store)) == expected
        # of thirteen tables all but the ends of duties: nothing was lifted here
        assert len({name for name, _ in expected}) == 12

    def test_do_not_depend_on_batches_or_on_the_time_of_day(self, sql_store: SqlStore) -> None:
        tell(sql_store, HISTORY[:1], HISTORY[1:], hours_later=7)

        assert list(canonical_rows(sql_store)) == list(canonical_rows(told_in_memory(HISTORY)))

    def test_say_everything_but_what_differs_from_run_to_run(self, store: AnyStore) -> None:
        tell(store, HISTORY)

        rows = [(name, orjson.loads(line)) for name, line in canonical_rows(store)]
        (version, *_) = [row for name, row in rows if name == "case_versions"]
        assert version.keys() == {
            "case_id",
            "version",
            "status",
            "caused_by",
            "knowledge",
            "digest",
            "received",
            "state",
            "changes",
            "findings",
            "trace",
            "synthetic",
        }
        (entry, *_) = [row for name, row in rows if name == "outbox"]
        assert entry.keys() == {"message_id", "topic", "key", "payload"}

    def test_print_no_message(self, store: AnyStore) -> None:
        tell(store, HISTORY)

        lines = [line for _, line in canonical_rows(store) if "not json" in line]

        assert lines == []

    def test_may_be_stopped_early(self, store: AnyStore) -> None:
        tell(store, HISTORY)

        first = next(iter(canonical_rows(store)))

        assert first[0] in canonical_digests(store)


class TestOrigins:
    def test_tell_two_runs_apart_only_if_they_are_asked_for(self, store: AnyStore) -> None:
        told = logged("EDC 1", "s")
        ours, theirs = MemoryStore(), store
        moved = replace(told, origin=replace(told.origin, partition=-1, offset=3))
        for one, message in ((ours, told), (theirs, moved)):
            with one.transaction() as work:
                work.save(Batch(messages=[message]), now=NOON)

        assert canonical_digests(ours) != canonical_digests(theirs)
        assert canonical_digests(ours, origins=False) == canonical_digests(theirs, origins=False)

    def test_take_with_them_the_alert_and_the_letter_of_a_parked_message(
        self, store: AnyStore
    ) -> None:
        raised = b'{"data": {"kind": "quarantined"}}'
        batch = Batch(
            alerts=[alert("a1", kind="quarantined"), alert("a2")],
            outgoing=[
                replace(outgoing("a1", topic="pv.alerts"), payload=raised),
                outgoing("a2", topic="pv.alerts"),
                outgoing("q1", topic="pv.dead-letters"),
                outgoing("c1"),
            ],
            quarantined=[parked("q1")],
        )
        with store.transaction() as work:
            work.save(batch, now=NOON)
            work.advance(None, Progress("pv.icsr", 0, 5, 5, 5, 0, 0))

        rows = [(name, orjson.loads(line)) for name, line in canonical_rows(store, origins=False)]
        assert [row["alert_id"] for name, row in rows if name == "alerts"] == ["a2"]
        assert [row["message_id"] for name, row in rows if name == "outbox"] == [
            "pv.alerts/a2",
            "pv.case-decisions/c1",
        ]
        assert {name for name, _ in rows} == {"alerts", "outbox", "quarantine"}


class TestCanonicalDigests:
    @pytest.mark.parametrize(
        ("table", "change"),
        [
            ("message_log", Batch(messages=[logged("EDC 2", "s", text="other")])),
            ("subject_records", Batch(records=[replace(study_record("x", "r1"), data={"a": 2})])),
            ("alerts", Batch(alerts=[alert("a3")])),
            ("outbox", Batch(outgoing=[replace(outgoing("x"), payload=b"{}")])),
            ("quarantine", Batch(quarantined=[parked("q9")])),
        ],
    )
    def test_a_row_more_or_other_shows_in_its_table(
        self, store: AnyStore, table: str, change: Batch
    ) -> None:
        empty = canonical_digests(MemoryStore())
        with store.transaction() as work:
            work.save(change, now=NOON)

        found = canonical_digests(store)

        assert {name for name in found if found[name] != empty[name]} == {table}
        assert found[table][0] == 1

    def test_a_case_told_otherwise_shows(self, store: AnyStore) -> None:
        tell(store, HISTORY)
        other = told_in_memory((*HISTORY[:2], follow_up("m3", "2026-03-11")))

        ours, theirs = canonical_digests(store), canonical_digests(other)

        assert ours["case_versions"] != theirs["case_versions"]
        assert ours["knowledge"] == theirs["knowledge"]


def test_an_empty_store_has_every_table_with_no_rows() -> None:
    counts = {name: rows for name, (rows, _) in canonical_digests(MemoryStore()).items()}

    assert set(counts.values()) == {0}
    assert len(counts) == 23
