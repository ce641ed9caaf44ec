"""Grading a CSV file: columns, rows that cannot be graded, files that cannot be read."""

import csv
import tracemalloc
from pathlib import Path

import pytest

from consumers.input_files import InputFileError, OutputFileError
from consumers.laboratory_file import grade_file

HEADER = (
    "version,direction,term,value,unit,lln,uln,baseline,baseline_indicator,"
    "pct_change_from_baseline,high_indicator,low_indicator"
)
COLUMNS = HEADER.split(",")


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    file = folder / "results.csv"
    file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return file


def row(**fields: str) -> str:
    told = (fields.get(column, "") for column in COLUMNS)
    return ",".join(f'"{field}"' if "," in field else field for field in told)


def graded(folder: Path, *lines: str, header: str = HEADER) -> list[dict[str, str]]:
    out = folder / "grades.csv"
    grade_file(written(folder, *lines, header=header), out, "5.0")
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(folder: Path, **fields: str) -> tuple[str, str]:
    (found,) = graded(folder, row(**fields))
    return found["grade"], found["reason"]


ANEMIA = {"term": "Anemia", "value": "7.9", "unit": "g/dL", "lln": "12"}
ALT = {"term": "Alanine aminotransferase increased", "uln": "40"}


class TestColumns:
    def test_come_out_as_they_are_with_two_more(self, tmp_path: Path) -> None:
        header = "site,value,note,unit,uln,lln,term"
        file = written(tmp_path, '7, 7.90,"a, ""b""",g/dL,,12,ANEMIA', header=header)
        out = tmp_path / "grades.csv"

        grade_file(file, out, "5.0")

        assert out.read_text(encoding="utf-8") == (
            f"{header},grade,reason\n"
            '7, 7.90,"a, ""b""",g/dL,,12,ANEMIA,3,criterion_met: < 8.0 g/dL\n'
        )

    def test_a_byte_order_mark_belongs_to_no_column(self, tmp_path: Path) -> None:
        file = tmp_path / "excel.csv"
        file.write_bytes(b"\xef\xbb\xbfterm,value,unit,lln,uln\r\nAnemia,7.9,g/dL,12,\r\n")

        assert grade_file(file, tmp_path / "out.csv", "5.0").grades == {3: 1}

    def test_what_the_file_lacks_is_told(self, tmp_path: Path) -> None:
        file = written(tmp_path, "Anemia,7.9,g/dL,12,", header="term,value,unit,lln,uln")

        assert grade_file(file, tmp_path / "out.csv", "5.0").absent == (
            "version",
            "direction",
            "baseline",
            "baseline_indicator",
            "pct_change_from_baseline",
            "high_indicator",
            "low_indicator",
        )

    @pytest.mark.parametrize(
        ("header", "sentence"),
        [
            ("term,value,lln,uln", "has no column unit; name it in the first line"),
            ("term;value;unit;lln;uln", r"no column term, .*uln; .*separate columns by commas"),
            ("term,value,unit,lln,uln,value", "has the column value twice"),
            ("term,value,unit,lln,uln,grade", "has a column grade already"),
        ],
    )
    def test_that_cannot_be_told_refuse_the_file(
        self, tmp_path: Path, header: str, sentence: str
    ) -> None:
        with pytest.raises(InputFileError, match=sentence):
            grade_file(written(tmp_path, header=header), tmp_path / "out.csv", "5.0")


