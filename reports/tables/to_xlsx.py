"""
A report as one workbook: a sheet of contents, then a sheet a table or listing.

Rows are written as they come and never held: a listing of a million rows takes no more memory
than one of ten. A listing longer than a sheet goes on in the next. Nothing is a formula or a
link, whatever a term looks like.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from reports.tables.cells import cell_text, compared, groups_of, heading_of
from reports.tables.model import Book, Column, Listing, Table

SHEET_ROWS = 1_000_000  # of data; a sheet has 1,048,576 rows
_CELL_CHARACTERS = 32_767  # that a cell of a workbook holds
_HEAD_ROWS = 4
_LABEL_WIDTH, _COLUMN_WIDTH = 52, 20
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def render_xlsx(book: Book, path: Path) -> None:
    """
    Write the workbook to a file.

    Raises:
        OSError: The file cannot be written.
    """
    with Workbook(str(path), _OPTIONS) as workbook:
        made = book.made_at.replace(tzinfo=None)
        workbook.set_properties({"title": book.title, "subject": book.subtitle, "created": made})
        pen = _Pen(workbook)
        parts = [part for part in book.parts if isinstance(part, Table | Listing)]
        pen.contents(book, parts)
        for part in parts:
            if isinstance(part, Table):
                pen.table(part)
            else:
                pen.listing(part)


class _Pen:
    """Writes sheets in the formats of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._title = workbook.add_format({"bold": True, "font_size": 13})
        self._head = workbook.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "bottom",
                "bottom": 1,
                "align": "center",
            }
        )
        self._first = workbook.add_format({"bold": True, "valign": "bottom", "bottom": 1})
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._cell = workbook.add_format({"align": "center", "valign": "top"})
        self._labels = [
            workbook.add_format(
                {"text_wrap": True, "valign": "top", "indent": depth, "bold": not depth}
            )
            for depth in range(5)
        ]

    def contents(self, book: Book, parts: list[Table | Listing]) -> None:
        """Say what the workbook is and what it holds."""
        sheet = self._workbook.add_worksheet("Contents")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        lines: list[tuple[str, str]] = [(book.title, ""), (book.subtitle, ""), ("", "")]
        lines += [*book.facts, ("", "")]
        lines += [(part.table_id, part.title) for part in parts]
        lines += [("", ""), ("Definitions", ""), *book.definitions]
        for place, (name, text) in enumerate(lines):
            _write(sheet, place, 0, name, self._title if place == 0 else self._labels[1])
            _write(sheet, place, 1, text, self._text)

    def table(self, table: Table) -> None:
        """Write a table: what is printed, and behind it each figure as a number."""
        sheet = self._workbook.add_worksheet(_sheet_name(table.table_id))
        sheet.set_column(0, 0, _LABEL_WIDTH)
        sheet.set_column(1, len(table.columns), _COLUMN_WIDTH)
        probabilities = compared(table)
        by_id = {column.column_id: column for column in table.columns}
        self._heading(
            sheet,
            table,
            [
                table.row_heading,
                *(_whole_heading(column) for column in table.columns),
                *(f"p, {by_id[column].label}" for column in probabilities),
            ],
        )
        at = _HEAD_ROWS
        for row in table.rows:
            _write(sheet, at, 0, row.label, self._labels[min(len(row.within), 4)])
            for place, column in enumerate(table.columns, start=1):
                cell = row.cells.get(column.column_id)
                if cell is not None:
                    sheet.write_string(at, place, cell_text(cell), self._cell)
            for place, name in enumerate(probabilities, start=1 + len(table.columns)):
                if name in row.p:
                    sheet.write_number(at, place, row.p[name], self._cell)
            at += 1
        self._notes(sheet, at + 1, table.footnotes)

    def listing(self, listing: Listing) -> None:
        """Write a listing, over as many sheets as it needs."""
        rows = iter(listing.rows)
        for number in range(1, max(1, -(-len(listing.rows) // SHEET_ROWS)) + 1):
            name = listing.table_id if number == 1 else f"{listing.table_id} ({number})"
            sheet = self._workbook.add_worksheet(_sheet_name(name))
            sheet.set_column(0, len(listing.columns) - 1, _COLUMN_WIDTH)
            self._heading(sheet, listing, [column.label for column in listing.columns])
            at = _HEAD_ROWS
            for row in islice(rows, SHEET_ROWS):
                for place, text in enumerate(row):
                    _write(sheet, at, place, text, self._text)
                at += 1
            self._notes(sheet, at + 1, listing.footnotes)

    def _heading(self, sheet: Worksheet, part: Table | Listing, columns: list[str]) -> None:
        sheet.freeze_panes(_HEAD_ROWS, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROWS - 1)
        _write(sheet, 0, 0, f"{part.table_id}  {part.title}", self._title)
        _write(sheet, 1, 0, part.population, None)
        for place, text in enumerate(columns):
            _write(sheet, _HEAD_ROWS - 1, place, text, self._head if place else self._first)

    def _notes(self, sheet: Worksheet, at: int, notes: tuple[str, ...]) -> None:
        for place, note in enumerate(notes, start=at):
            _write(sheet, place, 0, note, None)


def _whole_heading(column: Column) -> str:
    [(group, _)] = groups_of([column]) or [("", 1)]
    return "\n".join(filter(None, (group, heading_of(column))))


def _write(sheet: Worksheet, row: int, column: int, text: str, style: Any) -> None:  # noqa: ANN401 - a format of XlsxWriter
    """Write a text; one that a cell cannot hold goes on in the cells beside it."""
    for place, piece in enumerate(_pieces(text)):
        sheet.write_string(row, column + place, piece, style)


def _pieces(text: str) -> Iterator[str]:
    if not text:
        return
    for start in range(0, len(text), _CELL_CHARACTERS):
        yield text[start : start + _CELL_CHARACTERS]


def _sheet_name(table_id: str) -> str:
    return table_id[:31]
