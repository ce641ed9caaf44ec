"""One table in five forms: each says the same and changes no text."""

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path

import orjson
import pytest
from pypdf import PdfReader

from reports.tables import (
    Column,
    Listing,
    render_csv,
    render_html,
    render_listings_json,
    render_pdf,
    render_tables_json,
    render_xlsx,
)
from tests.unit.reports.tables.books import Endless, book, figure, listing, row, table

FORMULA = '=HYPERLINK("http://x")'
CHINESE = "手足皮肤反应"
LONG = "w" * 500

WHOLE = table(
    row("overall", "Any event", ("sorafenib", 8, 11)),
    row("soc", "Skin", ("sorafenib", 5, 7)),
    row("pt", CHINESE, ("sorafenib", 3, 4), within=("Skin",)),
)


def pdf_text(content: bytes) -> str:
    return "\n".join(_pages(content))


def _pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def sheets(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as workbook:
        return {name: workbook.read(name).decode() for name in workbook.namelist()}


class TestJson:
    def test_has_the_documented_shape(self) -> None:
        assert orjson.loads(render_tables_json(book(WHOLE, figure()))) == {
            "tables": [
                {
                    "id": "T2",
                    "title": "Events by class and term",
                    "population": "Safety population",
                    "columns": [{"id": "sorafenib", "label": "Sorafenib", "N": 106}],
                    "rows": [
                        {
                            "level": "overall",
                            "label": "Any event",
                            "within": [],
                            "cells": {"sorafenib": {"n": 8, "percent": 7.5, "events": 11}},
                            "p": {},
                        },
                        {
                            "level": "soc",
                            "label": "Skin",
                            "within": [],
                            "cells": {"sorafenib": {"n": 5, "percent": 4.7, "events": 7}},
                            "p": {},
                        },
                        {
                            "level": "pt",
                            "label": CHINESE,
                            "within": ["Skin"],
                            "cells": {"sorafenib": {"n": 3, "percent": 2.8, "events": 4}},
                            "p": {},
                        },
                    ],
                    "footnotes": ["n (%) [events]."],
                }
            ]
        }

    def test_names_no_subject_behind_a_number(self) -> None:
        assert b"S001" not in render_tables_json(book(WHOLE))

    @pytest.mark.parametrize("count", [0, 1, 3])
    def test_lists_every_row(self, count: int) -> None:
        told = orjson.loads(b"".join(render_listings_json(book(listing(Endless(count))))))

        assert [r[1] for r in told["listings"][0]["rows"]] == [f"term {n}" for n in range(count)]


class TestCsv:
    def test_has_a_column_for_each_figure(self) -> None:
        rows = list(csv.reader(io.StringIO("".join(render_csv(WHOLE)).removeprefix("\ufeff"))))

        assert rows[0] == [
            *("level", "within", "label"),
            *("Sorafenib | n", "Sorafenib | percent", "Sorafenib | events"),
        ]
        assert rows[3] == ["pt", "Skin", CHINESE, "3", "2.8", "4"]

    def test_disarms_what_a_spreadsheet_would_run(self) -> None:
        text = "".join(render_csv(listing([["S1", FORMULA]])))

        assert f"'{FORMULA}" in next(iter(csv.reader(io.StringIO(text.splitlines()[1]))))


class TestXlsx:
    def test_writes_no_formula_and_no_link(self, tmp_path: Path) -> None:
        render_xlsx(book(WHOLE, listing([["S1", FORMULA]])), tmp_path / "r.xlsx")

        written = sheets(tmp_path / "r.xlsx")
        assert "=HYPERLINK(" in written["xl/worksheets/sheet3.xml"]
        assert "<f>" not in "".join(written.values())
        assert CHINESE in written["xl/worksheets/sheet2.xml"]

    def test_keeps_a_text_that_no_cell_can_hold(self, tmp_path: Path) -> None:
        text = "begin " + "x" * 40_000 + " end"

        render_xlsx(book(listing([["S1", text]])), tmp_path / "r.xlsx")

        written = sheets(tmp_path / "r.xlsx")["xl/worksheets/sheet2.xml"]
        assert "begin " in written
        assert " end" in written

    def test_goes_on_in_another_sheet(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("reports.tables.to_xlsx.SHEET_ROWS", 2)

        render_xlsx(book(listing(Endless(5))), tmp_path / "r.xlsx")

        written = sheets(tmp_path / "r.xlsx")
        assert "term 4" in written["xl/worksheets/sheet4.xml"]
        assert "xl/worksheets/sheet5.xml" not in written

    def test_holds_no_rows_in_memory(self, tmp_path: Path) -> None:
        peaks = []
        for count in (2_000, 20_000):
            tracemalloc.start()
            render_xlsx(book(listing(Endless(count))), tmp_path / "r.xlsx")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

        assert peaks[1] < peaks[0] * 1.5


class TestHtml:
    def test_escapes_what_looks_like_markup(self) -> None:
        page = render_html(book(listing([["S1", "<script>alert(1)</script>"]])))

        assert "<script>" not in page
        assert "&lt;script&gt;" in page

    def test_links_every_part_from_the_contents(self) -> None:
        page = render_html(book(WHOLE, figure()))

        for name in ("T2", "F1"):
            assert f'href="#{name}"' in page
            assert f'id="{name}"' in page

    def test_shows_n_once_above_a_group(self) -> None:
        columns = [Column(f"a|{g}", f"Grade {g}", 106, "Sorafenib") for g in (1, 2)]

        assert render_html(book(table(columns=columns))).count("(N=106)") == 1


class TestPdf:
    def test_has_contents_definitions_page_numbers_and_footnotes(self) -> None:
        text = pdf_text(render_pdf(book(WHOLE)))

        for said in (
            *("Contents", "Definitions", "Every subject with a dose.", "Page 1 of 4"),
            *("Data lock", "Made 2026-11-26 09:30 UTC", "n (%) [events].", "(N=106)"),
            *("8 (7.5) [11]", CHINESE),
        ):
            assert said in text

    def test_cuts_no_term(self) -> None:
        text = pdf_text(render_pdf(book(table(row("pt", LONG, ("sorafenib", 1, 1))))))

        assert text.count("w") - text.count("who") >= len(LONG)

    def test_repeats_the_rows_in_every_panel_of_a_wide_table(self) -> None:
        columns = [Column(f"c{n}", f"Column {n}", 106) for n in range(25)]
        cells = tuple((column.column_id, 1, 1) for column in columns)

        text = pdf_text(render_pdf(book(table(row("pt", "Rash", *cells), columns=columns))))

        assert text.count("Rash") == 3  # 9 + 9 + 7 columns
        assert "Column 24" in text

    def test_has_the_title_and_the_class_above_what_goes_on_to_another_page(self) -> None:
        rows = [
            row("soc", "Skin disorders", ("sorafenib", 9, 9)),
            *(
                row("pt", f"Term {n}", ("sorafenib", 1, 1), within=("Skin disorders",))
                for n in range(60)
            ),
            row("overall", "Beside all classes", ("sorafenib", 2, 2)),
        ]

        first, second = _pages(render_pdf(book(table(*rows))))[3:]
        assert "continued: Safety population" not in first
        assert "Events by class and term, continued: Safety population" in second
        assert ("Skin disorders" in first, "Skin disorders" in second) == (True, True)

    def test_leaves_no_class_alone_at_the_end_of_a_page(self) -> None:
        for before in range(34, 44):
            rows = [
                *(row("overall", f"Row {n}", ("sorafenib", 1, 1)) for n in range(before)),
                row("soc", "Skin disorders", ("sorafenib", 1, 1)),
                row("pt", "Rash", ("sorafenib", 1, 1), within=("Skin disorders",)),
            ]

            pages = [page for page in _pages(render_pdf(book(table(*rows)))) if "Rash" in page]
            assert all("Skin disorders" in page for page in pages), before

    def test_puts_nothing_above_a_row_that_stands_under_nothing(self) -> None:
        rows = [
            row("soc", "Skin disorders", ("sorafenib", 1, 1)),
            row("pt", "Rash", ("sorafenib", 1, 1), within=("Skin disorders",)),
            *(row("overall", f"Row {n}", ("sorafenib", 1, 1)) for n in range(60)),
        ]

        last = _pages(render_pdf(book(table(*rows))))[-1]
        assert "Row 59" in last
        assert "Skin disorders" not in last

    def test_gives_each_column_of_a_listing_room_for_its_longest_word(self) -> None:
        long = Listing(
            "L1",
            "All events",
            "Safety population",
            tuple(Column(f"c{n}", f"Column {n}") for n in range(12)),
            [
                (
                    "16621-01-001",
                    "sorafenib",
                    *["dose not changed, and much else besides"] * 9,
                    "yes",
                )
            ],
        )

        words = pdf_text(render_pdf(book(long))).split()
        assert {"16621-01-001", "sorafenib", "besides", "yes"} <= set(words)

    def test_says_where_a_listing_ends_on_paper(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("reports.tables.to_pdf.LISTED_ROWS", 3)

        text = pdf_text(render_pdf(book(listing(Endless(5)))))

        assert "On paper the first 3 of 5 rows" in text
        assert "term 3" not in text

    def test_is_made_of_an_empty_report_too(self) -> None:
        assert "No entries." in pdf_text(render_pdf(book(table(), listing([]))))

    def test_gives_equal_bytes_for_equal_reports(self) -> None:
        assert render_pdf(book(WHOLE, figure())) == render_pdf(book(WHOLE, figure()))
