"""Plots of events: incidence with risk difference, worst grades, time to onset."""

from collections import defaultdict
from collections.abc import Sequence

from reports.statistics import (
    Difference,
    Observation,
    clopper_pearson,
    estimate_curve,
    risk_difference,
)
from reports.study.arms import Arms
from reports.study.course_tables import first_onsets
from reports.study.definitions import UNCODED
from reports.study.event_tables import GRADES, SAFETY, emergent, worst_grades
from reports.study.exposure import end_of_risk
from reports.study.figures.canvas import COLOURS, GREYS, LINES, MARKS, canvas, short
from reports.study.key_risks import load_key_risks
from reports.study.model import Event, StudyData
from reports.tables import Figure

_TERMS = 18
_RISKS = 6


def frequent_terms(events: Sequence[Event], count: int) -> list[tuple[str, list[Event]]]:
    """Give the terms that most subjects had, the most frequent first."""
    by_term: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_term[event.term or UNCODED].append(event)
    ranked = sorted(by_term.items(), key=lambda e: (-len({o.subject_id for o in e[1]}), e[0]))
    return ranked[:count]


def pair_of(arms: Arms) -> tuple[str, str] | None:
    """Give the arms whose risks are taken from each other: those asked for, else last and first."""
    if arms.compared is not None:
        return arms.compared
    single = arms.single
    return (single[-1].column_id, single[0].column_id) if len(single) > 1 else None


def incidence_figure(data: StudyData, arms: Arms) -> Figure:
    """F1: share of subjects by term with exact intervals, and the risk difference of two arms."""
    terms = frequent_terms(emergent(data), _TERMS)
    pair = pair_of(arms)
    labels = {column.column_id: column.label for column in arms.columns}
    with canvas() as (figure, out):
        left, *right = figure.subplots(1, 2 if pair else 1, sharey=True, squeeze=False)[0]
        spread = 0.7 / max(len(arms.single), 1)
        for place, arm in enumerate(arms.single):
            at, shares, low, high = [], [], [], []
            for row, (_, own) in enumerate(terms):
                count = len({e.subject_id for e in own} & arms.members[arm.column_id])
                found = clopper_pearson(count, arm.size or 0)
                if found is None or found.low is None or found.high is None:
                    continue
                at.append(row + (place - (len(arms.single) - 1) / 2) * spread)
                shares.append(found.value * 100)
                low.append(max((found.value - found.low) * 100, 0))
                high.append(max((found.high - found.value) * 100, 0))
            left.errorbar(
                shares,
                at,
                xerr=[low, high],
                fmt=MARKS[place % len(MARKS)],
                markersize=4,
                color=COLOURS[place % len(COLOURS)],
                elinewidth=0.8,
                capsize=1.5,
                label=f"{arm.label} (N={arm.size})",
            )
        left.set_yticks(range(len(terms)), [short(term) for term, _ in terms])
        left.invert_yaxis()
        left.set_xlim(left=0)
        left.set_xlabel("Subjects, % (95 % CI)")
        left.grid(axis="x", color="#dddddd")
        if arms.single:
            figure.legend(*left.get_legend_handles_labels(), loc="outside upper center", ncols=4)
        if pair and right:
            differences = [_difference(own, arms, pair) for _, own in terms]
            for row, apart in enumerate(differences):
                if apart is not None:
                    right[0].plot(
                        [apart.low * 100, apart.high * 100], [row, row], color="black", lw=0.8
                    )
                    right[0].plot(apart.value * 100, row, "D", color="black", markersize=4)
            right[0].axvline(0, color="black", lw=0.8, ls=":")
            right[0].set_xlabel(
                f"Risk difference, percentage points (95 % CI)\n{short(labels[pair[0]])} less"
                f" {short(labels[pair[1]])}"
            )
            right[0].grid(axis="x", color="#dddddd")
    return Figure(
        "F1",
        "Incidence of the most frequent adverse events",
        SAFETY,
        out.getvalue(),
        f"Dot plot of the {len(terms)} terms that most subjects had; the figures are in T2.",
        (
            (
                "Exact intervals by Clopper and Pearson; risk difference with Newcombe's interval"
                " (method 10), not adjusted for the number of terms."
            ),
        ),
    )


