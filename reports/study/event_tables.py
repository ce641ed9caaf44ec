"""T1 to T9 and T11: subjects and events by class and term, by worst grade, overall."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from reports.study.arms import Arms, comparison_note, count_row
from reports.study.definitions import NUMBERS, ORDER, UNCODED
from reports.study.key_risks import load_key_risks
from reports.study.model import Event, StudyData
from reports.tables import Column, Row, Table, count_cell

GRADES = (1, 2, 3, 4, 5)
MODIFYING = frozenset({"dose_reduced", "interrupted"})
SAFETY = "Safety population"
_FREQUENT = (10.0, 5.0)  # percent of subjects of an arm

Wanted = Callable[[Event], bool]


def action_notes(events: Sequence[Event]) -> tuple[str, ...]:
    """Say where zero means that nobody recorded what was done with the drug."""
    silent = sum(event.action in {None, "unknown"} for event in events)
    if not silent:
        return ()
    return (f"Action with the study drug is not recorded for {silent} of {len(events)} events.",)


def emergent(data: StudyData) -> tuple[Event, ...]:
    """The treatment-emergent events of the safety population."""
    return tuple(event for event in data.events if event.emergent)


# T1


def overall_table(data: StudyData, arms: Arms) -> Table:
    """T1: what happened, in one table."""
    events = emergent(data)
    rows = [count_row("overall", label, filter(wanted, events), arms) for label, wanted in _OVERALL]
    rows += _worst_grade_rows(events, arms)
    rows += [
        count_row("overall", risk.label, filter(risk.holds, events), arms)
        for risk in load_key_risks()
    ]
    rows += [
        count_row("overall", f"Of special interest: {name}", interested(events, name), arms)
        for name in sorted({name for event in events for name in event.interest})
    ]
    notes = [NUMBERS, "Grades: subjects by their worst one; events by their own."]
    doubtful = sum(event.doubtful for event in events)
    if doubtful:
        notes.append(
            f"{doubtful} events are marked not serious although a criterion is ticked or the"
            " outcome is fatal: a query to the study, not counted as serious."
        )
    silent = sum(not event.answered for event in events)
    if silent:
        notes.append(f"{silent} events without an answer on relatedness count as related.")
    return Table(
        "T1",
        "Overall summary of treatment-emergent adverse events",
        SAFETY,
        arms.columns,
        tuple(rows),
        (*notes, *action_notes(events), *comparison_note(arms)),
        "Subjects with at least one event",
    )


_OVERALL: tuple[tuple[str, Wanted], ...] = (
    ("Any TEAE", lambda event: True),  # noqa: ARG005 - any
    ("Related TEAE", lambda event: event.related),
    ("Serious TEAE", lambda event: event.serious),
    ("Related serious TEAE", lambda event: event.serious and event.related),
    ("TEAE leading to permanent discontinuation", lambda event: event.action == "withdrawn"),
    ("TEAE leading to interruption", lambda event: event.action == "interrupted"),
    ("TEAE leading to dose reduction", lambda event: event.action == "dose_reduced"),
    (
        "TEAE leading to any dose modification (reduction or interruption)",
        lambda event: event.action in MODIFYING,
    ),
    ("Fatal TEAE", lambda event: event.fatal),
    ("Related fatal TEAE", lambda event: event.fatal and event.related),
    ("TEAE with hospitalisation", lambda event: "hospitalisation" in event.criteria),
    ("Marked not serious in contradiction to a criterion", lambda event: event.doubtful),
)


def interested(events: Iterable[Event], name: str) -> Iterable[Event]:
    """Give the events that the study itself puts into a group of special interest."""
    return (event for event in events if name in event.interest)


def _worst_grade_rows(events: Sequence[Event], arms: Arms) -> list[Row]:
    worst = worst_grades(events)
    rows = []
    groups: list[tuple[str, frozenset[int | None]]] = [
        *((f"Worst grade {grade}", frozenset({grade})) for grade in GRADES),
        ("Worst grade 3 or 4", frozenset({3, 4})),
        ("Worst grade 3 to 5", frozenset({3, 4, 5})),
        ("Grade missing", frozenset({None})),
    ]
    for label, grades in groups:
        subjects = {subject for subject, grade in worst.items() if grade in grades}
        own = [e for e in events if e.subject_id in subjects and e.grade in grades]
        rows.append(count_row("grade", label, own, arms))
    return rows


def worst_grades(events: Iterable[Event]) -> dict[str, int | None]:
    """Give the worst grade of each subject that has one of these events; None: none is graded."""
    worst: dict[str, int | None] = {}
    for event in events:
        known = worst.setdefault(event.subject_id, event.grade)
        if event.grade is not None and (known is None or event.grade > known):
            worst[event.subject_id] = event.grade
    return worst


# By class and term


def by_class(events: Iterable[Event]) -> list[tuple[str, list[tuple[str, list[Event]]]]]:
    """
    Group events by class and term.

    Returns:
        Classes by name, those without a code last; in each the terms by falling number of
        subjects, then by name.
    """
    found: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in events:
        found[event.soc or UNCODED][event.term or UNCODED].append(event)
    return [
        (soc, sorted(found[soc].items(), key=falling))
        for soc in sorted(found, key=lambda soc: (soc == UNCODED, soc.casefold(), soc))
    ]


def falling(entry: tuple[str, list[Event]]) -> tuple[object, ...]:
    """Order terms by falling number of subjects, then by name."""
    term, events = entry
    return -len({event.subject_id for event in events}), term.casefold(), term


def class_table(
    table_id: str,
    title: str,
    first: str,
    events: Sequence[Event],
    arms: Arms,
    notes: Sequence[str] = (),
) -> Table:
    """
    Count events by class and term.

    Args:
        table_id: Its number.

        title: Its title.

        first: Label of the row over all events.

        events: The events that count.

        arms: The columns.

        notes: Footnotes of this table alone.
    """
    rows = [count_row("overall", first, events, arms)]
    for soc, terms in by_class(events):
        rows.append(count_row("soc", soc, (e for _, own in terms for e in own), arms))
        rows += [count_row("pt", term, own, arms, (soc,)) for term, own in terms]
    return Table(
        table_id,
        title,
        SAFETY,
        arms.columns,
        tuple(rows),
        (NUMBERS, ORDER, *notes, *comparison_note(arms)),
        "System organ class / preferred term",
    )


# By worst grade


def grade_table(
    table_id: str, title: str, first: str, events: Sequence[Event], arms: Arms
) -> Table:
    """Count subjects by class, term and their worst grade, arm by arm."""
    steps: list[tuple[int | None, str, str]] = [
        *((grade, f"grade-{grade}", f"Grade {grade}") for grade in GRADES),
        (None, "missing", "Missing"),
    ]
    return _worst_table(
        table_id,
        title,
        first,
        events,
        arms,
        worst_grades,
        steps,
        "Each subject counts in the column of the worst grade in the row; Missing: no event of the"
        " row has a grade.",
    )


def severity_table(events: Sequence[Event], arms: Arms) -> Table:
    """Count subjects by class, term and their worst severity, where a study gives that."""
    steps: list[tuple[int | None, str, str]] = [
        *((place, name, name.replace("_", " ").capitalize()) for place, name in _SEVERITIES),
        (None, "missing", "Missing"),
    ]
    return _worst_table(
        "T3S",
        "Treatment-emergent adverse events by class, term and worst severity",
        "Any TEAE",
        events,
        arms,
        _worst_severities,
        steps,
        "Severity as the study recorded it; it is not a CTCAE grade.",
    )


_SEVERITIES = tuple(enumerate(("mild", "moderate", "severe", "life_threatening", "fatal"), start=1))


def _worst_severities(events: Iterable[Event]) -> dict[str, int | None]:
    places = {name: place for place, name in _SEVERITIES}
    worst: dict[str, int | None] = {}
    for event in events:
        place = places.get(event.severity or "")
        known = worst.setdefault(event.subject_id, place)
        if place is not None and (known is None or place > known):
            worst[event.subject_id] = place
    return worst


def _worst_table(  # noqa: PLR0913, PLR0917 - what makes a table, by name
    table_id: str,
    title: str,
    first: str,
    events: Sequence[Event],
    arms: Arms,
    worst_of: Callable[[Iterable[Event]], dict[str, int | None]],
    steps: Sequence[tuple[int | None, str, str]],
    note: str,
) -> Table:
    columns = tuple(
        Column(f"{arm.column_id}|{name}", label, arm.size, arm.label)
        for arm in arms.columns
        for name, label in [*((name, label) for _, name, label in steps), ("total", "Total")]
    )

    def counted(level: str, label: str, own: Sequence[Event], within: tuple[str, ...] = ()) -> Row:
        worst = worst_of(own)
        cells = {}
        for arm in arms.columns:
            members = arms.members[arm.column_id]
            for step, name, _ in steps:
                here = (s for s, found in worst.items() if found == step and s in members)
                cells[f"{arm.column_id}|{name}"] = count_cell(here, arm.size)
            everybody = worst.keys() & members
            of_arm = sum(event.subject_id in members for event in own)
            cells[f"{arm.column_id}|total"] = count_cell(everybody, arm.size, of_arm)
        return Row(level, label, cells, within)

    rows = [counted("overall", first, events)]
    for soc, terms in by_class(events):
        rows.append(counted("soc", soc, [e for _, own in terms for e in own]))
        rows += [counted("pt", term, own, (soc,)) for term, own in terms]
    return Table(
        table_id,
        title,
        SAFETY,
        columns,
        tuple(rows),
        (NUMBERS, ORDER, note),
        "System organ class / preferred term",
    )


# T11


def frequent_table(data: StudyData, arms: Arms) -> Table:
    """T11: the most frequent terms, by falling number of subjects."""
    by_term: dict[str, list[Event]] = defaultdict(list)
    for event in emergent(data):
        by_term[event.term or UNCODED].append(event)
    rows: list[Row] = []
    left = sorted(by_term.items(), key=falling)
    for percent in _FREQUENT:
        label = f"At least {percent:g} % of an arm"
        counted = [(count_row("pt", term, own, arms, (label,)), (term, own)) for term, own in left]
        held = [row for row, _ in counted if _reaches(row, percent, arms)]
        left = [entry for row, entry in counted if not _reaches(row, percent, arms)]
        own = [e for row in held for e in by_term[row.label]]
        rows.append(count_row("threshold", label, own, arms))
        rows += held
    return Table(
        "T11",
        "Most frequent treatment-emergent adverse events",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            NUMBERS,
            (
                "By the exact share in any arm: 5 of 106 is below 5 %. A term stands under the"
                " highest threshold that it reaches."
            ),
            *comparison_note(arms),
        ),
        "Threshold / preferred term",
    )


def _reaches(row: Row, percent: float, arms: Arms) -> bool:
    return any(
        (row.cells[arm.column_id].n or 0) * 100 >= percent * (arm.size or 0) > 0
        for arm in arms.single
    )
