"""
The whole study as a stream of Kafka records, in constant memory.

A few subjects are open at a time and their messages are interleaved; when one
is told to its end, the next is enrolled. Disorder stays within a subject:
messages are held up, repeated, or first sent broken.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from consumers.simulation.chance import Chance
from consumers.simulation.events import IN_A_HUNDRED
from consumers.simulation.faults import ANY_MESSAGE, REPORTS_ONLY
from consumers.simulation.records import tell_study_records
from consumers.simulation.reports import duplicate_cases, slip_of, tell_reports
from consumers.simulation.story import Story, make_story
from consumers.simulation.telling import REPORTED, Told, encode_event
from schemas.errors import Reason
from schemas.topics import ADVERSE_EVENTS

OPEN_SUBJECTS = 12
REPEATED_PERCENT = 2
HELD_UP_PERCENT = 15  # of messages about adverse events; about one in a hundred of the others
BROKEN_PERCENT = 1  # of study records
BROKEN_REPORT_PERCENT = 3  # reports are few, and all ways of breaking should be met

HEADERS: Mapping[str, str] = {"content-type": "application/cloudevents+json; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class SimulatedRecord:
    """One Kafka record as a partner would produce it."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)


@dataclass(frozen=True, slots=True)
class Tally:
    """
    What a simulated study holds, so that nothing can be lost unseen.

    Attributes:
        records: All records, by topic.
        first_told: Records that keep their contract and are told for the first time, by topic.
        repeated: Records whose id and bytes were told before, by topic.
        refused: Records that must be refused, by reason. `future_awareness` keeps the
            contract of the message and is refused when the clock is looked at.
        slips: First reports with a mistyped entry, by kind; accepted, then found doubtful.
    """

    records: Counter[str]
    first_told: Counter[str]
    repeated: Counter[str]
    refused: Counter[Reason]
    slips: Counter[str]


def simulate_secure(
    seed: int, subjects: int = 106, *, told_again_in: int = IN_A_HUNDRED
) -> Iterator[SimulatedRecord]:
    """
    Give the records of a simulated SECURE study; all its people are invented.

    The same arguments give the same bytes on every machine. 106 subjects give about
    8,000 records, most of them laboratory results.

    Args:
        seed: Any whole number; which study.

        subjects: How many; the study itself had 106.

        told_again_in: One subject in so many has events that are told twice.
    """
    for record, _ in _stream(seed, subjects, told_again_in):
        yield record


def expected_counts(seed: int, subjects: int = 106) -> Tally:
    """Count what `simulate_secure()` gives for the same arguments."""
    tally = Tally(Counter(), Counter(), Counter(), Counter(), Counter())
    for record, fate in _stream(seed, subjects):
        tally.records[record.topic] += 1
        if isinstance(fate, Reason):
            tally.refused[fate] += 1
        elif fate == "repeated":
            tally.repeated[record.topic] += 1
        else:
            tally.first_told[record.topic] += 1
    for number in range(1, subjects + 1):
        story = make_story(seed, number, subjects)
        slips = (slip_of(story, episode) for episode in story.episodes)
        tally.slips.update(slip for slip in slips if slip)
    return tally


def known_duplicates(
    seed: int, subjects: int = 106, *, told_again_in: int = IN_A_HUNDRED
) -> Iterator[tuple[str, str]]:
    """
    Give the cases that tell again of an event: the key of the case, and of the one it repeats.

    The ground truth for the search for duplicates. Two pairs for one subject in so many:
    an event entered twice (and nullified later), a serious event told by a hospital too.
    """
    for number in range(1, subjects + 1):
        story = make_story(seed, number, subjects, told_again_in=told_again_in)
        yield from duplicate_cases(story)


Fate = Reason | str  # the reason for refusal; or "first", "repeated"


def _stream(
    seed: int, subjects: int, told_again_in: int = IN_A_HUNDRED
) -> Iterator[tuple[SimulatedRecord, Fate]]:
    chance = Chance("secure", seed, "stream")
    waiting = iter(range(1, subjects + 1))
    opened: list[Iterator[tuple[SimulatedRecord, Fate]]] = []
    while True:
        while len(opened) < OPEN_SUBJECTS and (number := next(waiting, None)):
            story = make_story(seed, number, subjects, told_again_in=told_again_in)
            opened.append(_tell_subject(story))
        if not opened:
            return
        at = chance.between(0, len(opened) - 1)
        record = next(opened[at], None)
        if record is None:
            del opened[at]
        else:
            yield record


def _tell_subject(story: Story) -> Iterator[tuple[SimulatedRecord, Fate]]:
    """Give one subject's records in the order in which they reach the topics."""
    subject = story.subject
    chance = Chance("secure", subject.seed, subject.number, "delivery")
    telling = [
        _held_up(chance, told) for told in (*tell_study_records(story), *tell_reports(story))
    ]
    # By id among messages of the same moment, so that the order is fixed.
    telling.sort(key=lambda told: (told.arrives, told.message_id))
    again: list[SimulatedRecord] = []
    for told in telling:
        broken = _broken(chance, told)
        if broken:
            yield broken
        record = SimulatedRecord(told.topic.name, told.subject, encode_event(told))
        yield record, "first"
        if chance.percent(REPEATED_PERCENT):
            again.append(record)
        while again and chance.percent(50):
            yield again.pop(0), "repeated"
    for record in again:
        yield record, "repeated"


def _held_up(chance: Chance, told: Told) -> Told:
    """Now and then let a message arrive days late, behind its own follow-up."""
    about_a_case = told.topic is ADVERSE_EVENTS
    if not chance.percent(HELD_UP_PERCENT if about_a_case else 1):
        return told
    return replace(told, arrives=told.at + timedelta(days=chance.between(2, 60)))


def _broken(chance: Chance, told: Told) -> tuple[SimulatedRecord, Reason] | None:
    """Now and then let a message be sent broken before it is sent well."""
    if told.topic is ADVERSE_EVENTS and told.type != REPORTED:
        return None
    report = told.type == REPORTED
    if not chance.percent(BROKEN_REPORT_PERCENT if report else BROKEN_PERCENT):
        return None
    reason, fault = chance.pick(REPORTS_ONLY if report and chance.percent(40) else ANY_MESSAGE)
    return SimulatedRecord(told.topic.name, told.subject, fault(told)), reason