def _difference(own: Sequence[Event], arms: Arms, pair: tuple[str, str]) -> Difference | None:
    subjects = {event.subject_id for event in own}
    (first, size), (other, other_size) = (
        (len(subjects & arms.members[name]), len(arms.members[name])) for name in pair
    )
    return risk_difference(first, size, other, other_size)


def grade_figure(data: StudyData, arms: Arms) -> Figure:
    """F2: worst grade by term, stacked, arm by arm."""
    terms = frequent_terms(emergent(data), _TERMS)
    with canvas() as (figure, out):
        panels = figure.subplots(
            1, max(len(arms.single), 1), sharey=True, sharex=True, squeeze=False
        )[0]
        for panel, arm in zip(panels, arms.single, strict=False):
            members = arms.members[arm.column_id]
            begin = [0.0] * len(terms)
            for grade in (*GRADES, None):
                shares = [
                    100
                    * sum(g == grade for s, g in worst_grades(own).items() if s in members)
                    / (arm.size or 1)
                    for _, own in terms
                ]
                panel.barh(
                    range(len(terms)),
                    shares,
                    left=begin,
                    edgecolor="black",
                    linewidth=0.4,
                    color="white" if grade is None else GREYS[grade - 1],
                    hatch="///" if grade is None else "",
                    label="missing" if grade is None else f"grade {grade}",
                )
                begin = [a + b for a, b in zip(begin, shares, strict=True)]
            panel.set_title(f"{short(arm.label)} (N={arm.size})", fontsize=9)
            panel.set_xlabel("Subjects, %")
        panels[0].set_yticks(range(len(terms)), [short(term) for term, _ in terms])
        panels[0].invert_yaxis()
        if arms.single:
            figure.legend(
                *panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=6
            )
    return Figure(
        "F2",
        "Worst CTCAE grade of the most frequent adverse events",
        SAFETY,
        out.getvalue(),
        f"Stacked bars of {len(terms)} terms; the figures are in T3.",
        ("The darker, the graver; hatched: no grade.",),
    )


def onset_figure(data: StudyData, arms: Arms) -> Figure:
    """F3: share of subjects who have had a first event, over time, by key risk."""
    events = emergent(data)
    groups = [(risk.name, [e for e in events if risk.holds(e)]) for risk in load_key_risks()]
    shown = [(name, own) for name, own in groups if own]
    if len(shown) < 2:  # noqa: PLR2004 - a study of something else: its own frequent terms
        shown = frequent_terms(events, _RISKS)
    with canvas() as (figure, out):
        rows = 2 if len(shown) > _RISKS // 2 else 1
        panels = figure.subplots(rows, 3, sharex=True, sharey=True, squeeze=False).flat
        for panel, (name, own) in zip(panels, shown[:_RISKS], strict=False):
            for place, arm in enumerate(arms.single):
                members = arms.members[arm.column_id]
                here = [e for e in own if e.subject_id in members]
                curve = estimate_curve(_first_events(here, members, data))
                if curve is None:
                    continue
                panel.step(
                    curve.times,
                    [100 * (1 - s) for s in curve.survival],
                    where="post",
                    color=COLOURS[place % len(COLOURS)],
                    ls=LINES[place % len(LINES)],
                    lw=1.4,
                    label=f"{short(arm.label)}",
                )
            panel.set_title(short(name), fontsize=9)
            panel.grid(color="#eeeeee")
        figure.axes[0].set_ylim(0, max(figure.axes[0].get_ylim()[1], 1))
        figure.supxlabel("Days from the first dose", fontsize=9)
        figure.supylabel("Subjects with a first event, %", fontsize=9)
        if shown and arms.several:
            first = figure.axes[0]
            figure.legend(*first.get_legend_handles_labels(), loc="outside upper center", ncols=5)
    return Figure(
        "F3",
        "Time to first onset",
        SAFETY,
        out.getvalue(),
        f"Curves of {len(shown[:_RISKS])} groups of events; the figures are in T13.",
        ("1 less Kaplan-Meier; subjects without the event are censored at the end of their risk.",),
    )


def _first_events(
    own: Sequence[Event], members: frozenset[str], data: StudyData
) -> list[Observation]:
    onsets = first_onsets(own, data)
    found = []
    for name in sorted(members):
        subject = data.subjects[name]
        if subject.first_dose is None:
            continue
        days = onsets.get(name) or (end_of_risk(subject, data) - subject.first_dose).days + 1
        found.append(Observation(name, float(days), event=name in onsets))
    return found
