"""`safety cioms`."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from desk.cli.giving import file_name
from tests.unit.desk.cli.conftest import Call

CASE = "SECURE-EDC:16621-03-012-AE04"
AT = ("--made-at", "2026-03-01T09:00:00+00:00")


class TestCioms:
    def test_writes_the_form_of_the_version_that_was_asked_for(
        self, ask: Call, tmp_path: Path
    ) -> None:
        done = ask("cioms", CASE, "--version", "1", "--out", tmp_path / "first.pdf", *AT)
        ask("cioms", CASE, "--out", tmp_path / "second.pdf", "--variant", "extended", *AT)

        first, second = (
            PdfReader(tmp_path / name).pages[0].extract_text()
            for name in ("first.pdf", "second.pdf")
        )
        assert done.code == 0
        assert "version 1" in first
        assert "26. REMARKS" not in first
        assert "FOLLOW-UP No. 1" in second
        assert "26. REMARKS" in second

    def test_writes_all_cases_into_a_folder(self, ask: Call, tmp_path: Path) -> None:
        done = ask("cioms", "--all", tmp_path / "forms", "--format", "html", *AT)

        written = list((tmp_path / "forms").iterdir())
        assert done.code == 0
        assert [path.suffix for path in written] == [".html"]
        assert CASE in written[0].read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "name one case, or a folder"),
            ((CASE, "--mask", "nobody"), "there is no masking policy nobody"),
            (("NO-SUCH-CASE",), "there is no case NO-SUCH-CASE"),
            ((CASE, "--made-at", "today"), "is no instant"),
            ((CASE, "--out", "no-such-folder/form.pdf"), "cannot be written"),
            (("--all", "forms", "--version", "1"), "leave out"),
        ],
    )
    def test_wrong_usage_is_said_in_a_sentence(
        self, ask: Call, arguments: tuple[str, ...], said: str
    ) -> None:
        shown = ask("cioms", *arguments)

        assert shown.code == 2
        assert said in " ".join(shown.err.split())


class TestFileName:
    def test_two_cases_never_share_a_file(self) -> None:
        assert file_name("CN-BAYER-1") == "CN-BAYER-1"
        assert file_name("A:1") != file_name("A/1")
        assert "/" not in file_name("A/1")
