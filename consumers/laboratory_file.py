"""
Which CTCAE grades are the laboratory results in this CSV file?

Rows go in and out one at a time, so that a file of any length takes the same memory. All columns
of the input come out as they are, in their order, followed by `grade` and `reason`. A row that
cannot be graded has a blank grade and its reason; a file that cannot be read, or whose columns
cannot be told, is refused as a whole, and then no output is left behind.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TextIO

from consumers.input_files import InputFileError, OutputFileError
from safety.grading.criteria import Direction
from safety.grading.criteria_file import find_version, load_criteria
from safety.grading.figures import Figure, parse_figure
from safety.grading.laboratory import (
    LaboratoryGrade,
    LaboratoryResult,
    grade_laboratory,
    is_measurable,
)
from safety.grading.reasons import Reason

REQUIRED = ("term", "value", "unit", "lln", "uln")
OPTIONAL = (
    "version",
    "direction",
    "baseline",
    "baseline_indicator",
    "pct_change_from_baseline",
    "high_indicator",
    "low_indicator",
)
ADDED = ("grade", "reason")

_MISSING = frozenset(
    {"", "NA", "N/A", "NaN", "."}
)  # as CSV, R, pandas and SAS write what is not given
_DIRECTIONS = {
    "H": Direction.HIGH,
    "HIGH": Direction.HIGH,
    "L": Direction.LOW,
    "LOW": Direction.LOW,
}
_NORMAL = "NORMAL"
_ROWS_A_REPORT = 2000


@dataclass(slots=True)
class GradedFile:
    """
    What became of the rows of a file.

    Attributes:
        absent: Columns that the file lacks and that were taken as not given.
        versions: Rows by the version of CTCAE they were graded by; those of no known one are out.
    """

    absent: tuple[str, ...] = ()
    rows: int = 0
    grades: Counter[int] = field(default_factory=Counter)
    ungraded: Counter[Reason] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)

    def add(self, grade: LaboratoryGrade) -> None:
        """Count one row."""
        self.rows += 1
        if grade.grade is None:
            self.ungraded[grade.reason] += 1
        else:
            self.grades[grade.grade] += 1


def grade_file(
    source: Path, out: Path, version: str, *, on_rows: Callable[[int], None] = lambda _: None
) -> GradedFile:
    """
    Grade every row of a CSV file and write the rows with their grades to another.

    Args:
        source: UTF-8, comma-separated, with a header line that names at least `REQUIRED`.

        out: Written beside itself first and put in place when complete.

        version: Version of CTCAE for rows that name none in a column `version`.

        on_rows: Called now and then with the number of rows done since the last call.

    Raises:
        InputFileError: The source cannot be read or is no such file; says where.
        OutputFileError: The output cannot be written.
    """
    if source.resolve() == out.resolve():
        raise OutputFileError(f"{out} is the input; name another file for the output")
    with _opened(source) as rows:
        header = next(rows, [])
        columns = _Columns.of(source, header)
        summary = GradedFile(absent=columns.absent)
        with _written(out) as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow((*header, *ADDED))
            for row in rows:
                grade, reason = _grade_row(columns, row, version, summary)
                summary.add(grade)
                writer.writerow((*row, "" if grade.grade is None else grade.grade, reason))
                if summary.rows % _ROWS_A_REPORT == 0:
                    on_rows(_ROWS_A_REPORT)
    on_rows(summary.rows % _ROWS_A_REPORT)
    return summary


@contextmanager
def _written(out: Path) -> Iterator[TextIO]:
    """Open a file for writing that appears under its name when the block ends well, or not."""
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(out)
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written ({error.strerror}); name another file"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def _opened(source: Path) -> Iterator[Iterator[list[str]]]:
    """Open a CSV file and give its rows; what goes wrong in reading has a sentence."""
    try:
        file = source.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputFileError(
            f"{source} cannot be read ({error.strerror}); check the name"
        ) from None
    with file:
        yield _rows(source, file)


def _rows(source: Path, file: TextIO) -> Iterator[list[str]]:
    reader = csv.reader(file, strict=True)
    width = None
    try:
        for row in reader:
            if not row:
                continue
            width = len(row) if width is None else width
            if len(row) != width:
                raise InputFileError(
                    f"{source}, line {reader.line_num}: {len(row)} fields where the header has"
                    f" {width}; put a field that holds a comma in quotes"
                )
            yield row
    except OSError as error:
        raise InputFileError(f"{source} cannot be read on ({error.strerror})") from None
    except UnicodeDecodeError:
        raise InputFileError(
            f"{source} is not UTF-8 after line {reader.line_num}; save it as UTF-8"
        ) from None
    except csv.Error as error:
        raise InputFileError(f"{source}, line {reader.line_num}: {error}; save it anew") from None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each column of ours stands in the file."""

    places: Mapping[str, int]
    absent: tuple[str, ...]

    @classmethod
    def of(cls, source: Path, header: Sequence[str]) -> "_Columns":
        names = [name.strip() for name in header]
        places = {name: place for place, name in enumerate(names) if name in REQUIRED + OPTIONAL}
        if missing := [name for name in REQUIRED if name not in places]:
            hint = " (separate columns by commas)" if any(";" in name for name in names) else ""
            raise InputFileError(
                f"{source} has no column {', '.join(missing)}; name it in the first line{hint}"
            )
        if twice := [name for name in places if names.count(name) > 1]:
            raise InputFileError(f"{source} has the column {twice[0]} twice; rename one")
        if taken := [name for name in ADDED if name in names]:
            raise InputFileError(f"{source} has a column {taken[0]} already; rename it")
        return cls(places, tuple(name for name in OPTIONAL if name not in places))

    def text(self, row: Sequence[str], column: str) -> str:
        """Give a field without spaces around it; blank if it is not given."""
        place = self.places.get(column)
        found = "" if place is None else row[place].strip()
        return "" if found in _MISSING else found


