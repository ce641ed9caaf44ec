"""Reports as tests render them."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime

from reports.tables import (
    Book,
    Chapter,
    Column,
    Figure,
    Listing,
    Row,
    Table,
    count_cell,
)

MADE = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
SUBJECTS = tuple(f"S{number:03d}" for number in range(1, 107))
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><rect width="5" height="2"/></svg>'
)


def row(level: str, label: str, *counts: tuple[str, int, int], within: tuple[str, ...] = ()) -> Row:
    """A row that counts so many of the first subjects, with so many events, in each column."""
    cells = {name: count_cell(SUBJECTS[:n], 106, events) for name, n, events in counts}
    return Row(level, label, cells, within)


def table(*rows: Row, columns: Sequence[Column] = ()) -> Table:
    return Table(
        table_id="T2",
        title="Events by class and term",
        population="Safety population",
        columns=tuple(columns) or (Column("sorafenib", "Sorafenib", 106),),
        rows=rows,
        footnotes=("n (%) [events].",),
        row_heading="Class / term",
    )


def listing(rows: Collection[Sequence[str]]) -> Listing:
    columns = (Column("subject", "Subject"), Column("term", "Term"))
    return Listing("L1", "All events", "Safety population", columns, rows)


def figure() -> Figure:
    return Figure("F1", "A box", "Safety population", SVG, "a black box")


def book(*parts: Table | Listing | Figure) -> Book:
    return Book(
        title="Safety report",
        subtitle="NCT01751763",
        facts=(("Study", "NCT01751763"), ("Data lock", "2016-12-31")),
        definitions=(("Safety population", "Every subject with a dose."),),
        chapters=(Chapter("Events", parts),),
        made_at=MADE,
    )


class Endless(Collection[Sequence[str]]):
    """Rows that are made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Sequence[str]]:
        return (("S001", f"term {number}") for number in range(self._count))

    def __contains__(self, row: object) -> bool:
        return row in list(self)
