"""
Two cases become one by a person's decision, and two again.

Day zero is counted by hand: the hospital's report came on 28 February 2026, the study's on 2 March.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from consumers.backfill import process_records
from consumers.handlers import Record, Tally
from safety.deadlines import Obligation
from safety.rulebooks import Duty
from safety.store.memory import MemoryStore
from safety.store.model import CaseHead
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, HOSPITAL, OF_HOSPITAL, decided, merge, reported, undo

HEARD_BY_STUDY, HEARD_BY_HOSPITAL = date(2026, 3, 2), date(2026, 2, 28)
STUDY, OTHER = reported("study"), reported("hospital", OF_HOSPITAL)


def store_of(*records: Record) -> MemoryStore:
    """Take records into a new store, each in a batch of its own."""
    store = MemoryStore()
    process_records(records, store, knowledge(), batch_records=1)
    return store


def tally_of(store: MemoryStore, *records: Record) -> Tally:
    return process_records(records, store, knowledge())["pv.adverse-events"]


def head_of(store: MemoryStore, case_id: str) -> CaseHead:
    with store.transaction() as transaction:
        return transaction.heads([case_id])[case_id]


def state_of(store: MemoryStore, case_id: str) -> Mapping[str, Any]:
    versions = [row for row in store._rows["case_versions"].values() if row["case_id"] == case_id]
    state: Mapping[str, Any] = max(versions, key=lambda row: row["version"])["state"]
    return state


def initial_day(duties: tuple[Obligation, ...]) -> set[date]:
    return {duty.day_zero for duty in duties if duty.duty is Duty.INITIAL}


class TestMergedAgain:
    @pytest.mark.parametrize("batch", [1, 100])
    def test_merged_and_undone_and_merged_and_undone(self, batch: int) -> None:
        told = [
            *(STUDY, OTHER, merge("merge-1", day="2026-03-05"), undo("undo-1", day="2026-03-06")),
            *(merge("merge-2", day="2026-03-07"), undo("undo-2", day="2026-03-08")),
        ]
        apart, store = store_of(STUDY, OTHER), MemoryStore()

        for start in range(0, len(told), batch):  # each time nothing is remembered of the cases
            process_records(told[start : start + batch], store, knowledge())

        for case_id in (EDC, HOSPITAL):
            assert state_of(store, case_id).keys() >= state_of(apart, case_id).keys()
            assert head_of(store, case_id).status == head_of(apart, case_id).status == "valid"
            assert initial_day(head_of(store, case_id).obligations) == initial_day(
                head_of(apart, case_id).obligations
            )


class TestMerge:
    def test_the_case_that_remains_counts_from_the_earliest_day_anybody_knew(self) -> None:
        apart, merged = store_of(STUDY, OTHER), store_of(STUDY, OTHER, merge())

        assert initial_day(head_of(apart, EDC).obligations) == {HEARD_BY_STUDY}
        assert initial_day(head_of(merged, EDC).obligations) == {HEARD_BY_HOSPITAL}

    def test_what_was_due_of_the_other_is_due_of_the_case_that_remains(self) -> None:
        apart, merged = store_of(STUDY, OTHER), store_of(STUDY, OTHER, merge())

        was = {(d.authority, d.recipient, d.due) for d in head_of(apart, HOSPITAL).obligations}
        assert was
        assert was <= {(d.authority, d.recipient, d.due) for d in head_of(merged, EDC).obligations}
        assert head_of(merged, HOSPITAL).obligations == ()
        assert head_of(merged, HOSPITAL).status == "merged"

    def test_it_keeps_the_numbers_of_both(self) -> None:
        state = state_of(store_of(STUDY, OTHER, merge()), EDC)

        assert state["case"]["sender_case_id"][0] == EDC
        assert state["other_identifiers/HOSPITAL|2026-0117"]["identifier"][0] == "2026-0117"

    def test_a_reaction_that_is_the_same_is_one_and_holds_what_both_told(self) -> None:
        state = state_of(store_of(STUDY, OTHER, merge()), EDC)

        assert [path for path in state if path.startswith("reactions/")] == ["reactions/r1"]
        assert state["reactions/r1"]["seriousness.hospitalisation"][0] is True
        assert state["reactions/r1"]["seriousness.life_threatening"][0] is True

    def test_a_reaction_that_nobody_matched_stands_beside_the_other(self) -> None:
        alone = decided("merge", HOSPITAL, {"kind": "merge", "into": EDC, "same": []})
        state = state_of(store_of(STUDY, OTHER, alone), EDC)

        assert len([path for path in state if path.startswith("reactions/")]) == 2

    def test_the_narrative_of_the_case_that_remains_stays_and_the_other_is_kept_beside_it(
        self,
    ) -> None:
        told = reported("study", narrative="A man of 58 had a pulmonary embolism.")
        state = state_of(store_of(told, OTHER, merge()), EDC)

        assert state["case"]["narrative"][0] == "A man of 58 had a pulmonary embolism."
        texts = [facts["text"][0] for path, facts in state.items() if path.startswith("summaries/")]
        assert texts == [OF_HOSPITAL["narrative"]]

    def test_a_later_report_under_the_old_number_reaches_the_case_that_remains(self) -> None:
        fatal = [{"reaction_id": "R1", "seriousness": {"death": True}, "outcome": "fatal"}]
        later = reported(
            "later",
            OF_HOSPITAL,
            kind="follow_up",
            received_at="2026-03-20T10:00:00+08:00",
            most_recent_information="2026-03-20",
            reactions=fatal,
        )
        store = store_of(STUDY, OTHER, merge(), later)

        assert state_of(store, EDC)["reactions/r1"]["outcome"] == ["fatal", "urn:test later"]
        assert date(2026, 3, 20) in {d.day_zero for d in head_of(store, EDC).obligations}

    def test_it_is_the_same_whether_the_other_told_before_or_after(self) -> None:
        before = store_of(STUDY, OTHER, merge())
        after = store_of(STUDY, reported("first", OF_HOSPITAL, reactions=[]), merge(), OTHER)

        both = store_of(STUDY, reported("first", OF_HOSPITAL, reactions=[]), OTHER, merge())
        assert state_of(after, EDC) == state_of(both, EDC)
        assert head_of(after, EDC).digest == head_of(both, EDC).digest
        assert initial_day(head_of(before, EDC).obligations) == {HEARD_BY_HOSPITAL}

    def test_what_was_sent_for_the_other_needs_not_be_sent_again(self) -> None:
        duty = head_of(store_of(STUDY, OTHER), HOSPITAL).obligations[0]
        sent = {
            "kind": "record_submission",
            "obligation_id": duty.obligation_id,
            "authority": duty.authority,
            "recipient": duty.recipient,
            "duty": duty.duty.value,
            "rule_id": duty.rule_id,
            "trigger": duty.trigger,
            "due": duty.due.isoformat(),
            "decided": duty.decided,
            "state": "submitted",
            "at": "2026-03-04T09:00:00+08:00",
        }
        store = store_of(STUDY, OTHER, decided("sent", HOSPITAL, sent, "2026-03-04"), merge())

        now = next(
            each
            for each in head_of(store, EDC).obligations
            if (each.authority, each.recipient, each.duty)
            == (duty.authority, duty.recipient, duty.duty)
        )
        assert state_of(store, EDC)[f"submissions/{now.ground}"]["state"][0] == "submitted"

    @pytest.mark.parametrize(
        ("into", "first"),
        [
            (HOSPITAL, ()),
            ("EDC:nobody-knows", ()),
            (EDC, (decided("chain", EDC, {"kind": "merge", "into": "EDC:third", "same": []}),)),
        ],
        ids=["itself", "not known", "merged itself"],
    )
    def test_into_a_case_that_cannot_remain_is_refused(
        self, into: str, first: tuple[Record, ...]
    ) -> None:
        third = reported("third", {"case": {"sender": "EDC", "sender_case_id": "third"}})
        store = store_of(STUDY, OTHER, third, *first)
        wanted = decided("merge", HOSPITAL, {"kind": "merge", "into": into, "same": []})

        assert tally_of(store, wanted).reasons == {"merge_refused": 1}
        assert head_of(store, HOSPITAL).status == "valid"

    def test_of_a_case_that_was_merged_into_carries_both_on(self) -> None:
        third = {"sender": "PARTNER", "sender_case_id": "77"}
        chain = decided("chain", EDC, {"kind": "merge", "into": "PARTNER:77", "same": []})
        store = store_of(STUDY, OTHER, reported("third", {"case": third}), merge(), chain)

        state = state_of(store, "PARTNER:77")
        assert "other_identifiers/EDC|16621-01-001-AE01" in state
        assert "other_identifiers/HOSPITAL|2026-0117" in state
        assert initial_day(head_of(store, "PARTNER:77").obligations) == {HEARD_BY_HOSPITAL}


class TestUndoMerge:
    def test_both_cases_stand_as_they_stood_before(self) -> None:
        apart, undone = store_of(STUDY, OTHER), store_of(STUDY, OTHER, merge(), undo())

        for case_id in (EDC, HOSPITAL):
            before, after = head_of(apart, case_id), head_of(undone, case_id)
            assert after.obligations == before.obligations
            assert after.status == before.status
        assert state_of(undone, EDC) == state_of(apart, EDC)

    def test_they_can_be_merged_again(self) -> None:
        again = store_of(STUDY, OTHER, merge(), undo(), merge("again", day="2026-03-07"))
        once = store_of(STUDY, OTHER, merge())

        assert head_of(again, EDC).obligations == head_of(once, EDC).obligations
        assert state_of(again, EDC) == state_of(once, EDC)

    def test_in_the_middle_of_a_chain_takes_it_out_of_the_end_as_well(self) -> None:
        third = reported("third", {"case": {"sender": "PARTNER", "sender_case_id": "77"}})
        chain = decided("chain", EDC, {"kind": "merge", "into": "PARTNER:77", "same": []})
        store = store_of(STUDY, OTHER, third, merge(), chain, undo())

        assert "other_identifiers/HOSPITAL|2026-0117" not in state_of(store, "PARTNER:77")
        assert initial_day(head_of(store, "PARTNER:77").obligations) == {HEARD_BY_STUDY}
