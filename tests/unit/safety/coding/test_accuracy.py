"""
How often is a verbatim coded as a person would?

`tests/data/coding/verbatims.csv` was written by hand before the first synonym was, and divided by a
digest of the phrase. Synonyms were tuned on one half; the other was only counted, once, at the end.
Phrases and synonyms are by the same hand, so both figures flatter; the floors below guard against
loss.
"""

import csv
from pathlib import Path

import pytest

from safety.coding import CodingMethod, code_verbatim, load_dictionary

VERBATIMS = Path(__file__).parents[3] / "data" / "coding" / "verbatims.csv"
WITHOUT_TERM = {CodingMethod.UNCODED: "uncoded", CodingMethod.NOT_AN_EVENT: "not_an_event"}


def load_verbatims() -> list[dict[str, str]]:
    with VERBATIMS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_right(row: dict[str, str]) -> bool:
    coding = code_verbatim(row["verbatim"], load_dictionary())
    outcome = WITHOUT_TERM.get(coding.method, "coded")
    return (outcome, coding.term or "") == (row["expected_outcome"], row["expected_term"])


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
    @pytest.mark.parametrize("half", ["tuning", "untouched"])
    def test_at_least_98_of_100_phrases_are_coded_as_a_person_would(self, half: str) -> None:
        rows = [row for row in load_verbatims() if row["half"] == half]

        assert sum(map(is_right, rows)) / len(rows) >= 0.98

    def test_no_phrase_that_reports_an_event_is_taken_for_a_non_event(self) -> None:
        lost = [
            row["verbatim"]
            for row in load_verbatims()
            if row["expected_outcome"] != "not_an_event"
            and code_verbatim(row["verbatim"], load_dictionary()).method
            is CodingMethod.NOT_AN_EVENT
        ]

        assert lost == []
