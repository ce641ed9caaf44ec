"""
Dechallenge and rechallenge, by the rules of regulatory facts 3.4.

Sorafenib's half-life is 25 to 48 hours; five of the longest are 240 hours, 10 days.
"""

from dataclasses import replace

import pytest

from safety.causality.challenge import (
    ReactionCourse,
    RechallengeFinding,
    check_rechallenge,
    derive_dechallenge,
    derive_rechallenge,
    derive_washout_days,
    read_course,
)
from safety.causality.exposure import ExposureHistory
from safety.profiles import load_product
from schemas.vocabulary import Rechallenge
from tests.support.reports import fold_all, reaction, report
from tests.unit.safety.causality.test_exposure import day, history

WASHOUT = 10
STOPPED = history(("2014-05-01", "2014-05-20", 800))
REDUCED = history(("2014-05-01", "2014-05-20", 800), ("2014-05-21", None, 400))
ONGOING = history(("2014-05-01", None, 800))
INTERRUPTED = history(("2014-05-01", "2014-05-20", 800), ("2014-06-10", None, 800))
RESUMED_LOWER = history(("2014-05-01", "2014-05-20", 800), ("2014-06-10", None, 400))

# Begins on day 19 after the first dose.
COURSE = ReactionCourse(
    onset=day("2014-05-20"),
    end=day("2014-06-01"),
    outcome="recovered",
    observed_until=day("2014-08-01"),
)
PERSISTING = replace(COURSE, end=None, outcome="not_recovered")


class TestDeriveWashoutDays:
    def test_five_of_the_longest_half_lives(self) -> None:
        assert derive_washout_days((25, 48)) == 10
        assert derive_washout_days(load_product().half_life_hours) == 10
        assert derive_washout_days((25, 25)) == 6  # 125 hours are not over on day 5


def dechallenge(told: ExposureHistory, course: ReactionCourse, action: str | None = None) -> str:
    return derive_dechallenge(told, course, action_taken=action, washout_days=WASHOUT).answer


class TestDeriveDechallenge:
    @pytest.mark.parametrize("told", [STOPPED, REDUCED, INTERRUPTED])
    def test_a_reaction_that_abates_after_stop_or_reduction_is_positive(
        self, told: ExposureHistory
    ) -> None:
        found = derive_dechallenge(told, COURSE, action_taken=None, washout_days=WASHOUT)

        assert (found.answer, found.confounded) == ("positive", False)

    @pytest.mark.parametrize("outcome", ["recovered", "recovering", "recovered_with_sequelae"])
    @pytest.mark.parametrize("action", ["withdrawn", "interrupted", "dose_reduced"])
    def test_the_action_taken_stands_in_for_doses_that_are_not_told(
        self, action: str, outcome: str
    ) -> None:
        assert dechallenge(ONGOING, replace(COURSE, outcome=outcome), action) == "positive"

    def test_treatment_may_explain_it_as_well(self) -> None:
        treated = replace(COURSE, treated=True)
        found = derive_dechallenge(STOPPED, treated, action_taken=None, washout_days=WASHOUT)

        assert (found.answer, found.confounded) == ("positive", True)

    @pytest.mark.parametrize(
        ("observed", "answer"),
        # first day without drug: 21 May; the washout is over on 31 May
        [
            ("2014-05-30", "unknown"),
            ("2014-05-31", "negative"),
            ("2014-05", "unknown"),
            (None, "unknown"),
        ],
    )
    def test_a_reaction_that_persists_is_negative_only_after_the_washout(
        self, observed: str | None, answer: str
    ) -> None:
        until = None if observed is None else day(observed)

        assert dechallenge(STOPPED, replace(PERSISTING, observed_until=until)) == answer

    def test_persisting_at_a_lower_dose_is_no_washout(self) -> None:
        assert dechallenge(REDUCED, PERSISTING) == "unknown"

    @pytest.mark.parametrize(
        ("restart", "answer"), [("2014-05-30", "unknown"), ("2014-05-31", "negative")]
    )
    def test_a_restart_ends_the_washout(self, restart: str, answer: str) -> None:
        told = history(("2014-05-01", "2014-05-20", 800), (restart, None, 800))

        assert dechallenge(told, PERSISTING) == answer

    def test_persisting_after_a_stop_without_date_says_nothing(self) -> None:
        assert dechallenge(ONGOING, PERSISTING, "withdrawn") == "unknown"

    @pytest.mark.parametrize(
        "course",
        [
            replace(COURSE, outcome="fatal"),
            replace(COURSE, one_off=True),
            replace(COURSE, irreversible=True),
            replace(COURSE, onset=day("2014-06-20")),  # a month after the last dose
            replace(COURSE, onset=day("2014-05-10"), end=day("2014-05-20")),  # over before
        ],
    )
    def test_where_stopping_could_show_nothing_it_is_not_applicable(
        self, course: ReactionCourse
    ) -> None:
        assert dechallenge(STOPPED, course, "withdrawn") == "not_applicable"

    @pytest.mark.parametrize(
        ("action", "answer"),
        [
            ("dose_not_changed", "not_applicable"),
            ("dose_increased", "not_applicable"),
            ("unknown", "unknown"),
            (None, "unknown"),
        ],
    )
    def test_a_drug_that_was_not_stopped(self, action: str | None, answer: str) -> None:
        assert dechallenge(ONGOING, COURSE, action) == answer

    @pytest.mark.parametrize(
        "course",
        [
            replace(COURSE, onset=day("2014-05-10"), end=day("2014-05")),
            replace(COURSE, outcome="unknown"),
            replace(COURSE, outcome=None),
        ],
    )
    def test_what_dates_and_outcome_do_not_settle_is_unknown(self, course: ReactionCourse) -> None:
        assert dechallenge(STOPPED, course) == "unknown"

    @pytest.mark.parametrize("end", ["2014-06-11", None])
    def test_abating_only_after_the_restart_is_no_dechallenge(self, end: str | None) -> None:
        course = replace(COURSE, end=None if end is None else day(end))

        assert dechallenge(INTERRUPTED, course) == "unknown"

    def test_ending_on_the_first_day_without_drug_is_positive(self) -> None:
        assert dechallenge(STOPPED, replace(COURSE, end=day("2014-05-21"))) == "positive"


