"""
Reports of CDISC studies against counts made from the raw files by another way.

The counts here are plain SQL in a database of their own, loaded from the CSV files as they are;
nothing of the product takes part in them.
"""

import csv
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from desk.cli.app import run

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Source:
    """A data set, and how the words of its files are read."""

    folder: str
    study: str
    subjects: str
    events: str
    related: str  # SQL, of a row of events
    compare: tuple[str, str]


SOURCES = (
    Source(
        *("cdisc-pilot", "CDISCPILOT01", "adsl.csv", "adae.csv"),
        related="AEREL IN ('POSSIBLE', 'PROBABLE', '')",
        compare=("Xanomeline High Dose", "Placebo"),
    ),
    Source(
        *("oncology-synthetic", "AB12345", "syn_adsl.csv", "syn_adae.csv"),
        related="AEREL IN ('Y', '', 'NA')",
        compare=("A: Drug X", "B: Placebo"),
    ),
)


@dataclass(frozen=True, slots=True)
class Both:
    """The report of a data set, and its raw files in SQL."""

    source: Source
    tables: dict[str, Any]
    raw: sqlite3.Connection

    def counted(self, which: str, *by: str) -> dict[tuple[str, ...], tuple[int, int]]:
        """Subjects and events by arm and columns, of treatment-emergent events that are so."""
        group = ", ".join(("arm", *by))
        rows = self.raw.execute(
            f"SELECT {group}, COUNT(DISTINCT USUBJID), COUNT(*) FROM emergent"  # noqa: S608 - words of this file
            f" WHERE {which} GROUP BY {group}"
        )
        return {tuple(row[:-2]): (row[-2], row[-1]) for row in rows}

    def reported(self, table_id: str, level: str) -> dict[tuple[str, ...], tuple[int, int]]:
        """The same from the report: what is not zero."""
        return {
            (arm, *row["within"], *([] if level == "overall" else [row["label"]])): (
                cell["n"],
                cell["events"],
            )
            for row in self.tables[table_id]["rows"]
            if row["level"] == level
            for arm, cell in row["cells"].items()
            if arm != "total" and cell["n"]
        }


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: source.folder)
def both(
    request: pytest.FixtureRequest, shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Both]:
    source: Source = request.param
    work = tmp_path_factory.mktemp("counts")
    database = ["--database", f"sqlite:///{work / 'study.db'}"]
    folder = shared_data / source.folder
    for arguments in (
        ["migrate"],
        ["import", "adam", str(folder)],
        [
            *("report", "study", "--study", source.study, "--out", str(work / "report")),
            *("--compare", *source.compare),
        ],
    ):
        assert run([*database, *arguments]) == 0
    told = orjson.loads((work / "report" / "tables.json").read_bytes())
    raw = sqlite3.connect(":memory:")
    _load(raw, "adsl", folder / source.subjects)
    _load(raw, "adae", folder / source.events)
    raw.execute(
        "CREATE TABLE emergent AS SELECT s.TRT01A AS arm, a.* FROM adae a JOIN adsl s"
        " USING (USUBJID) WHERE s.SAFFL = 'Y' AND a.TRTEMFL = 'Y'"
    )
    yield Both(source, {table["id"]: table for table in told["tables"]}, raw)
    raw.close()


def _load(raw: sqlite3.Connection, name: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)
        raw.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {name} VALUES ({marks})", reader)  # noqa: S608 - words of this file


