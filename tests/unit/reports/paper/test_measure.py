"""Bounds of what fits: never sure of what does not fit, and long runs are found."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.paper.boxes import Line
from reports.paper.measure import is_long, surely_fits
from reports.paper.typeface import printed
from tests.unit.reports.cioms.reading import fill, pages
from tests.unit.reports.narrative.cases import study_case


class TestSurelyFits:
    # A letter is at most 1.02 em, 0.63 em for a small one of ASCII and 0.4 em for a space; a line
    # takes 1.2 em, a paragraph 0.1 em more.
    def test_a_word_in_a_large_box_fits(self) -> None:
        assert surely_fits(["sorafenib"], 40, 2)

    @pytest.mark.parametrize(
        ("texts", "width_em", "height_em"),
        [
            (["a b " * 100], 40, 2),  # 206 em on lines of 40 are six lines
            (["one", "two"], 40, 2),  # two paragraphs take 2.6 em
            (["W" * 30], 40, 9),  # a run of more than half the width
            (["\u2e3b"], 40, 9),  # a dash of three em is not among the ordinary letters
        ],
    )
    def test_what_may_not_fit_is_left_to_the_press(
        self, texts: list[str], width_em: float, height_em: float
    ) -> None:
        assert not surely_fits(texts, width_em, height_em)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.text(st.sampled_from('aWmil 1.漢。A"-é'), min_size=1, max_size=700),
            min_size=1,
            max_size=4,
        )
    )
    def test_what_surely_fits_does_so_when_the_press_measures_it(self, texts: list[str]) -> None:
        form = fill(study_case())
        box = replace(form.boxes["22"], lines=tuple(map(Line, texts)))
        form = replace(form, boxes={**form.boxes, "22": box})
        # Box 22 is 534 points wide and 51 high inside, and its caption takes less than 12.
        sure = surely_fits(map(printed, texts), 534 / 7, (51 - 12) / 7)

        with patch("reports.paper.form.surely_fits", return_value=False):
            read = pages(form)

        assert not sure or "(continued" not in read[0]


class TestIsLong:
    @pytest.mark.parametrize(
        ("text", "long"),
        [("W" * 43, True), ("w " * 300, False), ("漢字" * 300, False), ('漢"' * 300, True)],
    )
    def test_a_run_without_a_place_to_break_is_long(self, text: str, *, long: bool) -> None:
        assert is_long(text, 40) is long
