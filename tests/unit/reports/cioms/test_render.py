"""
What a reader of the document gets to see: the PDF is read back by another program.

Spaces, and characters that the font draws alike, are not compared.
"""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from reports.cioms import CiomsForm, find_lost_text, render_html, render_pdf
from reports.cioms.layout import SHEETS, lay_out
from reports.cioms.model import DATES, TITLES, VARIANTS
from reports.paper.boxes import Line
from reports.paper.form import Orientation
from reports.paper.typeface import drawable, plain, printed
from tests.support.reports import decision, nullification, report
from tests.unit.reports.cioms.reading import fill, pages
from tests.unit.reports.narrative.cases import drug, reaction, study_case

SHEETS_OF_BOTH: list[Orientation] = ["portrait", "landscape"]


def with_text(number: str, *texts: str) -> CiomsForm:
    """Give a form with other lines in one box."""
    form = fill(study_case())
    box = replace(form.boxes[number], lines=tuple(map(Line, texts)))
    return replace(form, boxes={**form.boxes, number: box})


class TestPdf:
    @pytest.mark.parametrize("variant", VARIANTS)
    @pytest.mark.parametrize("orientation", SHEETS_OF_BOTH)
    def test_an_ordinary_case_is_one_page_with_every_line(
        self, variant: str, orientation: Orientation
    ) -> None:
        form = fill(study_case(), variant=variant)

        read = pages(form, orientation)

        assert len(read) == 1
        assert find_lost_text(form, read[0]) == ()
        assert "Page 1 of 1" in read[0]
        for number in form.boxes:
            title = TITLES[number].partition(" (")[0]
            assert "".join(title.split()) in "".join(read[0].split())

    @pytest.mark.parametrize("orientation", SHEETS_OF_BOTH)
    def test_a_hundred_thousand_characters_run_over_named_pages(
        self, orientation: Orientation
    ) -> None:
        words = " ".join(f"word{number}" for number in range(10_600))[:100_000]
        form = fill(report(narrative=words))

        read = pages(form, orientation)

        assert find_lost_text(form, "\n".join(read)) == ()
        assert len(read) > 5
        assert "(continued on page 2)" in read[0]
        for number, page in enumerate(read[1:], start=2):
            assert "MFR CONTROL NO. CASE-1" in page
            assert "7 + 13. DESCRIBE REACTION(S)" in page
            assert f"Page {number} of {len(read)}" in page

    def test_a_missing_word_is_found_missing(self) -> None:
        form = fill(study_case())
        text = pages(form)[0].replace("topical", "")

        assert [found.path for found in find_lost_text(form, text)] == ["cioms.7+13"]

    @pytest.mark.parametrize(
        "text",
        [
            "受试者出现手足皮肤反应，伴疼痛；入院治疗。" * 400,
            "office difficult flow affliction ffi fl fi",
            "αβγ ΔΩ µg/L ≥ ≤ ½ é ü ñ žšč ŁŃ ά Å Жизнь",
            "Pneumonoultramicroscopicsilicovolcanoconiosis" * 40,
            '漢"' * 500 + "。" * 500 + "々" * 500,
            "W" * 5_000,
        ],
        ids=["chinese", "ligatures", "scripts", "long word", "nowhere to break", "widest"],
    )
    @pytest.mark.parametrize("number", ["1", "3", "7+13", "14", "19", "23", "24b"])
    def test_no_character_of_any_script_is_lost_in_any_box(self, number: str, text: str) -> None:
        form = with_text(number, text)

        assert find_lost_text(form, "\n".join(pages(form))) == ()

    def test_every_overflowing_box_has_a_place_of_its_own(self) -> None:
        form = with_text("22", "aspirin 100 mg " * 300)
        history = replace(form.boxes["23"], lines=(Line("hepatitis " * 500),))
        form = replace(form, boxes={**form.boxes, "23": history})

        first, second = pages(form)

        assert first.count("(continued on page 2)") == 2
        assert "22. CONCOMITANT DRUG(S)" in second
        assert "23. OTHER RELEVANT HISTORY" in second

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.text(max_size=120), max_size=6))
    @example(["·•‧・", "a-b‐c‑d–e‒f", "…⋯", "①➀", "⺃乚"])  # signs that a font draws alike
    def test_any_text_is_held_in_full(self, texts: list[str]) -> None:
        form = with_text("23", *texts)

        assert find_lost_text(form, "\n".join(pages(form))) == ()

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def test_any_text_in_all_boxes_at_once_is_held_in_full(self, data: st.DataObject) -> None:
        form = fill(study_case(), variant="extended")
        words = st.lists(st.text(max_size=90), max_size=3)
        form = replace(
            form,
            boxes={
                number: box
                if number in DATES
                else replace(box, lines=tuple(map(Line, data.draw(words, label=number))))
                for number, box in form.boxes.items()
            },
        )

        assert find_lost_text(form, "\n".join(pages(form, "landscape"))) == ()

    def test_equal_forms_give_equal_bytes(self) -> None:
        other = render_pdf(fill(report(narrative="something else " * 900)))

        first, again = (render_pdf(fill(study_case())) for _ in range(2))

        assert first == again != other

    def test_it_is_archivable_tagged_and_carries_its_font(self) -> None:
        reader = PdfReader(BytesIO(render_pdf(fill(study_case()))))
        xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
        fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]  # type: ignore[index]
        inner = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]

        assert re.search(r"pdfaid:part>2<.*pdfaid:conformance>B<", xmp)
        assert "<pdfuaid:part>1<" in xmp
        assert bool(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])  # type: ignore[index]
        assert all({"/FontFile2", "/FontFile3"} & descriptor.keys() for descriptor in inner)

    @pytest.mark.parametrize("orientation", SHEETS_OF_BOTH)
    def test_the_watermark_stands_on_every_page_until_approval(
        self, orientation: Orientation
    ) -> None:
        long = report(narrative="told at length " * 2_000)
        approve = decision("d1", {"kind": "approve"})

        assert all("DRAFT" in page for page in pages(fill(long), orientation))
        assert not any("DRAFT" in page for page in pages(fill(long, approve), orientation))
        assert "NULLIFIED" in pages(fill(report(), nullification()), orientation)[0]

    def test_the_footer_names_instant_rules_template_and_digest(self) -> None:
        form = fill(study_case())

        read = pages(form)[0]

        for words in ("2026-03-10T09:30:00+00:00", "rules known", "template ", form.digest[:32]):
            assert words in read


