"""Plots of single subjects: treatment of all (swimmer), and everything about one (profile)."""

from datetime import date

from matplotlib.axes import Axes

from reports.study.arms import Arms
from reports.study.event_tables import SAFETY
from reports.study.exposure import Exposure, exposure_of
from reports.study.figures.canvas import COLOURS, GREYS, HATCHES, canvas, short
from reports.study.model import DosePeriod, Event, StudyData, Subject
from reports.tables import Figure

_LANES = 60
_EVENTS = 24
_DAYS_A_MONTH = 30.4375
_STATUS_MARKS = {"recurrence": "v", "progression": "s", "dead": "X"}


def swimmer_figure(data: StudyData, arms: Arms) -> Figure:
    """F4: one lane a subject: dose periods, recurrence, death, ongoing treatment."""
    lanes = [
        (subject, exposure)
        for subject in data.safety
        if (exposure := exposure_of(subject, data)) is not None
    ]
    order = {arm.column_id: place for place, arm in enumerate(arms.single)}
    lanes.sort(key=lambda lane: (-lane[1].days, lane[0].subject_id))
    shown = lanes[:_LANES]
    shown.sort(key=lambda lane: (order[arms.arm_of[lane[0].subject_id]], -lane[1].days))
    with canvas() as (figure, out):
        plot = figure.subplots()
        labelled: set[str] = set()
        for row, (subject, exposure) in enumerate(shown):
            place = order[arms.arm_of[subject.subject_id]]
            _lane(plot, row, subject, exposure, place, labelled)
        plot.set_ylim(len(shown), -1)
        plot.set_yticks([])
        plot.set_ylabel(f"{len(shown)} subjects")
        plot.set_xlabel("Months from the first dose")
        plot.set_xlim(left=0)
        handles, labels = plot.get_legend_handles_labels()
        if handles:
            figure.legend(handles, labels, loc="outside lower center", ncols=6)
    cut = (
        "" if len(lanes) <= _LANES else f"The {_LANES} with the longest treatment of {len(lanes)}."
    )
    return Figure(
        "F4",
        "Treatment of each subject (swimmer plot)",
        SAFETY,
        out.getvalue(),
        f"{len(shown)} lanes; the figures are in T14.",
        tuple(
            filter(
                None,
                (
                    "Dark: the first daily dose; lighter: a lower one; hatched: interrupted.",
                    "By arm in the order of the tables, in each the longest treatment first."
                    if arms.several
                    else "",
                    cut,
                ),
            )
        ),
    )


def _lane(
    plot: Axes, row: int, subject: Subject, exposure: Exposure, place: int, labelled: set[str]
) -> None:
    def once(label: str) -> str:
        fresh = label not in labelled
        labelled.add(label)
        return label if fresh else "_"

    colour = COLOURS[place % len(COLOURS)]
    if not subject.doses:
        plot.barh(
            row,
            exposure.days / _DAYS_A_MONTH,
            height=0.7,
            color=colour,
            hatch=HATCHES[place % len(HATCHES)],
            label=once("treated"),
        )
    for period in subject.doses:
        bounds = _bounds(period, exposure)
        if bounds is None or (not period.given and period.change != "interrupted"):
            continue
        share = (
            1.0
            if not exposure.started or period.daily is None
            else min(period.daily / exposure.started, 1)
        )
        label = (
            "interrupted" if not period.given else ("first dose" if share == 1 else "lower dose")
        )
        plot.barh(
            row,
            bounds[1],
            left=bounds[0],
            height=0.7,
            label=once(label),
            color="white" if not period.given else colour,
            alpha=1 if not period.given else 0.35 + 0.6 * share,
            hatch="////" if not period.given else "",
            edgecolor=colour,
            linewidth=0.3,
        )
    first = exposure.first
    for status in subject.statuses:
        mark = _STATUS_MARKS.get(status.status)
        if mark is not None:
            plot.plot(
                (status.day.last - first).days / _DAYS_A_MONTH,
                row,
                mark,
                color="black",
                markersize=3.5,
                label=once(status.status),
                clip_on=False,
            )
    if subject.last_dose is None:
        plot.plot(
            exposure.days / _DAYS_A_MONTH,
            row,
            ">",
            color=colour,
            markersize=4,
            label=once("no end recorded"),
        )


