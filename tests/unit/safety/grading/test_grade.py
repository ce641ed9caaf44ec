"""The prompts of regulatory facts 2.3, each as published there, and grade availability."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.coding import load_dictionary
from safety.grading import GradeAssessment, StatedSeriousness, assess_grade, intensity_words

DICTIONARY = load_dictionary()
PPE = "Palmar-plantar erythrodysesthesia syndrome"


def assess(
    reported: int | None,
    *,
    term: str | None = "Diarrhea",
    verbatim: str = "diarrhoea",
    stated: StatedSeriousness | None = None,
) -> GradeAssessment:
    return assess_grade(
        reported,
        term=term,
        verbatim=verbatim,
        stated=stated or StatedSeriousness(),
        dictionary=DICTIONARY,
        path="reactions[0].grade",
    )


def codes(assessment: GradeAssessment) -> set[str]:
    return {finding.code for finding in assessment.findings}


class TestAssessGrade:
    def test_a_plain_grade_is_kept_without_a_finding(self) -> None:
        assessment = assess(3)

        assert (assessment.reported, assessment.proposed) == (3, None)
        assert assessment.findings == ()

    @pytest.mark.parametrize(
        ("term", "grade"),
        [(PPE, 4), (PPE, 5), ("Alopecia", 3), ("Fatigue", 4), ("Myocardial infarction", 1)],
    )
    def test_an_impossible_grade_is_a_contradiction(self, term: str, grade: int) -> None:
        assessment = assess(grade, term=term, verbatim="")
        finding = next(f for f in assessment.findings if f.code == "grade_not_available")

        assert finding.severity == "contradiction"
        assert finding.path == "reactions[0].grade"
        assert assessment.reported == grade

    @pytest.mark.parametrize("grade", [-1, 0, 6, 99])
    def test_a_grade_outside_1_to_5_is_a_contradiction(self, grade: int) -> None:
        assessment = assess(grade)

        assert codes(assessment) == {"grade_out_of_range"}
        assert assessment.gravest is None

    def test_without_a_known_term_every_grade_may_exist(self) -> None:
        assert assess(3, term=None).findings == ()

    @pytest.mark.parametrize(
        ("verbatim", "proposed"),
        [
            ("mild diarrhoea", 1),
            ("moderate diarrhoea", 2),
            ("severe diarrhoea", 3),
            ("轻度腹泻", 1),
            ("中度腹泻", 2),
            ("重度腹泻", 3),
            ("腹泻（2级）", 2),
            ("diarrhoea", None),
        ],
    )
    def test_words_propose_a_grade_where_none_is_given(
        self, verbatim: str, proposed: int | None
    ) -> None:
        assessment = assess(None, verbatim=verbatim)

        assert (assessment.reported, assessment.proposed) == (None, proposed)

    def test_a_proposal_never_replaces_a_reported_grade(self) -> None:
        assessment = assess(2, verbatim="severe diarrhoea")

        assert (assessment.reported, assessment.proposed) == (2, None)
        assert codes(assessment) == {"grade_differs_from_verbatim"}

    @pytest.mark.parametrize(
        ("term", "verbatim", "proposed"),
        [("Alopecia", "severe hair loss", 2), ("Myocardial infarction", "mild infarction", 2)],
    )
    def test_a_proposal_is_a_grade_that_the_term_has(
        self, term: str, verbatim: str, proposed: int
    ) -> None:
        assessment = assess(None, term=term, verbatim=verbatim)

        assert assessment.proposed == proposed
        assert codes(assessment) == {"proposed_grade_adapted"}

    def test_a_fatal_outcome_proposes_grade_5(self) -> None:
        assessment = assess(None, verbatim="mild", stated=StatedSeriousness(fatal_outcome=True))

        assert assessment.proposed == 5

    def test_a_fatal_outcome_proposes_no_grade_that_the_term_lacks(self) -> None:
        assessment = assess(None, term=PPE, stated=StatedSeriousness(fatal_outcome=True))

        assert assessment.proposed is None

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            (
                StatedSeriousness(),
                {"grade_5_without_fatal_outcome", "grade_5_without_death_criterion"},
            ),
            (StatedSeriousness(fatal_outcome=True), {"grade_5_without_death_criterion"}),
            (StatedSeriousness(death=True), {"grade_5_without_fatal_outcome"}),
            (StatedSeriousness(fatal_outcome=True, death=True), set()),
        ],
    )
    def test_grade_5_needs_a_fatal_outcome_and_the_death_criterion(
        self, stated: StatedSeriousness, expected: set[str]
    ) -> None:
        assert codes(assess(5, stated=stated)) == expected

    def test_a_clinical_grade_4_proposes_life_threatening(self) -> None:
        assert codes(assess(4)) == {"grade_4_proposes_life_threatening"}

    def test_a_confirmed_life_threatening_grade_4_raises_nothing(self) -> None:
        assert assess(4, stated=StatedSeriousness(life_threatening=True)).findings == ()

    @pytest.mark.parametrize(
        "term",
        [
            "Lipase increased",
            "Serum amylase increased",
            "Neutrophil count decreased",
            "Lymphocyte count decreased",
            "Alanine aminotransferase increased",
        ],
    )
    def test_a_laboratory_grade_4_does_not_propose_life_threatening(self, term: str) -> None:
        assert codes(assess(4, term=term, verbatim="")) == {"laboratory_grade_4"}

    def test_a_laboratory_grade_4_that_is_serious_raises_nothing(self) -> None:
        stated = StatedSeriousness(medically_important=True)

        assert assess(4, term="Lipase increased", verbatim="", stated=stated).findings == ()

    @pytest.mark.parametrize(
        "verbatim",
        ["diarrhoea, hospitalisation indicated", "hospitalization required", "有住院指征"],
    )
    def test_an_indicated_admission_is_asked_for(self, verbatim: str) -> None:
        assert codes(assess(3, verbatim=verbatim)) == {"hospitalisation_indicated"}

    def test_an_admission_that_took_place_is_not_asked_for(self) -> None:
        stated = StatedSeriousness(hospitalised=True)

        assert assess(3, verbatim="hospitalisation indicated", stated=stated).findings == ()

    def test_a_fatal_outcome_below_grade_5_is_a_query(self) -> None:
        stated = StatedSeriousness(fatal_outcome=True, death=True)

        assert codes(assess(3, stated=stated)) == {"fatal_outcome_below_grade_5"}

    @pytest.mark.parametrize("grade", [1, 2])
    def test_a_low_grade_with_a_seriousness_criterion_is_allowed(self, grade: int) -> None:
        assert assess(grade, stated=StatedSeriousness(hospitalised=True)).findings == ()

    @given(
        st.none() | st.integers(),
        st.none() | st.sampled_from([term.name for term in DICTIONARY.terms]),
        st.text(max_size=60),
    )
    def test_no_message_holds_a_word_of_the_verbatim_and_the_report_is_untouched(
        self, reported: int | None, term: str | None, verbatim: str
    ) -> None:
        assessment = assess(reported, term=term, verbatim=f"zzsecret {verbatim}")

        assert assessment.reported == reported
        assert not any("zzsecret" in finding.message for finding in assessment.findings)


class TestGradeAssessment:
    def test_the_gravest_counts_what_is_reported_or_proposed(self) -> None:
        assert assess(3).gravest == 3
        assert assess(None, verbatim="severe").gravest == 3
        assert assess(None).gravest is None


class TestIntensityWords:
    def test_figures_go_before_words(self) -> None:
        assert intensity_words("severe diarrhoea grade 2") == 2
