"""
A report as JSON: `tables.json` and `listings.json`.

The shape is documented in docs/tables.md and is stable: keys may be added, none changes its
meaning. A cell has `n`, `percent` and `events` where it counts, `value`, `low` and `high`
where it measures, `text` where it says something else.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from reports.tables.model import Book, Cell, Column, Listing, Row, Table

_FIGURES = ("n", "percent", "events", "value", "low", "high", "text")


def tables_content(tables: Iterable[Table]) -> dict[str, Any]:
    """Give tables in the documented shape."""
    return {"tables": [_table(table) for table in tables]}


def render_tables_json(book: Book) -> bytes:
    """Render the tables of a report."""
    return orjson.dumps(tables_content(book.tables), option=orjson.OPT_INDENT_2)


def render_listings_json(book: Book) -> Iterator[bytes]:
    """Render the listings of a report, piece by piece: a listing may be long."""
    yield b'{"listings": ['
    for place, listing in enumerate(book.listings):
        yield b",\n" if place else b"\n"
        yield from _listing(listing)
    yield b"]}\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.table_id,
        "title": table.title,
        "population": table.population,
        "columns": [_column(column) for column in table.columns],
        "rows": [_row(row) for row in table.rows],
        "footnotes": list(table.footnotes),
    }


def _column(column: Column) -> dict[str, Any]:
    told = {"id": column.column_id, "label": column.label, "N": column.size}
    return told if column.group is None else {**told, "group": column.group}


def _row(row: Row) -> dict[str, Any]:
    return {
        "level": row.level,
        "label": row.label,
        "within": list(row.within),
        "cells": {column: _cell(cell) for column, cell in row.cells.items()},
        "p": dict(row.p),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {name: told for name in _FIGURES if (told := getattr(cell, name)) is not None}


def _listing(listing: Listing) -> Iterator[bytes]:
    head = {
        "id": listing.table_id,
        "title": listing.title,
        "population": listing.population,
        "columns": [_column(column) for column in listing.columns],
        "footnotes": list(listing.footnotes),
    }
    yield orjson.dumps(head)[:-1] + b',"rows":['
    for place, row in enumerate(listing.rows):
        yield (b",\n" if place else b"\n") + orjson.dumps(list(row))
    yield b"]}"