class TestDeriveRechallenge:
    @pytest.mark.parametrize("again", ["2014-06-10", "2014-06-15", "2014-07"])
    def test_the_same_reaction_after_the_restart_is_recurrence(self, again: str) -> None:
        found = derive_rechallenge(INTERRUPTED, COURSE, recurrences=[day(again)])

        assert found.answer is Rechallenge.RECURRED
        assert not found.at_lower_dose

    def test_a_reaction_before_the_restart_is_none(self) -> None:
        found = derive_rechallenge(INTERRUPTED, COURSE, recurrences=[day("2014-06-09")])

        assert found.answer is Rechallenge.DID_NOT_RECUR

    def test_a_recurrence_known_to_the_month_of_the_restart_is_unclear(self) -> None:
        found = derive_rechallenge(INTERRUPTED, COURSE, recurrences=[day("2014-06")])

        assert found.answer is Rechallenge.OUTCOME_UNKNOWN

    @pytest.mark.parametrize(
        ("observed", "answer"),
        # the first took 19 days; 19 days after 10 June is 29 June
        [
            ("2014-06-28", Rechallenge.OUTCOME_UNKNOWN),
            ("2014-06-29", Rechallenge.DID_NOT_RECUR),
            (None, Rechallenge.OUTCOME_UNKNOWN),
        ],
    )
    def test_absence_counts_after_as_long_as_it_first_took(
        self, observed: str | None, answer: Rechallenge
    ) -> None:
        course = replace(COURSE, observed_until=None if observed is None else day(observed))

        assert derive_rechallenge(INTERRUPTED, course, recurrences=[]).answer is answer

    def test_absence_at_a_lower_dose_is_told_as_weak(self) -> None:
        found = derive_rechallenge(RESUMED_LOWER, COURSE, recurrences=[])

        assert (found.answer, found.at_lower_dose) == (Rechallenge.DID_NOT_RECUR, True)

    @pytest.mark.parametrize("end", [None, "2014-06-20"])
    def test_what_had_not_abated_cannot_recur(self, end: str | None) -> None:
        course = replace(COURSE, end=None if end is None else day(end))

        assert (
            derive_rechallenge(INTERRUPTED, course, recurrences=[]).answer
            is Rechallenge.OUTCOME_UNKNOWN
        )

    @pytest.mark.parametrize("told", [STOPPED, REDUCED, ONGOING])
    def test_without_a_restart_it_was_not_done(self, told: ExposureHistory) -> None:
        found = derive_rechallenge(told, COURSE, recurrences=[])

        assert found.answer is Rechallenge.NOT_DONE

    def test_a_restart_before_the_reaction_is_none(self) -> None:
        later = replace(COURSE, onset=day("2014-07-01"), end=day("2014-07-20"))

        assert derive_rechallenge(INTERRUPTED, later, recurrences=[]).answer is Rechallenge.NOT_DONE

    @pytest.mark.parametrize(
        ("told", "course"),
        [
            (history(), COURSE),
            (history((None, None, 800), ("2014-05-01", None, 800)), COURSE),
            (INTERRUPTED, replace(COURSE, onset=None)),
        ],
    )
    def test_without_onset_or_doses_nothing_is_known(
        self, told: ExposureHistory, course: ReactionCourse
    ) -> None:
        assert derive_rechallenge(told, course, recurrences=[]).answer is None


class TestCheckRechallenge:
    @pytest.mark.parametrize(
        ("derived", "reported", "codes"),
        [
            (Rechallenge.NOT_DONE, "recurred", ["rechallenge_without_restart"]),
            (Rechallenge.NOT_DONE, "did_not_recur", ["rechallenge_without_restart"]),
            (Rechallenge.NOT_DONE, "not_done", []),
            (Rechallenge.NOT_DONE, None, []),
            (Rechallenge.RECURRED, "recurred", []),
            (Rechallenge.RECURRED, "did_not_recur", ["rechallenge_recurred"]),
            (Rechallenge.RECURRED, None, ["restart_not_assessed"]),
            (Rechallenge.DID_NOT_RECUR, "recurred", ["rechallenge_not_seen"]),
            (Rechallenge.DID_NOT_RECUR, "not_done", ["restart_not_assessed"]),
            (Rechallenge.OUTCOME_UNKNOWN, "recurred", []),
            (None, "recurred", []),
        ],
    )
    def test_only_a_disagreement_is_a_finding(
        self, derived: Rechallenge | None, reported: str | None, codes: list[str]
    ) -> None:
        found = check_rechallenge(RechallengeFinding(derived, ""), reported, "drug_reactions/d|r")

        assert [finding.code for finding in found] == codes


class TestReadCourse:
    def test_dates_outcome_and_treatment_come_from_the_reaction(self) -> None:
        told = reaction(
            onset={"value": "2026-02", "precision": "month"},
            end={"null": "UNK"},
            outcome="recovering",
            treatment="heparin",
        )
        (entry,) = fold_all(report(reactions=told)).state.reactions

        assert read_course(entry, day("2026-03-02")) == ReactionCourse(
            onset=day("2026-02"),
            outcome="recovering",
            treated=True,
            observed_until=day("2026-03-02"),
        )
