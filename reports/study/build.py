"""A study's data to its report: all tables, listings and figures, in the order they are read."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import orjson

from reports.study.arms import Arms, arms_of, count_row
from reports.study.baseline_tables import (
    characteristics_table,
    disposition_table,
    treatment_table,
)
from reports.study.course_tables import course_table
from reports.study.death_tables import death_table
from reports.study.definitions import NUMBERS, definitions_of
from reports.study.event_tables import (
    MODIFYING,
    SAFETY,
    action_notes,
    class_table,
    emergent,
    frequent_table,
    grade_table,
    overall_table,
    severity_table,
)
from reports.study.exposure_tables import exposure_table, rate_table
from reports.study.figures.events import grade_figure, incidence_figure, onset_figure
from reports.study.figures.outcomes import liver_figure, survival_figure
from reports.study.figures.subjects import profile_figure, profiled_subject, swimmer_figure
from reports.study.laboratory_tables import liver_table, shift_table
from reports.study.listings import listings_of
from reports.study.model import StudyData
from reports.study.outcome_tables import ENDPOINTS, endpoint_table, is_observed, yearly_table
from reports.study.risk_table import risk_table
from reports.tables import Book, Chapter, Part, Table, tables_content
from safety.errors import SafetyError

Told = Callable[[int], None]  # called with the number of parts made since the last call


class UnknownSubjectError(SafetyError):
    """The study has no subject of that id."""


@dataclass(frozen=True, slots=True)
class Choices:
    """
    What may be chosen.

    Attributes:
        compare: Two arms, the first to be compared with the second.
        profile: The subject whose profile is drawn; None: the one with the most serious events.
    """

    compare: tuple[str, str] | None = None
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on the first page beside the study: when it was made, by what."""

    made_at: datetime
    program: str
    knowledge: str


def build_tables(data: StudyData, choices: Choices) -> tuple[tuple[str, tuple[Table, ...]], ...]:
    """
    Build all tables, chapter by chapter.

    Raises:
        UnknownArmError: An arm to compare is not in the study.
    """
    return tuple(
        (title, tuple(make())) for title, make in _chapters(data, arms_of(data, choices.compare))
    )


def build_book(data: StudyData, choices: Choices, imprint: Imprint, told: Told) -> Book:
    """
    Build the whole report.

    Args:
        data: The study.

        choices: What to compare, whom to draw.

        imprint: When and by what it is made.

        told: Is told of each part that is made.

    Raises:
        UnknownArmError: An arm to compare is not in the study.
        UnknownSubjectError: The subject to draw is not in the study.
    """
    if choices.profile is not None and choices.profile not in data.subjects:
        raise UnknownSubjectError(f"study {data.study_id} has no subject of the id to be drawn")
    arms = arms_of(data, choices.compare)
    chapters = []
    for title, make in _chapters(data, arms):
        parts: list[Part] = []
        for part in make():
            parts.append(part)
            told(1)
        chapters.append(Chapter(title, tuple(parts)))
    drawn: list[Part] = []
    for figure in _figures(data, arms, choices.profile):
        drawn.append(figure)
        told(1)
    chapters += [Chapter("Plots", tuple(drawn)), Chapter("Listings", listings_of(data))]
    held = tuple(chapter for chapter in chapters if chapter.parts)
    return Book(
        title=f"Safety report of study {data.study_id}",
        subtitle=data.title,
        facts=_facts(data, arms, imprint, held),
        definitions=definitions_of(data),
        chapters=held,
        made_at=imprint.made_at,
    )


def _chapters(data: StudyData, arms: Arms) -> Iterator[tuple[str, Callable[[], Iterator[Table]]]]:
    yield "Subjects and treatment", lambda: _subjects(data, arms)
    yield "Recurrence and survival", lambda: _outcomes(data, arms)
    yield "Adverse events", lambda: _events(data, arms)
    yield "Exposure and laboratory", lambda: _exposure(data, arms)


def _subjects(data: StudyData, arms: Arms) -> Iterator[Table]:
    yield disposition_table(data, arms)
    yield characteristics_table(data, arms)
    yield treatment_table(data, arms)
    yield _participants_table(data, arms)


def _participants_table(data: StudyData, arms: Arms) -> Table:
    """O3: participants with adverse events and serious ones, under treatment and at any time."""
    of_safety = [event for event in data.events if event.subject_id in arms.arm_of]
    rows = (
        count_row("overall", "Any adverse event", of_safety, arms),
        count_row("overall", "Serious adverse event", (e for e in of_safety if e.serious), arms),
        count_row("overall", "Treatment-emergent adverse event", emergent(data), arms),
        count_row(
            "overall",
            "Serious treatment-emergent adverse event",
            (e for e in emergent(data) if e.serious),
            arms,
        ),
    )
    title = "Participants with adverse events and serious adverse events"
    return Table("O3", title, SAFETY, arms.columns, rows, (NUMBERS,), "Participants with")


