"""One subject's whole story: what truly happened, before anybody tells it."""

from dataclasses import dataclass
from datetime import timedelta

from consumers.simulation.course import Course, plan_course
from consumers.simulation.events import AFTER_LAST_DOSE, Happening, plan_events
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
    """All that happened to one subject."""

    subject: Subject
    course: Course
    episodes: tuple[Episode, ...]
    periods: tuple[Period, ...]


def make_story(seed: int, number: int, subjects: int) -> Story:
    """Make up the story of subject *number*, the same for the same three arguments."""
    subject = enrol_subject(seed, number, subjects)
    events, course = plan_events(subject, plan_course(subject))
    periods, replies = derive_treatment(subject, course, events)
    until = last_dose_day(periods, course.observed_until) + timedelta(days=AFTER_LAST_DOSE)
    episodes: list[Episode] = []
    next_number = 1
    for event, reply in zip(events, replies, strict=True):
        # The treatment may have ended early: long after it, only serious events are collected.
        if event.onset <= until or event.serious:
            episodes.append(Episode(next_number, event, reply))
            next_number += 1 + len(event.companions)
    return Story(subject, course, tuple(episodes), tuple(periods))


def case_id(subject: Subject, number: int) -> str:
    """Give the study database's number of a case."""
    return f"{subject.subject_id}-AE{number:02d}"
