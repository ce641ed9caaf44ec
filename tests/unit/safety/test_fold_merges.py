"""The fold of a case that reports were carried over to, and of one whose merge was taken back."""

from dataclasses import replace
from itertools import permutations

import pytest

from safety.case import CaseState, Entry, Report, fold_again, is_null
from tests.support.reports import decision, fold_all, follow_up, nullification, report

ONE, OTHER = "desk merge-1", "desk merge-2"
OUTCOME = [{"reaction_id": "r1", "outcome": "recovered"}]


def carried(told: Report, *merges: str) -> Report:
    return replace(told, merges=merges)


def end(name: str, merge: str, day: str = "2026-03-20") -> Report:
    """Give the report that takes a merge back."""
    told = decision(name, {"kind": "recode", "reaction_id": "r1", "term": "x"}, day)
    return replace(told, entities={}, ends=merge)


FIRST = report()
CARRIED = carried(follow_up("m2", "2026-03-09", reactions=OUTCOME), ONE)
OWN = follow_up("m3", "2026-03-15", reactions=[{"reaction_id": "r1", "country": "HK"}])
END = end("e1", ONE)


class TestUndoneMerge:
    def test_the_case_is_as_if_nothing_had_been_carried_over(self) -> None:
        undone = fold_all(FIRST, CARRIED, OWN, END)

        assert undone.state.values() == fold_all(FIRST, OWN).state.values()

    @pytest.mark.parametrize("order", list(permutations(range(4))))
    def test_every_order_of_arrival_gives_the_same_case(self, order: tuple[int, ...]) -> None:
        told = (FIRST, CARRIED, OWN, END)

        assert fold_all(*(told[place] for place in order)) == fold_all(*told)

    @pytest.mark.parametrize("told", [(FIRST, CARRIED, END), (FIRST, END, CARRIED)])
    def test_what_is_left_is_that_it_was_there_behind_what_was_known_then(
        self, told: tuple[Report, ...]
    ) -> None:
        left = fold_all(*told).steps[-1].report

        assert left == Report(
            message="test m2 desk merge-1",
            kind="decision",
            order=(END.order[0], END.order[1], END.order[2], "test m2 desk merge-1"),
            sender=CARRIED.sender,
            received_at=END.received_at,
            awareness=END.awareness,
            entities={},
            synthetic=CARRIED.synthetic,
            merges=(ONE,),
        )

    def test_what_is_made_up_stays_marked_as_made_up(self) -> None:
        told = replace(CARRIED, synthetic=True)

        assert fold_all(FIRST, told, END).steps[-1].report.synthetic

    def test_a_report_of_another_merge_stays(self) -> None:
        other = carried(follow_up("m2", "2026-03-09", reactions=OUTCOME), OTHER)
        (known,) = fold_all(FIRST, other, END).state.reactions

        assert known.known("outcome") == "recovered"

    def test_another_merge_may_carry_the_same_report_again_and_be_undone_too(self) -> None:
        again = carried(follow_up("m2", "2026-03-09", reactions=OUTCOME), OTHER)
        both = fold_all(FIRST, CARRIED, END, again)
        (known,) = both.state.reactions

        assert known.source("outcome") == "test m2"
        neither = fold_all(FIRST, CARRIED, END, again, end("e2", OTHER, "2026-03-25"))
        assert neither.state.values() == fold_all(FIRST).state.values()

    @pytest.mark.parametrize("count", range(3, 6))
    def test_the_log_in_any_order_gives_the_case_as_it_came_to_be(self, count: int) -> None:
        again = carried(follow_up("m2", "2026-03-09", reactions=OUTCOME), OTHER)
        told = (FIRST, CARRIED, END, again, end("e2", OTHER, "2026-03-25"))[:count]
        case = fold_all(*told)

        for order in permutations(told):
            assert fold_again(case.case_id, order) == case

    def test_a_newer_report_stays_the_newest(self) -> None:
        later = follow_up(
            "m4", "2026-04-01", reactions=[{"reaction_id": "r1", "outcome": "unknown"}]
        )
        steps = fold_all(later, END, OWN, CARRIED, FIRST).steps

        assert [step.report.message for step in steps] == [
            "test m1",
            "test m3",
            "test e1",
            "test m2 desk merge-1",
            "test m4",
        ]

    def test_the_decision_to_merge_is_not_taken_back_as_other_decisions_are(self) -> None:
        merging = replace(
            decision("d1", {"kind": "recode", "reaction_id": "r1", "term": "x"}),
            entities={"merge": {"into": {"case": "EDC:2", "same": []}}},
        )
        undo = decision("d2", {"kind": "undo", "message_id": "test d1"})

        assert fold_all(FIRST, merging, undo).state.merged_into == "EDC:2"


class TestFindings:
    def test_those_from_before_stay_when_the_case_becomes_void(self) -> None:
        state = fold_all(
            FIRST,
            nullification("m8", "downgrade", "2026-03-18"),
            nullification("m9", "duplicate", "2026-03-20"),
        ).state

        assert state.nullified is not None
        assert [finding.code for finding in state.findings] == ["nullification_refused"]


class TestIsNull:
    @pytest.mark.parametrize(
        ("value", "null"),
        [
            ({"null": "UNK"}, True),
            ({"value": "2014", "precision": "year"}, False),
            ("null", False),
            (["null"], False),
            (None, False),
        ],
    )
    def test_only_a_null_flavour_is_one(self, value: object, null: bool) -> None:  # noqa: FBT001
        assert is_null(value) is null


class TestEntries:
    def test_stand_in_the_order_of_their_numbers_and_other_scripts_behind(self) -> None:
        names = ["r10", "反应", "r2", "r1"]
        state = CaseState({f"reactions/{name}": {} for name in names})

        assert [entry.key for entry in state.entries("reactions")] == ["r1", "r2", "r10", "反应"]

    def test_an_entry_of_an_entry_is_named_by_its_last_part(self) -> None:
        assert Entry("drugs/d1/doses/x1", {}).key == "x1"
