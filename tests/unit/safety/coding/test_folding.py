"""Two spellings are one name when their folded forms are equal; examples written by hand."""

from importlib.resources import files

import pytest

from safety.coding.folding import bag_of, build_language, fold, has_cjk, key_of, plain
from safety.errors import KnowledgeError

WORDS = (files("safety.coding") / "data" / "language.toml").read_text(encoding="utf-8")


class TestFold:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Diarrhea", "diarrhoea"),
            ("Palmar-plantar erythrodysesthesia", "palmar plantar erythrodysaesthesia"),
            ("Anemia", "ANAEMIA"),
            ("Esophageal varices hemorrhage", "oesophageal varices haemorrhage"),
            ("Tumor lysis syndrome", "tumour lysis syndrome"),
            ("Leukopenia", "leucopenia"),
            ("ALT increased", "ALT elevated"),
            ("ALT increased", "ＡＬＴ ↑"),
            ("ALT升高", "ALT 增高"),
            ("ALT升高", "ALT increased"),
            ("Hepatic failure", "liver failure"),
            ("Upper gastrointestinal hemorrhage", "upper GI bleeding"),
            ("rash", "rashes"),
            ("手足综合征", "手足综合症"),
            ("口腔黏膜炎", "口腔粘膜炎"),
            ("腹泻", "腹瀉"),
            ("关节痛", "关节疼痛"),
            ("Guillain-Barre syndrome", "Guillain-Barré syndrome"),
            ("gamma-GT increased", "γ-GT升高"),
        ],
    )
    def test_two_ways_of_writing_a_name_fold_to_one(self, one: str, other: str) -> None:
        assert key_of(fold(one)) == key_of(fold(other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("hypertension", "hypotension"),
            ("ALT increased", "ALT decreased"),
            ("肝衰竭", "肾衰竭"),
            ("血钾升高", "血钾降低"),
            ("ascites", "ascitis"),
        ],
    )
    def test_different_names_stay_different(self, one: str, other: str) -> None:
        assert key_of(fold(one)) != key_of(fold(other))

    @pytest.mark.parametrize("text", ["", "   ", "...", "--", "？！", "\u200b"])
    def test_a_text_without_a_word_has_no_tokens(self, text: str) -> None:
        assert fold(text) == ()


class TestPlain:
    def test_width_case_and_spaces_are_made_one(self) -> None:
        assert plain(" ＨＦＳＲ　Grade　３ ") == "hfsr grade 3"

    def test_traditional_characters_become_simplified(self) -> None:
        assert plain("噁心、發熱") == "恶心、发热"


class TestBagOf:
    def test_the_order_of_words_plays_no_part(self) -> None:
        assert bag_of(fold("failure, hepatic")) == bag_of(fold("hepatic failure"))

    def test_words_without_meaning_of_their_own_are_left_out(self) -> None:
        assert bag_of(fold("increase of the ALT level")) == bag_of(fold("ALT increased"))

    @pytest.mark.parametrize("text", ["rash", "皮疹 rash", "手足皮肤反应"])
    def test_one_word_and_chinese_have_no_bag(self, text: str) -> None:
        assert bag_of(fold(text)) is None


class TestHasCjk:
    def test_tells_chinese_from_latin(self) -> None:
        assert has_cjk("ALT升")
        assert not has_cjk("ALT é γ")


class TestBuildLanguage:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("[stop]", "[halt]", "missing or unknown: 'stop'"),
            ("negation_before =", "negations =", "missing or unknown: .*negations"),
            ('decreased = ["decrease"', 'decreased = ["increase"', "'increase' has two meanings"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in WORDS

        with pytest.raises(KnowledgeError, match=fault):
            build_language(WORDS.replace(old, new))
