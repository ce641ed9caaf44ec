"""Events that a change of release moves; the changes are made by hand in tests/data/meddra/99.1."""

from safety.coding.impact import find_moves
from tests.support.meddra import licensed

# In 99.1 "Watery zorbs" is a preferred term of its own, "Gland puffing" is below another one,
# "Rash zorbish" is not current any more; nothing else changes for these.
VERBATIMS = ("watery zorbs", "gland puffing", "rash zorbish", "Nausea", "腹泻", "no nausea", "?")


class TestFindMoves:
    def test_what_changes_its_term_class_or_lowest_level_term_moves(self) -> None:
        events = [("case 1", f"r{number}", text) for number, text in enumerate(VERBATIMS)]
        moves = list(find_moves(events, licensed("99.0").dictionary, licensed("99.1").dictionary))

        assert [(move.case_id, move.reaction) for move in moves] == [
            ("case 1", "r0"),
            ("case 1", "r1"),
            ("case 1", "r2"),
        ]
        assert [(move.before.code, move.after.code) for move in moves] == [
            ("90000101", "90000110"),
            ("90000105", "90000109"),
            ("90000104", "90000104"),
        ]
