"""T14 and T15: exposure, and incidence for the time at risk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from reports.statistics import poisson_rate
from reports.study.arms import Arms, subject_row
from reports.study.event_tables import SAFETY, by_class, emergent
from reports.study.exposure import Exposure, exposure_of, years_at_risk
from reports.study.figures_of_columns import category_rows, interval_cell, summary_rows
from reports.study.model import Event, StudyData, Subject
from reports.tables import Column, Row, Table

_MONTHS = (1, 3, 6, 12, 24)
_DAYS_A_MONTH = 30.4375
_HUNDRED = 100
_FEW = 5.0  # percent of an arm below which a term has no rate of its own

CHANGES = (
    ("reduced", "Dose reduced"),
    ("increased", "Dose increased"),
    ("interrupted", "Interrupted"),
    ("resumed", "Resumed after interruption"),
    ("stopped", "Stopped"),
)
REASONS = {
    "adverse_event": "Adverse event",
    "progression": "Progression or recurrence",
    "patient_wish": "Wish of the patient",
    "death": "Death",
    "planned": "Planned",
    "other": "Other",
}


def exposure_table(data: StudyData, arms: Arms, table_id: str = "T14") -> Table:
    """T14: duration, dose, relative dose intensity, modifications."""
    found = {
        subject.subject_id: exposure
        for subject in data.safety
        if (exposure := exposure_of(subject, data)) is not None
    }
    rows = summary_rows("Duration of treatment, days", _values(found, "days"), arms)
    rows += category_rows(
        "Duration of treatment, months",
        {name: _month(exposure.days) for name, exposure in found.items()},
        arms,
        order=[*(_month(int(m * _DAYS_A_MONTH) - 1) for m in _MONTHS), f"{_MONTHS[-1]} or more"],
    )
    unit = _unit(data.safety)
    rows += summary_rows(f"Average daily dose, {unit}", _values(found, "daily"), arms)
    rows += summary_rows(f"Cumulative dose, {unit}", _values(found, "cumulative"), arms, decimals=0)
    rows += summary_rows("Relative dose intensity, %", _values(found, "intensity"), arms)
    rows += _modifications(data.safety, arms)
    return Table(
        table_id,
        "Exposure and dose modification",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            "Duration, relative dose intensity and open treatments: see the definitions.",
            "Modifications as the dose periods record them; a subject may have several.",
        ),
        "Variable",
    )


def _values(found: dict[str, Exposure], name: str) -> dict[str, float]:
    told = {subject: getattr(exposure, name) for subject, exposure in found.items()}
    return {subject: float(value) for subject, value in told.items() if value is not None}


def _month(days: int) -> str:
    months = days / _DAYS_A_MONTH
    low = 0
    for high in _MONTHS:
        if months < high:
            return f"{low} to under {high}" if low else f"Under {high}"
        low = high
    return f"{low} or more"


def _unit(subjects: Sequence[Subject]) -> str:
    units = Counter(p.unit for s in subjects for p in s.doses if p.given and p.unit)
    return " or ".join(sorted(units)) if units else "as recorded"


def _modifications(subjects: Sequence[Subject], arms: Arms) -> list[Row]:
    label = "Dose modification"
    rows = []
    for change, words in CHANGES:
        held = [s.subject_id for s in subjects if any(p.change == change for p in s.doses)]
        rows.append(subject_row("category", words, held, arms, (label,)))
        reasons = sorted(
            {p.reason for s in subjects for p in s.doses if p.reason and p.change == change}
        )
        for reason in reasons:
            own = [
                s.subject_id
                for s in subjects
                if any(p.change == change and p.reason == reason for p in s.doses)
            ]
            name = f"for: {REASONS.get(reason, reason).lower()}"
            rows.append(subject_row("reason", name, own, arms, (label, words)))
    changed = {change for change, _ in CHANGES} - {"resumed"}
    anybody = [s.subject_id for s in subjects if any(p.change in changed for p in s.doses)]
    return [subject_row("variable", label, anybody, arms), *rows]


def rate_table(data: StudyData, arms: Arms) -> Table:
    """T15: subjects with a first event, and all events, for 100 subject-years."""
    columns = tuple(
        Column(f"{arm.column_id}|{name}", label, arm.size, arm.label)
        for arm in arms.columns
        for name, label in (("eair", "EAIR (95 % CI)"), ("eaer", "EAER (95 % CI)"))
    )
    undated = {s.subject_id for s in data.safety if s.first_dose is None}
    events = [event for event in emergent(data) if event.subject_id not in undated]
    rows = [_rate_row("overall", "Any TEAE", events, data, arms)]
    for soc, terms in by_class(events):
        rows.append(_rate_row("soc", soc, [e for _, own in terms for e in own], data, arms))
        rows += [
            _rate_row("pt", term, own, data, arms, (soc,))
            for term, own in terms
            if _is_frequent(own, arms)
        ]
    years = {
        arm.label: sum(
            years_at_risk(s, data)
            for s in data.safety
            if s.subject_id in arms.members[arm.column_id]
        )
        for arm in arms.columns
    }
    told = "; ".join(f"{label} {count:.1f}" for label, count in years.items())
    left_out = (
        f"{len(undated)} subjects whose first dose has no date are left out, with their events."
    )
    return Table(
        "T15",
        "Exposure-adjusted incidence for 100 subject-years",
        SAFETY,
        columns,
        tuple(rows),
        (
            "EAIR: subjects with a first event; EAER: all events. Exact Poisson intervals.",
            f"Subject-years at risk: {told or 'none'}.",
            f"Terms that at least {_FEW:g} % of an arm had; classes and the first row count all.",
            *((left_out,) if undated else ()),
        ),
        "System organ class / preferred term",
    )


def _is_frequent(own: Sequence[Event], arms: Arms) -> bool:
    return any(
        len({e.subject_id for e in own} & arms.members[arm.column_id]) * _HUNDRED
        >= _FEW * (arm.size or 0)
        for arm in arms.single
    )


def _rate_row(
    level: str,
    label: str,
    own: Sequence[Event],
    data: StudyData,
    arms: Arms,
    within: tuple[str, ...] = (),
) -> Row:
    of_subject: dict[str, list[Event]] = {}
    for event in own:
        of_subject.setdefault(event.subject_id, []).append(event)
    counts, first, whole = (dict.fromkeys((c.column_id for c in arms.columns), 0.0) for _ in "abc")
    for subject in data.safety:
        events = of_subject.get(subject.subject_id, ())
        to_first, all_years = years_at_risk(subject, data, events), years_at_risk(subject, data)
        for column in arms.columns_of(subject.subject_id):
            counts[column] += len(events)
            first[column] += to_first
            whole[column] += all_years
    cells = {}
    for arm in arms.columns:
        name = arm.column_id
        subjects = frozenset(of_subject) & arms.members[name]
        eair = poisson_rate(len(subjects), first[name] / _HUNDRED)
        eaer = poisson_rate(int(counts[name]), whole[name] / _HUNDRED)
        cells[f"{name}|eair"] = replace(interval_cell(eair), subjects=subjects)
        cells[f"{name}|eaer"] = replace(interval_cell(eaer), subjects=subjects)
    return Row(level, label, cells, within)
