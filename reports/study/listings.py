"""L0 to L5: who had what, row by row."""

from collections.abc import Callable, Sequence

from reports.study.death_tables import cause_of_death, fatal_events
from reports.study.definitions import UNCODED
from reports.study.model import Event, StudyData, Subject
from reports.tables import Column, Listing

_COLUMNS = (
    ("subject", "Subject"),
    ("arm", "Arm"),
    ("case", "Case / event"),
    ("verbatim", "As reported"),
    ("pt", "Preferred term"),
    ("soc", "System organ class"),
    ("onset", "Onset"),
    ("end", "End"),
    ("day", "Study day"),
    ("grade", "Grade"),
    ("serious", "Serious"),
    ("related", "Related"),
    ("action", "Action"),
    ("outcome", "Outcome"),
    ("emergent", "TEAE"),
)


def listings_of(data: StudyData) -> tuple[Listing, ...]:
    """Give the listings: all events, serious, deaths, discontinuations, related; and strays."""
    wanted: tuple[tuple[str, str, Callable[[Event], bool]], ...] = (
        ("L1", "All adverse events", lambda event: True),  # noqa: ARG005 - all
        ("L2", "Serious adverse events", lambda event: event.serious),
        ("L4", "Adverse events leading to discontinuation", _withdrawn),
        ("L5", "Related adverse events", lambda event: event.related),
    )
    listings = [
        Listing(
            table_id, title, _POPULATION, _columns(), _rows(filter_of, data.events, data), _NOTES
        )
        for table_id, title, filter_of in wanted
    ]
    listings.insert(2, _deaths(data))
    if data.strays:
        listings.insert(
            0,
            Listing(
                "L0",
                "Events of subjects who are not on record",
                "No population: they count in no table",
                _columns(),
                _rows(lambda event: True, data.strays, data),  # noqa: ARG005 - all
                _NOTES,
            ),
        )
    return tuple(listings)


_POPULATION = "All subjects on record; the column TEAE tells what the tables count"
_NOTES = (
    "Dates as recorded. Study day 1 is the day of the first dose; blank where a date is partial.",
)


def _withdrawn(event: Event) -> bool:
    return event.action == "withdrawn"


def _columns() -> tuple[Column, ...]:
    return tuple(Column(name, label) for name, label in _COLUMNS)


def _rows(
    wanted: Callable[[Event], bool], events: Sequence[Event], data: StudyData
) -> list[tuple[str, ...]]:
    return [
        event_row(event, data.subjects.get(event.subject_id)) for event in events if wanted(event)
    ]


def event_row(event: Event, subject: Subject | None) -> tuple[str, ...]:
    """Give one event as texts, in the order of the columns."""
    first = None if subject is None else subject.first_dose
    onset = None if event.onset is None else event.onset.day
    return (
        event.subject_id,
        "" if subject is None else subject.arm,
        f"{event.case_id} / {event.reaction}",
        event.verbatim or "",
        event.term or UNCODED,
        event.soc or UNCODED,
        "" if event.onset is None else event.onset.text,
        "" if event.end is None else event.end.text,
        "" if first is None or onset is None else _study_day((onset - first).days),
        (event.severity or "") if event.grade is None else str(event.grade),
        "yes" if event.serious else ("no, contradicted" if event.doubtful else "no"),
        ("yes" if event.answered else "missing: yes") if event.related else "no",
        (event.action or "").replace("_", " "),
        (event.outcome or "").replace("_", " "),
        "yes" if event.emergent else "no",
    )


def _study_day(days: int) -> str:
    """There is no day 0: the day before day 1 is day -1 (CDISC SDTM, --DY)."""
    return str(days + 1 if days >= 0 else days)


def _deaths(data: StudyData) -> Listing:
    fatal = fatal_events(data)
    rows = [
        (
            subject.subject_id,
            subject.arm,
            "" if subject.died is None else subject.died.isoformat(),
            "" if subject.first_dose is None else subject.first_dose.isoformat(),
            "" if subject.last_dose is None else subject.last_dose.isoformat(),
            ""
            if subject.died is None or subject.last_dose is None
            else str((subject.died - subject.last_dose).days),
            cause_of_death(subject, fatal),
            "; ".join(
                filter(None, (s.cause or s.reason for s in subject.statuses if s.status == "dead"))
            ),
            "; ".join(e.term or e.verbatim or "" for e in fatal.get(subject.subject_id, ())),
        )
        for subject in data.subjects.values()
        if subject.dead
    ]
    names = (
        ("subject", "Subject"),
        ("arm", "Arm"),
        ("died", "Died"),
        ("first", "First dose"),
        ("last", "Last dose"),
        ("days", "Days after last dose"),
        ("cause", "Primary cause"),
        ("words", "Cause as reported"),
        ("events", "Fatal events"),
    )
    return Listing(
        "L3",
        "Deaths",
        "All subjects on record",
        tuple(Column(name, label) for name, label in names),
        rows,
        ("A partial date of death is shown as the latest day it may be.",),
    )
