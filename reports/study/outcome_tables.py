"""O4 to O8: time to recurrence, progression and death, by Kaplan-Meier."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reports.statistics import Curve, Observation, estimate_curve, probability_at
from reports.study.arms import Arms
from reports.study.days import DAYS_A_YEAR
from reports.study.event_tables import SAFETY
from reports.study.figures_of_columns import interval_cell
from reports.study.model import StudyData, Subject
from reports.tables import NOT_ESTIMABLE, Cell, Row, Table, percent_of
from reports.tables.cells import number_text

DAYS_A_MONTH = DAYS_A_YEAR / 12
_RECURRED = frozenset({"recurrence", "progression"})
_ASSESSED = _RECURRED | {"no_evidence_of_disease", "stable"}
_YEARS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """
    A time to an event.

    Attributes:
        happens: What the event is, in words.
        observe: How long one subject was watched and whether the event was seen.
    """

    name: str
    table_id: str
    happens: str
    observe: Callable[[Subject, StudyData], Observation | None]


def _recurrence(subject: Subject, data: StudyData, *, with_death: bool) -> Observation | None:
    if subject.first_dose is None:
        return None
    seen = [s.day.last for s in subject.statuses if s.status in _ASSESSED]
    last = max([subject.first_dose, *seen])
    events = [s.day.last for s in subject.statuses if s.status in _RECURRED]
    if with_death and subject.dead:
        events.append(subject.died or last)
    day = min(min(events, default=last), data.lock)
    months = max((day - subject.first_dose).days, 0) / DAYS_A_MONTH
    return Observation(subject.subject_id, months, event=bool(events))


def _disease_free(subject: Subject, data: StudyData) -> Observation | None:
    return _recurrence(subject, data, with_death=True)


def _to_recurrence(subject: Subject, data: StudyData) -> Observation | None:
    return _recurrence(subject, data, with_death=False)


def _overall(subject: Subject, data: StudyData) -> Observation | None:
    if subject.first_dose is None:
        return None
    last = subject.died or max(subject.first_dose, subject.last_seen or subject.first_dose)
    months = max((min(last, data.lock) - subject.first_dose).days, 0) / DAYS_A_MONTH
    return Observation(subject.subject_id, months, event=subject.dead)


ENDPOINTS = (
    Endpoint("Disease-free survival", "O4", "recurrence, progression or death", _disease_free),
    Endpoint("Time to recurrence", "O8", "recurrence or progression", _to_recurrence),
    Endpoint("Overall survival", "O7", "death", _overall),
)


def is_observed(data: StudyData) -> bool:
    """Whether the study watches the disease: without any assessment there is no such outcome."""
    return any(s.status in _ASSESSED for subject in data.safety for s in subject.statuses)


def curves_of(endpoint: Endpoint, data: StudyData, arms: Arms) -> dict[str, Curve | None]:
    """Estimate the curve of each column."""
    found = [one for s in data.safety if (one := endpoint.observe(s, data)) is not None]
    return {
        arm.column_id: estimate_curve(
            [o for o in found if o.subject in arms.members[arm.column_id]]
        )
        for arm in arms.columns
    }


def endpoint_table(endpoint: Endpoint, data: StudyData, arms: Arms) -> Table:
    """Give subjects, events, median, and the share without event by year with numbers at risk."""
    curves = curves_of(endpoint, data, arms)
    rows = [
        _row("Subjects", curves, lambda curve: _people(curve.observations)),
        _row(
            f"With {endpoint.happens}",
            curves,
            lambda curve: _people([o for o in curve.observations if o.event], curve),
        ),
        _row(
            "Censored",
            curves,
            lambda curve: _people([o for o in curve.observations if not o.event], curve),
        ),
        _row("Median, months (95 % CI)", curves, _median),
    ]
    for year in _YEARS:
        rows.append(
            _row(
                f"Without event at {year} year{'s' if year > 1 else ''}, % (95 % CI)",
                curves,
                lambda curve, at=12.0 * year: interval_cell(probability_at(curve, at), factor=100),  # type: ignore[misc]
            )
        )
        rows.append(
            _row(
                f"At risk at {year} year{'s' if year > 1 else ''}",
                curves,
                lambda curve, at=12.0 * year: _at_risk(curve, at),  # type: ignore[misc]
            )
        )
    return Table(
        endpoint.table_id,
        endpoint.name,
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            (
                f"Event: {endpoint.happens}. From the first dose; Kaplan-Meier, intervals on the"
                " log(-log) scale; a month is a twelfth of 365.25 days."
            ),
        ),
        "Figure",
    )


def yearly_table(endpoint: Endpoint, data: StudyData, arms: Arms) -> Table:
    """O5 and O6: the rate of recurrence and of survival, by year."""
    recurrence = endpoint.table_id == "O8"
    curves = curves_of(endpoint, data, arms)
    rows = []
    for year in _YEARS:
        at = 12.0 * year

        def rate(curve: Curve, at: float = at) -> Cell:
            found = probability_at(curve, at)
            if found is None:
                return NOT_ESTIMABLE
            if not recurrence:
                return interval_cell(found, factor=100)
            low = None if found.high is None else (1 - found.high) * 100
            high = None if found.low is None else (1 - found.low) * 100
            return Cell(value=(1 - found.value) * 100, low=low, high=high)

        def crude(curve: Curve, at: float = at) -> Cell:
            had = [o for o in curve.observations if o.event and o.time <= at]
            return _people(had, curve)

        label = f"Year {year}"
        name = "Recurrence rate" if recurrence else "Survival rate"
        rows.append(_row(label, curves, lambda curve: _people(curve.observations), "year"))
        rows.append(_row(f"{name}, % (95 % CI)", curves, rate, within=(label,)))
        rows.append(
            _row(f"Subjects with {endpoint.happens} so far", curves, crude, within=(label,))
        )
        rows.append(
            _row("At risk", curves, lambda c, at=at: _at_risk(c, at), within=(label,))  # type: ignore[misc]
        )
    return Table(
        "O5" if recurrence else "O6",
        "Recurrence rate by year" if recurrence else "Survival rate by year",
        SAFETY,
        arms.columns,
        tuple(rows),
        ("Rates by Kaplan-Meier: recurrence is 1 less the share without it.",),
        "Year",
    )


def _row(
    label: str,
    curves: dict[str, Curve | None],
    figure: Callable[[Curve], Cell],
    level: str = "figure",
    within: tuple[str, ...] = (),
) -> Row:
    cells = {
        name: NOT_ESTIMABLE if curve is None else _with_people(figure(curve), curve)
        for name, curve in curves.items()
    }
    return Row(level, label, cells, within)


def _with_people(cell: Cell, curve: Curve) -> Cell:
    """Let a figure that counts nobody name all who were watched: they are behind it."""
    if cell.n is not None:
        return cell
    return replace(cell, subjects=frozenset(one.subject for one in curve.observations))


def _at_risk(curve: Curve, time: float) -> Cell:
    return _people([one for one in curve.observations if one.time >= time])


def _people(held: Sequence[Observation], curve: Curve | None = None) -> Cell:
    subjects = frozenset(one.subject for one in held)
    size = None if curve is None else len(curve.observations)
    return Cell(n=len(subjects), percent=percent_of(len(subjects), size), subjects=subjects)


def _median(curve: Curve) -> Cell:
    if curve.median is None:
        low = curve.median_low
        bounds = "NE" if low is None else number_text(low, 1)
        return Cell(low=low, text=f"NE ({bounds}, NE)")
    return Cell(value=curve.median, low=curve.median_low, high=curve.median_high)
