"""How is a cell made of a count, and how is it shown?"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from reports.tables.model import Cell, Column, Row, Table


def percent_of(count: int, size: int | None) -> float | None:
    """
    Give a share as a percentage to one decimal, half away from zero, as statisticians' tables do.

    Returns:
        None where there is nobody to be a share of.
    """
    if not size:
        return None
    exact = Decimal(count) * 100 / Decimal(size)
    return float(exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))


def count_cell(subjects: Iterable[str], size: int | None, events: int | None = None) -> Cell:
    """Count subjects, each once, and say how many events there were."""
    distinct = frozenset(subjects)
    share = percent_of(len(distinct), size)
    return Cell(n=len(distinct), percent=share, events=events, subjects=distinct)


def number_text(value: float, decimals: int) -> str:
    """Show a number with a fixed number of decimals, half away from zero, never as -0.0."""
    step = Decimal(1).scaleb(-decimals)
    shown = Decimal(repr(value)).quantize(step, rounding=ROUND_HALF_UP)
    return str(abs(shown) if shown == 0 else shown)


def cell_text(cell: Cell) -> str:
    """
    Show a cell in one line.

    The first that applies: its text; its value, with the interval; `n (percent) [events]`, each
    where it is there.
    """
    if cell.text is not None:
        return cell.text
    if cell.value is not None:
        shown = number_text(cell.value, cell.decimals)
        return f"{shown} ({_interval(cell)})" if _has_interval(cell) else shown
    parts = []
    if cell.n is not None:
        parts.append(str(cell.n))
    if cell.percent is not None and cell.n:
        parts.append(f"({cell.percent:.1f})")
    if cell.events is not None and (cell.n is None or cell.events):
        parts.append(f"[{cell.events}]" if cell.n is not None else str(cell.events))
    return " ".join(parts)


def _has_interval(cell: Cell) -> bool:
    return cell.low is not None or cell.high is not None


def _interval(cell: Cell) -> str:
    low, high = (
        "NE" if bound is None else number_text(bound, cell.decimals)
        for bound in (cell.low, cell.high)
    )
    return f"{low}, {high}"


def p_text(probability: float) -> str:
    """Show a probability to four decimals."""
    return "<0.0001" if probability < 0.00005 else f"{probability:.4f}"  # noqa: PLR2004 - rounds to it


def heading_of(column: Column) -> str:
    """Give the words above a column, with N; in a group, N stands above the group."""
    if column.size is None or column.group is not None:
        return column.label
    return f"{column.label}\n(N={column.size})"


def groups_of(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Give the headings over several columns, each with how many; none where no column has one."""
    if not any(column.group for column in columns):
        return []
    found = []
    for name, several in groupby(columns, key=lambda column: column.group or ""):
        held = list(several)
        sizes = {column.size for column in held} if name else {None}
        size = sizes.pop() if len(sizes) == 1 else None
        found.append((name if size is None else f"{name} (N={size})", len(held)))
    return found


def compared(table: Table) -> tuple[str, ...]:
    """Give the columns for which rows have a probability, in their order."""
    asked = {column for row in table.rows for column in row.p}
    return tuple(c.column_id for c in table.columns if c.column_id in asked)


def cells_of(table: Table, row: Row) -> list[str]:
    """Give the texts of a row, column by column; blank where the row says nothing."""
    return [
        cell_text(row.cells[c.column_id]) if c.column_id in row.cells else "" for c in table.columns
    ]
