"""The same rows from CSV of every make, and from SAS transport files."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from consumers.cdisc.countries import ALPHA_2
from consumers.cdisc.datasets import Dataset
from consumers.cdisc.sources import Standard, find_datasets
from consumers.input_files import InputFileError
from schemas.countries import COUNTRIES
from tests.support.transport import transport_file

ROWS = [{"USUBJID": "1", "AETERM": "Ménière"}, {"USUBJID": "2"}]


def read(path: Path, wanted: str | None = None) -> list[dict[str, str]]:
    return [row.cells for _, row in Dataset("AE", path, wanted=wanted).read()]


def written(folder: Path, content: bytes, name: str = "ae.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def limit() -> Iterator[int]:
    """Give a limit that nobody else sets, while the test lasts."""
    before = csv.field_size_limit(123_456)
    yield 123_456
    csv.field_size_limit(before)


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    @pytest.mark.parametrize("mark", [",", ";", "\t"])
    def test_the_encoding_and_the_separator_are_told_from_the_file(
        self, tmp_path: Path, encoding: str, mark: str
    ) -> None:
        text = f'usubjid{mark}"AeTerm"\r\n1{mark}Ménière\r\n2{mark}NA\r\n'

        assert read(written(tmp_path, text.encode(encoding))) == ROWS

    def test_an_encoding_may_be_named(self, tmp_path: Path) -> None:
        path = written(tmp_path, "USUBJID,AETERM\n1,手足综合征\n".encode("gb18030"))

        assert read(path, wanted="gb18030") == [{"USUBJID": "1", "AETERM": "手足综合征"}]

    def test_a_row_that_does_not_fit_is_kept_aside_and_the_rest_goes_on(
        self, tmp_path: Path
    ) -> None:
        dataset = Dataset("AE", written(tmp_path, b"A,B\n1,2\n3\n4,5,6\n7,8\n"))

        assert [row.cells for _, row in dataset.read()] == [
            {"A": "1", "B": "2"},
            {"A": "7", "B": "8"},
        ]
        assert dataset.misfits == [3, 4]

    @pytest.mark.parametrize("content", [b"", b'A,B\n1,"2\n', b"A,A\n1,2\n"])
    def test_what_is_no_table_is_refused(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(InputFileError, match=r"ae\.csv"):
            read(written(tmp_path, content))

    @pytest.mark.parametrize("wanted", [1, 2, 3])
    def test_the_limit_that_csv_keeps_for_the_whole_process_is_not_touched(
        self, tmp_path: Path, limit: int, wanted: int
    ) -> None:
        rows = Dataset("AE", written(tmp_path, b"A,B\n1,2\n3,4\n")).read()

        found = [row.cells for _, row in islice(rows, wanted)]

        assert found == [{"A": "1", "B": "2"}, {"A": "3", "B": "4"}][:wanted]
        assert csv.field_size_limit() == limit

    def test_a_cell_may_be_as_long_as_sas_can_write_it(self, tmp_path: Path) -> None:
        text = "x" * 32_767  # the longest character variable of SAS 9.4

        assert read(written(tmp_path, f"A,B\n1,{text}\n".encode())) == [{"A": "1", "B": text}]

    def test_a_wrong_encoding_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputFileError, match="--encoding"):
            read(written(tmp_path, b"A\n\xff\xff\n"), wanted="utf-8")


class TestTransportFile:
    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_gives_the_rows_that_csv_gives(self, tmp_path: Path, encoding: str) -> None:
        content = transport_file("AE", ROWS, encoding=encoding)

        assert read(written(tmp_path, content, "AE.XPT")) == ROWS

    @pytest.mark.parametrize("rows", range(1, 12))
    def test_a_last_row_that_ends_in_blanks_counts_and_filling_does_not(
        self, tmp_path: Path, rows: int
    ) -> None:
        content = transport_file(
            "AE", [{"A": "x", "B": "y" * 20}, *({"A": str(n), "B": ""} for n in range(rows))]
        )

        assert len(read(written(tmp_path, content, "ae.xpt"))) == rows + 1

    def test_numbers_are_written_plainly_and_missing_ones_are_absent(self, tmp_path: Path) -> None:
        content = transport_file("AE", [{"S": 1, "X": -3.25}, {"S": 19725, "X": None}])

        assert read(written(tmp_path, content, "ae.xpt")) == [
            {"S": "1", "X": "-3.25"},
            {"S": "19725"},
        ]

    @pytest.mark.parametrize("keep", [0, 100, 720, -1, -80, -160])
    def test_one_that_was_cut_off_is_refused(self, tmp_path: Path, keep: int) -> None:
        # 40 rows of 60 bytes: 30 lines, of which the last is full
        content = transport_file("AE", [{"USUBJID": "x" * 52, "S": 7}] * 40)

        with pytest.raises(InputFileError, match="transport file"):
            read(written(tmp_path, content[:keep], "ae.xpt"))


class TestFindDatasets:
    def test_names_have_any_case_and_what_the_sponsor_puts_before_them(
        self, tmp_path: Path
    ) -> None:
        for name in ("sdtm_AE.csv", "DM.XPT", "study-1.suppae.csv", "define.xml", "lbx.csv"):
            (tmp_path / name).touch()
        found = find_datasets(tmp_path, Standard.SDTM)

        assert {name: path.name for name, path in found.datasets.items()} == {
            "AE": "sdtm_AE.csv",
            "DM": "DM.XPT",
            "SUPPAE": "study-1.suppae.csv",
        }
        assert set(found.others) == {"define.xml", "lbx.csv"}

    def test_two_files_of_one_dataset_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "ae.csv").touch()
        (tmp_path / "ae.xpt").touch()

        with pytest.raises(InputFileError, match="two files of the dataset AE"):
            find_datasets(tmp_path, Standard.SDTM)

    @pytest.mark.parametrize("name", ["adsl.csv", "readme.txt"])
    def test_a_folder_without_subjects_and_events_is_refused(
        self, tmp_path: Path, name: str
    ) -> None:
        (tmp_path / name).touch()

        with pytest.raises(InputFileError, match="neither DM nor AE"):
            find_datasets(tmp_path, Standard.SDTM)


class TestCountries:
    def test_each_country_of_our_messages_has_one_alpha_3_code(self) -> None:
        assert sorted(ALPHA_2.values()) == sorted(set(COUNTRIES) - {"EU"})
        assert all(len(code) == 3 for code in ALPHA_2)
