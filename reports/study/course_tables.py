"""T13: what became of the events of each key risk and frequent term, and when they began."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from reports.statistics import summarise
from reports.study.arms import Arms
from reports.study.definitions import UNCODED
from reports.study.event_tables import SAFETY, emergent, falling
from reports.study.key_risks import load_key_risks
from reports.study.model import Event, StudyData
from reports.tables import NOT_ESTIMABLE, Cell, Row, Table, count_cell
from reports.tables.cells import number_text

OUTCOMES = (
    ("recovered", "Recovered"),
    ("recovering", "Recovering"),
    ("not_recovered", "Not recovered"),
    ("recovered_with_sequelae", "Recovered with sequelae"),
    ("fatal", "Fatal"),
    ("unknown", "Unknown"),
    (None, "Missing"),
)
_TERMS = 10  # frequent terms beside the key risks


def course_table(data: StudyData, arms: Arms) -> Table:
    """T13: outcome, duration and time to first onset."""
    events = emergent(data)
    groups = [(risk.label, [e for e in events if risk.holds(e)]) for risk in load_key_risks()]
    by_term: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_term[event.term or UNCODED].append(event)
    alone = {
        next(iter(terms))
        for _, own in groups
        if len(terms := {event.term for event in own if event.term is not None}) == 1
    }
    groups += [
        (term, own)
        for term, own in sorted(by_term.items(), key=falling)[:_TERMS]
        if term not in alone
    ]
    rows: list[Row] = []
    for name, own in groups:
        if own:
            rows += _course(name, own, data, arms)
    return Table(
        "T13",
        "Outcome, duration and time to first onset of key events",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            (
                "Outcomes: events [in brackets] and subjects with one; days: median (range) of"
                " those that are known."
            ),
            (
                "Duration: events with whole dates of onset and end. Time to first onset: subjects,"
                " days from the first dose, the first day being day 1."
            ),
            (
                f"Key risks with an event, then the {_TERMS} most frequent terms but for those that"
                " are the only term of a key risk."
            ),
        ),
        "Event",
    )


def _course(name: str, own: Sequence[Event], data: StudyData, arms: Arms) -> list[Row]:
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    for arm in arms.columns:
        column = arm.column_id
        here = [e for e in own if e.subject_id in arms.members[column]]
        cells[name][column] = count_cell((e.subject_id for e in here), arm.size, len(here))
        for outcome, label in OUTCOMES:
            held = [e for e in here if e.outcome == outcome]
            cells[label][column] = count_cell((e.subject_id for e in held), arm.size, len(held))
        lasted = {e.key: duration_of(e) for e in here}
        known = [days for days in lasted.values() if days is not None]
        whose = frozenset(e.subject_id for e in here if lasted[e.key] is not None)
        cells["Duration, days"][column] = replace(days_cell(known), subjects=whose)
        onsets = first_onsets(here, data)
        cells["Time to first onset, days"][column] = replace(
            days_cell(list(onsets.values())), subjects=frozenset(onsets)
        )
    return [
        Row("event" if label == name else "course", label, held, () if label == name else (name,))
        for label, held in cells.items()
    ]


def duration_of(event: Event) -> int | None:
    """Days from onset to end, both included; None unless both are whole."""
    if event.onset is None or event.end is None:
        return None
    onset, end = event.onset.day, event.end.day
    if onset is None or end is None or end < onset:
        return None
    return (end - onset).days + 1


def first_onsets(events: Sequence[Event], data: StudyData) -> dict[str, int]:
    """Give the study day of each subject's first event of whole onset; day 1 is the first dose."""
    first: dict[str, int] = {}
    for event in events:
        start = data.subjects[event.subject_id].first_dose
        day = event.onset.day if event.onset is not None else None
        if start is None or day is None or day < start:
            continue
        at = (day - start).days + 1
        first[event.subject_id] = min(at, first.get(event.subject_id, at))
    return first


def days_cell(days: Sequence[float]) -> Cell:
    """Give median and range of a number of days."""
    found = summarise(days)
    if found.median is None or found.least is None or found.most is None:
        return NOT_ESTIMABLE
    text = f"{number_text(found.median, 1)} ({found.least:g} to {found.most:g})"
    return Cell(value=found.median, low=found.least, high=found.most, text=text)
