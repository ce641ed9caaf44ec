"""A table that contradicts itself is not given out."""

from dataclasses import replace

import pytest

from reports.tables import Cell, FaultyTableError, Row, table_faults, validate_book
from tests.unit.reports.tables.books import book, figure, listing, row, table


class TestTableFaults:
    def test_finds_none_in_a_sound_table(self) -> None:
        sound = table(
            row("soc", "Skin", ("sorafenib", 5, 7)),
            row("pt", "Rash", ("sorafenib", 3, 4), within=("Skin",)),
        )

        assert not list(table_faults(sound))

    @pytest.mark.parametrize(
        ("cell", "fault"),
        [
            (
                Cell(n=107, percent=100.0),
                "row 1 counts more subjects than sorafenib has",
            ),
            (Cell(n=2, events=1), "row 1 has fewer events than subjects with one"),
            (
                Cell(n=2, subjects=frozenset({"S1"})),
                "row 1 counts other subjects than it names",
            ),
        ],
    )
    def test_finds_a_contradiction(self, cell: Cell, fault: str) -> None:
        assert list(table_faults(table(Row("pt", "Rash", {"sorafenib": cell})))) == [fault]

    def test_finds_a_cell_in_no_column(self) -> None:
        assert list(table_faults(table(row("pt", "Rash", ("other", 1, 1))))) == [
            "row 1 has a cell in no column"
        ]

    def test_finds_a_term_with_a_subject_that_its_class_has_not(self) -> None:
        faulty = table(
            row("soc", "Skin", ("sorafenib", 2, 2)),
            row("pt", "Rash", ("sorafenib", 3, 3), within=("Skin",)),
        )

        assert list(table_faults(faulty)) == [
            "row 2 counts a subject that the row above it does not"
        ]


class TestValidateBook:
    def test_refuses_two_parts_of_one_name(self) -> None:
        with pytest.raises(FaultyTableError, match="two parts of the report are called F1"):
            validate_book(book(figure(), figure()))

    def test_refuses_a_listing_with_a_row_of_another_width(self) -> None:
        with pytest.raises(FaultyTableError, match="L1: row 2 has not 2 entries"):
            validate_book(book(listing([["S1", "Rash"], ["S1"]])))

    def test_refuses_a_faulty_table(self) -> None:
        faulty = table(Row("pt", "Rash", {"sorafenib": Cell(n=107)}))

        with pytest.raises(FaultyTableError, match="T2: row 1"):
            validate_book(book(faulty))

    def test_takes_a_sound_report(self) -> None:
        validate_book(book(replace(table(), table_id="T3"), figure()))
