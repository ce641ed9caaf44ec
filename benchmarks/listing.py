"""
Does a listing of a million rows take more memory than a short one?

An adverse-event listing of fifteen columns, written to XLSX, CSV and JSON, each size and form in a
process of its own. `python -m benchmarks.listing` prints the table, with `--json` the figures.
"""

import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from reports.tables import (
    Book,
    Chapter,
    Column,
    Listing,
    render_csv,
    render_listings_json,
    render_xlsx,
)

SIZES = (1_000, 10_000, 100_000, 1_000_000)
FORMS = ("xlsx", "csv", "json")
_COLUMNS = 15
_TERMS = ("手足皮肤反应", "diarrhoea", "blood pressure increased", "fatigue and loss of appetite")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one listing cost, and the most memory that its process took."""

    form: str
    rows: int
    seconds: float
    peak_mib: float
    file_mib: float


class Rows(Collection[Sequence[str]]):
    """Rows that are made when they are asked for, none like another."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Sequence[str]]:
        for number in range(self._count):
            rest = [f"value {number % 97}"] * (_COLUMNS - 3)
            yield [f"16621-{number:07d}", _TERMS[number % len(_TERMS)], "2014-05-06", *rest]

    def __contains__(self, row: object) -> bool:
        return any(row == own for own in self)


def main() -> None:
    """Measure, and print a table, or JSON where asked to."""
    if len(sys.argv) == 3:  # noqa: PLR2004 - form and rows: one measurement, for the parent
        sys.stdout.buffer.write(TypeAdapter(Cost).dump_json(_write(sys.argv[1], int(sys.argv[2]))))
        return
    found = [_measure(form, size) for form in FORMS for size in SIZES]
    if sys.argv[1:] == ["--json"]:
        sys.stdout.buffer.write(TypeAdapter(list[Cost]).dump_json(found))
        return
    shown = Table("form", "rows", "CPU seconds", "peak MiB", "file MiB")
    for cost in found:
        shown.add_row(
            cost.form,
            f"{cost.rows:,}",
            f"{cost.seconds:,.1f}",
            f"{cost.peak_mib:,.0f}",
            f"{cost.file_mib:,.1f}",
        )
    Console().print(shown)


def _measure(form: str, rows: int) -> Cost:
    command = [sys.executable, "-m", "benchmarks.listing", form, str(rows)]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - itself
    return TypeAdapter(Cost).validate_json(done.stdout)


def _write(form: str, rows: int) -> Cost:
    columns = tuple(Column(f"c{number}", f"Column {number}") for number in range(_COLUMNS))
    listing = Listing("L1", "All adverse events", "Safety population", columns, Rows(rows))
    chapters = (Chapter("Listings", (listing,)),)
    book = Book("Listing", "", (), (), chapters, datetime(2026, 11, 26, tzinfo=UTC))
    meter = Meter()
    with TemporaryDirectory() as folder:
        path = Path(folder, f"listing.{form}")
        meter.start()
        if form == "xlsx":
            render_xlsx(book, path)
        else:
            pieces = (
                render_listings_json(book)
                if form == "json"
                else (piece.encode() for piece in render_csv(listing))
            )
            with path.open("wb") as file:
                file.writelines(pieces)
        meter.lap()
        size = path.stat().st_size / 2**20
    return Cost(form, rows, meter.cpu_seconds, peak_mib(), size)


if __name__ == "__main__":
    main()