class TestRows:
    def test_the_figures_of_every_column_count(self, tmp_path: Path) -> None:
        # v5.0, baseline 100 abnormal: >3.0-5.0 x baseline is 2; by the limit it would be 3
        fields = {**ALT, "value": "301", "baseline": "100"}

        assert outcome(tmp_path, **fields)[0] == "2"
        assert outcome(tmp_path, **fields, baseline_indicator="NORMAL")[0] == "3"
        # v4.03: 25-<50% decrease
        assert (
            outcome(
                tmp_path,
                version="4",
                term="Fibrinogen decreased",
                value="3",
                unit="g/L",
                lln="2",
                pct_change_from_baseline="-30.5",
            )[0]
            == "2"
        )

    @pytest.mark.parametrize(
        ("baseline", "indicators", "grade"),
        [
            # 59 is above ULN, grade 1, and less than 1.5 x the baseline 40, no grade
            ("40", {"baseline_indicator": "HIGH", "high_indicator": "HIGH"}, "0"),
            ("40", {"baseline_indicator": "high", "high_indicator": "H HIGH"}, "0"),
            ("40", {"baseline_indicator": "HIGH HIGH", "high_indicator": "HIGH HIGH"}, "0"),
            ("100", {"baseline_indicator": "NORMAL", "high_indicator": "HIGH"}, "1"),
            ("100", {"baseline_indicator": "LOW", "low_indicator": "LOW"}, "1"),
            # what nobody explained is left to the comparison of baseline and limit
            ("40", {"baseline_indicator": "HIGH"}, "1"),
            ("100", {"baseline_indicator": "HIGH"}, "0"),
            ("100", {"baseline_indicator": "?", "high_indicator": "HIGH"}, "0"),
            ("100", {}, "0"),
        ],
    )
    def test_say_by_their_own_indicators_whether_the_baseline_was_high(
        self, tmp_path: Path, baseline: str, indicators: dict[str, str], grade: str
    ) -> None:
        assert outcome(tmp_path, **ALT, value="59", baseline=baseline, **indicators)[0] == grade

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({**ANEMIA, "value": "7.9*"}, "value_malformed: value"),
            ({**ANEMIA, "value": "1,234"}, "value_malformed: value"),  # 1234, or 1.234
            ({**ANEMIA, "value": "<-1"}, "value_malformed: value"),
            ({**ANEMIA, "value": ">8"}, "bound_undecided"),  # grade 2, or 1, or none
            ({**ANEMIA, "lln": "<12"}, "number_malformed: lln"),
            ({**ANEMIA, "value": "-1"}, "value_malformed: value"),
            ({**ANEMIA, "value": "inf"}, "value_malformed: value"),
            ({**ANEMIA, "value": "7_9"}, "value_malformed: value"),
            ({**ANEMIA, "value": "٧"}, "value_malformed: value"),  # a digit, yet not of ASCII
            ({**ANEMIA, "value": "1e99"}, "value_malformed: value"),
            ({**ANEMIA, "value": "9" * 41}, "value_malformed: value"),
            ({**ANEMIA, "lln": "twelve"}, "number_malformed: lln"),
            ({**ANEMIA, "lln": "-12"}, "number_malformed: lln"),
            ({**ALT, "value": "50", "baseline": "n/a"}, "number_malformed: baseline"),
            (
                {**ANEMIA, "pct_change_from_baseline": "-5%"},
                "number_malformed: pct_change_from_baseline",
            ),
            ({**ANEMIA, "value": ""}, "value_missing"),
            ({**ANEMIA, "value": "NA"}, "value_missing"),
            ({**ANEMIA, "value": "."}, "value_missing"),
            ({**ANEMIA, "unit": ""}, "missing_unit"),
            ({**ANEMIA, "unit": "g/cL"}, "unknown_unit"),
            ({**ANEMIA, "value": "11", "lln": ""}, "missing_limit"),
            ({**ANEMIA, "term": "Cough"}, "term_not_a_laboratory_term"),
            ({**ANEMIA, "term": ""}, "term_not_a_laboratory_term"),
            ({**ANEMIA, "direction": "H"}, "direction_mismatch"),
            ({**ANEMIA, "direction": "up"}, "direction_unknown: direction"),
            ({**ANEMIA, "version": "6.0"}, "version_unknown"),
        ],
    )
    def test_that_cannot_be_graded_say_why(
        self, tmp_path: Path, fields: dict[str, str], reason: str
    ) -> None:
        assert outcome(tmp_path, **fields) == ("", reason)

    @pytest.mark.parametrize(
        ("value", "grade"),
        [
            ("7.9e0", "3"),
            ("+7.9", "3"),
            (" 7.9 ", "3"),
            ("8.", "2"),
            (".5", "3"),
            ("7,9", "3"),
            ("８", "2"),
            ("= 7.9", "3"),
            # <8.0 g/dL is grade 3; a bound that allows graver figures gives the grade at least
            ("<8", "3"),
            ("≤8", "2"),
            ("＜ 10,0", "2"),
            (">12", "0"),
        ],
    )
    def test_numbers_may_be_written_in_several_ways(
        self, tmp_path: Path, value: str, grade: str
    ) -> None:
        assert outcome(tmp_path, **{**ANEMIA, "value": value})[0] == grade

    def test_name_their_own_version(self, tmp_path: Path) -> None:
        # v4.03 knows no baseline: 140 is 3.5 x ULN; v5.0: 1.4 x the abnormal baseline
        lines = [
            row(**ALT, value="140", baseline="100", version=version)
            for version in ("4", "CTCAE v4.03", "5", "")
        ]

        assert [each["grade"] for each in graded(tmp_path, *lines)] == ["2", "2", "0", "0"]

    def test_direction_may_be_a_word(self, tmp_path: Path) -> None:
        assert outcome(tmp_path, **ANEMIA, direction="low")[0] == "3"

    def test_no_value_is_told_in_a_reason(self, tmp_path: Path) -> None:
        marked = "Zhang-7.93"
        lines = [row(**{**ANEMIA, column: marked}) for column in COLUMNS if column != "term"]

        for found in graded(tmp_path, *lines):
            assert marked not in found["reason"]

    def test_are_counted_by_outcome(self, tmp_path: Path) -> None:
        file = written(
            tmp_path,
            row(**ANEMIA),
            row(**ANEMIA),
            "",
            row(**{**ANEMIA, "unit": "?"}),
            row(**{**ANEMIA, "version": "4"}),
            row(**{**ANEMIA, "version": "?"}),
        )
        told: list[int] = []

        summary = grade_file(file, tmp_path / "out.csv", "5.0", on_rows=told.append)

        assert summary.rows == 5
        assert summary.grades == {3: 3}
        assert summary.ungraded == {"unknown_unit": 1, "version_unknown": 1}
        assert summary.versions == {"5.0": 3, "4.03": 1}
        assert sum(told) == 5


