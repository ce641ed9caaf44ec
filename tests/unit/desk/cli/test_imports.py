"""`safety import` at the command line."""

from pathlib import Path

from tests.unit.desk.cli.conftest import Call

DM = "STUDYID,USUBJID,ACTARM\nS,1,Drug\n"
AE = "STUDYID,USUBJID,AESEQ,AETERM,AESTDTC\nS,1,1,皮疹,2014-05\nS,1,2\n"


def folder(tmp_path: Path) -> Path:
    (tmp_path / "dm.csv").write_text(DM, encoding="utf-8")
    (tmp_path / "ae.csv").write_text(AE, encoding="utf-8")
    return tmp_path


class TestImport:
    def test_says_what_was_read_and_what_was_left_out(self, work: Call, tmp_path: Path) -> None:
        told = work("import", "sdtm", folder(tmp_path), "--received", "2014-06-01", "--json").json

        assert (told["studies"], told["events"], told["new"]) == (["S"], 1, 2)
        (events,) = (each for each in told["datasets"] if each["dataset"] == "AE")
        assert events["lines_that_do_not_fit"] == [3]
        assert told["topics"]["pv.adverse-events"]["accepted"] == 1

    def test_shows_it_for_people(self, work: Call, tmp_path: Path) -> None:
        shown = work("import", "sdtm", folder(tmp_path))

        assert shown.code == 0
        assert "1 fields do not fit" in " ".join(shown.out.split())

    def test_a_wrong_folder_day_or_encoding_is_wrong_usage_or_input(
        self, work: Call, tmp_path: Path
    ) -> None:
        assert work("import", "adam", folder(tmp_path)).code == 5
        assert work("import", "sdtm", tmp_path, "--received", "2999-01-01").code == 2
        assert work("import", "sdtm", tmp_path, "--encoding", "klingon").code == 2
