"""The table of scales, and that a phrase cannot mean two things."""

from importlib.resources import files

import pytest

from safety.causality.scales import build_scales
from safety.errors import KnowledgeError

SHIPPED = (files("safety.causality") / "data" / "scales.toml").read_text(encoding="utf-8")


class TestBuildScales:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (
                '"certainly related", ',
                '"certainly related", "possible", ',
                "who_umc: .*two meanings",
            ),
            ('"not related", "unrelated"', '"not related", "possible"', "binary: .*two meanings"),
            ('phrases = ["unknown"', 'phrases = ["related"', "binary: .*two meanings"),
            ('id = "krct"', 'id = "other"', "the scales must be"),
            ('sponsor = ["sponsor"', 'sponsor = ["investigator"', "assessors: .*named twice"),
            ("score_to = 8", "score_to = 7", "naranjo: each score must lie in one band"),
            ('phrases = ["doubtful"', 'phrases = ["---"', "naranjo: .*empty"),
        ],
    )
    def test_a_faulty_row_is_named(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_scales(SHIPPED.replace(old, new))

    def test_filler_words_are_left_out_of_an_answer(self) -> None:
        scales = build_scales(SHIPPED)

        assert scales.phrase_of("Considered RELATED to the study-drug!") == "related"
        assert scales.phrase_of("与研究药物可能有关。") == "可能有关"
