"""`safety submit-package` on the packaged ICSRs; DE-EXAMPLE-2025-000117 has a duty to EMA EVPM."""

import zipfile
from pathlib import Path

import orjson
import pytest

from reports.package import validate_zip
from tests.unit.desk.cli.conftest import EXAMPLES, INITIAL, Call

CASE = "DE-EXAMPLE-2025-000117"
AT = ("--made-at", "2026-05-01T08:00:00Z")


@pytest.fixture
def office(work: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("SAFETY_E2B_SENDER_ID", "OURS")
    monkeypatch.delenv("SAFETY_E2B_SCHEMA_DIR", raising=False)
    assert work("process", EXAMPLES / "icsr" / "spontaneous-germany.xml", INITIAL).code == 0
    return work


class TestSubmitPackage:
    def test_writes_a_whole_package_and_records_every_file_of_it(
        self, office: Call, tmp_path: Path
    ) -> None:
        out = tmp_path / "p.zip"

        called = office("submit-package", CASE, "--authority", "EMA", "--out", out, *AT)

        assert called.code == 0, called.err + called.out
        assert "ema-post" in called.out
        assert validate_zip(out.read_bytes()) == []
        [sent] = office("transmissions", "--json").json
        assert sent["case"] == CASE
        assert len(sent["duties"]) == 1
        names = [document["name"] for document in sent["documents"]]
        assert names[-1] == "p.zip"
        assert {"icsr.xml", "cioms.pdf", "trace.json", "manifest.json"} <= set(names)
        with zipfile.ZipFile(out) as archive:
            assert archive.read("cioms.pdf").startswith(b"%PDF")
            told = orjson.loads(archive.read("manifest.json"))
        assert (told["batch"], told["message"]) == (sent["batch"], sent["message"])

    def test_the_same_again_is_the_same_bytes_and_recorded_once(
        self, office: Call, tmp_path: Path
    ) -> None:
        for name in ("one.zip", "two.zip"):
            out = tmp_path / name
            assert office("submit-package", CASE, "--authority", "EMA", "--out", out, *AT).code == 0

        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
        assert len(office("transmissions", "--json").json) == 1

    def test_an_authority_without_a_profile_gets_the_core_standard(
        self, office: Call, tmp_path: Path
    ) -> None:
        out = tmp_path / "p.zip"

        called = office("submit-package", CASE, "--authority", "MHRA", "--out", out, *AT)

        assert called.code == 0
        [sent] = office("transmissions", "--json").json
        assert (sent["profile"], len(sent["duties"])) == ("ich", 1)

    def test_what_a_rule_rejects_is_not_written_unless_as_a_draft(
        self, office: Call, tmp_path: Path
    ) -> None:
        out, case = tmp_path / "p.zip", "SECURE-EDC:16621-03-012-AE04"  # has no MedDRA code
        arguments = ("submit-package", case, "--authority", "EMA", "--out", out, *AT)

        called = office(*arguments)

        assert called.code == 1
        assert "ICH-UNCODED-REACTION" in called.out
        assert not out.exists()
        assert office(*arguments, "--draft").code == 1
        with zipfile.ZipFile(out) as archive:
            assert orjson.loads(archive.read("manifest.json"))["draft"] is True
        assert office("transmissions", "--json").json == []

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            ((CASE, "--authority", "NOBODY"), "there is no authority NOBODY"),
            (("nothing", "--authority", "EMA"), "there is no case nothing"),
            ((CASE, "--authority", "EMA", "--mask", "x"), "masking policy"),
            ((CASE, "--authority", "EMA", "--receiver", "x"), "there is no receiver x"),
            ((CASE, "--authority", "EMA", "--set", "x"), "ELEMENT=VALUE"),
        ],
    )
    def test_what_cannot_be_done_is_said(
        self, office: Call, tmp_path: Path, arguments: tuple[str, ...], says: str
    ) -> None:
        called = office("submit-package", *arguments, "--out", tmp_path / "p.zip")

        assert called.code == 2
        assert says in called.err

    def test_a_file_that_cannot_be_written_is_named_and_nothing_recorded(
        self, office: Call, tmp_path: Path
    ) -> None:
        out = tmp_path / "no" / "p.zip"

        called = office("submit-package", CASE, "--authority", "EMA", "--out", out)

        assert called.code == 2
        assert "cannot be written" in called.err
        assert office("transmissions", "--json").json == []
