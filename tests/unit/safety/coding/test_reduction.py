"""Words left aside around an event."""

import pytest

from safety.coding.reduction import is_only_qualifiers, reduce_qualifiers, reduce_site


class TestReduceQualifiers:
    @pytest.mark.parametrize(
        ("phrase", "last"),
        [
            ("worsening hypertension", "hypertension"),
            ("patient developed acute rash", "rash"),
            ("diarrhea due to sorafenib", "diarrhea"),
            ("患者反复腹泻加重", "腹泻"),
            ("疑似上消化道出血", "上消化道出血"),
        ],
    )
    def test_qualifiers_go(self, phrase: str, last: str) -> None:
        assert reduce_qualifiers(phrase)[-1] == last

    def test_each_shorter_chinese_phrase_is_offered(self) -> None:
        assert reduce_qualifiers("患者急性肝衰竭") == ("急性肝衰竭", "肝衰竭")

    @pytest.mark.parametrize("phrase", ["hypertension", "腹泻", "acute", ""])
    def test_nothing_is_offered_without_a_qualifier_or_without_a_rest(self, phrase: str) -> None:
        assert reduce_qualifiers(phrase) == ()


class TestReduceSite:
    @pytest.mark.parametrize(
        ("phrase", "last"),
        [
            ("rash on the trunk", "rash"),
            ("双下肢皮疹", "皮疹"),
            ("itching of both legs", "itching"),
        ],
    )
    def test_the_site_goes(self, phrase: str, last: str) -> None:
        assert reduce_site(phrase)[-1] == last

    def test_nothing_is_offered_without_a_site(self) -> None:
        assert reduce_site("rash") == ()


class TestIsOnlyQualifiers:
    @pytest.mark.parametrize("phrase", ["resolved", "acute episode", "加重", "", "the"])
    def test_words_around_an_event_are_none(self, phrase: str) -> None:
        assert is_only_qualifiers(phrase)

    @pytest.mark.parametrize("phrase", ["rash resolved", "皮疹加重", "rash"])
    def test_an_event_is_more(self, phrase: str) -> None:
        assert not is_only_qualifiers(phrase)
