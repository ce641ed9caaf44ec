"""
The trace: every condition with what it asks, what the case says, and the message that said so.

The base report is of 2 March 2026: one serious reaction, not on any label, that investigator and
sponsor both call related. What each rule asks is in the regulatory brief, section 1.2.
"""

from typing import Any

import pytest

from safety.case import Report
from safety.pipeline import advance
from schemas.vocabulary import SubmissionState as State
from tests.support.decisions import NOW, knowledge, obligations, take
from tests.support.reports import answers, follow_up, reaction, report
from tests.support.submitting import step

TRIAL = {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "01-001"}
NO_LONGER = [{"reaction_id": "r1", "seriousness": {"hospitalisation": {"null": "NI"}}}]
DAY = "2026-03-02"
OURS = ["our_product", "true", True, True, "drugs", None]
SERIOUS = ["serious", "true", True, True, "reactions/r1.seriousness.hospitalisation", "test m1"]
SPONSOR, INVESTIGATOR = "relatedness/d1|r1|sponsor.result", "relatedness/d1|r1|investigator.result"
DISAGREED = report(study=TRIAL, relatedness=answers(investigator="related", sponsor="not related"))


def traced(*reports: Report) -> dict[str, Any]:
    """Give the trace of the version that the last report made."""
    version = advance(take(*reports[:-1]), reports[-1], knowledge(), now=NOW).version
    assert version is not None
    return dict(version.trace)


def rule(trace: dict[str, Any], rule_id: str) -> dict[str, Any]:
    (found,) = [row for row in trace["rules"] if row["rule"] == rule_id]
    return dict(found)


class TestRules:
    def test_a_rule_stands_with_all_that_it_rests_on(self) -> None:
        assert rule(traced(report()), "EU-4") == {
            "rule": "EU-4",
            "authority": "EMA",
            "rulebook": next(b.version for b in knowledge().rulebooks if b.name == "EMA"),
            "provision": "Directive 2001/83/EC, Article 107(3); GVP VI.C.3",
            "evidence": "V",
            "reaction": "r1",
            "answer": "fired",
            "conditions": [
                ["in_force", "2012-07-02", DAY, True, "law day", None],
                OURS,
                ["related", "implied", True, True, SPONSOR, "test m1"],
                SERIOUS,
            ],
        }

    def test_a_rule_that_is_not_law_that_day_is_asked_nothing_else(self) -> None:
        assert rule(traced(report()), "CN-H1a")["conditions"] == [
            ["in_force", "2011-07-01", DAY, False, "law day", None]
        ]

    def test_a_rule_that_does_not_fire_names_the_condition(self) -> None:
        death = rule(traced(report()), "CN-5")

        assert death["answer"] == "not_fired"
        assert death["conditions"][2] == [
            "origin", "domestic", "CN", True, "reactions/r1.country", "test m1",
        ]  # fmt: skip
        assert death["conditions"][-1] == ["fatal", "true", False, False, SERIOUS[4], "test m1"]

    @pytest.mark.parametrize(
        ("rule_id", "related"),
        [
            ("US-2", ["related", "sponsor", False, False, SPONSOR, "test m1"]),
            ("EU-1", ["related", "any_party", True, True, INVESTIGATOR, "test m1"]),
            ("JP-1", ["related", "not_ruled_out", True, True, INVESTIGATOR, "test m1"]),
        ],
    )
    def test_the_answer_that_counts_for_the_authority_is_cited(
        self, rule_id: str, related: list[Any]
    ) -> None:
        assert rule(traced(DISAGREED), rule_id)["conditions"][2] == related

    def test_what_must_have_become_worse_is_the_last_that_is_asked(self) -> None:
        assert rule(traced(DISAGREED), "EU-3")["conditions"][-2:] == [
            ["fatal_or_life_threatening", "true", False, False, SERIOUS[4], "test m1"],
            ["became_fatal_or_life_threatening", "true", False, False,
             "reactions/r1.seriousness", None],
        ]  # fmt: skip

    def test_a_silent_sponsor_is_named_as_what_would_decide(self) -> None:
        alone = report(study=TRIAL, relatedness=answers(investigator="related"))

        assert rule(traced(alone), "US-2")["conditions"][2] == [
            "related", "sponsor", None, None,
            "relatedness of reactions/r1: no usable answer of the sponsor", None,
        ]  # fmt: skip

    def test_a_relation_that_nobody_spoke_of_is_implied_in_a_spontaneous_report(self) -> None:
        told = report(report_type="spontaneous", study=None, relatedness=None)

        assert rule(traced(told), "EU-4")["conditions"][2][4] == (
            "relatedness of reactions/r1: implied by the kind of report"
        )

    def test_one_of_several_conditions_is_told_with_all_of_them(self) -> None:
        of_2014 = report(
            received_at="2014-05-06T09:00:00+08:00",
            most_recent_information="2014-05-06",
            reactions=reaction(onset=None),
        )
        found = next(
            condition
            for condition in rule(traced(of_2014), "CN-H1a")["conditions"]
            if condition[0] == "any_of"
        )

        assert found[:4] == ["any_of", "serious true or unexpected true", True, True]
        assert found[4].startswith(f"{SERIOUS[4]}; label ")


class TestTheRest:
    def test_names_the_context_and_where_each_minimum_element_stands(self) -> None:
        trace = traced(report())

        assert trace["context"] == ["nis_primary", "study.study_id"]
        assert trace["validity"] == {
            "patient": "patient.initials",
            "reporter": "reporters/1.qualification",
            "product": "drugs/d1.name",
            "event": "reactions/r1.term.text",
        }
        assert (trace["nullified"], trace["merged_into"]) == (False, None)
        assert {"EU-1", "US-1", "US-5"} <= set(trace["out_of_context"])
        assert not {"EU-4", "US-6"} & set(trace["out_of_context"])

    def test_a_duty_that_began_earlier_keeps_the_conditions_of_then(self) -> None:
        told = (report(), follow_up(day="2026-03-09", reactions=NO_LONGER))
        first, later = [
            each for each in traced(*told)["obligations"] if each["recipient"] == "EVPM"
        ]

        assert (first["rule"], first["duty"], first["trigger"]) == ("EU-4", "initial", "test m1")
        assert first["grounds"]["r1"][-1] == SERIOUS
        assert (later["duty"], later["trigger"], later["grounds"]) == ("downgrade", "test m2", {})
        assert (later["missing"], later["also"]) == ([], [])
        assert later["reason"].startswith("downgrade")
        assert later["arithmetic"].endswith("+ 15 calendar days = 2026-03-24")
        assert len(later["id"]) == 24

    def test_a_report_that_was_sent_stands_with_the_date_it_was_held_to_be_due(self) -> None:
        (duty,) = [one for one in obligations(report()) if one.authority == "EMA"]
        trace = traced(report(), step(duty, State.SUBMITTED, "2026-03-16"))

        assert trace["sent"] == [
            {
                "id": duty.obligation_id,
                "ground": duty.ground,
                "submitted_on": "2026-03-16",
                "due": "2026-03-17",
                "true_due": "2026-03-17",
            }
        ]
        assert "sent" not in traced(report())
