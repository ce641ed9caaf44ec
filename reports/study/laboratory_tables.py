"""T16: shifts of laboratory grades, and who may meet Hy's law."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.study.arms import Arms, subject_row
from reports.study.event_tables import SAFETY
from reports.study.laboratory import Shift, shifts_of
from reports.study.model import StudyData
from reports.tables import Column, Row, Table, count_cell
from safety.liver.results import read_liver_result
from safety.liver.screen import screen_liver

_GRADES: tuple[int | None, ...] = (0, 1, 2, 3, 4, None)


def shift_table(data: StudyData, arms: Arms) -> Table:
    """T16: worst grade under treatment (columns) by grade at baseline (rows), test by test."""
    columns = tuple(
        Column(f"{arm.column_id}|{_name(grade)}", _label(grade), arm.size, arm.label)
        for arm in arms.columns
        for grade in _GRADES
    )
    rows: list[Row] = []
    for term, shifts in shifts_of(data).items():
        rows.append(_shift_row("test", term, shifts, arms))
        for grade in _GRADES:
            own = [shift for shift in shifts if shift.baseline == grade]
            rows.append(
                _shift_row("baseline", f"Baseline {_label(grade).lower()}", own, arms, (term,))
            )
    return Table(
        "T16",
        "Laboratory shifts: worst CTCAE grade under treatment by grade at baseline",
        SAFETY,
        columns,
        tuple(rows),
        (
            (
                f"n (%) of subjects with a result under treatment. CTCAE {data.ctcae} by the"
                " laboratory criteria alone."
            ),
            (
                "Baseline: the last result before treatment. None: not measured, or not gradable"
                " for want of a unit or a limit. Tests without laboratory criteria are left out."
            ),
        ),
        "Test / grade at baseline",
    )


def _shift_row(
    level: str, label: str, shifts: Sequence[Shift], arms: Arms, within: tuple[str, ...] = ()
) -> Row:
    cells = {}
    for arm in arms.columns:
        members = arms.members[arm.column_id]
        for grade in _GRADES:
            held = (
                s.subject
                for s in shifts
                if s.measured and s.worst == grade and s.subject in members
            )
            cells[f"{arm.column_id}|{_name(grade)}"] = count_cell(held, arm.size)
    return Row(level, label, cells, within)


def _name(grade: int | None) -> str:
    return "none" if grade is None else f"grade-{grade}"


def _label(grade: int | None) -> str:
    return "None" if grade is None else f"Grade {grade}"


@dataclass(frozen=True, slots=True)
class LiverPoint:
    """One subject of the eDISH plot: peaks as multiples of the upper limit."""

    subject: str
    alt: float
    bilirubin: float
    potential: bool | None


def liver_points(data: StudyData) -> tuple[LiverPoint, ...]:
    """Give the peaks under treatment of all who have both ALT or AST and bilirubin."""
    points = []
    for subject in data.safety:
        results = [
            found
            for measured in subject.measurements
            if (found := read_liver_result(measured.record, measured.data)) is not None
        ]
        if not results:
            continue
        screen = screen_liver(results)
        transaminases = [
            float(screen.peaks[test].of_limit) for test in ("ALT", "AST") if test in screen.peaks
        ]
        if transaminases and "TBL" in screen.peaks:
            points.append(
                LiverPoint(
                    subject.subject_id,
                    max(transaminases),
                    float(screen.peaks["TBL"].of_limit),
                    screen.met,
                )
            )
    return tuple(points)


ALT_LIMIT, BILIRUBIN_LIMIT = 3.0, 2.0  # x ULN; FDA guidance 2009, regulatory facts 3.5


def liver_table(data: StudyData, arms: Arms) -> Table:
    """T16L: quadrants of the eDISH plot, and potential Hy's law by the screen."""
    points = liver_points(data)
    quadrants: Mapping[str, list[str]] = {
        "Below both": [p.subject for p in points if not _alt(p) and not _bilirubin(p)],
        "ALT or AST at least 3 x ULN only": [
            p.subject for p in points if _alt(p) and not _bilirubin(p)
        ],
        "Bilirubin above 2 x ULN only": [
            p.subject for p in points if not _alt(p) and _bilirubin(p)
        ],
        "Both: potential Hy's law quadrant": [
            p.subject for p in points if _alt(p) and _bilirubin(p)
        ],
    }
    rows = [subject_row("overall", "Measured", [p.subject for p in points], arms)]
    rows += [
        subject_row("quadrant", name, held, arms, ("Measured",)) for name, held in quadrants.items()
    ]
    for label, answer in (
        ("Potential Hy's law by the screen", True),
        ("Screen cannot be decided", None),
    ):
        held = [p.subject for p in points if p.potential is answer]
        rows.append(subject_row("screen", label, held, arms))
    return Table(
        "T16L",
        "Liver: peaks under treatment (eDISH) and potential Hy's law",
        SAFETY,
        arms.columns,
        tuple(rows),
        (
            (
                "Quadrants: highest ALT or AST and highest total bilirubin, whenever each was. The"
                " screen also asks for their order in time, for ALP, and for the baseline."
            ),
        ),
        "Group",
    )


def _alt(point: LiverPoint) -> bool:
    return point.alt >= ALT_LIMIT


def _bilirubin(point: LiverPoint) -> bool:
    return point.bilirubin > BILIRUBIN_LIMIT
