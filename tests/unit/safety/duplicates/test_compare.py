"""
How alike two cases are, field by field.

Bits are log2 of the two shares in the data file, worked out by hand: log2(0.97 / 0.01) = 6.6,
log2(0.9 / 0.005) = 7.49, log2(0.9 / 0.000055) = 14.0, log2(0.98 / 0.65) = 0.59.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.duplicates import Event, Fingerprint, Pair, assess_pair, load_weights
from tests.support.fingerprints import TOLD, another, told

EVENT = "Thromboembolic event"
WEIGHTS = load_weights()


def pair(one: Fingerprint, other: Fingerprint) -> Pair | None:
    return assess_pair(one, other, WEIGHTS)


def evidence(**changes: Any) -> dict[str, tuple[str, float]]:
    """Give field to level and bits, of A and B with some of B told otherwise."""
    found = assess_pair(told(numbers=("same",)), another(numbers=("same",), **changes), WEIGHTS)
    assert found is not None
    return {each.field: (each.level, each.bits) for each in found.evidence}


class TestEvidence:
    def test_each_field_adds_what_its_agreement_is_worth(self) -> None:
        found = evidence()

        assert found["subject"] == ("same", 6.6)
        assert found["initials"] == ("same", 7.49)
        assert found["birth"] == ("same day", 14.0)
        assert found["sex"] == ("same", 0.59)

    @pytest.mark.parametrize(
        ("birth", "level"),
        [
            ("1967-05-03", "same day"),
            ("1967-03-05", "near"),  # day and month changed places
            ("1967-05-08", "near"),
            ("1976-05-03", "near"),
            ("1967-05", "same month"),
            ("1967", "same year"),
            ("1950-01-20", "differs"),
            ("1966", "differs"),
        ],
    )
    def test_a_birth_date_may_be_missed_by_a_slip(self, birth: str, level: str) -> None:
        assert evidence(birth=birth)["birth"][0] == level

    def test_age_counts_only_where_birth_dates_cannot_be_compared(self) -> None:
        assert "age" not in evidence(age=70)
        assert evidence(birth=None, age=59)["age"][0] == "near"
        assert evidence(birth=None, age=70)["age"][0] == "differs"

    def test_what_one_of_them_does_not_tell_says_nothing(self) -> None:
        found = evidence(sex=None, initials=None, subject=None, countries=())

        assert not {"sex", "initials", "subject", "country"} & found.keys()

    @pytest.mark.parametrize(
        ("onset", "level"),
        [
            ("2026-02-27", "same day"),
            ("2026-03-06", "near"),  # seven days later
            ("2026-03-07", "differs"),
            ("2026-02", "same month"),
            ("2026", "same year"),
            ("2025", "differs"),
        ],
    )
    def test_onsets_of_the_event_in_common_are_compared(self, onset: str, level: str) -> None:
        events = (Event(EVENT, onset), Event("Alopecia", "2026-02-27"))

        assert evidence(events=events)["onset"][0] == level

    def test_a_rare_event_in_common_says_more_than_a_common_one(self) -> None:
        rare = evidence()["event"][1]
        assess = assess_pair(
            told(numbers=("n",), events=(Event("Diarrhea", None),)),
            another(numbers=("n",), events=(Event("Diarrhea", None),)),
            WEIGHTS,
        )

        assert assess is not None
        assert rare > next(e.bits for e in assess.evidence if e.field == "event")


class TestAssessPair:
    def test_two_that_tell_the_same_are_an_open_pair(self) -> None:
        found = pair(told(), another())

        assert found is not None
        assert (found.case_id, found.other_id, found.state) == ("A", "B", "open")

    @pytest.mark.parametrize(
        "events",
        [
            (Event("Alopecia", "2026-02-27"),),  # another event of the same day
            (Event("Alopecia", None),),
            (Event("~something", "2026-02-20"),),  # not coded, and on another day
        ],
    )
    def test_two_events_of_one_patient_are_no_pair(self, events: tuple[Event, ...]) -> None:
        assert pair(told(), another(events=events)) is None

    def test_a_common_event_that_comes_again_is_no_pair(self) -> None:
        first = told(events=(Event("Diarrhea", "2026-02-27"),))

        assert pair(first, another(events=(Event("Diarrhea", "2026-05-30"),))) is None

    @pytest.mark.parametrize(
        ("one", "other", "raised"),
        [
            # names that two people give to one event
            (Event("Melena", "2026-02-27"), Event("Hematochezia", "2026-02-28"), True),
            (Event("Melena", "2026-02-27"), Event("Hematochezia", "2026-06-28"), False),
            (Event("Melena", "2026-02"), Event("Hematochezia", "2026-01-31"), True),
            (Event("Abdominal pain", "2026-02-27"), Event("Hepatic pain", "2026-02-28"), True),
            (Event("Abdominal pain", "2026-02-27"), Event("Headache", "2026-02-27"), False),
            # words that nobody coded yet
            (Event("~astheniafatigue", "2026-02-27"), Event("Fatigue", "2026-02-28"), True),
            (Event("~gastrointestinalbled", "2026-02-27"), Event("Melena", "2026-02-28"), False),
            (Event("~vomitingaftermeal", "2026-02-27"), Event("Alopecia", "2026-02-28"), False),
            # an event that had ended before it began again, and one that went on
            (
                Event("Diarrhea", "2026-02-24", "2026-02-26"),
                Event("Diarrhea", "2026-02-27", "2026-02-28"),
                False,
            ),
            (
                Event("Diarrhea", "2026-02-24", "2026-03-05"),
                Event("Diarrhea", "2026-02-27", "2026-02-28"),
                True,
            ),
            # a slip in the year, and the same last day
            (
                Event("Fatigue", "2025", "2026-03-20"),
                Event("Fatigue", "2026-02-27", "2026-03-20"),
                True,
            ),
        ],
    )
    def test_the_event_decides_where_the_patient_is_one(
        self, one: Event, other: Event, *, raised: bool
    ) -> None:
        first, second = told(sender="edc", events=(one,)), another(sender="h", events=(other,))

        assert (pair(first, second) is not None) is raised

    @pytest.mark.parametrize(
        ("onset", "raised"),
        # an event entered twice has its day; one that came again within days has not
        [("2026-02-27", True), ("2026-03-01", False)],
    )
    def test_of_one_sender_who_numbers_each_event_once_more_is_asked(
        self, onset: str, *, raised: bool
    ) -> None:
        first = told(sender="edc", events=(Event("Diarrhea", "2026-02-27"),))
        again = (Event("Diarrhea", onset),)

        assert (pair(first, another(sender="edc", events=again)) is not None) is raised
        assert pair(first, another(sender="hospital", events=again)) is not None

    def test_other_patients_with_the_same_event_on_the_same_day_are_no_pair(self) -> None:
        stranger = another(subject="nct01751763|09-009", initials="zq", birth="1950-01-20", age=76)

        assert pair(told(), stranger) is None

    def test_one_that_gives_the_number_of_the_other_is_a_pair_whatever_else_it_tells(self) -> None:
        stranger = another(
            numbers=("b", "a"), subject=None, initials="zq", birth="1950-01-20", events=()
        )

        assert pair(told(), stranger) is not None

    @pytest.mark.parametrize(
        ("one", "other", "state"),
        [
            (told(distinct=("B",)), another(), "dismissed"),
            (told(), another(distinct=("A",)), "dismissed"),
            (told(merged_into="B"), another(), "merged"),
            (told(), another(merged_into="A", events=()), "merged"),
        ],
    )
    def test_what_a_person_decided_is_its_state(
        self, one: Fingerprint, other: Fingerprint, state: str
    ) -> None:
        found = pair(one, other)

        assert found is not None
        assert found.state == state

    @pytest.mark.parametrize("gone", [{"void": True}, {"merged_into": "C"}])
    def test_a_case_that_stands_no_more_is_in_no_pair(self, gone: dict[str, Any]) -> None:
        assert pair(told(), another(**gone)) is None

    @given(
        birth=st.sampled_from([None, "1967-05-03", "1967-05", "1976-03-05"]),
        sex=st.sampled_from([None, "male", "female"]),
        onset=st.sampled_from([None, "2026-02-27", "2026-03", "2025-12-31"]),
        term=st.sampled_from([EVENT, "Diarrhea", "~words"]),
    )
    def test_it_does_not_matter_which_case_comes_first(
        self, birth: str | None, sex: str | None, onset: str | None, term: str
    ) -> None:
        other = another(birth=birth, sex=sex, events=(Event(term, onset),))

        assert pair(TOLD, other) == pair(other, TOLD)
