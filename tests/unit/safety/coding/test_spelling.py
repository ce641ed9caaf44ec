"""Names of one term in several spellings; examples written by hand."""

import pytest

from safety.coding.spelling import one_spelling, spelling_key


class TestSpellingKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Diarrhea", "DIARRHOEA"),
            ("Oesophageal varices haemorrhage", "Esophageal varices hemorrhage"),
            ("Tumour pain", "Tumor  pain"),
            ("Ｒａｓｈ", "rash"),
        ],
    )
    def test_is_one_for_spellings_of_a_name(self, one: str, other: str) -> None:
        assert spelling_key(one) == spelling_key(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Blood pressure increased", "Hypertension"),
            ("Hepatic failure", "Liver failure"),
            ("Rash", "Rash pruritic"),
            ("Haemorrhage", "Bleeding"),
            ("Burn", "Burns"),
        ],
    )
    def test_is_another_for_other_words(self, one: str, other: str) -> None:
        assert spelling_key(one) != spelling_key(other)


class TestOneSpelling:
    def test_is_the_one_used_most(self) -> None:
        used = {"Diarrhea": 2, "DIARRHOEA": 1, "Diarrhoea": 3, "Rash": 1}

        assert one_spelling(used) == {
            "Diarrhea": "Diarrhoea",
            "DIARRHOEA": "Diarrhoea",
            "Diarrhoea": "Diarrhoea",
            "Rash": "Rash",
        }

    def test_is_the_first_by_the_alphabet_of_those_used_equally(self) -> None:
        assert set(one_spelling({"Edema": 1, "Oedema": 1}).values()) == {"Edema"}
        assert set(one_spelling({"Oedema": 1, "Edema": 1}).values()) == {"Edema"}