class TestUnreadableFiles:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "has no column term"),
            (b"term,value,unit,lln,uln\nAnemia,7,g/dL,12\n", "line 2: 4 fields .* has 5"),
            (b"term,value,unit,lln,uln\nAnemia,7,9,g/dL,12,\n", "line 2: 6 fields .* has 5"),
            (b"term,value,unit,lln,uln\n\xc4nemia,7,g/dL,12,\n", "is not UTF-8"),
            ("term,value,unit,lln,uln\n".encode("utf-16"), "is not UTF-8"),
            (b'term,value,unit,lln,uln\n"Anemia"x,7,g/dL,12,\n', "line 2: .*expected after"),
            (b"term,value,unit,lln,uln\nAnemia" + b"a" * 140_000, "field larger than"),
        ],
    )
    def test_are_refused_with_the_place(
        self, tmp_path: Path, content: bytes, sentence: str
    ) -> None:
        file, out = tmp_path / "results.csv", tmp_path / "out.csv"
        file.write_bytes(content)

        with pytest.raises(InputFileError, match=sentence):
            grade_file(file, out, "5.0")
        assert list(tmp_path.iterdir()) == [file]

    def test_are_refused_if_reading_fails_half_way(self, tmp_path: Path) -> None:
        unreadable = Path("/proc/self/mem")  # opens, and has nothing at its beginning
        if not unreadable.exists():
            pytest.skip("needs the process files of Linux")

        with pytest.raises(InputFileError, match="cannot be read on"):
            grade_file(unreadable, tmp_path / "out.csv", "5.0")

    def test_are_refused_if_they_do_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(InputFileError, match=r"none\.csv cannot be read"):
            grade_file(tmp_path / "none.csv", tmp_path / "out.csv", "5.0")


class TestOutput:
    def test_of_an_earlier_run_stays_until_the_new_one_is_complete(self, tmp_path: Path) -> None:
        file, out = written(tmp_path, row(**ANEMIA), "too,short"), tmp_path / "out.csv"
        out.write_text("earlier")

        with pytest.raises(InputFileError, match="line 3"):
            grade_file(file, out, "5.0")

        assert out.read_text() == "earlier"

    def test_never_replaces_the_input(self, tmp_path: Path) -> None:
        file = written(tmp_path, row(**ANEMIA))

        with pytest.raises(OutputFileError, match="is the input"):
            grade_file(file, tmp_path / "." / "results.csv", "5.0")

    @pytest.mark.parametrize("out", ["none/out.csv", "results.csv/out.csv"])
    def test_that_cannot_be_written_is_told(self, tmp_path: Path, out: str) -> None:
        with pytest.raises(OutputFileError, match=r"out\.csv cannot be written"):
            grade_file(written(tmp_path, row(**ANEMIA)), tmp_path / out, "5.0")


class TestMemory:
    def test_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        def peak(rows: int) -> int:
            file = written(tmp_path, *[row(**ANEMIA)] * rows)
            tracemalloc.start()
            try:
                grade_file(file, tmp_path / "out.csv", "5.0")
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        peak(10)  # loads the criteria

        assert peak(5000) < 2 * peak(500)


class TestVectors:
    def test_come_out_as_expected_but_for_the_named_row(
        self, shared_data: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "grades.csv"

        grade_file(shared_data / "ctcae" / "lab-grading-vectors.csv", out, "5.0")

        with out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 520
        # v4.03 publishes 150 mg/dL - 300 mg/dL as grade 1: see test_laboratory_vectors
        assert [
            (each["version"], each["term"], each["value"], each["grade"])
            for each in rows
            if each["grade"] != each["expected_grade"]
        ] == [("4", "Hypertriglyceridemia", "150", "1")]
