"""
The conservative rule: related if either side says so (ICH E2A III.A.1; E2D 3.2; facts 1.1).

R, N and ? stand for related, not related, and an answer that is missing or not understood.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.parties import (
    Assessor,
    AssessorAnswer,
    RelatednessAssessment,
    assess_relatedness,
    read_assessor,
)

RAW = {"R": "Related", "N": "Not related", "?": "see narrative"}


def answer(assessor: Assessor, raw: str) -> AssessorAnswer:
    return AssessorAnswer(assessor, None, raw, f"causality.{assessor}")


def assess(
    reporter: str | None = None, sponsor: str | None = None, *, implied: bool = False
) -> RelatednessAssessment:
    answers = []
    if reporter is not None:
        answers.append(answer("investigator", RAW[reporter]))
    if sponsor is not None:
        answers.append(answer("sponsor", RAW[sponsor]))
    return assess_relatedness(answers, implied=implied)


class TestAssessRelatedness:
    @pytest.mark.parametrize(
        ("reporter", "sponsor", "study", "spontaneous"),
        [
            ("R", "R", True, True),
            ("R", "N", True, True),
            ("N", "R", True, True),
            ("R", "?", True, True),
            ("?", "R", True, True),
            ("R", None, True, True),
            (None, "R", True, True),
            ("N", "N", False, False),
            # one side silent or not understood: not known in a study, implied when spontaneous
            ("N", "?", None, True),
            ("?", "N", None, True),
            ("N", None, None, True),
            (None, "N", None, True),
            ("?", "?", None, True),
            (None, None, None, True),
        ],
    )
    def test_the_table_of_both_sides(
        self, reporter: str | None, sponsor: str | None, *, study: bool | None, spontaneous: bool
    ) -> None:
        assert assess(reporter, sponsor).any_party is study
        assert assess(reporter, sponsor, implied=True).any_party is spontaneous

    def test_each_side_is_kept_apart(self) -> None:
        assessment = assess("R", "N")

        assert (assessment.reporter, assessment.sponsor) == (True, False)
        assert assessment.triggered_by == ("reporter",)

    def test_the_raw_answer_is_untouched(self) -> None:
        raw = "  POSSIBLY related?? "
        assessment = assess_relatedness([answer("reporter", raw)], implied=False)

        assert assessment.judgements[0].answer.raw == raw
        assert assessment.reporter is True

    def test_missing_sides_are_named(self) -> None:
        assert assess().missing == ("reporter", "sponsor")
        assert assess("N").missing == ("sponsor",)
        assert assess("?", "N").missing == ("reporter",)
        assert assess("R", "N").missing == ()

    def test_an_implied_relation_is_named_as_what_triggers(self) -> None:
        assert assess("N", implied=True).triggered_by == ("implied",)
        assert assess("R", implied=True).triggered_by == ("reporter",)

    def test_an_authority_makes_related_and_never_unrelated(self) -> None:
        both_say_no = [answer("reporter", "no"), answer("sponsor", "no")]

        assert assess_relatedness(
            [*both_say_no, answer("authority", "possible")], implied=False
        ).any_party
        assert (
            assess_relatedness(
                [answer("reporter", "no"), answer("authority", "no")], implied=False
            ).any_party
            is None
        )

    def test_one_related_answer_makes_its_side_related(self) -> None:
        answers = [answer("reporter", "no"), answer("investigator", "possible")]

        assert assess_relatedness(answers, implied=False).reporter is True

    def test_one_open_answer_keeps_its_side_open(self) -> None:
        answers = [answer("reporter", "no"), answer("investigator", "unknown")]

        assert assess_relatedness(answers, implied=False).reporter is None

    def test_unlikely_follows_the_configuration(self) -> None:
        answers = [answer("reporter", "unlikely"), answer("sponsor", "unlikely")]

        assert assess_relatedness(answers, implied=False).any_party is False
        assert assess_relatedness(answers, implied=False, unlikely_is_related=True).any_party

    def test_reasons_name_assessor_field_and_rule_and_no_raw_answer(self) -> None:
        reasons = assess_relatedness([answer("sponsor", "zzsecret")], implied=False).reasons

        assert reasons[0].startswith("sponsor (causality.sponsor): ")
        assert "reporter: no assessment given" in reasons
        assert reasons[-1].startswith("not known")
        assert not any("zzsecret" in reason for reason in reasons)

    @given(
        given_answers=st.lists(
            st.tuples(
                st.sampled_from(["reporter", "investigator", "sponsor", "authority", "other"]),
                st.sampled_from(["yes", "no", "unknown", "possible", "unlikely", "gibberish"]),
            ),
            max_size=6,
        ),
        who=st.sampled_from(["reporter", "investigator", "sponsor", "authority", "other"]),
        implied=st.booleans(),
    )
    def test_one_more_related_answer_never_makes_it_less_related(
        self, *, given_answers: list[tuple[Assessor, str]], who: Assessor, implied: bool
    ) -> None:
        answers = [answer(assessor, raw) for assessor, raw in given_answers]
        more = assess_relatedness([*answers, answer(who, "related")], implied=implied)

        assert more.any_party is True


class TestReadAssessor:
    @pytest.mark.parametrize(
        ("text", "assessor"),
        [
            ("INVESTIGATOR", "investigator"),
            ("Sponsor", "sponsor"),
            ("PHARMACEUTICAL COMPANY", "sponsor"),
            ("Reporter", "reporter"),
            ("Health Authority", "authority"),
            ("研究者", "investigator"),
            ("申办者", "sponsor"),
            ("somebody", "other"),
            (None, "other"),
        ],
    )
    def test_a_source_is_told_by_its_name(self, text: str | None, assessor: str) -> None:
        assert read_assessor(text) == assessor
