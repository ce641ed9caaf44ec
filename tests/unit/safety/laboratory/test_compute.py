"""
The grade that the tests of a case give for a reaction.

Bounds as CTCAE publishes them: ALT > 3.0 - 5.0 x ULN is grade 2, > 5.0 - 20.0 grade 3 (both
versions, normal baseline); 5.0 compares with an abnormal baseline, 4.03 does not.
"""

from datetime import date
from typing import Any

import pytest

from safety.assessment import ReactionAssessment, assess_case
from safety.laboratory import ComputedGrade, choose_version
from tests.support.decisions import knowledge
from tests.support.reports import decision, fold_all, reaction, report

ULN = {"value": 50, "unit": "U/L"}
ALT_RISE = {"text": "ALT increased", "language": "en"}


def day(value: str) -> dict[str, str]:
    return {"value": value, "precision": "day"}


def alt(value: float, on: str | None = "2026-02-28", **changes: Any) -> dict[str, Any]:
    told = {
        "test_id": f"T{value}-{on}",
        "name": "ALT",
        "result": {"value": value, "unit": "U/L"} | changes.pop("result", {}),
        "high": ULN,
    }
    return told | ({} if on is None else {"date": day(on)}) | changes


def judged(*tests: dict[str, Any], **changes: Any) -> ReactionAssessment:
    told = {"term": ALT_RISE, "onset": day("2026-02-27"), **changes}
    state = fold_all(report(reactions=reaction(**told), tests=list(tests))).state
    (found,) = assess_case(state, knowledge()).reactions
    return found


def computed(*tests: dict[str, Any], **changes: Any) -> ComputedGrade | None:
    return judged(*tests, **changes).computed_grade


def codes(found: ReactionAssessment) -> list[str]:
    return [each.code for each in found.findings]


class TestComputeGrade:
    @pytest.mark.parametrize(
        ("tests", "grade"),
        [
            ([alt(150)], 1),  # 3.0 x ULN
            ([alt(151)], 2),
            ([alt(250)], 2),  # 5.0 x ULN
            ([alt(251)], 3),
            ([alt(50)], 0),
            ([alt(151), alt(251, "2026-03-01")], 3),  # the gravest
            ([alt(251), alt(151, "2026-03-01")], 3),
            ([alt(1100, "2026-02-26"), alt(151)], 2),  # before the onset
            ([alt(1100, None)], 4),  # a day that is not told may be any
            ([alt(1100, high=None)], None),  # no limit
            ([alt(1100, high={"value": 50, "unit": "ukat/L"})], None),  # a limit in another unit
            ([alt(251, result={"comparator": ">"})], 3),
            ([alt(150, result={"comparator": "<"})], None),  # 1 or none
        ],
    )
    def test_the_gravest_of_the_results_that_may_fall_into_it(
        self, tests: list[dict[str, Any]], grade: int | None
    ) -> None:
        found = computed(*[{n: v for n, v in each.items() if v is not None} for each in tests])

        assert found is not None
        assert found.grade == grade

    def test_results_after_the_end_do_not_count(self) -> None:
        found = computed(alt(151), alt(1100, "2026-03-10"), end=day("2026-03-09"))

        assert found is not None
        assert (found.grade, found.source) == (2, "tests/T151-2026-02-28")

    @pytest.mark.parametrize("term", ["diarrhoea", "no term of any dictionary"])
    def test_other_terms_have_none(self, term: str) -> None:
        assert computed(alt(1100), term={"text": term, "language": "en"}) is None

    def test_a_test_of_another_analyte_does_not_count(self) -> None:
        assert computed(alt(1100, name="AST")) is None

    @pytest.mark.parametrize(("ctcae", "grade"), [("4.03", 3), ("5.0", 1)])
    def test_the_version_of_the_reported_grade_decides(self, ctcae: str, grade: int) -> None:
        # baseline 150 was 3 x ULN: 300 is 6 x ULN, and 2 x the baseline
        drug = {
            "drug_id": "d1",
            "role": "suspect",
            "name": "sorafenib",
            "doses": [{"dose_id": "1", "start": day("2026-02-01")}],
        }
        state = fold_all(
            report(
                reactions=reaction(
                    term=ALT_RISE, onset=day("2026-02-27"), grade={"grade": 2, "ctcae": ctcae}
                ),
                drugs=[drug],
                tests=[alt(150, "2026-01-20"), alt(300)],
            )
        ).state
        (found,) = assess_case(state, knowledge()).reactions

        assert found.computed_grade is not None
        assert (found.computed_grade.ctcae, found.computed_grade.grade) == (ctcae, grade)


class TestThreeGrades:
    def test_stand_apart_and_a_disagreement_is_a_finding(self) -> None:
        found = judged(alt(251), grade={"grade": 2, "ctcae": "5.0"})

        assert (found.reported_grade, found.confirmed_grade, found.grade) == (2, None, 2)
        assert found.computed_grade is not None
        assert found.computed_grade.grade == 3
        assert "grade_differs_from_tests" in codes(found)

    @pytest.mark.parametrize(
        ("tests", "grade"),
        [
            ([alt(251)], 3),  # they agree
            ([alt(251, result={"comparator": ">"})], 4),  # it may be higher than computed
            ([alt(251)], 5),  # a death is no laboratory value
        ],
    )
    def test_agree(self, tests: list[dict[str, Any]], grade: int) -> None:
        assert "grade_differs_from_tests" not in codes(
            judged(*tests, grade={"grade": grade, "ctcae": "5.0"})
        )

    def test_a_confirmed_grade_ends_the_question(self) -> None:
        confirmed = decision(
            "d", {"kind": "confirm_grade", "reaction_id": "r1", "grade": 2, "ctcae": "5.0"}
        )
        told = reaction(term=ALT_RISE, grade={"grade": 1, "ctcae": "5.0"})
        state = fold_all(report(reactions=told, tests=[alt(251)]), confirmed).state
        (found,) = assess_case(state, knowledge()).reactions

        assert (found.reported_grade, found.confirmed_grade, found.grade) == (1, 2, 2)
        assert "grade_differs_from_tests" not in codes(found)

    def test_a_grade_only_from_tests_asks_to_be_confirmed(self) -> None:
        assert "grade_only_from_tests" in codes(judged(alt(251)))
        assert "grade_only_from_tests" not in codes(judged(alt(50)))


class TestChooseVersion:
    @pytest.mark.parametrize(
        ("told", "onset", "version"),
        [
            ("5.0", date(2014, 5, 6), "5.0"),
            ("4.0", date(2026, 2, 27), "4.03"),
            # CTCAE v5.0 was published on 27 November 2017
            ("unknown", date(2017, 11, 26), "4.03"),
            (None, date(2017, 11, 27), "5.0"),
            ("3.0", None, "5.0"),
            (None, date(2001, 1, 1), "4.03"),
        ],
    )
    def test_told_else_in_force_at_onset_else_newest(
        self, told: str | None, onset: date | None, version: str
    ) -> None:
        assert choose_version(told, onset) == version
