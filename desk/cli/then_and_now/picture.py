"""The comparison as a picture that reads in print and without colours."""

from collections import Counter
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from desk.cli.then_and_now.model import Findings

LIMIT_COLOURS = {0: "#D55E00", 15: "#56B4E9", 30: "#F0E442"}  # Okabe and Ito 2008
HATCHES = {0: "xxxx", 15: "", 30: "////"}
RC: Any = {
    "svg.hashsalt": "then-and-now",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def render_picture(found: Findings) -> bytes:
    """Draw for each authority a bar for then and one for now, by the limit of the duties."""
    authorities = sorted({each.authority for each in found.told}, reverse=True)
    with mpl.rc_context(RC):
        figure = Figure(figsize=(8.5, 0.8 + 0.62 * len(authorities)))
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        ticks: list[tuple[float, str]] = []
        for place, authority in enumerate(authorities):
            for side, at in (("now", place - 0.19), ("then", place + 0.19)):
                limits = Counter(
                    duty.days
                    for each in found.told
                    if each.authority == authority
                    for duty in getattr(each, side)
                )
                _bar(axes, at, limits)
                ticks.append((at, f"{authority} {side}"))
        axes.set_yticks([at for at, _ in ticks], [label for _, label in ticks])
        axes.set_xlabel("duties to report, over the whole simulated study")
        axes.set_title("SECURE, simulated: the law of its time and of today", loc="left")
        handles, labels = axes.get_legend_handles_labels()
        shown = dict(zip(labels, handles, strict=True))
        names = [name for name in map(_limit, LIMIT_COLOURS) if name in shown]
        axes.legend([shown[name] for name in names], names, loc="upper right", frameon=False)
        figure.tight_layout()
        out = BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": "SECURE then and now"})
    return out.getvalue()


def _bar(axes: Any, at: float, limits: Counter[int]) -> None:  # noqa: ANN401 - matplotlib's axes
    left = 0
    for days, colour in LIMIT_COLOURS.items():
        if limits[days]:
            axes.barh(
                at,
                limits[days],
                left=left,
                height=0.34,
                color=colour,
                hatch=HATCHES[days],
                edgecolor="black",
                linewidth=0.4,
                label=_limit(days),
            )
        left += limits[days]
    words = ", ".join(f"{limits[days]} {_limit(days)}" for days in LIMIT_COLOURS if limits[days])
    axes.text(left + 4, at, words or "none", va="center", fontsize=7.5)


def _limit(days: int) -> str:
    return f"in {days} days" if days else "at once"
