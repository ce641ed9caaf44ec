"""By which words a case is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.store.words import MOST, asked_words, words_of


def finds(search: str, text: str) -> bool:
    """Tell whether each asked word begins a word of the text, as both databases do."""
    held = words_of([text]).split()
    asked = asked_words(search)
    return bool(asked) and all(any(word.startswith(each) for word in held) for each in asked)


class TestAskedWords:
    @pytest.mark.parametrize(
        ("search", "text"),
        [
            ("腹泻", "患者腹泻三天"),
            ("泻", "腹泻"),  # a single character, at the end of a run
            ("diarr", "Watery Diarrhoea"),
            ("DIARRHOEA", "diarrhoea"),
            ("16621-02", "SECURE-EDC:16621-02-002-AE04"),
            ("手足 综合征", "手足皮肤反应综合征"),
            ("ＡＥ０４", "AE04"),  # full width, as a Chinese keyboard writes
        ],
    )
    def test_finds(self, search: str, text: str) -> None:
        assert finds(search, text)

    @pytest.mark.parametrize(
        ("search", "text"), [("便秘", "腹泻"), ("rrhoea", "diarrhoea"), ("---", "diarrhoea")]
    )
    def test_does_not_find(self, search: str, text: str) -> None:
        assert not finds(search, text)

    @given(st.text(max_size=400))
    def test_holds_letters_and_digits_only_so_that_no_query_can_be_written_with_them(
        self, search: str
    ) -> None:
        words = asked_words(search)

        assert all(word.isalnum() for word in words)
        assert len(words) <= MOST

    @given(st.text(alphabet="ab腹泻三天 -", min_size=1, max_size=30))
    def test_every_text_is_found_by_itself(self, text: str) -> None:
        assert finds(text, text) == bool(asked_words(text))
