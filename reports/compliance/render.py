"""A compliance report as JSON, CSV, and a plot that reads in print and without colours."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reports.compliance.model import Compliance, MonthOfAuthority

COLUMNS = (
    "authority",
    "month",
    "on_time",
    "late",
    "late_unknown",
    "overdue",
    "open",
    "not_required",
    "on_time_rate",
    "median_days_late",
    "most_days_late",
)

# Colours that are told apart with any colour vision (Okabe and Ito 2008), and hatches for print.
SERIES = (
    ("on_time", "sent on time", "#56B4E9", ""),
    ("late", "sent late", "#E69F00", "////"),
    ("overdue", "overdue, not sent", "#D55E00", "xxxx"),
)
PANEL_INCHES, WIDTH_INCHES = 1.35, 9.0
MOST_TICKS = 18
RC: Any = {
    "svg.hashsalt": "compliance",  # the same figures give the same bytes
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched and copied
    "font.family": "sans-serif",
    "font.size": 8,
    "hatch.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def render_json(report: Compliance) -> dict[str, Any]:
    """Give the report for machines."""
    return {
        "as_of": report.as_of,
        "known_at": None if report.known_at is None else report.known_at.isoformat(),
        "duties": report.duties,
        "months": [_row(each) for each in report.months],
    }


def render_csv(report: Compliance) -> str:
    """Give the report as a table, one line an authority and month."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in report.months:
        writer.writerow(_row(each))
    return out.getvalue()


def _row(each: MonthOfAuthority) -> dict[str, Any]:
    return {
        "authority": each.authority,
        "month": f"{each.month:%Y-%m}",
        "on_time": each.on_time,
        "late": each.late,
        "late_unknown": each.late_unknown,
        "overdue": each.overdue,
        "open": each.open,
        "not_required": each.not_required,
        "on_time_rate": None if each.rate is None else round(each.rate, 4),
        "median_days_late": each.median_late,
        "most_days_late": each.most_late,
    }


def render_svg(report: Compliance) -> bytes:
    """
    Draw one panel an authority, a bar a month: sent on time, late, overdue.

    Above each bar stands the share that was on time, so that the plot can be read without its
    colours; what is open or not required is in the table only.
    """
    with mpl.rc_context(RC):
        figure = Figure(
            figsize=(WIDTH_INCHES, 1.0 + PANEL_INCHES * max(1, len(report.authorities)))
        )
        FigureCanvasSVG(figure)
        if report.authorities:
            _panels(figure, report)
        else:
            figure.text(0.5, 0.5, "nothing fell due", ha="center", va="center")
        out = BytesIO()
        title = f"Reports on time by authority and month, as of {report.as_of}"
        figure.savefig(out, format="svg", metadata={"Date": None, "Title": title})
    return out.getvalue()


def _panels(figure: Figure, report: Compliance) -> None:
    months = _months(report)
    panels = figure.subplots(len(report.authorities), 1, sharex=True, squeeze=False)[:, 0]
    for axes, authority in zip(panels, report.authorities, strict=True):
        found = {each.month: each for each in report.months if each.authority == authority}
        _panel(axes, authority, [found.get(month) for month in months])
    step = -(-len(months) // MOST_TICKS)
    last = panels[-1]
    last.set_xticks(range(0, len(months), step), [f"{month:%Y-%m}" for month in months[::step]])
    last.tick_params(axis="x", rotation=45)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper right", ncols=len(SERIES), frameon=False)
    figure.suptitle(
        f"Reports by month of their due date, as of {report.as_of}", x=0.01, ha="left", fontsize=10
    )
    figure.supylabel("reports; above the bar, % on time", fontsize=8)
    figure.tight_layout(rect=(0.01, 0, 1, 0.97))


def _panel(axes: Axes, authority: str, months: list[MonthOfAuthority | None]) -> None:
    places = range(len(months))
    base = [0] * len(months)
    for name, label, colour, hatch in SERIES:
        heights = [0 if each is None else int(getattr(each, name)) for each in months]
        axes.bar(
            places,
            heights,
            bottom=base,
            label=label,
            color=colour,
            hatch=hatch,
            edgecolor="black",
            linewidth=0.4,
            width=0.8,
        )
        base = [low + height for low, height in zip(base, heights, strict=True)]
    if len(months) <= 2 * MOST_TICKS:
        for place, each in enumerate(months):
            if each is not None and each.rate is not None:
                axes.text(
                    place, each.counted, f"{100 * each.rate:.0f}", ha="center", va="bottom", size=7
                )
    axes.set_ylim(0, max(1, *base) * 1.25)
    axes.set_title(authority, loc="left", fontsize=9, fontweight="bold")
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.set_xlim(-0.6, len(months) - 0.4)


def _months(report: Compliance) -> list[date]:
    """All months from the first to the last, those without a duty too."""
    first, last = (pick(each.month for each in report.months) for pick in (min, max))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    starts = (first.year * 12 + first.month - 1 + number for number in range(count))
    return [date(start // 12, start % 12 + 1, 1) for start in starts]
