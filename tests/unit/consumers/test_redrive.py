"""Out of quarantine, message by message."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from consumers import redrive as module
from consumers.backfill import process_records
from consumers.handlers import Record, handle_batch
from consumers.redrive import choose_parked, redrive
from safety.errors import StoreUnavailableError
from safety.knowledge import Knowledge, load_knowledge
from safety.store import SqlStore, migrate, open_store
from safety.store.parked import ParkedState, quarantine_list, quarantine_mark
from safety.store.queries import case_ids

EXAMPLE = Path(str(files("schemas"))) / "examples" / "adverse-event.initial.json"
CASE = "SECURE-EDC:16621-03-012-AE04"
BEFORE = datetime(2014, 5, 1, tzinfo=UTC)  # the report of 8 May then lies in the future
AFTER = datetime(2014, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> Iterator[SqlStore]:
    """A store with one message in quarantine, which came from the future."""
    url = f"sqlite:///{tmp_path}/redrive.db"
    migrate(url)
    opened = open_store(url)
    record = Record("pv.adverse-events", -1, 1, None, {}, EXAMPLE.read_bytes())
    process_records([record], opened, knowledge, clock=lambda: BEFORE)
    yield opened
    opened.close()


class TestRedrive:
    def test_what_was_in_the_future_is_accepted_when_its_time_has_come(
        self, store: SqlStore, knowledge: Knowledge
    ) -> None:
        entries = choose_parked(store)

        (result,) = redrive(store, knowledge, entries, note="its day has come", clock=lambda: AFTER)

        assert result.accepted
        assert list(case_ids(store)) == [CASE]
        (entry,) = quarantine_list(store, state=None)
        assert (entry.state, entry.note) == (ParkedState.REDRIVEN, "its day has come")

    def test_what_is_still_refused_stays_with_the_reason_of_today(
        self, store: SqlStore, knowledge: Knowledge
    ) -> None:
        entries = choose_parked(store)

        (result,) = redrive(store, knowledge, entries, note="", clock=lambda: BEFORE)

        assert (result.accepted, result.reason) == (False, "future_awareness")
        assert [entry.state for entry in quarantine_list(store)] == [ParkedState.PARKED]

    def test_a_dry_run_tells_and_stores_nothing(
        self, store: SqlStore, knowledge: Knowledge
    ) -> None:
        entries = choose_parked(store)

        (result,) = redrive(store, knowledge, entries, note="", dry_run=True, clock=lambda: AFTER)

        assert result.accepted
        assert list(case_ids(store)) == []
        assert choose_parked(store) == entries

    def test_what_somebody_else_discarded_meanwhile_is_left_alone(
        self, store: SqlStore, knowledge: Knowledge
    ) -> None:
        entries = choose_parked(store)
        quarantine_mark(store, entries[0].quarantine_id, ParkedState.DISCARDED, note="mine")

        assert list(redrive(store, knowledge, entries, note="", clock=lambda: AFTER)) == []
        assert list(case_ids(store)) == []

    def test_after_a_crash_before_the_mark_it_is_recognised_as_repeated(
        self, store: SqlStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entries = choose_parked(store)

        def crash(*_: object, **__: object) -> bool:
            raise KeyboardInterrupt

        with monkeypatch.context() as crashing:
            crashing.setattr(module, "quarantine_mark", crash)
            with pytest.raises(KeyboardInterrupt):
                list(redrive(store, knowledge, entries, note="", clock=lambda: AFTER))

        (result,) = redrive(store, knowledge, entries, note="", clock=lambda: AFTER)

        assert result.accepted
        assert quarantine_list(store) == []

    def test_another_writer_of_the_case_is_waited_for(
        self, store: SqlStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left = [StoreUnavailableError("another writer"), StoreUnavailableError("another writer")]
        handle = handle_batch

        def contended(*arguments: object, **named: object) -> object:
            if left:
                raise left.pop()
            return handle(*arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "handle_batch", contended)

        (result,) = redrive(store, knowledge, choose_parked(store), note="", clock=lambda: AFTER)

        assert result.accepted


class TestChooseParked:
    def test_chooses_by_id_by_reason_and_by_number(self, store: SqlStore) -> None:
        (entry,) = choose_parked(store)

        assert choose_parked(store, ids=[entry.quarantine_id]) == [entry]
        assert choose_parked(store, ids=["0" * 24]) == []
        assert choose_parked(store, reason="future_awareness") == [entry]
        assert choose_parked(store, reason="empty") == []
        assert choose_parked(store, most=0) == []