class TestCounts:
    def test_n_is_the_treated_subjects_of_each_arm(self, both: Both) -> None:
        asked = "SELECT TRT01A, COUNT(*) FROM adsl WHERE SAFFL = 'Y' GROUP BY TRT01A"

        told = {c["label"]: c["N"] for c in both.tables["T2"]["columns"]}
        total = told.pop("Total")
        assert told == dict(both.raw.execute(asked).fetchall())
        assert total == sum(told.values())

    @pytest.mark.parametrize(
        ("table_id", "which"),
        [
            ("T2", "1"),
            ("T4", "related"),
            ("T6", "AESER = 'Y'"),
            ("T7", "AESER = 'Y' AND related"),
            ("T8", "AEACN = 'DRUG WITHDRAWN'"),
        ],
    )
    @pytest.mark.parametrize(
        ("level", "by"),
        [("overall", ()), ("soc", ("AEBODSYS",)), ("pt", ("AEBODSYS", "AEDECOD"))],
    )
    def test_by_class_and_term_agree(
        self, both: Both, table_id: str, which: str, level: str, by: tuple[str, ...]
    ) -> None:
        asked = which.replace("related", f"({both.source.related})")

        assert both.reported(table_id, level) == both.counted(asked, *by)

    def test_by_worst_grade_or_severity_agree(self, both: Both) -> None:
        names = [row[1] for row in both.raw.execute("PRAGMA table_info(adae)")]
        graded = "AETOXGR" in names
        step = (
            "CAST(AETOXGR AS INTEGER)"
            if graded
            else "CASE AESEV WHEN 'MILD' THEN 1 WHEN 'MODERATE' THEN 2 ELSE 3 END"
        )
        rows = self._worst(both, step)

        words = (
            {str(grade): f"grade-{grade}" for grade in range(1, 6)}
            if graded
            else {"1": "mild", "2": "moderate", "3": "severe"}
        )
        told = {
            (arm, row["within"][0], row["label"], number): row["cells"][f"{arm}|{name}"]["n"]
            for row in both.tables["T3" if graded else "T3S"]["rows"]
            if row["level"] == "pt"
            for arm in {key.split("|")[0] for key in row["cells"]} - {"total"}
            for number, name in words.items()
            if row["cells"][f"{arm}|{name}"]["n"]
        }
        assert told == rows

    @staticmethod
    def _worst(both: Both, step: str) -> dict[tuple[str, ...], int]:
        asked = (
            "SELECT arm, AEBODSYS, AEDECOD, CAST(worst AS TEXT), COUNT(*) FROM (SELECT arm,"  # noqa: S608 - words of this file
            f" AEBODSYS, AEDECOD, USUBJID, MAX({step}) AS worst FROM emergent GROUP BY arm,"
            " AEBODSYS, AEDECOD, USUBJID) GROUP BY arm, AEBODSYS, AEDECOD, worst"
        )
        return {tuple(row[:4]): row[4] for row in both.raw.execute(asked)}

    def test_deaths_are_those_the_study_tells(self, both: Both) -> None:
        asked = "SELECT COUNT(*) FROM adsl WHERE SAFFL = 'Y' AND DTHFL = 'Y'"
        [row] = [r for r in both.tables["T10"]["rows"] if r["label"] == "All deaths"]

        assert row["cells"]["total"]["n"] == both.raw.execute(asked).fetchone()[0]

    def test_duration_is_that_of_the_first_and_last_dose(self, both: Both) -> None:
        ends = ("TRTSDTM", "TRTEDTM") if both.source.study == "AB12345" else ("TRTSDT", "TRTEDT")
        asked = (
            f"SELECT julianday(substr({ends[1]}, 1, 10)) - julianday(substr({ends[0]}, 1, 10)) + 1"  # noqa: S608 - words of this file
            " FROM adsl WHERE SAFFL = 'Y' AND length(" + ends[1] + ") > 9"
        )
        days = [row[0] for row in both.raw.execute(asked)]
        [row] = [
            r
            for r in both.tables["T14"]["rows"]
            if r["label"] == "Range" and r["within"] == ["Duration of treatment, days"]
        ]

        if len(days) == sum(c["N"] for c in both.tables["T14"]["columns"][:-1]):
            told = row["cells"]["total"]
            assert (told["low"], told["high"]) == (min(days), max(days))

    def test_a_comparison_has_a_p_for_every_term(self, both: Both) -> None:
        rows = [row for row in both.tables["T2"]["rows"] if row["level"] == "pt"]

        assert rows
        assert all(set(row["p"]) == {both.source.compare[0]} for row in rows)
