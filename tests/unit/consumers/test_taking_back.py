"""Which decisions cannot be taken back, and what is said of it."""

from consumers.decide import explain_not_undoable
from tests.support.decisions import obligations
from tests.support.reports import decision, fold_all, report
from tests.support.transmitting import transmit

GRADE = {"kind": "confirm_grade", "reaction_id": "r1", "grade": 3, "ctcae": "5.0"}


class TestExplainNotUndoable:
    def test_a_confirmed_grade_can_be_taken_back(self) -> None:
        confirmed = decision("d", GRADE)

        assert explain_not_undoable(confirmed.message, [report(), confirmed]) is None

    def test_what_was_sent_cannot_be_unsent(self) -> None:
        sent = transmit(obligations(report())[0])

        why = explain_not_undoable(sent.message, [report(), sent])

        assert why is not None
        assert "send an amendment or a nullification" in why

    def test_nor_does_a_message_that_says_so_unsend_it(self) -> None:
        # as it may come over Kafka, past the desk
        sent = transmit(obligations(report())[0], submitted=True)
        undo = decision("u", {"kind": "undo", "message_id": sent.message}, day="2026-03-21")

        kept = fold_all(report(), sent, undo).state

        assert kept.entities == fold_all(report(), sent).state.entities
