"""Grades that exist, as published in CTCAE v5.0."""

import pytest

from safety.coding import load_dictionary
from safety.errors import KnowledgeError
from safety.grading import grades_available, is_laboratory_term
from safety.grading.availability import build_laboratory_terms


class TestGradesAvailable:
    @pytest.mark.parametrize(
        ("term", "grades"),
        [
            ("Palmar-plantar erythrodysesthesia syndrome", {1, 2, 3}),
            ("palmar-plantar erythrodysaesthesia syndrome", {1, 2, 3}),
            ("Alopecia", {1, 2}),
            ("Fatigue", {1, 2, 3}),
            ("Myocardial infarction", {2, 3, 4, 5}),
            ("Hyperkeratosis", {1, 3}),
        ],
    )
    def test_are_those_published(self, term: str, grades: set[int]) -> None:
        assert set(grades_available(term, load_dictionary()) or ()) == grades

    @pytest.mark.parametrize("term", [None, "No such term"])
    def test_are_unknown_without_a_known_term(self, term: str | None) -> None:
        assert grades_available(term, load_dictionary()) is None


class TestIsLaboratoryTerm:
    @pytest.mark.parametrize(
        "term",
        # named in regulatory facts 2.3
        [
            "Lipase increased",
            "Serum amylase increased",
            "Neutrophil count decreased",
            "Lymphocyte count decreased",
            "Alanine aminotransferase increased",
            "alanine aminotransferase INCREASED",
        ],
    )
    def test_a_value_alone_makes_its_grade_4(self, term: str) -> None:
        assert is_laboratory_term(term)

    @pytest.mark.parametrize("term", ["Hypertension", "Hepatic failure", "Anemia", None])
    def test_a_clinical_term_is_none(self, term: str | None) -> None:
        assert not is_laboratory_term(term)


class TestBuildLaboratoryTerms:
    def test_a_term_that_the_dictionary_lacks_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="no term 'Humours unbalanced'"):
            build_laboratory_terms('ctcae = ["Humours unbalanced"]\nown = []', load_dictionary())