def _outcomes(data: StudyData, arms: Arms) -> Iterator[Table]:
    if not is_observed(data):
        return
    disease_free, recurrence, overall = ENDPOINTS
    yield endpoint_table(disease_free, data, arms)
    yield yearly_table(recurrence, data, arms)
    yield yearly_table(overall, data, arms)
    yield endpoint_table(overall, data, arms)
    yield endpoint_table(recurrence, data, arms)


def _events(data: StudyData, arms: Arms) -> Iterator[Table]:
    events = emergent(data)
    related = [event for event in events if event.related]
    serious = [event for event in events if event.serious]
    both = [event for event in serious if event.related]
    stopped = [event for event in events if event.action == "withdrawn"]
    modified = [event for event in events if event.action in MODIFYING]
    by, unsaid = "by class and term", action_notes(events)
    yield overall_table(data, arms)
    yield class_table("T2", f"Treatment-emergent adverse events {by}", "Any TEAE", events, arms)
    worst = "by class, term and worst CTCAE grade"
    yield grade_table("T3", f"Treatment-emergent adverse events {worst}", "Any TEAE", events, arms)
    if any(event.severity for event in events):
        yield severity_table(events, arms)
    yield class_table("T4", f"Related adverse events {by}", "Any related TEAE", related, arms)
    yield grade_table("T5", f"Related adverse events {worst}", "Any related TEAE", related, arms)
    yield class_table("T6", f"Serious adverse events {by}", "Any serious TEAE", serious, arms)
    yield class_table(
        "T7", f"Related serious adverse events {by}", "Any related serious TEAE", both, arms
    )
    title = f"Adverse events leading to permanent discontinuation {by}"
    yield class_table("T8", title, "Any TEAE leading to discontinuation", stopped, arms, unsaid)
    title = f"Adverse events leading to dose reduction or interruption {by}"
    yield class_table("T9", title, "Any TEAE leading to dose modification", modified, arms, unsaid)
    yield death_table(data, arms)
    yield frequent_table(data, arms)
    yield risk_table(data, arms)
    yield course_table(data, arms)


def _exposure(data: StudyData, arms: Arms) -> Iterator[Table]:
    yield exposure_table(data, arms)
    yield rate_table(data, arms)
    yield shift_table(data, arms)
    yield liver_table(data, arms)


def _figures(data: StudyData, arms: Arms, profile: str | None) -> Iterator[Part]:
    yield incidence_figure(data, arms)
    yield grade_figure(data, arms)
    yield onset_figure(data, arms)
    yield swimmer_figure(data, arms)
    if is_observed(data):
        for endpoint in ENDPOINTS:
            yield survival_figure(endpoint, data, arms)
    yield liver_figure(data, arms)
    subject = profile or profiled_subject(data)
    if subject is not None:
        yield profile_figure(data, subject)


def _facts(
    data: StudyData, arms: Arms, imprint: Imprint, chapters: tuple[Chapter, ...]
) -> tuple[tuple[str, str], ...]:
    known = "all that is stored" if data.known_at is None else data.known_at.isoformat()
    columns = ", ".join(f"{c.label} (N={c.size})" for c in arms.columns)
    facts = [
        ("Study", data.study_id),
        ("Product", data.product),
        ("Columns", columns),
        ("Data lock", data.lock.isoformat()),
        ("As known at", known),
        ("Run date", imprint.made_at.strftime("%Y-%m-%d %H:%M UTC")),
        ("Coded to", "; ".join(data.dictionaries) or "nothing is coded"),
        ("Grades", f"CTCAE; laboratory grades by {data.ctcae}"),
        ("Subjects, events", f"{len(data.subjects)} subjects, {len(data.events)} adverse events"),
    ]
    if data.late:
        facts.append(("Left out", f"{data.late} events that began after the data lock"))
    if data.synthetic:
        facts.append(("Synthetic", "the data hold made-up subjects: not for any decision"))
    return (
        *facts,
        ("Programme", imprint.program),
        ("Knowledge", imprint.knowledge),
        ("Digest of the content", content_digest(chapters)),
    )


def content_digest(chapters: tuple[Chapter, ...]) -> str:
    """Give the sha256 of all tables and listings: equal content, equal digest, whatever the day."""
    digest = hashlib.sha256()
    book = Book("", "", (), (), chapters, datetime.min)  # noqa: DTZ901 - only its parts are asked for
    digest.update(orjson.dumps(tables_content(book.tables), option=orjson.OPT_SORT_KEYS))
    for listing in book.listings:
        digest.update(listing.table_id.encode())
        for row in listing.rows:
            digest.update(orjson.dumps(list(row)))
    return digest.hexdigest()
