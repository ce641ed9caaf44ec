"""
What is a table of a report, before it is HTML, PDF, XLSX, CSV or JSON?

A `Book` is a report: chapters of tables, listings and figures, with the facts that say what
it rests on. Counts are made once, when a table is built; a renderer only shows them. Each
cell knows the subjects behind its number, so that every number can be asked for them; no
renderer writes them out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Levels = str  # "overall", "soc", "pt", "grade", ...: what a row is about


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    Attributes:
        column_id: Name of the column in the cells of each row.
        label: What stands above it.
        size: N, the number that percentages of this column are of; None where there is none.
        group: What stands above several columns together, such as a treatment arm.
    """

    column_id: str
    label: str
    size: int | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """
    What one row says in one column; None is "does not apply here".

    Attributes:
        n: Subjects, each counted once.
        percent: `n` of the column's size, to one decimal, half away from zero.
        events: Events.
        value: A figure that is no count: a mean, a rate, a probability.
        low: Lower bound of its interval.
        high: Upper bound of its interval.
        text: What is shown instead of numbers, such as "NE" for not estimable.
        decimals: How many decimals `value` and its bounds are shown with.
        subjects: Who is behind the number.
    """

    n: int | None = None
    percent: float | None = None
    events: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    decimals: int = 1
    subjects: frozenset[str] = frozenset()


NOT_ESTIMABLE = Cell(text="NE")


@dataclass(frozen=True, slots=True)
class Row:
    """
    One row.

    Attributes:
        level: What it is about: `overall`, `soc`, `pt`, ...
        label: Its first column.
        within: Labels of the rows that it stands under, outermost first.
        p: Probability by column, where a comparison was asked for.
    """

    level: Levels
    label: str
    cells: Mapping[str, Cell]
    within: tuple[str, ...] = ()
    p: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of counts or figures, with what a reader must know to read it."""

    table_id: str
    title: str
    population: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    row_heading: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """
    Rows of text, one an event, a subject or a case.

    `rows` is gone through once a renderer and may be made on the way: a listing of a million
    rows need not be in memory.

    Attributes:
        by_hand: It is to be filled in on paper, so its rows are high enough to write in.
    """

    table_id: str
    title: str
    population: str
    columns: tuple[Column, ...]
    rows: Collection[Sequence[str]]
    footnotes: tuple[str, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot as SVG, with the words for who cannot see it."""

    table_id: str
    title: str
    population: str
    svg: bytes
    alternative: str
    footnotes: tuple[str, ...] = ()


Part = Table | Listing | Figure


@dataclass(frozen=True, slots=True)
class Chapter:
    """Parts under one heading."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """
    A whole report.

    Attributes:
        facts: What it rests on, shown on the first page: study, data lock, versions, digest.
        definitions: Each word that the tables use, and what it means.
        made_at: The run date, in UTC.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    made_at: datetime

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts in their order."""
        return tuple(part for chapter in self.chapters for part in chapter.parts)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables among them."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The listings among them."""
        return tuple(part for part in self.parts if isinstance(part, Listing))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures among them."""
        return tuple(part for part in self.parts if isinstance(part, Figure))
