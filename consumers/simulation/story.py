"""One subject's whole story: what truly happened, before anybody tells it."""

from dataclasses import dataclass
from datetime import timedelta

from consumers.simulation.course import Course, plan_course
from consumers.simulation.events import (
    AFTER_LAST_DOSE,
    IN_A_HUNDRED,
    Happening,
    is_told_again,
    plan_events,
)
from consumers.simulation.person import Subject, enrol_subject
from consumers.simulation.treatment import Period, Reply, derive_treatment, last_dose_day


@dataclass(frozen=True, slots=True)
class Episode:
    """
    One adverse event in the numbering of the study database.

    Attributes:
        number: Its own; those of its companions follow.
        reply: What was done with sorafenib.
    """

    number: int
    event: Happening
    reply: Reply

    @property
    def reaction_id(self) -> str:
        """The id of the main reaction within the subject."""
        return f"AE{self.number:02d}"


@dataclass(frozen=True, slots=True)
class Story:
    """
    All that happened to one subject.

    Attributes:
        told_again: Its events reach the company twice; see `is_told_again()`.
    """

    subject: Subject
    course: Course
    episodes: tuple[Episode, ...]
    periods: tuple[Period, ...]
    told_again: bool


def make_story(
    seed: int, number: int, subjects: int, *, told_again_in: int = IN_A_HUNDRED
) -> Story:
    """Make up the story of subject *number*, the same for the same arguments."""
    subject = enrol_subject(seed, number, subjects)
    told_again = is_told_again(subject, told_again_in)
    events, course = plan_events(subject, plan_course(subject), told_again=told_again)
    periods, replies = derive_treatment(subject, course, events)
    until = last_dose_day(periods, course.observed_until) + timedelta(days=AFTER_LAST_DOSE)
    episodes: list[Episode] = []
    next_number = 1
    for event, reply in zip(events, replies, strict=True):
        # The treatment may have ended early: long after it, only serious events are collected.
        if event.onset <= until or event.serious:
            episodes.append(Episode(next_number, event, reply))
            next_number += 1 + len(event.companions)
    return Story(subject, course, tuple(episodes), tuple(periods), told_again)


def case_id(subject: Subject, number: int) -> str:
    """Give the study database's number of a case."""
    return f"{subject.subject_id}-AE{number:02d}"
