"""The page about coding gives the figures that are counted now."""

from pathlib import Path

import pytest

from benchmarks.coding_accuracy import table_lines

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "coding.md").read_text(encoding="utf-8")


class TestCodingPage:
    @pytest.mark.parametrize("line", list(table_lines()))
    def test_every_line_of_the_accuracy_table_stands_in_it(self, line: str) -> None:
        assert f"\n{line}\n" in PAGE
