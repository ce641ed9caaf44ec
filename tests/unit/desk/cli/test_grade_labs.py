"""`grade-labs`."""

from pathlib import Path

from tests.unit.desk.cli.conftest import Call

LINES = """\
version,term,value,unit,lln,uln
,Anemia,7.9,g/dL,12,
4,Anemia,9.9,g/dL,12,
,Anemia,11,g/dL,,
"""


def results(folder: Path) -> Path:
    file = folder / "results.csv"
    file.write_text(LINES, encoding="utf-8")
    return file


class TestGradeLabs:
    def test_writes_grades_and_tells_what_became_of_the_rows(
        self, call: Call, tmp_path: Path
    ) -> None:
        out = tmp_path / "grades.csv"

        shown = call("grade-labs", results(tmp_path), "--ctcae", "5.0", "--out", out)

        assert shown.code == 0
        assert [line.rsplit(",", 2)[1] for line in out.read_text().splitlines()] == [
            "grade",
            "3",
            "2",
            "",
        ]
        printed = [line.split() for line in shown.out.splitlines()]
        assert ["grade", "2", "1"] in printed
        assert ["grade", "3", "1"] in printed
        assert ["no", "grade:", "missing_limit", "1"] in printed
        assert f"3 rows are in {out}." in shown.out
        assert "1 rows name CTCAE 4.03 themselves" in shown.err
        assert "taken as not given: direction, baseline," in shown.err

    def test_tells_programs_the_same(self, call: Call, tmp_path: Path) -> None:
        out = tmp_path / "grades.csv"

        shown = call("grade-labs", results(tmp_path), "--ctcae", "v5.0", "--out", out, "--json")

        assert {key: shown.json[key] for key in ("rows", "grades", "ungraded", "versions")} == {
            "rows": 3,
            "grades": {"2": 1, "3": 1},
            "ungraded": {"missing_limit": 1},
            "versions": {"4.03": 1, "5.0": 2},
        }

    def test_another_version_is_wrong_usage(self, call: Call, tmp_path: Path) -> None:
        out = tmp_path / "grades.csv"

        shown = call("grade-labs", results(tmp_path), "--ctcae", "6.0", "--out", out)

        assert shown.code == 2
        assert "no laboratory criteria of CTCAE 6.0; have 4.03 and 5.0" in shown.err
        assert not out.exists()

    def test_a_file_that_is_none_is_bad_input(self, call: Call, tmp_path: Path) -> None:
        shown = call(
            "grade-labs", tmp_path / "none.csv", "--ctcae", "5.0", "--out", tmp_path / "out.csv"
        )

        assert shown.code == 5
        assert "none.csv cannot be read" in shown.err

    def test_a_result_that_cannot_be_written_is_wrong_usage(
        self, call: Call, tmp_path: Path
    ) -> None:
        file = results(tmp_path)

        shown = call("grade-labs", file, "--ctcae", "5.0", "--out", file)

        assert shown.code == 2
        assert file.read_text() == LINES
