"""
How do thousands of rows a second get in, and how are hundreds of keys asked for at once?

PostgreSQL takes new rows by COPY, SQLite by one prepared statement; both straight
through the driver, because a statement built row by row costs more than the row.
Keys go in as one parameter (an array, or a JSON list) that is joined like a table:
the statement is the same for one key and for a thousand, so it is prepared once.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from psycopg import Connection as PostgresConnection
from sqlalchemy import Connection, FromClause, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.types import LargeBinary

from safety.store.columns import Told
from safety.store.rows import Row, Rows, written

# Types of a binary COPY, by the SQL type of the column.
_BINARY = {
    "TEXT": "text",
    "INTEGER": "int4",
    "BIGINT": "int8",
    "BOOLEAN": "bool",
    "BYTEA": "bytea",
    "DATE": "date",
    "DOUBLE PRECISION": "float8",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}


def insert_rows(connection: Connection, new: Rows) -> None:
    """Insert rows; one that exists already is an error."""
    if not new.rows:
        return
    rows = _held(new, connection.dialect)
    if connection.dialect.name == "postgresql":
        _copy(connection, new.table, rows)
    else:
        connection.exec_driver_sql(_insert(new.table, connection.dialect), list(rows))


def _copy(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, PostgresConnection)  # noqa: S101 - the dialect says so
    statement, types = _copy_plan(table, connection.dialect)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _held(new: Rows, dialect: Dialect) -> Iterable[Row]:
    """Give the values as the database holds them; a column at a time, that is fastest."""
    columns: list[Sequence[Any]] = list(zip(*new.rows, strict=True))
    for place, process in _processors(new.table, dialect):
        columns[place] = [process(value) for value in columns[place]]
    return zip(*columns, strict=True)


@cache
def _processors(table: Table, dialect: Dialect) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    found = []
    for place, name in enumerate(written(table)):
        kind = table.c[name].type
        if isinstance(kind, LargeBinary):
            continue  # bytes go as they are
        process = kind.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            found.append((place, process))
    return tuple(found)


@cache
def _insert(table: Table, dialect: Dialect) -> str:
    names = written(table)
    marks = ", ".join("?" * len(names))
    return f"INSERT INTO {_named(table, names, dialect)} VALUES ({marks})"  # noqa: S608 - our names


@cache
def _copy_plan(table: Table, dialect: Dialect) -> tuple[str, list[str]]:
    names = written(table)
    types = [table.c[name].type.compile(dialect).partition(" COLLATE")[0] for name in names]
    statement = f"COPY {_named(table, names, dialect)} FROM STDIN (FORMAT BINARY)"
    return statement, [_BINARY[name] for name in types]


def _named(table: Table, names: Iterable[str], dialect: Dialect) -> str:
    quote = dialect.identifier_preparer.quote
    return f"{quote(table.name)} ({', '.join(map(quote, names))})"


def keys_table(connection: Connection, **columns: Sequence[str]) -> FromClause:
    """Give keys as a table to join with: one column a name, one row a key."""
    if connection.dialect.name == "postgresql":
        arrays = [bindparam(None, list(keys), type_=ARRAY(Told)) for keys in columns.values()]
        return func.unnest(*arrays).table_valued(*columns, name="keys").render_derived()
    held = Told().bind_processor(connection.dialect)
    assert held is not None  # noqa: S101 - Told defines one
    rows = [[held(key) for key in row] for row in zip(*columns.values(), strict=True)]
    each = func.json_each(orjson.dumps(rows).decode()).table_valued("value", name="each")
    return select(
        *(func.json_extract(each.c.value, f"$[{n}]").label(name) for n, name in enumerate(columns))
    ).subquery("keys")
