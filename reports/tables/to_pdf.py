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
from safety.coding.folding import has_cjk

LISTED_ROWS = 20_000  # of one listing on paper; the rest is in the files, and the page says so
_PANEL = 9  # columns beside the labels on a page that lies
_LOOKED_AT = 500  # rows of a listing, to give its columns their widths
# Points: the width of the page within its margins, of a letter of a listing, of the room beside it.
_PAGE, _LETTER, _INSET = 762.0, 3.6, 5.0
_LONGEST_WORD, _LONGEST_LINE = 32, 60  # letters; a longer word is broken anywhere


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
    return {
        "kind": "listing",
        "columns": [printed(column.label) for column in listing.columns],
        "widths": _widths([c.label for c in listing.columns], rows[:_LOOKED_AT]),
        "rows": rows,
        "high": listing.by_hand,
        "footnotes": notes,
    }


def _widths(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """
    Part the width of the page among the columns of a listing, in points.

    Each gets room for its longest word; what is left goes to those with longer texts.
    """
    columns = list(zip(labels, *rows, strict=True))
    least = [_room(max(map(_longest_word, texts))) for texts in columns]
    whole = [_room(min(max(map(_letters, texts)), _LONGEST_LINE)) for texts in columns]
    wanted = [max(most - few, 1.0) for few, most in zip(least, whole, strict=True)]
    spare = max(_PAGE - sum(least), 0.0)
    widths = [few + spare * more / sum(wanted) for few, more in zip(least, wanted, strict=True)]
    return [width * _PAGE / sum(widths) for width in widths]


def _room(letters: float) -> float:
    return letters * _LETTER + _INSET


def _longest_word(text: str) -> float:
    """Give the length of the longest run that is not broken; see the layout."""
    words = (word for word in text.split() if not has_cjk(word))
    return min(max((_letters(word) for word in words), default=0.0), _LONGEST_WORD)


def _letters(text: str) -> float:
    """Give the length of a text in Latin letters; a Chinese one takes the room of two."""
    return sum(2.0 if has_cjk(letter) else 1.0 for letter in text)


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
