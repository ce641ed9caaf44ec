"""Terms told in several spellings count in one row, in every part of the reconciliation."""

from datetime import date
from typing import Any

from reports.periodic.model import Period
from reports.periodic.reconcile import build_counts, faults
from safety.store.periodic import ReactionCount, ReactionLine

PERIOD = Period(date(2015, 1, 1), date(2015, 12, 31), None, None)


def counted(soc: str, term: str, reactions: int, **fields: Any) -> ReactionCount:
    told: dict[str, Any] = {"verbatim": None, "serious": True, "related": True, "fresh": False}
    return ReactionCount(
        "spontaneous", "product", soc=soc, term=term, reactions=reactions, **{**told, **fields}
    )


def line(term: str, status: str = "valid") -> ReactionLine:
    event = {
        "reaction": "AE1",
        "soc": "GASTROINTESTINAL DISORDERS",
        "term": term,
        "verbatim": None,
        "serious": True,
        "related": True,
    }
    return ReactionLine("C1", 1, date(2014, 5, 1), status, "spontaneous", "product", event)


class TestSpellings:
    def test_of_a_term_are_counted_together(self) -> None:
        counts = build_counts(
            PERIOD,
            [
                counted("Gastrointestinal disorders", "Diarrhoea", 5),
                counted("GASTROINTESTINAL DISORDERS", "DIARRHOEA", 2, fresh=True),
                counted("Gastrointestinal disorders", "Diarrhea", 1),
            ],
            [counted("Gastrointestinal disorders", "Diarrhea", 6)],
            [],
            [],
        )

        term = ("Gastrointestinal disorders", "Diarrhoea")
        tally = counts.tallies["spontaneous_serious"]
        assert tally.now == {term: 8}
        assert tally.interval == {term: 2}
        assert tally.before == {term: 6}
        assert not list(faults(counts))

    def test_that_change_are_no_late_change_of_a_case(self) -> None:
        counts = build_counts(
            PERIOD,
            [counted("GASTROINTESTINAL DISORDERS", "DIARRHOEA", 1)],
            [counted("GASTROINTESTINAL DISORDERS", "Diarrhea", 1)],
            [line("Diarrhea")],
            [line("DIARRHOEA")],
        )

        assert counts.late == ()
        assert not list(faults(counts))

    def test_of_a_case_that_fell_away_are_those_of_the_report(self) -> None:
        counts = build_counts(
            PERIOD,
            [counted("Gastrointestinal disorders", "Diarrhoea", 1)],
            [
                counted("Gastrointestinal disorders", "Diarrhoea", 1),
                counted("GASTROINTESTINAL DISORDERS", "DIARRHOEA", 1),
            ],
            [line("DIARRHOEA")],
            [line("DIARRHOEA", status="nullified")],
        )

        [change] = counts.late
        assert change.term == ("Gastrointestinal disorders", "Diarrhoea")
        assert not list(faults(counts))
