"""
The truth behind the simulated study: dates in order, and about the published incidence.

Bands come from the published percentages (sorafenib arm of SHARP, United States
prescribing information) with three standard deviations of 2,000 subjects and
some points for events that fall into another's time.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import pytest

from consumers.simulation import events
from consumers.simulation.course import Course, plan_course
from consumers.simulation.events import Happening
from consumers.simulation.person import (
    LAST_ENROLMENT,
    PRIMARY_COMPLETION,
    STUDY_START,
    enrol_subject,
)
from consumers.simulation.story import Story, make_story
from consumers.simulation.tables import (
    load_common_events,
    load_companions,
    load_serious_events,
)
from consumers.simulation.treatment import derive_treatment, last_dose_day

SUBJECTS = 2000
SKIN_AND_HAIR = {  # CTCAE 4.03 gives no grade 4 for these
    "hand_foot_skin_reaction": 3,
    "alopecia": 2,
    "dry_skin": 3,
    "pruritus": 3,
    "fatigue": 3,
    "weight_decreased": 3,
}


@cache
def stories() -> Sequence[Story]:
    return [make_story(7, number, SUBJECTS) for number in range(1, SUBJECTS + 1)]


def happenings() -> list[tuple[Story, Happening]]:
    return [(story, episode.event) for story in stories() for episode in story.episodes]


def share(concept: str, grades: tuple[int, ...] = (1, 2, 3, 4, 5)) -> float:
    """Give the percent of subjects who had this event with one of these grades."""
    having = {
        story.subject.number
        for story, event in happenings()
        if event.concept == concept and event.grade in grades
    }
    return 100 * len(having) / SUBJECTS


class TestIncidence:
    @pytest.mark.parametrize(
        ("concept", "published"),
        [
            ("diarrhoea", 55),
            ("fatigue", 46),
            ("abdominal_pain", 31),
            ("weight_decreased", 30),
            ("decreased_appetite", 29),
            ("nausea", 24),
            ("hand_foot_skin_reaction", 21),
            ("rash", 19),
            ("vomiting", 15),
            ("alopecia", 14),
            ("pruritus", 14),
            ("constipation", 14),
            ("dry_skin", 10),
            ("hypertension", 9),
        ],
    )
    def test_common_events_are_about_as_common_as_published(
        self, concept: str, published: int
    ) -> None:
        assert published - 6 < share(concept) < published + 5

    def test_liver_dysfunction_adds_up_from_both_tables(self) -> None:
        assert 8 < share("hepatic_function_abnormal") < 15  # published: 11

    @pytest.mark.parametrize(
        ("concept", "published"),
        [("diarrhoea", 11), ("fatigue", 10), ("hand_foot_skin_reaction", 8), ("nausea", 1)],
    )
    def test_severe_events_are_about_as_common_as_published(
        self, concept: str, published: int
    ) -> None:
        assert 0.5 * published < share(concept, (3, 4)) < 1.5 * published + 2

    def test_about_a_quarter_has_a_serious_event(self) -> None:
        serious = [
            story for story in stories() if any(each.event.serious for each in story.episodes)
        ]

        assert 0.20 < len(serious) / SUBJECTS < 0.33

    def test_most_are_men_with_hepatitis_b(self) -> None:
        subjects = [story.subject for story in stories()]

        assert 0.82 < sum(each.sex == "male" for each in subjects) / SUBJECTS < 0.88
        assert 0.77 < sum(each.hbv for each in subjects) / SUBJECTS < 0.83

    def test_some_die_of_an_event_and_more_of_the_disease(self) -> None:
        dead = [story.course for story in stories() if story.course.ending == "dead"]
        by_event = [course for course in dead if course.death_by_event]

        assert 0.01 < len(by_event) / SUBJECTS < 0.07
        assert len(by_event) < len(dead) / 3


class TestDatesAreInOrder:
    def test_enrolment_follows_surgery_and_precedes_the_first_dose(self) -> None:
        for story in stories():
            subject = story.subject
            assert subject.surgery + timedelta(days=14) < subject.enrolled <= subject.first_dose
            assert STUDY_START <= subject.enrolled <= LAST_ENROLMENT

    def test_subjects_are_enrolled_in_the_order_of_their_numbers(self) -> None:
        days = [story.subject.enrolled for story in stories()]

        assert days == sorted(days)

    def test_no_event_begins_before_the_first_dose(self) -> None:
        for story, event in happenings():
            assert event.onset >= story.subject.first_dose

    def test_no_event_ends_before_it_begins(self) -> None:
        for _, event in happenings():
            assert event.ended is None or event.ended >= event.onset
            assert event.died is None or event.died >= event.onset

    def test_nothing_happens_after_the_observation(self) -> None:
        for story, event in happenings():
            assert event.onset <= story.course.observed_until <= PRIMARY_COMPLETION
            assert event.ended is None or event.ended <= story.course.observed_until

    def test_recurrence_precedes_progression_and_both_the_end(self) -> None:
        for story in stories():
            course = story.course
            if course.progression:
                assert course.recurrence
                assert course.recurrence < course.progression < course.observed_until

    def test_who_dies_of_an_event_dies_on_that_day(self) -> None:
        for story in stories():
            deaths = [each.event.died for each in story.episodes if each.event.died]
            if story.course.death_by_event:
                assert deaths == [story.course.observed_until]
            else:
                assert deaths == []


class TestEvents:
    def test_no_grade_is_higher_than_its_term_has(self) -> None:
        for _, event in happenings():
            assert event.grade <= SKIN_AND_HAIR.get(event.concept, 5)

    def test_death_outcome_grade_and_criterion_go_together(self) -> None:
        for _, event in happenings():
            fatal = {
                event.died is not None,
                event.grade == 5,
                event.outcome == "fatal",
                "death" in event.criteria,
            }
            assert len(fatal) == 1

    def test_a_death_after_the_last_observation_is_not_known(self) -> None:
        fatal = Happening(
            concept="hepatic_failure",
            onset=date(2014, 5, 1),
            ended=None,
            outcome="fatal",
            grade=5,
            criteria=("death",),
            died=date(2014, 5, 9),
            related=True,
            zh=("肝衰竭",),
            en=("hepatic failure",),
        )

        seen = events._seen_until(fatal, date(2014, 5, 8))

        assert (seen.died, seen.outcome, seen.grade) == (None, "not_recovered", 4)
        assert seen.criteria == ("life_threatening",)

    def test_numbers_leave_room_for_companions(self) -> None:
        for story in stories():
            numbers = [
                number
                for each in story.episodes
                for number in range(each.number, each.number + 1 + len(each.event.companions))
            ]
            assert numbers == list(range(1, len(numbers) + 1))

    def test_one_subject_in_a_hundred_has_a_serious_event_for_certain(self) -> None:
        chosen = [story for story in stories() if story.subject.number % 100 == 7]

        assert len(chosen) == 20
        assert all(any(each.event.serious for each in story.episodes) for story in chosen)


class TestTreatment:
    def test_periods_follow_each_other_without_a_gap(self) -> None:
        for story in stories():
            for former, latter in zip(story.periods, story.periods[1:], strict=False):
                assert former.end is not None
                assert former.start <= former.end
                assert latter.start == former.end + timedelta(days=1)

    def test_only_the_last_period_is_open(self) -> None:
        for story in stories():
            assert [period.end is None for period in story.periods] == [False] * (
                len(story.periods) - 1
            ) + [True]

    def test_a_stop_comes_last_and_leaves_no_dose(self) -> None:
        for story in stories():
            changes = [period.change for period in story.periods]
            assert changes[0] == "start"
            assert "stopped" not in changes[:-1]
            if changes[-1] == "stopped":
                assert story.periods[-1].level is None

    def test_each_dose_change_for_an_event_is_what_the_report_says(self) -> None:
        said = {
            "reduced": "dose_reduced",
            "interrupted": "interrupted",
            "resumed": "interrupted",
            "stopped": "withdrawn",
        }
        for story in stories():
            for period in story.periods:
                if period.event is not None:
                    episode = story.episodes[period.event]
                    assert episode.reply.action == said[period.change]
                    assert period.start > episode.event.onset

    def test_about_a_third_have_their_dose_reduced(self) -> None:
        reduced = [
            story for story in stories() if any((each.level or 0) > 0 for each in story.periods)
        ]

        assert 0.2 < len(reduced) / SUBJECTS < 0.5

    def test_a_reduction_below_the_lowest_dose_becomes_an_interruption(self) -> None:
        levels = {period.level for story in stories() for period in story.periods}

        assert levels == {0, 1, 2, None}

    def test_without_events_the_dose_never_changes(self) -> None:
        subject = enrol_subject(1, 1, 106)
        course = Course(
            planned_stop=subject.first_dose + timedelta(days=100),
            stop_reason="planned",
            recurrence=None,
            progression=None,
            observed_until=PRIMARY_COMPLETION,
            ending="completed",
        )

        periods, replies = derive_treatment(subject, course, [])

        assert replies == []
        assert [(each.change, each.level) for each in periods] == [("start", 0), ("stopped", None)]
        assert periods[1].start == subject.first_dose + timedelta(days=101)
        assert last_dose_day(periods, PRIMARY_COMPLETION) == subject.first_dose + timedelta(
            days=100
        )


class TestTables:
    def test_every_companion_can_be_told(self) -> None:
        concepts = {name for row in load_serious_events() for name, _ in row.companions}

        assert concepts == set(load_companions())

    def test_no_event_is_severe_more_often_than_it_occurs(self) -> None:
        for row in load_common_events():
            assert row.grade_3_4 <= row.all_grades
            assert row.top_grade >= 3 or row.grade_3_4 == 0

    def test_times_are_given_from_short_to_long(self) -> None:
        times = [each.onset_days for each in load_common_events()]
        times += [each.lasts_days for each in load_common_events()]
        times += [each.onset_days for each in load_serious_events()]
        times += [each.lasts_days for each in load_serious_events()]

        assert all(list(each) == sorted(each) for each in times)


class TestPlanCourse:
    def test_treatment_never_outlives_the_observation(self) -> None:
        for number in range(1, 500):
            course = plan_course(enrol_subject(3, number, 500))
            assert course.planned_stop <= course.observed_until <= date(2016, 12, 31)
