"""
What does one laboratory grade cost, and does it grow with how many there are?

Every term of both versions of CTCAE in every unit it may be read in, in turn: by the function
alone, and by the file of `safety grade-labs`, which adds reading and writing CSV. Loading the
criteria and the first conversion of each unit are measured apart: they are paid once.
`python -m benchmarks.laboratory` prints the table, with `--json` the figures.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count, cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table

from benchmarks.meter import Meter, peak_mib
from consumers.laboratory_file import grade_file
from safety.grading.criteria import LaboratoryCriteria
from safety.grading.criteria_file import VERSIONS, load_criteria
from safety.grading.laboratory import LaboratoryResult, grade_laboratory

SIZES = (1_000, 10_000, 100_000)
COLUMNS = ("version", "term", "value", "unit", "lln", "uln", "baseline")

Request = tuple[LaboratoryCriteria, LaboratoryResult]


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What a number of grades cost.

    Attributes:
        microseconds: CPU time of each grade.
        peak_mib: The most memory that the process has taken so far.
    """

    program: str
    grades: int
    microseconds: float
    peak_mib: float


def main() -> None:
    """Measure, and print a table, or JSON where asked to."""
    found = list(measure())
    if sys.argv[1:] == ["--json"]:
        sys.stdout.buffer.write(TypeAdapter(list[Cost]).dump_json(found))
        return
    shown = Table("what", "grades", "CPU us a grade", "peak MiB")
    for cost in found:
        shown.add_row(
            cost.program, f"{cost.grades:,}", f"{cost.microseconds:,.1f}", f"{cost.peak_mib:,.0f}"
        )
    Console().print(shown)


def measure() -> Iterator[Cost]:
    """Measure what is paid once, then every size from file to file and by the function."""
    meter = Meter()
    kinds = list(_kinds())
    _grade(kinds)
    yield _cost("load the criteria, convert each unit once", 1, meter)
    with TemporaryDirectory() as folder:
        source, out = Path(folder, "results.csv"), Path(folder, "grades.csv")
        for size in SIZES:
            _write(source, islice(cycle(kinds), size))
            meter.start()
            grade_file(source, out, VERSIONS[-1])
            yield _cost("file to file", size, meter)
    for size in SIZES:
        requests = list(islice(cycle(kinds), size))
        meter.start()
        _grade(requests)
        yield _cost("function", size, meter)


def _cost(program: str, grades: int, meter: Meter) -> Cost:
    meter.lap()
    return Cost(program, grades, meter.cpu_seconds / grades * 1e6, peak_mib())


def _kinds() -> Iterator[Request]:
    """Give a result of every term in every unit; the figures differ, the limits are the same."""
    figures = (Decimal(number * 37 % 1000) / 10 for number in count(1))
    for version in VERSIONS:
        criteria = load_criteria(version)
        for term in criteria.terms.values():
            units = sorted(term.analyte.by_spelling) if term.analyte else ["U/L"]
            for unit in units:
                result = LaboratoryResult(
                    term.term,
                    next(figures),
                    unit,
                    lln=Decimal(12),
                    uln=Decimal(40),
                    baseline=Decimal(30),
                )
                yield criteria, result


def _grade(requests: list[Request]) -> None:
    for criteria, result in requests:
        grade_laboratory(result, criteria)


def _write(path: Path, requests: Iterator[Request]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for criteria, result in requests:
            fields = (getattr(result, name) for name in COLUMNS[1:])
            writer.writerow((criteria.version, *fields))


if __name__ == "__main__":
    main()
