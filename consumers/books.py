"""A report in all its forms, as files in one folder."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from consumers.input_files import OutputFileError
from reports.tables import (
    Book,
    Listing,
    Table,
    render_csv,
    render_html,
    render_listings_json,
    render_pdf,
    render_tables_json,
    render_xlsx,
    validate_book,
)

FORMS = 6  # steps that are told of


def write_book(
    book: Book, folder: Path, *, told: Callable[[int], None] = lambda _: None
) -> tuple[Path, ...]:
    """
    Write a report in all its forms.

    `tables.json`, `listings.json`, `report.html`, a CSV file a table, an SVG file a plot,
    `report.xlsx`, and last `report.pdf`. Each file is whole or not there: it gets its name when it
    is written to its end.

    Args:
        book: The report; it is checked first.

        folder: Where; it is made if need be, and files of the same names are replaced.

        told: Is told of each form that is written.

    Raises:
        FaultyTableError: A table contradicts itself; nothing is written.
        OutputFileError: A file cannot be written.
        PrintError: The PDF could not be set; all other files are there.
    """
    validate_book(book)
    written: list[Path] = []
    try:
        for place in (folder, folder / "csv", folder / "plots"):
            place.mkdir(parents=True, exist_ok=True)
        for name, pieces in _pieces(book):
            written.append(_write(folder / name, pieces))
            if "/" not in name:
                told(1)
        part = folder / "report.xlsx.part"
        render_xlsx(book, part)
        written.append(part.replace(folder / "report.xlsx"))
        told(1)
        written.append(_write(folder / "report.pdf", [render_pdf(book)]))
        told(1)
    except OSError as error:
        raise OutputFileError(
            f"the report cannot be written to {folder} ({error.strerror}); name another folder"
        ) from None
    return tuple(written)


def _pieces(book: Book) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield "tables.json", [render_tables_json(book)]
    yield "listings.json", render_listings_json(book)
    yield "report.html", [render_html(book).encode()]
    tables: list[Table | Listing] = [*book.tables, *book.listings]
    for part in tables:
        yield f"csv/{part.table_id}.csv", (piece.encode() for piece in render_csv(part))
    for figure in book.figures:
        yield f"plots/{figure.table_id}.svg", [figure.svg]


def _write(path: Path, pieces: Iterable[bytes]) -> Path:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.writelines(pieces)
    return part.replace(path)
