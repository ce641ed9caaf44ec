"""`safety medwatch`."""

from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.unit.desk.cli.conftest import Call

CASE = "SECURE-EDC:16621-03-012-AE04"
AT = ("--made-at", "2026-03-01T09:00:00+00:00")


class TestMedwatch:
    def test_carries_the_number_that_the_cioms_form_carries(
        self, ask: Call, tmp_path: Path
    ) -> None:
        done = ask("medwatch", CASE, "--out", tmp_path / "m.pdf", *AT)
        ask("cioms", CASE, "--out", tmp_path / "c.pdf", *AT)

        medwatch, cioms = (
            "\n".join(page.extract_text() for page in PdfReader(tmp_path / name).pages)
            for name in ("m.pdf", "c.pdf")
        )
        assert done.code == 0
        number = medwatch.partition("Mfr Report # ")[2].split()[0]
        assert number.endswith("16621-03-012-AE04")
        assert number in cioms
        assert "01-MAR-2026" in medwatch

    def test_writes_all_cases_into_a_folder(self, ask: Call, tmp_path: Path) -> None:
        done = ask("medwatch", "--all", tmp_path / "forms", *AT)

        assert done.code == 0
        assert [path.suffix for path in (tmp_path / "forms").iterdir()] == [".pdf"]

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ((), "name one case, or a folder"),
            ((CASE, "--mask", "nobody"), "there is no masking policy nobody"),
            (("NO-SUCH-CASE",), "there is no case NO-SUCH-CASE"),
            (("--all", "forms", "--version", "1"), "leave out"),
        ],
    )
    def test_wrong_usage_is_said_in_a_sentence(
        self, ask: Call, arguments: tuple[str, ...], said: str
    ) -> None:
        shown = ask("medwatch", *arguments)

        assert shown.code == 2
        assert said in " ".join(shown.err.split())
