"""Proposals for whole cases: what is gathered from a case, counted by hand."""

from datetime import date
from typing import Any

import pytest

from safety.assessment import assess_case
from safety.causality.proposal import Proposal
from safety.clinical import PairAssessment, assess_pairs
from safety.knowledge import load_knowledge
from tests.support.reports import answers, fold_all, reaction, report

UNTIL = date(2026, 6, 1)


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def dose(start: str, end: str | None = None, key: str = "1") -> dict[str, Any]:
    told = {
        "dose_id": key,
        "dose": {"value": 400, "unit": "mg"},
        "interval": {"value": 12, "unit": "h"},
        "start": day(start),
    }
    return told if end is None else told | {"end": day(end)}


# Begins 40 days after the first dose of 1 January; the drug is stopped on 12 February.
SORAFENIB: dict[str, Any] = {
    "drug_id": "d1",
    "role": "suspect",
    "name": "sorafenib",
    "doses": [dose("2026-01-01", "2026-02-11")],
    "action_taken": "withdrawn",
}
HFSR = reaction(
    term={"text": "hand-foot skin reaction", "language": "en"},
    onset=day("2026-02-10"),
    end=day("2026-03-01"),
    outcome="recovered",
)


def propose(**changes: Any) -> Proposal:
    """Give the proposal for d1 and r1 of a case with these top-level fields."""
    proposal = propose_whole(**changes).proposal
    assert proposal is not None
    return proposal


def propose_whole(**changes: Any) -> PairAssessment:
    """Give the same with its findings."""
    fields: dict[str, Any] = {"drugs": [SORAFENIB], "reactions": HFSR, "relatedness": None}
    state = fold_all(report(**(fields | changes))).state
    knowledge = load_knowledge()
    found = assess_pairs(state, assess_case(state, knowledge), knowledge, observed_until=UNTIL)
    return next(each for each in found if (each.drug, each.reaction) == ("d1", "r1"))


def codes(proposal: Proposal) -> tuple[list[str], list[str], list[str]]:
    return (
        [argument.code for argument in proposal.for_],
        [argument.code for argument in proposal.against],
        [argument.code for argument in proposal.open],
    )


