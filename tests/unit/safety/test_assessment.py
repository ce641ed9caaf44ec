"""One reaction judged: what several events in one verbatim come to."""

import pytest

from safety.assessment import ReactionAssessment, assess_case
from safety.knowledge import load_knowledge
from tests.support.decisions import knowledge
from tests.support.meddra import licensed
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


class TestLicensedDictionary:
    def test_labels_and_grades_speak_of_the_same_event_by_its_open_name(self) -> None:
        told = report(reactions=reaction(term={"text": "Watery zorbs", "language": "en"}))
        made_up = load_knowledge(licensed().dictionary)
        judged = assess_case(fold_all(told).state, made_up).reactions[0]

        assert judged.coding.dictionary == "MedDRA 99.0"
        assert judged.coding.term == "Diarrhoea"
        assert judged.listedness["EU"].row is not None
        assert made_up.digest != knowledge().digest

    def test_a_term_that_no_label_knows_is_unexpected(self) -> None:
        told = report(reactions=reaction(term={"text": "Gland puffing", "language": "en"}))
        made_up = load_knowledge(licensed().dictionary)

        assert assess_case(fold_all(told).state, made_up).reactions[0].unexpected("EU") is True
