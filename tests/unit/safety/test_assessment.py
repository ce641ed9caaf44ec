"""One reaction judged: what several events in one verbatim come to."""

from typing import Any, ClassVar

import pytest

from safety.assessment import CaseAssessment, ReactionAssessment, assess_case
from safety.case import Report
from safety.knowledge import load_knowledge
from tests.support.decisions import knowledge
from tests.support.meddra import licensed
from tests.support.reports import decision, fold_all, reaction, report


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


class TestCodedInTheStudysDatabase:
    RECORDED = {  # noqa: RUF012 - a constant of the test
        "preferred_term": "DIARRHOEA",
        "preferred_code": "10012735",
        "system_organ_class": "GASTROINTESTINAL DISORDERS",
        "dictionary": "MedDRA 8.0",
    }

    def _told(self, text: str) -> Report:
        return report(reactions=reaction(term={"text": text}, as_recorded=self.RECORDED))

    def test_its_term_and_class_stand_as_recorded(self) -> None:
        told = self._told("loose motions")
        coding = assess_case(fold_all(told).state, knowledge()).reactions[0].coding

        assert (coding.term, coding.soc, coding.code, coding.dictionary, coding.method) == (
            "DIARRHOEA",
            "GASTROINTESTINAL DISORDERS",
            "10012735",
            "MedDRA 8.0",
            "as_recorded",
        )

    def test_the_label_knows_it_by_its_own_name(self) -> None:
        told = self._told("loose motions")

        assert assess_case(fold_all(told).state, knowledge()).reactions[0].unexpected("EU") is False

    def test_what_the_desk_decides_stands_above_it(self) -> None:
        recoded = decision("d1", {"kind": "recode", "reaction_id": "r1", "term": "Vomiting"})
        state = fold_all(self._told("x"), recoded).state

        assert assess_case(state, knowledge()).reactions[0].coding.term == "Vomiting"


class TestAStudyOfAnotherProduct:
    def _told(self, products: list[str]) -> CaseAssessment:
        told = report(
            study={"study_id": "OTHER-1", "study_type": "clinical_trial", "products": products},
            reactions=reaction(term={"text": "Diarrhoea"}),
            drugs=[{"drug_id": "d1", "role": "suspect", "name": "XANOMELINE"}],
            relatedness=[
                {
                    "drug_id": "d1",
                    "reaction_id": "r1",
                    "assessor": "investigator",
                    "result": "POSSIBLE",
                }
            ],
        )
        return assess_case(fold_all(told).state, knowledge())

    def test_the_investigators_answer_about_its_product_counts(self) -> None:
        judged = self._told(["Xanomeline"])

        assert judged.company_drugs == ("drugs/d1",)
        assert judged.reactions[0].relatedness.reporter is True

    def test_our_label_says_nothing_about_its_product(self) -> None:
        # Diarrhoea is listed for sorafenib (EU SmPC 4.8): the same word of another drug is not.
        answer = self._told(["Xanomeline"]).reactions[0].listedness["EU"]

        assert (answer.unexpected, answer.reason_code) == (None, "other_product")

    def test_a_drug_that_the_study_does_not_call_its_own_is_not_ours(self) -> None:
        assert self._told([]).company_drugs == ()


class TestDeath:
    """Regulatory facts 2.3: a death needs its day and its cause."""

    DAY: ClassVar[dict[str, Any]] = {"date": {"value": "2026-03-01", "precision": "day"}}
    CAUSE: ClassVar[list[Any]] = [
        {"cause_id": "1", "cause": {"text": "Pulmonary embolism", "language": "en"}}
    ]

    @pytest.mark.parametrize(
        ("death", "asked"),
        [
            (None, {"death_without_date", "death_without_cause"}),
            (DAY, {"death_without_cause"}),
            ({"reported_causes": CAUSE}, {"death_without_date"}),
            (DAY | {"reported_causes": CAUSE}, set()),
            (DAY | {"autopsy_causes": CAUSE}, set()),
        ],
    )
    def test_a_fatal_reaction_asks_for_day_and_cause(
        self, death: dict[str, Any] | None, asked: set[str]
    ) -> None:
        assert self.asked_of(death, {"death": True}) == asked

    def test_a_reaction_that_was_not_fatal_asks_for_neither(self) -> None:
        assert self.asked_of(None, {"hospitalisation": True}) == set()

    @staticmethod
    def asked_of(death: dict[str, Any] | None, seriousness: dict[str, bool]) -> set[str]:
        outcome = "fatal" if "death" in seriousness else "recovered"
        told = report(
            reactions=reaction(seriousness=seriousness, outcome=outcome),
            patient={"initials": "WL"} | ({} if death is None else {"death": death}),
        )
        assessed = assess_case(fold_all(told).state, knowledge()).reactions[0]
        return {f.code for f in assessed.findings if f.code.startswith("death_without")}