class TestAssessPairs:
    def test_a_listed_reaction_that_abates_after_the_stop_is_probable(self) -> None:
        proposal = propose()

        assert proposal.category == "probable"
        assert codes(proposal) == (["time", "dechallenge", "listedness"], [], [])
        assert "40 days after the first dose" in proposal.for_[0].text

    def test_reporter_and_investigator_are_quoted_and_the_sponsor_is_not(self) -> None:
        told = propose(relatedness=answers(investigator="related", sponsor="related"))

        assert codes(told)[0].count("assessor") == 1
        assert "assessor" not in codes(propose(relatedness=answers(sponsor="related")))[0]
        assert "assessor" not in codes(propose(relatedness=answers(investigator="unrelated")))[0]

    def test_another_suspect_drug_makes_it_possible(self) -> None:
        other = {"drug_id": "d2", "role": "suspect", "name": "capecitabine"}
        proposal = propose(drugs=[SORAFENIB, other])

        assert proposal.category == "possible"
        assert codes(proposal)[1] == ["other_drug", "interaction"]

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ({"role": "concomitant"}, []),
            ({"role": "suspect"}, ["other_drug"]),
            # begun after the onset: it cannot have caused it
            ({"role": "suspect", "doses": [dose("2026-02-11")]}, []),
            # our own product under another name blames nothing else
            ({"role": "suspect", "name": "Nexavar"}, []),
        ],
    )
    def test_which_other_drugs_are_another_explanation(
        self, other: dict[str, Any], said: list[str]
    ) -> None:
        drug = {"drug_id": "d2", "name": "aspirin"} | other

        assert codes(propose(drugs=[SORAFENIB, drug]))[1] == said

    def test_an_assessor_who_relates_it_to_another_drug_is_told(self) -> None:
        drug = {"drug_id": "d2", "role": "concomitant", "name": "aspirin"}
        answer = {
            "drug_id": "d2",
            "reaction_id": "r1",
            "assessor": "investigator",
            "result": "probable",
        }

        assert codes(propose(drugs=[SORAFENIB, drug], relatedness=[answer]))[1] == ["blamed_drug"]

    @pytest.mark.parametrize(
        ("entry", "against", "still_open"),
        [
            ({"condition": {"text": "Hand-foot skin reaction"}}, ["same_before"], []),
            (
                {
                    "condition": {"text": "Palmar-plantar erythrodysesthesia syndrome"},
                    "continuing": True,
                },
                ["same_before"],
                [],
            ),
            # begun under the drug
            (
                {"condition": {"text": "hand-foot skin reaction"}, "start": day("2026-01-20")},
                [],
                [],
            ),
            ({"condition": {"text": "diabetes mellitus"}, "continuing": True}, [], ["condition"]),
            ({"condition": {"text": "diabetes mellitus"}, "continuing": False}, [], []),
        ],
    )
    def test_history(
        self, entry: dict[str, Any], against: list[str], still_open: list[str]
    ) -> None:
        patient = {"initials": "WL", "history": [{"history_id": "1"} | entry]}

        assert codes(propose(patient=patient))[1:] == (against, still_open)

    @pytest.mark.parametrize(("name", "said"), [("Sorafenib", 1), ("sunitinib", 0)])
    def test_the_same_event_under_the_same_drug_before(self, name: str, said: int) -> None:
        past = {"past_drug_id": "1", "name": name, "reaction": {"text": "hand-foot skin reaction"}}

        told = codes(propose(patient={"initials": "WL", "past_drugs": [past]}))

        assert told[0].count("same_on_drug") == said

    def test_the_same_event_before_the_first_dose(self) -> None:
        earlier = dict(HFSR[0], reaction_id="r2", onset=day("2025-12-01"), end=day("2025-12-20"))

        assert codes(propose(reactions=[HFSR[0], earlier]))[1] == ["same_before"]

    def test_the_same_event_after_the_restart_is_a_recurrence(self) -> None:
        doses = [dose("2026-01-01", "2026-02-11"), dose("2026-04-01", key="2")]
        drug = SORAFENIB | {"doses": doses, "action_taken": "interrupted"}
        again = dict(HFSR[0], reaction_id="r2", onset=day("2026-04-15"), end=day("2026-04-30"))
        proposal = propose(drugs=[drug], reactions=[HFSR[0], again])

        assert codes(proposal)[0] == ["time", "dechallenge", "rechallenge", "listedness"]
        assert codes(proposal)[1] == []

    @pytest.mark.parametrize("onset", ["2025-12-01", "2026-04-15"])
    def test_an_event_of_another_term_is_neither(self, onset: str) -> None:
        doses = [dose("2026-01-01", "2026-02-11"), dose("2026-04-01", key="2")]
        drug = SORAFENIB | {"doses": doses, "action_taken": "interrupted"}
        other = dict(
            HFSR[0], reaction_id="r2", term={"text": "diarrhoea"}, onset=day(onset), end=None
        )
        told = {name: value for name, value in other.items() if value is not None}
        found = codes(propose(drugs=[drug], reactions=[HFSR[0], told]))

        assert "rechallenge" not in found[0]
        assert "same_before" not in found[1]

    def test_what_the_source_says_of_a_rechallenge_is_compared(self) -> None:
        told = {"drug_id": "d1", "reaction_id": "r1", "rechallenge": "recurred"}

        found = propose_whole(drug_reactions=[told])

        assert found.proposal is not None
        assert codes(found.proposal)[2] == ["rechallenge"]
        assert [(each.code, each.path) for each in found.findings] == [
            ("rechallenge_without_restart", "drug_reactions/d1|r1.rechallenge")
        ]
        assert propose_whole().findings == ()

    def test_abating_on_the_continued_drug_speaks_against(self) -> None:
        drug = SORAFENIB | {"doses": [dose("2026-01-01")], "action_taken": "dose_not_changed"}
        proposal = propose(drugs=[drug])

        assert codes(proposal)[1] == ["dechallenge"]
        assert proposal.category == "possible"
        persisting = [dict(HFSR[0], outcome="not_recovered")]
        assert codes(propose(drugs=[drug], reactions=persisting))[1] == []

    def test_without_dates_it_asks_for_them(self) -> None:
        bare = {"drug_id": "d1", "role": "suspect", "name": "sorafenib"}
        proposal = propose(drugs=[bare])

        assert proposal.category == "conditional"
        assert codes(proposal)[2] == ["time", "dechallenge"]

    def test_a_proposal_is_no_answer_of_the_sponsor(self) -> None:
        state = fold_all(
            report(drugs=[SORAFENIB], reactions=HFSR, relatedness=answers(investigator="related"))
        ).state
        knowledge = load_knowledge()
        assessment = assess_case(state, knowledge)
        list(assess_pairs(state, assessment, knowledge, observed_until=None))

        assert assess_case(state, knowledge).reactions[0].relatedness.sponsor is None

    def test_another_product_has_no_proposal(self) -> None:
        other = {"drug_id": "d1", "role": "suspect", "name": "aspirin"}
        state = fold_all(report(drugs=[other], relatedness=None)).state
        knowledge = load_knowledge()
        assessment = assess_case(state, knowledge)

        (pair,) = assess_pairs(state, assessment, knowledge, observed_until=UNTIL)

        assert pair.proposal is None
