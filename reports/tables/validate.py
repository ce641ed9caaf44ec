"""Is a table what it says it is? What is seen here is a fault of ours, not of the data."""

from collections import Counter
from collections.abc import Iterator, Mapping

from reports.tables.model import Book, Cell, Listing, Row, Table
from safety.errors import SafetyError


class FaultyTableError(SafetyError):
    """A table contradicts itself; it is not given out."""


def validate_book(book: Book) -> None:
    """
    Check every table and listing of a report.

    Raises:
        FaultyTableError: The first contradiction: which table, which row.
    """
    names = Counter(part.table_id for part in book.parts)
    repeated = [name for name, count in names.items() if count > 1]
    if repeated:
        raise FaultyTableError(f"two parts of the report are called {repeated[0]}")
    for table in book.tables:
        for fault in table_faults(table):
            raise FaultyTableError(f"{table.table_id}: {fault}")
    for listing in book.listings:
        _check_columns(listing)


def table_faults(table: Table) -> Iterator[str]:
    """
    Say what is wrong with a table, by the number of the row.

    Every cell stands in a column that exists; nobody is counted twice; no more subjects than
    the column has; who has an event counts no more often than the events; a subject of a row
    is a subject of the rows that it stands under.
    """
    sizes = {column.column_id: column.size for column in table.columns}
    if len(sizes) < len(table.columns):
        yield "two columns have one id"
    above: Row | None = None
    for number, row in enumerate(table.rows, start=1):
        if row.cells.keys() - sizes.keys():
            yield f"row {number} has a cell in no column"
        for column, cell in row.cells.items():
            yield from (f"row {number} {fault}" for fault in _cell_faults(cell, column, sizes))
        if row.level == "soc":
            above = row
        elif row.level == "pt" and row.within and above and not _is_part(row, above):
            yield f"row {number} counts a subject that the row above it does not"


def _cell_faults(cell: Cell, column: str, sizes: Mapping[str, int | None]) -> Iterator[str]:
    if cell.n is None:
        return
    size = sizes.get(column)
    if size is not None and cell.n > size:
        yield f"counts more subjects than {column} has"
    if cell.subjects and cell.n != len(cell.subjects):
        yield "counts other subjects than it names"
    if cell.events is not None and cell.events < cell.n:
        yield "has fewer events than subjects with one"


def _is_part(row: Row, above: Row) -> bool:
    return _everybody(row) <= _everybody(above)


def _everybody(row: Row) -> frozenset[str]:
    """Whom a row counts: by worst grade a subject may stand in another column than above."""
    return frozenset().union(*(cell.subjects for cell in row.cells.values()))


def _check_columns(listing: Listing) -> None:
    width = len(listing.columns)
    for number, row in enumerate(listing.rows, start=1):
        if len(row) != width:
            raise FaultyTableError(f"{listing.table_id}: row {number} has not {width} entries")
