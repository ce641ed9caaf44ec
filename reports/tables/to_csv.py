"""
One table or listing as CSV: UTF-8 with the mark that spreadsheets ask for, a line a row.

A text that a spreadsheet would take for a formula gets an apostrophe in front: a verbatim
term is never a command.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from reports.tables.cells import compared
from reports.tables.model import Cell, Listing, Table

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FIGURES = ("n", "percent", "events", "value", "low", "high", "text")


def render_csv(part: Table | Listing) -> Iterator[str]:
    """Render piece by piece."""
    rows = _listing_rows(part) if isinstance(part, Listing) else _table_rows(part)
    yield _MARK
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_plain(entry) for entry in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _plain(entry: object) -> object:
    if isinstance(entry, str) and entry.startswith(_FORMULA):
        return f"'{entry}"
    return entry


def _listing_rows(listing: Listing) -> Iterator[Sequence[object]]:
    yield [column.label for column in listing.columns]
    yield from listing.rows


def _table_rows(table: Table) -> Iterator[Sequence[object]]:
    used = {
        column.column_id: _used(
            row.cells[column.column_id] for row in table.rows if column.column_id in row.cells
        )
        for column in table.columns
    }
    named = [
        (column, " | ".join(filter(None, (column.group, column.label)))) for column in table.columns
    ]
    probabilities = compared(table)
    yield [
        "level",
        "within",
        "label",
        *(f"{name} | {figure}" for column, name in named for figure in used[column.column_id]),
        *(f"{name} | p" for column, name in named if column.column_id in probabilities),
    ]
    for row in table.rows:
        figures = [
            getattr(row.cells.get(column.column_id, Cell()), figure)
            for column in table.columns
            for figure in used[column.column_id]
        ]
        yield [
            row.level,
            " | ".join(row.within),
            row.label,
            *figures,
            *(row.p.get(column) for column in probabilities),
        ]


def _used(cells: Iterable[Cell]) -> list[str]:
    told = list(cells)
    return [name for name in _FIGURES if any(getattr(cell, name) is not None for cell in told)]