def _bounds(period: DosePeriod, exposure: Exposure) -> tuple[float, float] | None:
    begin = max(period.start.first, exposure.first)
    end = min(period.end.last if period.end is not None else exposure.last, exposure.last)
    if end < begin:
        return None
    return (begin - exposure.first).days / _DAYS_A_MONTH, ((end - begin).days + 1) / _DAYS_A_MONTH


def profiled_subject(data: StudyData) -> str | None:
    """Give the subject whose profile is shown unless one is named: the most serious events."""
    counts: dict[str, tuple[int, int]] = {}
    for event in data.events:
        if data.subjects[event.subject_id].first_dose is not None:
            serious, all_events = counts.get(event.subject_id, (0, 0))
            counts[event.subject_id] = serious + event.serious, all_events + 1
    return max(sorted(counts), key=lambda name: counts[name], default=None)


def profile_figure(data: StudyData, subject_id: str) -> Figure:
    """F7: doses, events with their grades, and the disease of one subject over time."""
    subject = data.subjects[subject_id]
    events = [e for e in data.events if e.subject_id == subject_id and e.onset is not None]
    exposure = exposure_of(subject, data)
    start = subject.first_dose or min((e.onset.first for e in events if e.onset), default=data.lock)
    with canvas() as (figure, out):
        top, plot = figure.subplots(2, 1, sharex=True, gridspec_kw={"height_ratios": [1, 3]})
        for period in subject.doses:
            end = (
                period.end.last
                if period.end is not None
                else (exposure.last if exposure else period.start.last)
            )
            top.plot(
                [(period.start.first - start).days + 1, (end - start).days + 1],
                [period.daily if period.given and period.daily is not None else 0] * 2,
                color=COLOURS[0],
                lw=3,
                solid_capstyle="butt",
            )
        for status in subject.statuses:
            mark = _STATUS_MARKS.get(status.status, "|")
            top.plot(
                (status.day.last - start).days + 1,
                0,
                mark,
                color="black",
                markersize=6,
                clip_on=False,
            )
        top.set_ylabel("Daily dose")
        shown = events[:_EVENTS]
        for row, event in enumerate(shown):
            _bar(plot, row, event, start, data.lock)
        plot.set_yticks(
            range(len(shown)), [short(e.term or e.verbatim or "") for e in shown], fontsize=8
        )
        plot.set_ylim(max(len(shown), 1) - 0.5, -0.5)
        plot.set_xlabel("Day from the first dose")
        plot.grid(axis="x", color="#eeeeee")
    left = len(events) - len(shown)
    return Figure(
        "F7",
        f"Patient profile: {subject_id}",
        "One subject: the one with the most serious events, unless another is named",
        out.getvalue(),
        f"{len(shown)} events over time; they are listed in L1.",
        tuple(
            filter(
                None,
                (
                    (
                        "Above: doses and the disease (triangle: recurrence, square: progression,"
                        " cross: death, stroke: other). Below: events, the darker the graver, S:"
                        " serious; an arrow goes on or has no end recorded."
                    ),
                    f"{left} more events are in L1." if left else "",
                ),
            )
        ),
    )


def _bar(plot: Axes, row: int, event: Event, start: date, lock: date) -> None:
    if event.onset is None:
        return
    begin = (event.onset.first - start).days + 1
    end = ((event.end.last if event.end is not None else lock) - start).days + 2
    plot.barh(
        row,
        max(end - begin, 1),
        left=begin,
        height=0.7,
        edgecolor="black",
        linewidth=0.5,
        color="white" if event.grade is None else GREYS[event.grade - 1],
    )
    words = "" if event.grade is None else f"{event.grade}"
    words += " S" if event.serious else ""
    words += " →" if event.end is None else ""
    plot.text(max(end, begin + 1), row, f" {words}", va="center", fontsize=7)
