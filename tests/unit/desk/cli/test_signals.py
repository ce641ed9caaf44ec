"""`safety signals` on files as people have them."""

from pathlib import Path

import pytest

from tests.unit.desk.cli.conftest import INITIAL, Call


class TestSignals:
    def test_gives_each_pair_as_json_and_as_csv(self, call: Call, tmp_path: Path) -> None:
        source, out = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_text("ID,Product,Event\n1,p,皮疹\n1,p,皮疹\n2,q,x\n3,,x\n", encoding="utf-8")

        shown = call("signals", source, "--out", out, "--json")

        assert shown.code == 0
        assert shown.json["reports"] == 2
        assert shown.json["repeated_rows"] == 1
        assert shown.json["incomplete_lines"] == [5]
        assert {each["event"] for each in shown.json["signals"]} == {"皮疹", "x"}
        assert len(out.read_text(encoding="utf-8").splitlines()) == 3

    @pytest.mark.parametrize("content", ["", "id,product\n1,p\n", "id,product,event\n1,p\n"])
    def test_a_file_of_another_shape_is_refused(
        self, call: Call, tmp_path: Path, content: str
    ) -> None:
        source = tmp_path / "in.csv"
        source.write_text(content, encoding="utf-8")

        assert call("signals", source).code == 5


class TestSignalsOfTheStore:
    def test_each_valid_case_counts_with_its_suspect_drugs_and_terms(self, work: Call) -> None:
        # the example of a first report: its one suspect drug is "sorafenib tablets"
        work("process", INITIAL)
        told = work("signals", "--json").json

        assert (told["reports"], told["products"]) == (1, 1)
        assert {each["product"] for each in told["signals"]} == {"SORAFENIB TABLETS"}

    def test_an_empty_store_has_no_pairs(self, work: Call) -> None:
        assert work("signals", "--json").json["signals"] == []

    def test_the_store_has_no_other_stratum_than_the_country(self, work: Call) -> None:
        assert work("signals", "--stratum", "country").code == 0
        assert work("signals", "--stratum", "sex").code == 2
