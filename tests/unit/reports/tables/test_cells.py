"""How counts become cells and cells become text; expected values are counted by hand."""

import pytest

from reports.tables import Cell, cell_text, count_cell, percent_of
from reports.tables.cells import p_text


class TestPercentOf:
    @pytest.mark.parametrize(
        ("count", "size", "percent"),
        [
            # regulatory facts 6.4: 5/106 = 4.72 %, 6/106 = 5.66 %
            (5, 106, 4.7),
            (6, 106, 5.7),
            (1, 16, 6.3),  # 6.25: half away from zero, where Python's round gives 6.2
            (1, 80, 1.3),  # 1.25
            (0, 106, 0.0),
            (106, 106, 100.0),
        ],
    )
    def test_rounds_half_away_from_zero(self, count: int, size: int, percent: float) -> None:
        assert percent_of(count, size) == percent

    @pytest.mark.parametrize("size", [0, None])
    def test_has_no_share_of_nobody(self, size: int | None) -> None:
        assert percent_of(0, size) is None


class TestCountCell:
    def test_counts_each_subject_once(self) -> None:
        cell = count_cell(["S1", "S2", "S1"], 4, events=3)

        assert (cell.n, cell.percent, cell.events) == (2, 50.0, 3)
        assert cell.subjects == {"S1", "S2"}


class TestCellText:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (Cell(n=12, percent=11.3, events=15), "12 (11.3) [15]"),
            (Cell(n=0, percent=0.0, events=0), "0"),  # 0 is shown as 0
            (Cell(n=12), "12"),
            (Cell(events=7), "7"),
            (Cell(events=0), "0"),
            (Cell(value=0.25, decimals=1), "0.3"),
            (Cell(value=-0.04, decimals=1), "0.0"),
            (Cell(value=13.2, low=8.1, high=20.55, decimals=1), "13.2 (8.1, 20.6)"),
            (Cell(value=13.2, low=8.1), "13.2 (8.1, NE)"),
            (Cell(n=1, text="NE"), "NE"),
            (Cell(), ""),
        ],
    )
    def test_shows_what_is_there(self, cell: Cell, text: str) -> None:
        assert cell_text(cell) == text


class TestPText:
    @pytest.mark.parametrize(
        ("probability", "text"),
        [(0.04999, "0.0500"), (0.00004, "<0.0001"), (1.0, "1.0000")],
    )
    def test_never_shows_zero(self, probability: float, text: str) -> None:
        assert p_text(probability) == text
