"""Misspellings that are coded, and near names that must not be."""

import pytest

from safety.coding.dictionary import load_dictionary
from safety.coding.fuzzy import RUNNERS_UP, match_fuzzily, nearest_terms


def matched(phrase: str) -> str | None:
    found = match_fuzzily((phrase,), load_dictionary())
    return None if found is None else found[0].name


class TestMatchFuzzily:
    @pytest.mark.parametrize(
        ("phrase", "term"),
        [
            ("duodenal perferation", "Duodenal perforation"),
            ("palmar-plantar erytrodysesthesia", "Palmar-plantar erythrodysesthesia syndrome"),
            ("cholecystittis", "Cholecystitis"),
            ("rhabdomyolyssis", "Rhabdomyolysis"),
            ("Stevens-Jonhson syndrome", "Stevens-Johnson syndrome"),
            ("食管胃底静脉曲张破裂大出血", "Esophageal varices hemorrhage"),
            (
                "可逆性部白质脑病合征",  # two of twelve signs are missing
                "Reversible posterior leukoencephalopathy syndrome",
            ),
        ],
    )
    def test_a_misspelling_finds_its_term(self, phrase: str, term: str) -> None:
        assert matched(phrase) == term

    @pytest.mark.parametrize(
        "phrase",
        [
            "hypetension",  # hypertension or hypotension
            "hypethyroidism",
            "afebrile",  # not febrile
            "hypovolemia",  # two letters from hypokalemia
            "lipid increased",  # not lipase
            "LDL increased",  # not LDH
            "bladder pain",  # not gallbladder pain
            "spleen hemorrhage",
            "renal encephalopathy",
            "肾性脑病",  # one sign from 肝性脑病
            "左肾衰竭",
            "非感染性腹泻",
            "非感染性休克",  # 感染性休克 is septic shock
            "脾管胃底静脉曲张破裂大出血",  # another sign at the start, not only one too many
            "hypotrichosis",  # only hypertrichosis is a term
            "gastrointestinal perferatoon",  # two wrong letters in a word of eleven
            "ALT decreased",
            "xyz",
        ],
    )
    def test_a_near_name_of_something_else_is_refused(self, phrase: str) -> None:
        assert matched(phrase) is None

    def test_the_score_is_the_share_of_right_letters(self) -> None:
        # hypotension has 11 letters, of which one is missing
        found = match_fuzzily(("hypotenson",), load_dictionary())

        assert found is not None
        assert found[1] == pytest.approx(100 * 10 / 11, abs=0.05)


class TestNearestTerms:
    def test_the_nearest_come_first_and_each_term_once(self) -> None:
        found = nearest_terms("hypetension", load_dictionary())

        assert {found[0].term, found[1].term} == {"Hypertension", "Hypotension"}
        assert len({candidate.term for candidate in found}) == len(found) <= RUNNERS_UP
        assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)

    def test_nothing_like_it_gives_nothing(self) -> None:
        assert nearest_terms("zzzzqqqq", load_dictionary()) == ()
