"""
The 520 vectors: results that another team's implementation grades, both versions.

Their grades were worked out from the test suite of pharmaverse/admiral; see SOURCES.md beside them.
The published criterion decides: a row that contradicts it is named below with the published text.
"""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from safety.grading.criteria import Direction
from safety.grading.criteria_file import load_criteria
from safety.grading.laboratory import LaboratoryResult, grade_laboratory

VERSIONS = {"4": "4.03", "5": "5.0"}

# (version, term, value, unit, lower limit, upper limit): expected there, published
CONTRADICTED = {
    ("4", "Hypertriglyceridemia", "150", "mg/dL", "0", "50"): (
        "0",
        # no ">" stands before 150, as it does before every other lower bound of the term
        "grade 1: 150 mg/dL - 300 mg/dL",
    ),
}


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def baseline_abnormal(row: dict[str, str]) -> bool | None:
    if not row["baseline_indicator"]:
        return None
    return row["baseline_indicator"] in row["high_indicator"].split()


def disagreements(file: Path, version: str) -> Iterator[tuple[tuple[str, ...], str, int | None]]:
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["version"] != version:
                continue
            result = LaboratoryResult(
                term=row["term"],
                value=number(row["value"]),
                unit=row["unit"],
                lln=number(row["lln"]),
                uln=number(row["uln"]),
                baseline=number(row["baseline"]),
                baseline_abnormal=baseline_abnormal(row),
                percent_change=number(row["pct_change_from_baseline"]),
                direction=Direction(row["direction"]),
            )
            found = grade_laboratory(result, load_criteria(VERSIONS[version])).grade
            if ("" if found is None else str(found)) != row["expected_grade"]:
                names = ("version", "term", "value", "unit", "lln", "uln")
                yield tuple(row[name] for name in names), row["expected_grade"], found


class TestVectors:
    @pytest.mark.parametrize(("version", "rows"), [("4", 271), ("5", 249)])
    def test_every_row_is_graded_as_expected_or_named(
        self, shared_data: Path, version: str, rows: int
    ) -> None:
        file = shared_data / "ctcae" / "lab-grading-vectors.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            count = sum(row["version"] == version for row in csv.DictReader(lines))

        found = [(key, expected) for key, expected, _ in disagreements(file, version)]

        assert count == rows
        assert found == [
            (key, expected) for key, (expected, _) in CONTRADICTED.items() if key[0] == version
        ]

    def test_the_row_named_is_graded_as_published(self, shared_data: Path) -> None:
        file = shared_data / "ctcae" / "lab-grading-vectors.csv"

        assert [(key, grade) for key, _, grade in disagreements(file, "4")] == [
            (("4", "Hypertriglyceridemia", "150", "mg/dL", "0", "50"), 1)
        ]
