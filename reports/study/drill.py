"""Who is behind a number? A number is named as a person would: "T3: Diarrhoea grade 3"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process

from reports.study.key_risks import load_key_risks
from reports.study.model import Event, StudyData
from reports.tables import Column, Row, Table, cell_text
from safety.coding.spelling import spelling_key
from safety.errors import SafetyError


class DrillError(SafetyError):
    """No number is called that; the message says which come near."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """
    One number and who is behind it.

    Attributes:
        row: The row with those that it stands under.
        column: The column with its group.
        text: The number as the table shows it.
        subjects: Who is behind it, by id.
        events: Their events that the row is about, where it is about events.
    """

    table: str
    row: str
    column: str
    text: str
    subjects: tuple[str, ...]
    events: tuple[Event, ...]


def drill(asked: str, tables: Sequence[Table], data: StudyData) -> tuple[Drilled, ...]:
    """
    Find the numbers that are asked for.

    The longest label of a row that the words begin with is the row; every word left must stand in
    the heading of a column or of its group. Without words left, all columns are meant.

    Args:
        asked: Table, colon, row, and words of the column.

        tables: The tables of the report.

        data: The study.

    Raises:
        DrillError: There is no such table, row or column; the message names near ones.
    """
    name, _, words = (part.strip() for part in asked.partition(":"))
    table = next((t for t in tables if t.table_id.casefold() == name.casefold()), None)
    if table is None:
        known = ", ".join(t.table_id for t in tables)
        raise DrillError(f"there is no table of that name; there are {known}")
    if not words:
        raise DrillError("name a row behind the colon, such as T3: Diarrhoea grade 3")
    rows, rest = _rows(table, words)
    columns = [column for column in table.columns if _matches(column, rest)]
    if not columns:
        heads = "; ".join(dict.fromkeys(_heading(column) for column in table.columns))
        raise DrillError(f"no column has all the words behind the row; {name} has: {heads}")
    return tuple(
        _drilled(table, row, column, data)
        for row in rows
        for column in columns
        if column.column_id in row.cells
    )


def _rows(table: Table, words: str) -> tuple[list[Row], list[str]]:
    said = spelling_key(words)
    found: dict[str, list[Row]] = {}
    for row in table.rows:
        label = spelling_key(row.label)
        if said == label or said.startswith(f"{label} "):
            found.setdefault(label, []).append(row)
    if not found:
        near = process.extract(words, {row.label for row in table.rows}, limit=5)
        names = "; ".join(label for label, _, _ in near)
        raise DrillError(f"no row of {table.table_id} begins so; near ones: {names or 'none'}")
    longest = max(found, key=len)
    return found[longest], said[len(longest) :].split()


def _matches(column: Column, words: Sequence[str]) -> bool:
    heading = re.findall(r"\w+", spelling_key(_heading(column)))
    return all(part in heading for word in words for part in re.findall(r"\w+", word))


def _heading(column: Column) -> str:
    return " / ".join(filter(None, (column.group, column.label)))


def _drilled(table: Table, row: Row, column: Column, data: StudyData) -> Drilled:
    cell = row.cells[column.column_id]
    return Drilled(
        table=table.table_id,
        row=" / ".join((*row.within, row.label)),
        column=_heading(column),
        text=cell_text(cell),
        subjects=tuple(sorted(cell.subjects)),
        events=tuple(
            event
            for event in data.events
            if event.emergent and event.subject_id in cell.subjects and _is_about(row, event)
        ),
    )


def _is_about(row: Row, event: Event) -> bool:
    if row.level == "pt":
        return row.label == event.term
    if row.level == "soc":
        return row.label == event.soc
    return any(
        row.label in {risk.name, risk.label} and risk.holds(event) for risk in load_key_risks()
    )
