"""The fold: what a case knows after its reports, whatever the order they arrive in."""

from itertools import permutations

import pytest

from safety.case import Report
from tests.support.reports import (
    correction,
    decision,
    fold_all,
    follow_up,
    nullification,
    reaction,
    report,
)

HISTORY: tuple[Report, ...] = (
    report(),
    follow_up("m2", "2026-03-09", reactions=[{"reaction_id": "r1", "outcome": "recovering"}]),
    follow_up("m3", "2026-03-15", reactions=[{"reaction_id": "r1", "outcome": "recovered"}]),
    correction("m4", reactions=[{"reaction_id": "r1", "country": "HK"}]),
    decision("m5", {"kind": "recode", "reaction_id": "r1", "term": "Thromboembolic event"}),
)


class TestFold:
    def test_newest_information_wins_field_by_field(self) -> None:
        state = fold_all(*HISTORY).state
        (known,) = state.reactions

        assert known.known("outcome") == "recovered"
        assert known.known("term.text") == "Pulmonary embolism"
        assert known.known("desk.term") == "Thromboembolic event"

    def test_each_fact_remembers_the_message_that_said_it(self) -> None:
        (known,) = fold_all(*HISTORY).state.reactions

        assert known.source("outcome") == "test m3"
        assert known.source("onset") == "test m1"
        assert known.source("country") == "test m4"

    @pytest.mark.parametrize("order", list(permutations(range(5))))
    def test_every_order_of_arrival_gives_the_same_state(self, order: tuple[int, ...]) -> None:
        shuffled = fold_all(*(HISTORY[place] for place in order))

        assert shuffled == fold_all(*HISTORY)

    def test_a_message_told_again_changes_nothing(self) -> None:
        once = fold_all(*HISTORY)

        assert fold_all(*HISTORY, *HISTORY, HISTORY[0]) == once

    def test_an_equal_value_keeps_its_first_source(self) -> None:
        again = follow_up(reactions=[{"reaction_id": "r1", "country": "CN"}])
        (known,) = fold_all(report(), again).state.reactions

        assert known.source("country") == "test m1"

    def test_explicitly_unknown_replaces_a_value_and_absence_does_not(self) -> None:
        taken_back = follow_up(
            "m2",
            reactions=[{"reaction_id": "r1", "seriousness": {"hospitalisation": {"null": "NI"}}}],
        )
        silent = follow_up("m3", "2026-03-10", reactions=[{"reaction_id": "r1"}])
        (known,) = fold_all(report(), taken_back, silent).state.reactions

        assert known.raw("seriousness.hospitalisation") == {"null": "NI"}
        assert known.known("seriousness.hospitalisation") is None
        assert known.known("country") == "CN"

    def test_a_follow_up_adds_a_reaction_and_keeps_the_first(self) -> None:
        second = reaction(reaction_id="r2", term={"text": "Diarrhoea", "language": "en"})
        state = fold_all(report(), follow_up(reactions=second)).state

        assert [entry.key for entry in state.reactions] == ["r1", "r2"]

    def test_a_complete_report_drops_what_its_own_sender_no_longer_names(self) -> None:
        two = reaction() + reaction(reaction_id="r2")
        only_first = follow_up(reactions=reaction(), complete=True)
        state = fold_all(report(reactions=two), only_first).state

        assert [entry.key for entry in state.reactions] == ["r1"]

    def test_a_complete_report_leaves_what_another_sender_told(self) -> None:
        other = {"sender": "HOSPITAL", "sender_case_id": "77"}
        told = follow_up("m0", "2026-03-01", case=other, reactions=reaction(reaction_id="h1"))
        state = fold_all(told, report(complete=True)).state

        assert [entry.key for entry in state.reactions] == ["h1", "r1"]

    def test_a_voided_reaction_is_left_out_and_its_facts_are_kept(self) -> None:
        void = follow_up(reactions=[{"reaction_id": "r1", "void": "entered_in_error"}])
        state = fold_all(report(), void).state

        assert state.reactions == ()
        assert "reactions/r1" in state.entities

    def test_a_decision_about_an_unknown_reaction_makes_no_reaction(self) -> None:
        early = decision("m5", {"kind": "recode", "reaction_id": "r9", "term": "Rash"})

        assert [entry.key for entry in fold_all(report(), early).state.reactions] == ["r1"]


class TestNullification:
    def test_an_allowed_reason_voids_the_case_and_keeps_its_facts(self) -> None:
        state = fold_all(report(), nullification()).state

        assert state.nullified is not None
        assert state.nullified.reason == "duplicate"
        assert len(state.reactions) == 1

    @pytest.mark.parametrize("reason", ["downgrade", "lost_to_follow_up", "later_unrelated"])
    def test_a_forbidden_reason_leaves_the_case_with_a_finding(self, reason: str) -> None:
        # EU GVP VI.B.7.2: never because of a downgrade, a silent reporter, a later "unrelated"
        state = fold_all(report(), nullification(reason=reason)).state

        assert state.nullified is None
        assert [finding.code for finding in state.findings] == ["nullification_refused"]

    def test_a_report_after_it_does_not_bring_the_case_back(self) -> None:
        late = follow_up(
            "m10", "2026-04-01", reactions=[{"reaction_id": "r1", "outcome": "unknown"}]
        )

        state = fold_all(report(), nullification(), late).state

        assert state.nullified is not None
        assert [finding.code for finding in state.findings] == ["report_after_nullification"]


RECODED = decision("d1", {"kind": "recode", "reaction_id": "r1", "term": "Nausea"})
TAKEN_BACK = decision("d2", {"kind": "undo", "message_id": "test d1"})


class TestUndo:
    def test_the_case_is_as_if_the_decision_had_not_been_taken(self) -> None:
        undone = fold_all(report(), RECODED, TAKEN_BACK)

        assert undone.state.values() == fold_all(report()).state.values()
        assert "test d1" in undone.messages

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_every_order_of_arrival_gives_the_same_case(self, order: tuple[int, ...]) -> None:
        told = (report(), follow_up("m2", "2026-03-09"), RECODED, TAKEN_BACK)

        assert fold_all(*(told[place] for place in order)) == fold_all(*told)

    def test_what_a_source_told_cannot_be_taken_back(self) -> None:
        told = fold_all(report(), decision("d3", {"kind": "undo", "message_id": "test m1"}))

        assert told.state.values() == fold_all(report()).state.values()

    def test_the_taking_back_cannot_be_taken_back(self) -> None:
        again = decision("d3", {"kind": "undo", "message_id": "test d2"})

        assert fold_all(report(), RECODED, TAKEN_BACK, again).state.values() == (
            fold_all(report()).state.values()
        )

    def test_a_mark_of_significance_that_was_taken_back_marks_nothing(self) -> None:
        mark = decision(
            "d1", {"kind": "mark_significance", "message_id": "test m1", "significant": True}
        )

        steps = fold_all(report(), mark, TAKEN_BACK).steps

        assert [step.report.marks for step in steps] == [(), (), ()]
