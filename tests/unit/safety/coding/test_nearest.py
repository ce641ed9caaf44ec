"""The index finds what comparing every name would find, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from safety.coding.dictionary import build_dictionary, load_dictionary
from safety.coding.folding import fold
from safety.coding.nearest import near_names, sorted_words


def compare_all(phrase: str, cutoff: float) -> list[tuple[str, float]]:
    """Compare every name of the open dictionary with the phrase, without an index."""
    ours = sorted_words(fold(phrase))
    scored = [
        (fuzz.ratio(ours, sorted_words(name.tokens)), place, name.term.name)
        for place, name in enumerate(load_dictionary().names)
    ]
    near = sorted((-score, place, term) for score, place, term in scored if score >= cutoff)
    return [(term, -score) for score, _, term in near]


PHRASES = st.one_of(
    st.text(alphabet="abcdeiorstnlh -", min_size=1, max_size=40),
    st.text(alphabet="肝肾血压高低腹泻痛不", min_size=1, max_size=12),
    st.sampled_from(
        ["hypetension", "palmar plantar", "dirrhea grade", "肝性脑病变", "elevated liver", "zz"]
    ),
)


class TestNearNames:
    @given(phrase=PHRASES, cutoff=st.sampled_from([55.0, 60.0, 70.0, 83.3]))
    def test_gives_what_comparing_all_names_gives(self, phrase: str, cutoff: float) -> None:
        found = near_names(fold(phrase), load_dictionary(), cutoff=cutoff, terms=1, all_from=cutoff)

        assert [(name.term.name, score) for name, score in found] == compare_all(phrase, cutoff)

    @given(phrase=PHRASES, terms=st.integers(1, 8))
    def test_of_so_many_terms_gives_the_best_and_all_above_a_likeness(
        self, phrase: str, terms: int
    ) -> None:
        found = near_names(fold(phrase), load_dictionary(), cutoff=50.0, terms=terms, all_from=80.0)
        everything = compare_all(phrase, 50.0)

        assert [(name.term.name, score) for name, score in found] == everything[: len(found)]
        wanted = min(terms, len({term for term, _ in everything}))
        assert len({name.term.name for name, _ in found}) >= wanted
        assert len(found) >= sum(score >= 80.0 for _, score in everything)

    @pytest.mark.parametrize("phrase", ["", "xyz"])
    def test_an_empty_dictionary_gives_nothing(self, phrase: str) -> None:
        empty = build_dictionary("empty", "1", terms=(), synonyms=())

        assert list(near_names(fold(phrase), empty, cutoff=0.0, terms=5, all_from=70.0)) == []
