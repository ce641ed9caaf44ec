"""
A report as one PDF: cover with what it rests on, contents, definitions, every part, page numbers.

Equal reports give equal bytes. A table wider than the page
goes on in panels below each other, whole groups of columns together, the rows named in each.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from reports.paper.press import print_pdf, printed_date
from reports.paper.typeface import printed
from reports.tables.cells import cells_of, compared, groups_of, heading_of, p_text
from reports.tables.model import Book, Column, Figure, Listing, Part, Row, Table

LISTED_ROWS = 20_000  # of one listing on paper; the rest is in the files, and the page says so
_PANEL = 9  # columns beside the labels on a page that lies


def render_pdf(book: Book) -> bytes:
    """
    Render, A4 landscape.

    Raises:
        PrintError: If it cannot be set; never with a text of the data.
    """
    return print_pdf("reports.tables", "templates/book.typ", _document(book), what="the report")


def _document(book: Book) -> dict[str, Any]:
    made = book.made_at
    return {
        "title": printed(book.title),
        "subtitle": printed(book.subtitle),
        "date": printed_date(made),
        "made": made.strftime("%Y-%m-%d %H:%M UTC"),
        "facts": _printed_pairs(book.facts),
        "definitions": _printed_pairs(book.definitions),
        "chapters": [
            {
                "title": printed(chapter.title),
                "parts": [_part(part) for part in chapter.parts],
            }
            for chapter in book.chapters
        ],
    }


def _printed_pairs(pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[printed(name), printed(text)] for name, text in pairs]


def _part(part: Part) -> dict[str, Any]:
    notes = [printed(note) for note in part.footnotes]
    head: dict[str, Any] = {
        "id": printed(part.table_id),
        "title": printed(part.title),
        "population": printed(part.population),
        "footnotes": notes,
    }
    match part:
        case Figure():
            return head | {
                "kind": "figure",
                "svg": part.svg.decode(),
                "alternative": printed(part.alternative),
            }
        case Listing():
            return head | _listing(part, notes)
        case Table():
            return head | {"kind": "table", "panels": list(_panels(part))}


def _listing(listing: Listing, notes: Sequence[str]) -> dict[str, Any]:
    total = len(listing.rows)
    rows: list[list[str]] = []
    for row in listing.rows:
        if len(rows) == LISTED_ROWS:
            on_paper = f"On paper the first {LISTED_ROWS:,} of {total:,} rows;"
            notes = [
                f"{on_paper} all are in the files that belong to this report.",
                *notes,
            ]
            break
        rows.append([printed(text) for text in row])
    longest = [
        max((len(text) for text in column), default=0)
        for column in zip(*([c.label for c in listing.columns], *rows[:500]), strict=True)
    ]
    return {
        "kind": "listing",
        "columns": [printed(column.label) for column in listing.columns],
        "shares": [min(max(length, 6), 40) ** 0.7 for length in longest],
        "rows": rows,
        "high": listing.by_hand,
        "footnotes": notes,
    }


def _panels(table: Table) -> Iterator[dict[str, Any]]:
    asked = compared(table)
    panels = list(_side_by_side(table.columns))
    for columns in panels if table.rows else panels[:1]:
        held = [column.column_id for column in columns]
        tested = [column for column in asked if column in held]
        yield {
            "heading": printed(table.row_heading),
            "groups": [[printed(name), span] for name, span in groups_of(columns)],
            "columns": [
                *([printed(line) for line in heading_of(c).split("\n")] for c in columns),
                *(["p"] for _ in tested),
            ],
            "rows": [_row(table, row, held, tested) for row in table.rows],
        }


def _row(table: Table, row: Row, held: Sequence[str], tested: Sequence[str]) -> list[Any]:
    texts = dict(zip((c.column_id for c in table.columns), cells_of(table, row), strict=True))
    return [
        len(row.within),
        printed(row.label),
        *(printed(texts[column]) for column in held),
        *(p_text(row.p[column]) if column in row.p else "" for column in tested),
    ]


def _side_by_side(columns: Sequence[Column]) -> Iterator[list[Column]]:
    """Part columns into panels that fit the page; a group is parted only if it must be."""
    panel: list[Column] = []
    for _, several in groupby(columns, key=lambda column: column.group or column.column_id):
        group = list(several)
        if panel and len(panel) + len(group) > _PANEL:
            yield panel
            panel = []
        panel += group
        while len(panel) > _PANEL:
            yield panel[:_PANEL]
            panel = panel[_PANEL:]
    if panel:
        yield panel
