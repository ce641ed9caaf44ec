"""Points counted by hand from the published questions (Naranjo 1981; regulatory facts 3.2)."""

from importlib.resources import files

import pytest

from safety.causality.naranjo import (
    NaranjoNotAssessable,
    NaranjoScore,
    assess_naranjo,
    build_questions,
)
from safety.errors import KnowledgeError

SHIPPED = (files("safety.causality") / "data" / "naranjo.toml").read_text(encoding="utf-8")


class TestAssessNaranjo:
    @pytest.mark.parametrize(
        ("answers", "score", "band"),
        [
            # every question as it points to the drug: 1+2+1+2+2+1+1+1+1+1
            (
                {1: True, 2: True, 3: True, 4: True, 5: False}
                | {6: False, 7: True, 8: True, 9: True, 10: True},
                13,
                "definite",
            ),
            # every question as it points away: 0-1+0-1-1-1+0+0+0+0
            (
                {1: False, 2: False, 3: False, 4: False, 5: True}
                | {6: True, 7: False, 8: False, 9: False, 10: False},
                -4,
                "doubtful",
            ),
            # known reaction 1, timing 2, better after withdrawal 1, no other cause 2
            ({1: True, 2: True, 3: True, 5: False}, 6, "probable"),
            # timing 2, another cause -1
            ({2: True, 5: True}, 1, "possible"),
            ({2: True, 5: True, 4: None}, 1, "possible"),
            # the bounds of the bands, facts 3.2: timing 2, no other cause 2
            ({2: True, 5: False}, 4, "possible"),
            ({2: True, 5: False, 1: True}, 5, "probable"),
            ({2: True, 5: False, 1: True, 3: True, 4: True}, 8, "probable"),
            ({2: True, 5: False, 1: True, 3: True, 4: True, 7: True}, 9, "definite"),
            ({2: False, 5: True, 4: True}, 0, "doubtful"),
        ],
    )
    def test_the_points_add_up(
        self, answers: dict[int, bool | None], score: int, band: str
    ) -> None:
        result = assess_naranjo(answers)

        assert isinstance(result, NaranjoScore)
        assert (result.score, result.reading.category) == (score, band)

    @pytest.mark.parametrize(
        ("number", "yes", "no"),
        # the table of facts 3.2, row by row; unknown is 0 throughout
        [
            (1, 1, 0),
            (2, 2, -1),
            (3, 1, 0),
            (4, 2, -1),
            (5, -1, 2),
            (6, -1, 1),
            (7, 1, 0),
            (8, 1, 0),
            (9, 1, 0),
            (10, 1, 0),
        ],
    )
    def test_each_question_has_its_published_points(self, number: int, yes: int, no: int) -> None:
        # time and other causes must be answered: 2 points each here
        required: dict[int, bool | None] = {2: True, 5: False}
        others = sum(points for each, points in ((2, 2), (5, 2)) if each != number)

        for answer, points in ((True, yes), (False, no)):
            result = assess_naranjo(required | {number: answer})
            assert isinstance(result, NaranjoScore)
            assert result.score == others + points
        if number not in required:
            assert assess_naranjo(required | {number: None}) == assess_naranjo(required)

    @pytest.mark.parametrize(
        ("answers", "still_open"),
        [({}, (2, 5)), ({1: True, 2: True}, (5,)), ({2: None, 5: False}, (2,))],
    )
    def test_an_empty_form_is_not_doubtful_but_not_assessable(
        self, answers: dict[int, bool | None], still_open: tuple[int, ...]
    ) -> None:
        assert assess_naranjo(answers) == NaranjoNotAssessable(still_open)

    def test_there_is_no_eleventh_question(self) -> None:
        with pytest.raises(ValueError, match="1 to 10"):
            assess_naranjo({11: True})


class TestBuildQuestions:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("number = 10", "number = 11", "must be 1 to 10"),
            ("yes = 2", "yes = 3", "-4 at least and 13 at most"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_questions(SHIPPED.replace(old, new))
