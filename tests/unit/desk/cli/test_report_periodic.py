"""`safety report pbrer`, `dsur`, `cioms-ii`, `pader` at the command line."""

import json
from pathlib import Path

import pytest

from tests.unit.desk.cli.conftest import INITIAL, Call

YEAR = ("--from", "2014-01-01", "--to", "2014-12-31")


class TestPeriodicReports:
    def test_a_case_of_the_period_is_counted(self, work: Call, tmp_path: Path) -> None:
        # the example of a first report: two serious reactions of SECURE, known on 7 May 2014
        work("process", INITIAL)
        shown = work("report", "pbrer", *YEAR, "--out", tmp_path)

        assert shown.code == 0
        assert "Solicited, serious: 0 + 1 + 0 = 1" in shown.out
        tables = json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))["tables"]
        assert [table["id"] for table in tables] == ["A2.1", "A2.2", "R1"]

    def test_a_case_of_an_earlier_period_is_not_in_the_interval(
        self, work: Call, tmp_path: Path
    ) -> None:
        work("process", INITIAL)
        later = ("--from", "2015-01-01", "--to", "2015-12-31")

        assert (
            "Solicited, serious: 1 + 0 + 0 = 1"
            in work("report", "pbrer", *later, "--out", tmp_path).out
        )

    def test_nothing_was_known_before_it_was_stored(self, work: Call, tmp_path: Path) -> None:
        work("process", INITIAL)
        then = ("--as-known-at", "2020-01-01T00:00:00Z")

        assert (
            "Solicited, serious: 0 + 0 + 0 = 0"
            in work("report", "pbrer", *YEAR, *then, "--out", tmp_path).out
        )

    @pytest.mark.parametrize(
        ("kind", "listing"), [("dsur", "D7.2"), ("cioms-ii", "C2"), ("pader", "P1")]
    )
    def test_the_others_have_their_listings(
        self, work: Call, tmp_path: Path, kind: str, listing: str
    ) -> None:
        work("process", INITIAL)

        assert work("report", kind, *YEAR, "--out", tmp_path).code == 0
        rows = (tmp_path / "csv" / f"{listing}.csv").read_text(encoding="utf-8").splitlines()
        assert len(rows) == (1 if kind == "dsur" else 2)  # SECURE is no trial

    def test_a_period_that_ends_before_it_begins_is_wrong_usage(
        self, work: Call, tmp_path: Path
    ) -> None:
        wrong = ("--from", "2015-01-01", "--to", "2014-01-01")

        assert work("report", "pbrer", *wrong, "--out", tmp_path).code == 2
