"""
Seriousness of one reaction.

Expected answers follow ICH E2A II.B and the prompts of the regulatory brief, 2.1 to 2.3.
"""

from typing import Any

import pytest

from safety.case import OWNER, Entry, Fact
from safety.seriousness import CRITERIA, Seriousness, assess_seriousness


def judged(grade: int | None = None, **told: Any) -> Seriousness:
    fields = {OWNER: "EDC"} | {name.replace("__", "."): value for name, value in told.items()}
    facts = {name: Fact(value, "test m1") for name, value in fields.items()}
    return assess_seriousness(Entry("reactions/r1", facts), grade=grade)


class TestCriteria:
    @pytest.mark.parametrize("criterion", CRITERIA)
    def test_each_criterion_alone_makes_it_serious(self, criterion: str) -> None:
        answer = judged(**{f"seriousness__{criterion}": True})

        assert answer.serious is True
        assert answer.criteria == (criterion,)
        assert answer.paths == (f"reactions/r1.seriousness.{criterion}",)

    def test_nothing_stated_and_nothing_against_it_is_not_serious(self) -> None:
        answer = judged(outcome="recovered")

        assert (answer.serious, answer.fatal, answer.life_threatening) == (False, False, False)
        assert answer.findings == ()

    def test_no_information_is_not_stated(self) -> None:
        assert judged(seriousness__hospitalisation={"null": "NI"}).serious is False

    def test_what_the_desk_takes_back_is_not_stated(self) -> None:
        answer = judged(
            seriousness__hospitalisation=True, desk__seriousness__hospitalisation={"null": "NI"}
        )

        assert answer.serious is False

    def test_what_the_desk_adds_counts(self) -> None:
        assert judged(desk__seriousness__disability=True).criteria == ("disability",)

    @pytest.mark.parametrize("grade", [3, 4])
    def test_a_severe_grade_alone_does_not_make_it_serious(self, grade: int) -> None:
        # severity is another axis: brief 2.2, "a severe headache can be non-serious"
        assert judged(grade=grade).serious is False

    def test_a_mild_event_with_an_admission_is_serious(self) -> None:
        # brief 2.2 and 2.3: grades 1 and 2 with a criterion are allowed and not corrected
        answer = judged(grade=1, seriousness__hospitalisation=True)

        assert (answer.serious, answer.findings) == (True, ())


class TestDoubt:
    def test_a_fatal_outcome_without_the_criterion_leaves_death_open(self) -> None:
        answer = judged(outcome="fatal")

        assert (answer.serious, answer.fatal) == (None, None)
        assert [found.code for found in answer.findings] == [
            "fatal_outcome_without_death_criterion"
        ]

    def test_grade_5_without_the_criterion_leaves_death_open(self) -> None:
        answer = judged(grade=5)

        assert (answer.serious, answer.fatal) == (None, None)
        assert answer.paths == ("reactions/r1.grade",)

    def test_a_fatal_outcome_on_a_hospitalised_patient_is_serious_and_perhaps_fatal(self) -> None:
        answer = judged(outcome="fatal", seriousness__hospitalisation=True)

        assert (answer.serious, answer.fatal) == (True, None)
        assert answer.fatal_or_life_threatening is None

    def test_a_term_called_serious_without_a_criterion_is_open(self) -> None:
        answer = judged(highlight="no_serious")

        assert (answer.serious, answer.fatal) == (None, False)

    def test_death_without_a_fatal_outcome_is_a_contradiction_and_stays_fatal(self) -> None:
        answer = judged(seriousness__death=True, outcome="recovered")

        assert answer.fatal is True
        assert [found.severity for found in answer.findings] == ["contradiction"]


class TestTheSourcesOwnAnswer:
    def test_yes_without_a_criterion_is_serious_and_leaves_death_open(self) -> None:
        answer = judged(as_recorded={"serious": True}, outcome="recovered")

        assert (answer.serious, answer.criteria) == (True, ())
        assert (answer.fatal, answer.life_threatening) == (None, None)
        assert [found.code for found in answer.findings] == ["serious_without_criterion"]

    def test_no_beside_a_criterion_is_a_contradiction_that_nobody_decides(self) -> None:
        answer = judged(as_recorded={"serious": False}, seriousness__hospitalisation=True)

        assert (answer.serious, answer.criteria) == (None, ("hospitalisation",))
        assert [found.severity for found in answer.findings] == ["contradiction"]

    def test_no_beside_a_criterion_set_at_the_desk_is_serious(self) -> None:
        assert (
            judged(as_recorded={"serious": False}, desk__seriousness__disability=True).serious
            is True
        )

    def test_no_with_a_fatal_outcome_is_open(self) -> None:
        assert judged(as_recorded={"serious": False}, outcome="fatal").serious is None

    def test_no_alone_is_not_serious(self) -> None:
        answer = judged(as_recorded={"serious": False})

        assert (answer.serious, answer.fatal, answer.findings) == (False, False, ())


class TestGravity:
    @pytest.mark.parametrize(
        ("criterion", "expected"),
        [("death", True), ("life_threatening", True), ("hospitalisation", False)],
    )
    def test_fatal_or_life_threatening(self, criterion: str, *, expected: bool) -> None:
        answer = judged(**{f"seriousness__{criterion}": True})

        assert answer.fatal_or_life_threatening is expected


class TestPlannedAdmission:
    """Regulatory brief 1.5: a planned admission is no criterion, and has a reason code."""

    def test_makes_nothing_serious(self) -> None:
        answer = judged(seriousness__hospitalisation=True, planned_admission="planned_surgery")

        assert (answer.serious, answer.criteria) == (False, ())
        assert [found.code for found in answer.findings] == ["planned_admission"]

    def test_leaves_other_criteria(self) -> None:
        answer = judged(
            seriousness__hospitalisation=True,
            seriousness__life_threatening=True,
            planned_admission="social",
        )

        assert answer.criteria == ("life_threatening",)

    def test_yields_to_a_criterion_decided_at_the_desk(self) -> None:
        answer = judged(
            seriousness__hospitalisation=True,
            desk__seriousness__hospitalisation=True,
            planned_admission="social",
        )

        assert answer.criteria == ("hospitalisation",)
        assert [found.code for found in answer.findings] == ["planned_admission_overruled"]

    def test_may_be_found_and_taken_back_at_the_desk(self) -> None:
        told = {"seriousness__hospitalisation": True}

        assert judged(**told, desk__planned_admission="social").serious is False
        assert (
            judged(
                **told, planned_admission="social", desk__planned_admission={"null": "NI"}
            ).serious
            is True
        )
