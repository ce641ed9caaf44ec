"""Kaplan-Meier curves with numbers at risk, and the eDISH plot."""

from itertools import pairwise
from typing import Literal

from reports.study.arms import Arms
from reports.study.event_tables import SAFETY
from reports.study.figures.canvas import COLOURS, LINES, MARKS, canvas, short
from reports.study.laboratory_tables import ALT_LIMIT, BILIRUBIN_LIMIT, liver_points
from reports.study.model import StudyData
from reports.study.outcome_tables import Endpoint, curves_of
from reports.tables import Figure

_MONTHS = 6  # between two numbers at risk


def survival_figure(endpoint: Endpoint, data: StudyData, arms: Arms) -> Figure:
    """F5: the curve of each arm with its interval, marks where subjects are censored."""
    curves = curves_of(endpoint, data, arms)
    with canvas() as (figure, out):
        plot, below = figure.subplots(
            2, 1, sharex=True, gridspec_kw={"height_ratios": [1, 0.06 + 0.05 * len(arms.single)]}
        )
        longest = 0.0
        for place, arm in enumerate(arms.single):
            curve = curves[arm.column_id]
            if curve is None:
                continue
            colour = COLOURS[place % len(COLOURS)]
            longest = max(longest, curve.times[-1])
            plot.step(
                curve.times,
                [100 * s for s in curve.survival],
                where="post",
                color=colour,
                ls=LINES[place % len(LINES)],
                lw=1.6,
                label=f"{short(arm.label)} (N={arm.size})",
            )
            for (begin, end), low, high in zip(
                pairwise(curve.times), curve.low, curve.high, strict=False
            ):
                if low is not None and high is not None:
                    plot.fill_between(
                        [begin, end],
                        [100 * low] * 2,
                        [100 * high] * 2,
                        color=colour,
                        alpha=0.15,
                        lw=0,
                    )
            censored = sorted({one.time for one in curve.observations if not one.event})
            heights = [100 * _height(curve.times, curve.survival, time) for time in censored]
            plot.plot(censored, heights, "|", color=colour, markersize=7)
        ticks = list(range(0, int(longest) + _MONTHS, _MONTHS))
        plot.set_ylim(0, 102)
        plot.set_ylabel(f"Without {endpoint.happens}, %")
        plot.grid(color="#eeeeee")
        if arms.single:
            plot.legend(loc="upper right")
        for place, arm in enumerate(arms.single):
            curve = curves[arm.column_id]
            if curve is None:
                continue
            for tick in ticks:
                below.text(
                    tick, -place, str(curve.watched_at(tick)), ha="center", va="center", fontsize=8
                )
        below.set_ylim(-len(arms.single) + 0.3, 0.7)
        below.set_yticks(
            [-place for place in range(len(arms.single))], [short(a.label) for a in arms.single]
        )
        below.tick_params(axis="y", length=0)
        below.set_xticks(ticks)
        below.spines[["left", "bottom"]].set_visible(False)
        below.set_xlabel("Months from the first dose; the figures above: subjects at risk")
    return Figure(
        f"F5{endpoint.table_id}",
        f"{endpoint.name} (Kaplan-Meier)",
        SAFETY,
        out.getvalue(),
        f"Kaplan-Meier curve to {endpoint.happens}; the figures are in {endpoint.table_id}.",
        ("Shaded: 95 % interval on the log(-log) scale. Strokes: censored.",),
    )


def _height(times: tuple[float, ...], survival: tuple[float, ...], time: float) -> float:
    return next(s for t, s in zip(reversed(times), reversed(survival), strict=True) if t <= time)


_CORNERS: tuple[
    tuple[float, float, Literal["left", "right"], Literal["top", "bottom"], str], ...
] = (
    (0.98, 0.97, "right", "top", "potential Hy's law"),
    (0.02, 0.97, "left", "top", "hyperbilirubinaemia"),
    (0.98, 0.03, "right", "bottom", "Temple's corollary"),
)


def liver_figure(data: StudyData, arms: Arms) -> Figure:
    """F6: eDISH: highest transaminase against highest bilirubin, both as multiples of ULN."""
    points = liver_points(data)
    with canvas() as (figure, out):
        plot = figure.subplots()
        for place, arm in enumerate(arms.single):
            own = [p for p in points if p.subject in arms.members[arm.column_id]]
            plot.scatter(
                [max(p.alt, 0.1) for p in own],
                [max(p.bilirubin, 0.1) for p in own],
                s=26,
                marker=MARKS[place % len(MARKS)],
                facecolors="none",
                edgecolors=COLOURS[place % len(COLOURS)],
                label=f"{short(arm.label)} (n={len(own)})",
            )
        plot.set_xscale("log")
        plot.set_yscale("log")
        plot.axvline(ALT_LIMIT, color="black", lw=0.8, ls="--")
        plot.axhline(BILIRUBIN_LIMIT, color="black", lw=0.8, ls="--")
        ticks = [0.1, 0.3, 1, 3, 10, 30]
        for axis in (plot.xaxis, plot.yaxis):
            axis.set_ticks(ticks, [f"{tick:g}" for tick in ticks])
            axis.minorticks_off()
        plot.set_xlabel("Highest ALT or AST, x ULN")
        plot.set_ylabel("Highest total bilirubin, x ULN")
        for x, y, across, up, words in _CORNERS:
            plot.text(
                x,
                y,
                words,
                transform=plot.transAxes,
                fontsize=8,
                color="#444444",
                ha=across,
                va=up,
            )
        if arms.single:
            plot.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return Figure(
        "F6",
        "Liver tests under treatment (eDISH)",
        SAFETY,
        out.getvalue(),
        f"Scatter of {len(points)} subjects; the counts of the quadrants are in T16L.",
        ("Lines at 3 x ULN and 2 x ULN. A subject is one mark; its peaks may be days apart.",),
    )
