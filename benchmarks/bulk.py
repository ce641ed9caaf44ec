"""
What is the least that storing the same rows can cost?

The rows that the pipeline made are read back from its database, and loaded into empty
tables of the same schema: by COPY into PostgreSQL, by executemany into SQLite, straight
through the driver, one transaction for each that the pipeline made. Nothing is parsed,
decided, looked up or converted.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import PoolProxiedConnection, Table

from benchmarks.meter import Meter
from safety.store import tables
from safety.store.connect import make_engine

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Portion:
    """Rows for one table; `types` are PostgreSQL's numbers for its columns, None on SQLite."""

    table: str
    names: tuple[str, ...]
    types: tuple[Any, ...]
    rows: list[Row]


def read_batches(url: str) -> list[list[Portion]]:
    """
    Read all rows of a store, a batch for each transaction that made them.

    Rows of one transaction have the same `recorded_at`; events and pairs have that of their
    case version. Heads of cases and offsets, which the pipeline changed in many
    transactions, are spread evenly.
    """
    with _connected(url) as connection:
        whole = [_read(connection, table) for table in tables.metadata.sorted_tables]
    versions = next(portion for portion in whole if portion.table == tables.case_versions.name)
    of_version = dict(
        zip(_column(versions, "case_id", "version"), _column(versions, "recorded_at"), strict=True)
    )
    recorded = [_recorded(portion, of_version) for portion in whole]
    instants = sorted({instant for of_table in recorded for instant in of_table})
    places = {instant: place for place, instant in enumerate(instants)}
    batches: list[list[Portion]] = [[] for _ in places]
    for portion, known in zip(whole, recorded, strict=True):
        parts: list[list[Row]] = [[] for _ in places]
        for number, row in enumerate(portion.rows):
            place = places[known[number]] if known else number * len(parts) // len(portion.rows)
            parts[place].append(row)
        for batch, rows in zip(batches, parts, strict=True):
            if rows:
                batch.append(Portion(portion.table, portion.names, portion.types, rows))
    return batches


def load_batches(url: str, batches: Sequence[Sequence[Portion]]) -> Meter:
    """Load them into empty tables; the time begins with the first transaction."""
    with _connected(url) as connection:
        driver: Any = connection.driver_connection
        load = _copy if isinstance(driver, psycopg.Connection) else _insert
        meter = Meter()
        for batch in batches:
            load(driver, batch)
        meter.lap()
    return meter


@contextmanager
def _connected(url: str) -> Iterator[PoolProxiedConnection]:
    """Give a connection set up as the product's are."""
    engine = make_engine(url)
    connection = engine.raw_connection()
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def _read(connection: PoolProxiedConnection, table: Table) -> Portion:
    names = tuple(column.name for column in table.columns if column.identity is None)
    cursor = connection.cursor()
    cursor.execute(f"SELECT {_quoted(names)} FROM {table.name}")  # noqa: S608 - our own names
    types = tuple(column[1] for column in cursor.description)
    return Portion(table.name, names, types, [tuple(row) for row in cursor.fetchall()])


def _recorded(portion: Portion, of_version: Mapping[Row, Any]) -> list[Any]:
    """When each row was recorded; empty where that is not known."""
    if "recorded_at" in portion.names:
        return [instant for (instant,) in _column(portion, "recorded_at")]
    if portion.table in {tables.case_events.name, tables.drug_event_pairs.name}:
        return [of_version[key][0] for key in _column(portion, "case_id", "version")]
    return []


def _column(portion: Portion, *names: str) -> list[Row]:
    places = [portion.names.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in portion.rows]


def _copy(driver: psycopg.Connection[Row], batch: Sequence[Portion]) -> None:
    with driver.cursor() as cursor:
        for portion in batch:
            statement = (
                f"COPY {portion.table} ({_quoted(portion.names)}) FROM STDIN (FORMAT BINARY)"
            )
            with cursor.copy(statement.encode()) as copy:
                copy.set_types(portion.types)
                for row in portion.rows:
                    copy.write_row(row)
    driver.commit()


def _insert(driver: Any, batch: Sequence[Portion]) -> None:  # noqa: ANN401 - sqlite3's connection
    driver.execute("BEGIN IMMEDIATE")
    for portion in batch:
        marks = ", ".join("?" * len(portion.names))
        driver.executemany(
            f"INSERT INTO {portion.table} ({_quoted(portion.names)}) VALUES ({marks})",  # noqa: S608
            portion.rows,
        )
    driver.execute("COMMIT")


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
