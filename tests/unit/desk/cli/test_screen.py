"""No text of a message is obeyed by the terminal that shows it."""

import unicodedata
from pathlib import Path

import pytest
from rich.text import Text

from desk.cli.screen import screen, table
from tests.unit.desk.cli.conftest import INITIAL, Call, changed_copy

CASE = "SECURE-EDC:16621-03-012-AE04"
HOSTILE = "dyspnoea\x1b[2J\x1b]0;owned\x07 and\x9b31m\x7f more"


def commands_in(text: str) -> set[str]:
    """Give the control characters of a text other than line feeds and tabs."""
    return {each for each in text if unicodedata.category(each) == "Cc"} - {"\n", "\t"}


class TestScreen:
    def test_strings_texts_and_cells_are_shown_without_commands(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        shown = table("case", "what was told")
        shown.add_row("\x1b[31mA\x9b", Text("rash\x1b[2J", style="bold"))

        for each in (shown, "told\x1b[2J", Text("told\x1b[2J")):
            screen().print(each)

        out = capsys.readouterr().out
        assert commands_in(out) == set()
        assert "\ufffd[31mA\ufffd" in out  # whole, though the column is as narrow as its content
        assert "rash\ufffd[2J" in out
        assert out.count("told\ufffd[2J") == 2


class TestHostileReport:
    def test_no_view_of_a_case_passes_a_command_on(self, work: Call, tmp_path: Path) -> None:
        term = {"reaction_id": "AE04", "term": {"text": HOSTILE}, "treatment": HOSTILE}
        told = changed_copy(INITIAL, tmp_path / "a.json", reactions=[term], narrative=HOSTILE)
        assert work("process", told).code == 0

        for arguments in (
            ("case", "list"),
            ("case", "show", CASE),
            ("case", "show", CASE, "--json"),
            ("case", "trace", CASE),
            ("case", "history", CASE, "--all"),
            ("narrative", CASE),
            ("narrative", CASE, "--sources"),
            ("narrative", CASE, "--html"),
            ("narrative", CASE, "--json"),
        ):
            shown = work(*arguments)
            assert shown.code == 0, arguments
            assert commands_in(shown.out) == set(), arguments

        assert work("narrative", CASE, "--out", tmp_path / "case.txt").code == 0
        written = (tmp_path / "case.txt").read_text(encoding="utf-8")
        assert commands_in(written) == set()
        assert "dyspnoea\ufffd[2J" in written