class _MalformedError(Exception):
    """A field that cannot be read; the reason and the column, never the field."""

    def __init__(self, reason: Reason, column: str) -> None:
        super().__init__(f"{reason.value}: {column}")
        self.reason = reason


def _grade_row(
    columns: _Columns, row: Sequence[str], default: str, summary: GradedFile
) -> tuple[LaboratoryGrade, str]:
    named = columns.text(row, "version")
    version = find_version(named) if named else default
    if version is None:
        return LaboratoryGrade(None, Reason.VERSION_UNKNOWN), Reason.VERSION_UNKNOWN.value
    summary.versions[version] += 1
    try:
        result = _read_result(columns, row)
    except _MalformedError as error:
        return LaboratoryGrade(None, error.reason), str(error)
    grade = grade_laboratory(result, load_criteria(version))
    return grade, grade.explanation


def _read_result(columns: _Columns, row: Sequence[str]) -> LaboratoryResult:
    value = _figure(columns, row, "value", Reason.VALUE_MALFORMED)
    return LaboratoryResult(
        term=columns.text(row, "term"),
        value=None if value is None else value.number,
        comparator=None if value is None else value.comparator,
        unit=columns.text(row, "unit"),
        lln=_number(columns, row, "lln"),
        uln=_number(columns, row, "uln"),
        baseline=_number(columns, row, "baseline"),
        baseline_abnormal=_baseline_abnormal(columns, row),
        percent_change=_number(columns, row, "pct_change_from_baseline", signed=True),
        direction=_direction(columns, row),
    )


def _number(
    columns: _Columns, row: Sequence[str], column: str, *, signed: bool = False
) -> Decimal | None:
    """Give a limit, the baseline or a change; a bound ("<5") is none of them."""
    figure = _figure(columns, row, column, Reason.NUMBER_MALFORMED, signed=signed)
    if figure is None:
        return None
    if figure.comparator is not None:
        raise _MalformedError(Reason.NUMBER_MALFORMED, column)
    return figure.number


def _figure(
    columns: _Columns, row: Sequence[str], column: str, reason: Reason, *, signed: bool = False
) -> Figure | None:
    text = columns.text(row, column)
    if not text:
        return None
    figure = parse_figure(text)
    if figure is None or not is_measurable(abs(figure.number) if signed else figure.number):
        raise _MalformedError(reason, column)
    return figure


def _direction(columns: _Columns, row: Sequence[str]) -> Direction | None:
    text = columns.text(row, "direction").upper()
    if text and text not in _DIRECTIONS:
        raise _MalformedError(Reason.DIRECTION_UNKNOWN, "direction")
    return _DIRECTIONS.get(text)


def _baseline_abnormal(columns: _Columns, row: Sequence[str]) -> bool | None:
    """Say whether the baseline was high; None if the file does not tell in a way we can read."""
    indicator = columns.text(row, "baseline_indicator").upper()
    if not indicator:
        return None
    if indicator in _indicators(columns, row, "high_indicator"):
        return True
    if indicator == _NORMAL or indicator in _indicators(columns, row, "low_indicator"):
        return False
    return None


def _indicators(columns: _Columns, row: Sequence[str], column: str) -> set[str]:
    """Give the values that mean high (or low): the field as a whole, and each of its words."""
    whole = columns.text(row, column).upper()
    return {whole, *whole.split()}
