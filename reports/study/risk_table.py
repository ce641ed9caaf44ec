"""T12: key risks of sorafenib and what the study itself calls of special interest."""

from collections import defaultdict

from reports.study.arms import Arms, comparison_note, count_row
from reports.study.definitions import NUMBERS, UNCODED
from reports.study.event_tables import SAFETY, Wanted, emergent, falling, interested
from reports.study.key_risks import load_key_risks
from reports.study.model import Event, StudyData
from reports.tables import Row, Table


def risk_table(data: StudyData, arms: Arms) -> Table:
    """T12: key risks of sorafenib and what the study itself calls of special interest."""
    events = emergent(data)
    groups: list[tuple[str, list[Event]]] = [
        (risk.name, [event for event in events if risk.holds(event)]) for risk in load_key_risks()
    ]
    groups += [
        (f"Of special interest: {name}", list(interested(events, name)))
        for name in sorted({name for event in events for name in event.interest})
    ]
    rows: list[Row] = []
    for name, own in groups:
        rows.append(count_row("risk", name, own, arms))
        for label, wanted in _OF_RISK if own else ():
            rows.append(count_row("overall", label, filter(wanted, own), arms, (name,)))
        by_term: dict[str, list[Event]] = defaultdict(list)
        for event in own:
            by_term[event.term or UNCODED].append(event)
        rows += [
            count_row("pt", term, held, arms, (name,))
            for term, held in sorted(by_term.items(), key=falling)
        ]
    return Table(
        "T12",
        "Key risks of sorafenib and events of special interest",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            NUMBERS,
            (
                "Groups by preferred term; the lists are a data file of the software. A"
                " term may belong to several."
            ),
            *comparison_note(arms),
        ),
        "Key risk / preferred term",
    )


_OF_RISK: tuple[tuple[str, Wanted], ...] = (
    ("Grade 3 or higher", lambda event: (event.grade or 0) >= 3),  # noqa: PLR2004 - severe
    ("Serious", lambda event: event.serious),
    ("Related", lambda event: event.related),
    ("Leading to discontinuation", lambda event: event.action == "withdrawn"),
)
