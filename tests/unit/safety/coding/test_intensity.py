"""
Words of grade and intensity in a reported phrase.

Mild, moderate and severe are grades 1, 2 and 3: general definitions of CTCAE (facts 2.3).
"""

import pytest

from safety.coding.folding import plain
from safety.coding.intensity import Intensity, read_intensity, strip_intensity


class TestReadIntensity:
    @pytest.mark.parametrize(
        ("text", "grade"),
        [
            ("diarrhoea grade 3", 3),
            ("Diarrhoea (Gr. 2)", 2),
            ("HFSR G3", 3),
            ("rash, CTCAE v5.0 grade 1", 1),
            ("腹泻 CTCAE 5.0 2级", 2),
            ("腹泻（3级）", 3),
            ("手足皮肤反应Ⅱ度", 2),
            ("手足皮肤反应 III度", 3),
            ("皮疹二级", 2),
            ("grade IV neutropenia", 4),
            ("grade 2-3 rash", 3),
            ("grade 1 to 2 rash", 2),
            ("腹泻2-3级", 3),
        ],
    )
    def test_a_grade_in_figures_is_read(self, text: str, grade: int) -> None:
        assert read_intensity(text).grade == grade

    @pytest.mark.parametrize(
        "text",
        [
            "发热38.5度",
            "发热39度",
            "I度房室传导阻滞",
            "II度烧伤",
            "心功能III级",
            "NYHA III级",
            "G I bleed",
            "G6PD deficiency",
            "grade 12",
            "CD4 lymphocytes decreased",
            "grade 0",
            "diarrhoea",
        ],
    )
    def test_other_figures_are_no_grade(self, text: str) -> None:
        assert read_intensity(text).grade is None

    @pytest.mark.parametrize(
        ("text", "grade"),
        [
            ("mild rash", 1),
            ("moderate diarrhoea", 2),
            ("Severe HFSR", 3),
            ("life-threatening bleeding", 4),
            ("fatal haemorrhage", 5),
            ("mild to moderate nausea", 2),
            ("轻度乏力", 1),
            ("中度腹泻", 2),
            ("重度手足综合征", 3),
            ("严重腹泻", 3),
            ("极重度贫血", 4),
            ("危及生命的出血", 4),
        ],
    )
    def test_a_word_of_intensity_stands_for_a_grade(self, text: str, grade: int) -> None:
        assert read_intensity(text).word_grade == grade

    @pytest.mark.parametrize("text", ["not severe", "non-severe rash", "腹泻不严重", "rash"])
    def test_a_denied_or_missing_word_stands_for_none(self, text: str) -> None:
        assert read_intensity(text).word_grade is None

    def test_a_long_text_is_read_like_a_short_one(self) -> None:
        assert read_intensity("grade 3 " + "and so on " * 1_000).grade == 3


class TestIntensity:
    def test_figures_go_before_words(self) -> None:
        assert Intensity(grade=2, word_grade=3).proposal == 2

    def test_words_propose_where_there_are_no_figures(self) -> None:
        assert Intensity(grade=None, word_grade=3).proposal == 3

    def test_nothing_said_proposes_nothing(self) -> None:
        assert Intensity(grade=None, word_grade=None).proposal is None


class TestStripIntensity:
    @pytest.mark.parametrize(
        ("text", "rest"),
        [
            ("Diarrhoea (grade 3)", "diarrhoea"),
            ("腹泻（3级）", "腹泻"),
            ("severe rash CTCAE grade 2", "rash"),
            ("重度腹泻", "腹泻"),
            ("G I bleed", "g i bleed"),
        ],
    )
    def test_only_words_of_grade_and_intensity_go(self, text: str, rest: str) -> None:
        assert strip_intensity(plain(text)).strip(" ,") == rest
