"""One stream, one set of tables: whatever the size of the batches, the store, and the way in."""

import pytest

from consumers.backfill import process_records
from safety.store import SqlStore, open_store, tables
from safety.store.memory import MemoryStore
from tests.support.brokers import Broker, put
from tests.support.decisions import knowledge
from tests.support.duplicates import OF_HOSPITAL, reported
from tests.support.scene import Undisturbed
from tests.support.streams import examples, in_place, study
from tests.support.tables import assert_same_tables, rows_of

TWICE = (reported("study"), reported("hospital", OF_HOSPITAL))  # one event, two case numbers
# Offsets are those of a broker; what people teach, what is delivered and what receivers answer come
# by other ways than these messages.
NOT_FROM_FILES = {"stream_offsets", "learned_names", "alert_deliveries", "acknowledgements"}
STREAM = (*examples(), *study(21, 20, 1_000), *TWICE, *examples()[:5])


@pytest.fixture(scope="module")
def in_memory() -> MemoryStore:
    """The stream in one batch, in memory."""
    store = MemoryStore()
    process_records(in_place(STREAM), store, knowledge(), batch_records=len(STREAM))
    return store


class TestSizeOfBatches:
    @pytest.mark.parametrize("size", [1, 7, 500])
    def test_any_size_gives_the_same_tables(
        self, size: int, store: SqlStore, in_memory: MemoryStore
    ) -> None:
        process_records(in_place(STREAM), store, knowledge(), batch_records=size)

        assert_same_tables(store, in_memory)

    def test_the_tables_are_not_empty(self, in_memory: MemoryStore) -> None:
        held = {table.name for table in tables.metadata.sorted_tables if rows_of(in_memory, table)}

        assert held == set(tables.metadata.tables) - NOT_FROM_FILES


class TestBegunAgain:
    def test_a_run_cut_into_pieces_gives_the_same_tables(
        self, database_url: str, in_memory: MemoryStore
    ) -> None:
        """Each piece begins without a case in memory, as after a restart."""
        records = in_place(STREAM)
        for begin in range(0, len(records), 90):
            store = open_store(database_url)
            process_records(records[begin : begin + 90], store, knowledge(), batch_records=20)
            store.close()

        store = open_store(database_url)
        assert_same_tables(store, in_memory)
        store.close()

    def test_a_second_run_changes_nothing_but_finds_all_repeated(self, store: SqlStore) -> None:
        first = process_records(in_place(STREAM), store, knowledge())
        before = rows_of(store, tables.case_versions), rows_of(store, tables.outbox)
        second = process_records(in_place(STREAM), store, knowledge())

        assert (rows_of(store, tables.case_versions), rows_of(store, tables.outbox)) == before
        for topic, tally in second.items():
            assert tally.accepted == 0
            assert tally.quarantined == first[topic].quarantined
            assert tally.repeated == first[topic].accepted + first[topic].repeated


@pytest.mark.kafka
class TestConsumeAndProcess:
    def test_both_ways_give_the_same_tables(
        self, topics: Broker, undisturbed: Undisturbed, in_memory: MemoryStore
    ) -> None:
        put(topics, STREAM)

        assert_same_tables(undisturbed(topics), in_memory, origins=False)