class TestHtml:
    def test_markup_of_a_source_stays_text(self) -> None:
        page = render_html(fill(report(drugs=[drug(name="<script>alert(1)</script>")])))

        assert "<script>" not in page
        assert "&lt;script&gt;" in page

    def test_shows_chinese_words_and_hidden_characters(self) -> None:
        case = report(reactions=[reaction(text="腹泻")], narrative="bell\x07 שלום 😀")

        page = render_html(fill(case), "landscape")

        assert "腹泻" in page
        assert "bell[U+0007] שלום 😀" in page
        assert "A4 landscape" in page


class TestTypeface:
    def test_what_the_font_lacks_is_shown_by_number(self) -> None:
        assert printed("a \U0001fae0 ש\u200b\x07") == "a [U+1FAE0] [U+05E9][U+200B][U+0007]"
        assert printed("e\u0301 q\u0301\u00a0ά 索") == "é q[U+0301] ά 索"

    def test_the_font_draws_what_the_cases_are_written_in(self) -> None:
        assert set("AzéžøŁßαΩЖя索拉非尼，。≥≤µ°½") <= drawable()
        assert "\U0001fae0" not in drawable()

    @given(st.text())
    def test_nothing_is_dropped(self, text: str) -> None:
        shown = printed(text)

        assert all(char == " " or char.isascii() or char in drawable() for char in shown)
        assert len(plain(text)) >= len(text)


class TestLayout:
    @pytest.mark.parametrize("variant", VARIANTS)
    @pytest.mark.parametrize("orientation", SHEETS_OF_BOTH)
    def test_boxes_fill_the_sheet_without_overlap(
        self, variant: str, orientation: Orientation
    ) -> None:
        sheet = SHEETS[orientation]
        placed = lay_out(orientation, variant)

        for number, x, y, width, height in placed:
            assert -0.01 <= x <= x + width <= sheet.width + 0.01, number
            assert y + height <= sheet.height + 0.01, number
        for place, (_, x, y, width, height) in enumerate(placed):
            for _, left, top, wide, high in placed[place + 1 :]:
                apart_x = x + width <= left + 0.01 or left + wide <= x + 0.01
                apart_y = y + height <= top + 0.01 or top + high <= y + 0.01
                assert apart_x or apart_y
