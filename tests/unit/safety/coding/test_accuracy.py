"""
How often is a verbatim coded as a person would?

`tests/data/coding/verbatims.csv` was written by hand before the first synonym was, and divided by a
digest of the phrase. Synonyms were tuned on one half; the other was only counted, once, at the end.
Phrases and synonyms are by the same hand, so both figures flatter; `later-verbatims.csv` is by
another. The floors below guard against loss.
"""

import pytest

from benchmarks.coding_accuracy import is_right, load_verbatims
from safety.coding import CodingMethod, code_verbatim, load_dictionary


class TestVerbatims:
    def test_there_are_at_least_300_in_two_languages_and_two_halves(self) -> None:
        rows = load_verbatims()

        assert len(rows) >= 300
        for language in ("en", "zh"):
            for half in ("tuning", "untouched"):
                assert sum(r["language"] == language and r["half"] == half for r in rows) >= 50

    def test_every_expected_term_is_in_the_dictionary(self) -> None:
        expected = {row["expected_term"] for row in load_verbatims()} - {""}

        assert expected <= set(load_dictionary().by_name)


class TestCodeVerbatim:
    @pytest.mark.parametrize(
        ("half", "share"), [("tuning", 0.98), ("untouched", 0.98), ("later", 0.9)]
    )
    def test_so_many_phrases_are_coded_as_a_person_would(self, half: str, share: float) -> None:
        rows = [row for row in load_verbatims() if row["half"] == half]

        assert sum(map(is_right, rows)) / len(rows) >= share

    def test_no_phrase_written_later_comes_to_a_wrong_term(self) -> None:
        later = [row for row in load_verbatims() if row["half"] == "later"]
        coded = [(row, code_verbatim(row["verbatim"], load_dictionary()).term) for row in later]

        assert [
            row["verbatim"] for row, term in coded if term not in {None, row["expected_term"]}
        ] == []

    def test_no_phrase_that_reports_an_event_is_taken_for_a_non_event(self) -> None:
        lost = [
            row["verbatim"]
            for row in load_verbatims()
            if row["expected_outcome"] != "not_an_event"
            and code_verbatim(row["verbatim"], load_dictionary()).method
            is CodingMethod.NOT_AN_EVENT
        ]

        assert lost == []
