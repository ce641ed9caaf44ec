"""One reaction judged: what several events in one verbatim come to."""

import pytest

from safety.assessment import ReactionAssessment, assess_case
from tests.support.decisions import knowledge
from tests.support.reports import fold_all, reaction, report


def assess(verbatim: str) -> ReactionAssessment:
    told = report(reactions=reaction(term={"text": verbatim, "language": "en"}))
    return assess_case(fold_all(told).state, knowledge()).reactions[0]


def codes(verbatim: str) -> set[str]:
    return {finding.code for finding in assess(verbatim).findings}


class TestSeveralEventsInOneVerbatim:
    # Nausea and vomiting are listed in the EU text, pulmonary embolism is not: regulatory facts
    # 4.2 and the worked seeds of 4.3.
    @pytest.mark.parametrize("verbatim", ["nausea and vomiting", "恶心呕吐"])
    def test_all_listed_is_expected(self, verbatim: str) -> None:
        assert assess(verbatim).unexpected("EU") is False

    @pytest.mark.parametrize(
        "verbatim", ["nausea and pulmonary embolism", "pulmonary embolism; nausea"]
    )
    def test_one_not_listed_makes_the_whole_unexpected(self, verbatim: str) -> None:
        assert assess(verbatim).unexpected("EU") is True

    def test_one_not_coded_leaves_the_whole_to_a_person(self) -> None:
        assert assess("nausea; feels funny").unexpected("EU") is None

    def test_a_finding_asks_to_split_them(self) -> None:
        assert "several_events_in_one" in codes("nausea and vomiting")
        assert "uncoded" not in codes("nausea and vomiting")
        assert "several_events_in_one" not in codes("nausea")
