"""The open dictionary and the checks on its rows."""

import csv
from pathlib import Path

import pytest

from safety.coding.dictionary import (
    Dictionary,
    Synonym,
    Term,
    build_dictionary,
    load_dictionary,
    parse_synonyms,
    parse_terms,
)
from safety.errors import KnowledgeError

HEAD = "code,term,soc,grades,origin\n"
SYNONYM_HEAD = "synonym,language,term,kind,provenance\n"


def term(name: str, code: str) -> Term:
    return Term(name, code, "Some disorders", frozenset({1, 2, 3}), "own")


def synonym(text: str, name: str) -> Synonym:
    return Synonym(text, "en", name, "lay", "own")


def build(terms: tuple[Term, ...], *synonyms: Synonym) -> Dictionary:
    return build_dictionary("made-up", "1", terms=terms, synonyms=synonyms)


class TestLoadDictionary:
    def test_it_is_named_and_versioned(self) -> None:
        dictionary = load_dictionary()

        assert dictionary.name == "ctcae-5.0-open"
        assert dictionary.label == f"ctcae-5.0-open {dictionary.version}"
        assert len(dictionary.digest) == 64

    def test_it_is_loaded_once(self) -> None:
        assert load_dictionary() is load_dictionary()

    def test_it_holds_the_837_terms_of_ctcae_and_own_concepts_apart(self) -> None:
        terms = load_dictionary().terms

        assert sum(term.origin == "ctcae" for term in terms) == 837
        assert all(term.code.startswith("X-") == (term.origin == "own") for term in terms)

    @pytest.mark.parametrize(
        ("name", "code", "grades"),
        [
            # NCI, CTCAE v5.0; the grades are those named in the issue and in facts 2.3
            ("Palmar-plantar erythrodysesthesia syndrome", "10054524", {1, 2, 3}),
            ("Alopecia", "10001760", {1, 2}),
            ("Fatigue", "10016256", {1, 2, 3}),
            ("Myocardial infarction", "10028596", {2, 3, 4, 5}),
            ("Diarrhea", "10012727", {1, 2, 3, 4, 5}),
        ],
    )
    def test_a_term_has_its_published_code_and_grades(
        self, name: str, code: str, grades: set[int]
    ) -> None:
        found = load_dictionary().by_name[name]

        assert (found.code, set(found.grades)) == (code, grades)

    def test_it_agrees_with_the_published_table(self, shared_data: Path) -> None:
        with (shared_data / "ctcae" / "ctcae-v5-terms.csv").open(encoding="utf-8") as file:
            published = {
                (
                    row["meddra_llt"],
                    row["term"],
                    row["soc"],
                    frozenset(grade for grade in range(1, 6) if row[f"grade{grade}"].strip()),
                )
                for row in csv.DictReader(file)
            }

        held = {
            (term.code, term.name, term.soc, term.grades)
            for term in load_dictionary().terms
            if term.origin == "ctcae"
        }
        assert held == published

    def test_at_least_150_terms_have_a_chinese_name(self) -> None:
        chinese = {row.term for row in load_dictionary().synonyms if row.language == "zh"}

        assert len(chinese) >= 150


class TestFind:
    @pytest.mark.parametrize("name", ["Diarrhea", "Diarrhoea", " DIARRHEA ", "ｄｉａｒｒｈｅａ"])
    def test_a_name_is_found_in_any_spelling(self, name: str) -> None:
        found = load_dictionary().find(name)

        assert found is not None
        assert found.name == "Diarrhea"

    def test_a_synonym_is_no_name(self) -> None:
        assert load_dictionary().find("loose stools") is None


class TestParseTerms:
    def test_a_row_becomes_a_term(self) -> None:
        assert parse_terms(HEAD + "X-001,Rash,Skin,123,own\n") == (
            Term("Rash", "X-001", "Skin", frozenset({1, 2, 3}), "own"),
        )

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("10012727,Diarrhea,Gut,126,ctcae", "grades or origin"),
            ("10012727,Diarrhea,Gut,123,meddra", "grades or origin"),
            ("10012727,Diarrhea,Gut,123,own", "own terms only"),
            ("X-001,Diarrhea,Gut,123,ctcae", "own terms only"),
            ("10012727,Diarrhea,,123,ctcae", "empty"),
            ("10012727,Diarrhea,Gut,123,ctcae,more", "too many"),
        ],
    )
    def test_a_faulty_row_is_named(self, row: str, fault: str) -> None:
        with pytest.raises(KnowledgeError, match=rf"terms\.csv, row 2: .*{fault}"):
            parse_terms(HEAD + row + "\n")

    def test_other_columns_are_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="columns must be code"):
            parse_terms("term,code\nRash,X-001\n")


class TestParseSynonyms:
    @pytest.mark.parametrize(
        "row",
        [
            "loose stools,fr,Diarrhea,lay,own",
            "loose stools,en,Diarrhea,joke,own",
            "loose stools,en,Diarrhea,lay,hearsay",
        ],
    )
    def test_an_unknown_value_is_refused_with_its_row(self, row: str) -> None:
        with pytest.raises(KnowledgeError, match=r"synonyms\.csv, row 2"):
            parse_synonyms(SYNONYM_HEAD + row + "\n", provenances=frozenset({"own"}))


class TestBuildDictionary:
    def test_a_synonym_of_an_unknown_term_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match=r"row 2 \(hives\): there is no term 'Urticaria'"):
            build((term("Rash", "X-001"),), synonym("hives", "Urticaria"))

    def test_one_synonym_for_two_terms_is_refused(self) -> None:
        terms = (term("Rash", "X-001"), term("Urticaria", "X-002"))

        with pytest.raises(KnowledgeError, match=r"row 3 \(Hives\): already stands for 'Rash'"):
            build(terms, synonym("hives", "Rash"), synonym("Hives", "Urticaria"))

    def test_a_synonym_may_not_be_the_name_of_another_term(self) -> None:
        terms = (term("Rash", "X-001"), term("Urticaria", "X-002"))

        with pytest.raises(KnowledgeError, match="already stands for 'Urticaria'"):
            build(terms, synonym("urticaria", "Rash"))

    def test_the_same_words_in_two_orders_may_not_stand_for_two_terms(self) -> None:
        terms = (term("Rash", "X-001"), term("Urticaria", "X-002"))

        with pytest.raises(KnowledgeError, match="without their order"):
            build(terms, synonym("skin spots", "Rash"), synonym("spots skin", "Urticaria"))

    def test_a_synonym_without_a_word_is_refused(self) -> None:
        with pytest.raises(KnowledgeError, match="nothing is left"):
            build((term("Rash", "X-001"),), synonym("--", "Rash"))

    @pytest.mark.parametrize(
        ("other", "what"),
        [
            (term("Rash", "X-002"), "term 'Rash'"),
            (term("Urticaria", "X-001"), "code 'X-001'"),
            (term("RASH", "X-002"), "term 'rash'"),
        ],
    )
    def test_a_term_or_code_that_occurs_twice_is_refused(self, other: Term, what: str) -> None:
        with pytest.raises(KnowledgeError, match=f"row 3: {what} occurs twice"):
            build((term("Rash", "X-001"), other))

    def test_the_digest_moves_with_a_row(self) -> None:
        terms = (term("Rash", "X-001"),)

        assert build(terms).digest == build(terms).digest
        assert build(terms).digest != build(terms, synonym("skin spots", "Rash")).digest
