"""Rows that measure instead of counting: the usual figures of a variable, arm by arm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from reports.statistics import Interval, summarise
from reports.study.arms import Arms, subject_row
from reports.tables import NOT_ESTIMABLE, Cell, Row
from reports.tables.cells import number_text


def summary_rows(
    label: str,
    values: Mapping[str, float],
    arms: Arms,
    within: tuple[str, ...] = (),
    decimals: int = 1,
) -> list[Row]:
    """Give number, mean with deviation, median with quartiles, and range of one variable."""
    of_column = {
        column.column_id: {
            subject: value
            for subject, value in values.items()
            if subject in arms.members[column.column_id]
        }
        for column in arms.columns
    }
    under = (*within, label)
    rows = [
        Row(
            "variable",
            label,
            {name: Cell(n=len(held), subjects=frozenset(held)) for name, held in of_column.items()},
            within,
        )
    ]
    rows += [
        Row(
            "statistic",
            name,
            {
                column: replace(
                    figures(list(held.values()), decimals) if held else NOT_ESTIMABLE,
                    subjects=frozenset(held),
                )
                for column, held in of_column.items()
            },
            under,
        )
        for name, figures in _FIGURES
    ]
    return rows


def _mean(values: Sequence[float], decimals: int) -> Cell:
    found = summarise(values)
    if found.mean is None:
        return NOT_ESTIMABLE
    spread = "NE" if found.deviation is None else number_text(found.deviation, decimals + 1)
    return Cell(value=found.mean, text=f"{number_text(found.mean, decimals)} ({spread})")


def _median(values: Sequence[float], decimals: int) -> Cell:
    found = summarise(values)
    if found.median is None or found.quartiles is None:
        return NOT_ESTIMABLE
    low, high = found.quartiles
    return Cell(value=found.median, low=low, high=high, decimals=decimals)


def _range(values: Sequence[float], decimals: int) -> Cell:
    least, most = min(values), max(values)
    text = f"{number_text(least, decimals)} to {number_text(most, decimals)}"
    return Cell(low=least, high=most, text=text)


_FIGURES: tuple[tuple[str, Callable[[Sequence[float], int], Cell]], ...] = (
    ("Mean (SD)", _mean),
    ("Median (quartiles)", _median),
    ("Range", _range),
)


def category_rows(
    label: str,
    values: Mapping[str, str],
    arms: Arms,
    within: tuple[str, ...] = (),
    order: Sequence[str] = (),
) -> list[Row]:
    """Count subjects by category; who has none counts as missing, so that the rows add up."""
    known = sorted(set(values.values()) - set(order), key=lambda name: (name.casefold(), name))
    rows = [subject_row("variable", label, values, arms, within)]
    under = (*within, label)
    for category in [*(name for name in order if name in values.values()), *known]:
        held = [subject for subject, value in values.items() if value == category]
        rows.append(subject_row("category", category, held, arms, under))
    missing = frozenset(arms.arm_of) - values.keys()
    if missing:
        rows.append(subject_row("category", "Missing", missing, arms, under))
    return rows


def interval_cell(
    found: Interval | None, *, factor: float = 1, decimals: int = 1, n: int | None = None
) -> Cell:
    """Show an estimate with its interval; not estimable where there is none."""
    if found is None:
        return NOT_ESTIMABLE
    low, high = (None if bound is None else bound * factor for bound in (found.low, found.high))
    return Cell(n=n, value=found.value * factor, low=low, high=high, decimals=decimals)
