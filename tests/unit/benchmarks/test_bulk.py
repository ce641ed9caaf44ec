"""The bare load: does it store what the pipeline stored?"""

from pathlib import Path

from sqlalchemy import Table, create_engine, select

from benchmarks.bulk import load_batches, read_batches
from benchmarks.environment import write_stream
from benchmarks.tasks import Task, measure
from safety.store import migrate, tables

MESSAGES = 1_200  # three transactions


def rows_of(url: str, table: Table) -> list[tuple[object, ...]]:
    """Give the rows of a table, without the numbers that the database gave, in a fixed order."""
    columns = [column for column in table.columns if column.identity is None]
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(*columns))]
    engine.dispose()
    return sorted(found, key=repr)


class TestLoadBatches:
    def test_loads_the_rows_of_the_pipeline_in_the_transactions_that_made_them(
        self, tmp_path: Path
    ) -> None:
        write_stream(tmp_path / "stream.jsonl", seed=1, messages=MESSAGES)
        filled, empty = (f"sqlite:///{tmp_path / name}.db" for name in ("filled", "empty"))
        migrate(filled)
        migrate(empty)
        measure(Task("process", MESSAGES, file=tmp_path / "stream.jsonl", database=filled))

        batches = read_batches(filled)
        load_batches(empty, batches)

        assert len(batches) == 3  # the messages by 500, the knowledge with the first
        assert rows_of(filled, tables.case_events) != []
        for table in tables.metadata.sorted_tables:
            assert rows_of(empty, table) == rows_of(filled, table), table.name
