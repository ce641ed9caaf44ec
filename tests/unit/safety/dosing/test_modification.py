"""
What was done at a reaction against the label's table (regulatory facts 4.4).

Hand-foot skin reaction: grade 1 continue; grade 2 continue at first, hold at the second and third,
stop at the fourth; grade 3 hold at the first and second, stop at the third.
"""

from importlib.resources import files
from typing import Any

import pytest

from safety.dosing import check_modifications
from safety.dosing.modification import build_modifications, load_modifications
from safety.errors import KnowledgeError
from safety.profiles import load_product
from tests.support.reports import decision, fold_all, reaction, report

PRODUCT = load_product()
SHIPPED = (files("safety.dosing") / "data" / "modification.toml").read_text(encoding="utf-8")
HFSR = "Palmar-plantar erythrodysesthesia syndrome"


def codes(
    grades: list[int | None], action: str | None, term: str | None = HFSR, *, later: Any = None
) -> list[str]:
    """Give the findings of a case with reactions of one term and these grades, a month apart."""
    reactions = [
        reaction(
            reaction_id=f"r{place}",
            grade=None if grade is None else {"grade": grade, "ctcae": "5.0"},
            onset={"value": f"2025-{place:02d}-01", "precision": "day"},
        )[0]
        for place, grade in enumerate(grades, start=1)
    ]
    drug: dict[str, Any] = {"drug_id": "d1", "role": "suspect", "name": "sorafenib"}
    if action is not None:
        drug["action_taken"] = action
    reports = [report(drugs=[drug], reactions=reactions, relatedness=None)]
    if later is not None:
        reports.append(later)
    state = fold_all(*reports).state
    terms = {entry.key: term for entry in state.reactions}
    return [finding.code for finding in check_modifications(state, PRODUCT, terms)]


class TestCheckModifications:
    @pytest.mark.parametrize(
        ("grade", "action", "found"),
        [
            (1, "dose_not_changed", []),
            (1, "interrupted", ["more_than_label"]),
            (1, "withdrawn", ["more_than_label"]),
            (2, "dose_not_changed", []),
            (2, "dose_reduced", []),
            (2, "withdrawn", []),  # may be the fourth: a case does not tell them all
            (2, "dose_increased", ["less_than_label"]),
            (3, "dose_not_changed", ["less_than_label"]),
            (3, "dose_reduced", []),
            (3, "interrupted", []),
            (3, "withdrawn", []),
            (3, "unknown", []),
            (3, None, []),
            (None, "dose_not_changed", []),
        ],
    )
    def test_hand_foot_skin_reaction_at_its_first_occurrence(
        self, grade: int | None, action: str | None, found: list[str]
    ) -> None:
        assert codes([grade], action) == found

    @pytest.mark.parametrize(
        ("grades", "action", "found"),
        [
            ([2, 2], "dose_not_changed", 1),
            ([2, 2], "interrupted", 0),
            ([2, 2, 2, 2], "interrupted", 1),
            ([2, 2, 2, 2], "withdrawn", 0),
            ([3, 3], "interrupted", 0),
            ([3, 3, 3], "interrupted", 1),
            # a grade 1 before does not count towards the second grade 2
            ([1, 2], "dose_not_changed", 0),
            # a grade 3 before does
            ([3, 2], "interrupted", 0),
            ([3, 2], "dose_not_changed", 2),
        ],
    )
    def test_later_occurrences_ask_for_more(
        self, grades: list[int | None], action: str, found: int
    ) -> None:
        assert codes(grades, action) == ["less_than_label"] * found

    @pytest.mark.parametrize(
        ("term", "grade", "enough"),
        [
            ("Myocardial infarction", 2, "withdrawn"),
            ("Myocardial ischemia", 2, "withdrawn"),
            ("Heart failure", 3, "interrupted"),
            ("Heart failure", 4, "withdrawn"),
            ("Hypertension", 3, "interrupted"),
            ("Hypertension", 4, "withdrawn"),
            ("Hypertensive crisis", 3, "withdrawn"),
            ("Gastric perforation", 2, "withdrawn"),
            ("Gastric hemorrhage", 3, "withdrawn"),
            ("Hemorrhage", 3, "withdrawn"),
            ("Hematemesis", 3, "withdrawn"),
            ("Epistaxis", 4, "withdrawn"),
            ("Electrocardiogram QT corrected interval prolonged", 3, "interrupted"),
            ("Stevens-Johnson syndrome", 2, "withdrawn"),
            ("Toxic epidermal necrolysis", 4, "withdrawn"),
        ],
    )
    def test_other_reactions_of_the_label(self, term: str, grade: int, enough: str) -> None:
        less = {"interrupted": "dose_not_changed", "withdrawn": "interrupted"}[enough]

        assert codes([grade], less, term) == ["less_than_label"]
        assert codes([grade], enough, term) == []

    @pytest.mark.parametrize(
        ("term", "grade"),
        [("Myocardial ischemia", 1), ("Hypertension", 2), ("Epistaxis", 2), ("Heart failure", 2)],
    )
    def test_below_the_grade_of_the_label_the_drug_may_go_on(self, term: str, grade: int) -> None:
        assert codes([grade], "dose_not_changed", term) == []

    @pytest.mark.parametrize("term", ["Alopecia", None])
    def test_what_the_table_does_not_name_is_not_checked(self, term: str | None) -> None:
        assert codes([2], "dose_not_changed", term) == []

    def test_the_grade_confirmed_at_the_desk_counts(self) -> None:
        action = {"kind": "confirm_grade", "reaction_id": "r1", "grade": 3, "ctcae": "5.0"}

        assert codes([1], "dose_not_changed", later=decision("m2", action)) == ["less_than_label"]

    def test_more_than_the_label_is_not_said_where_another_reaction_may_be_why(self) -> None:
        assert codes([1, 1], "withdrawn") == []


class TestTable:
    def test_its_terms_are_terms_of_the_dictionary(self) -> None:
        known = {
            line.split(",", 2)[1]
            for line in (files("safety.coding") / "data" / "terms.csv")
            .read_text(encoding="utf-8")
            .splitlines()
        }

        for row in load_modifications():
            assert row.terms <= known, row.id
            assert all(any(term.endswith(end) for term in known) for end in row.ends)

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('id = "HFSR-1"', 'id = "HFSR-3"', "twice"),
            ('least = "hold"', 'least = "wait"', "one of"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_modifications(SHIPPED.replace(old, new))
