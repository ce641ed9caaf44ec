"""The summary tabulations of a period: terms by class down, sources and seriousness across."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reports.periodic.classify import (
    MARKETED_COLUMNS,
    SOLICITED_SERIOUS,
    SPONTANEOUS_OTHER,
    SPONTANEOUS_SERIOUS,
    TRIAL_COLUMNS,
)
from reports.periodic.model import UNCODED, Counted, Counts, TermKey
from reports.tables import Cell, Column, Listing, Row, Table

_UNIT = (
    "Counted are reactions, not cases. What is not known counts at its worst: as serious, and as"
    " related."
)
_EVENTS = (
    "Counted are events, whatever their cause, under what is suspected: the product if it is among"
    " the suspected drugs, else what was reported blinded, else a placebo, else another drug."
)
_RECOMPUTED = (
    "Nothing was stored at the previous lock: the previous count is that of today's knowledge of"
    " earlier cases, so that there are no late changes to show."
)
_SPONTANEOUS = "Spontaneous, including authorities and literature"
_SOLICITED = "Non-interventional study and other solicited"


def trial_table(counts: Counts) -> Table:
    """Give the cumulative serious adverse events from trials, by what was given."""
    columns = {
        name: (Column(name, label), counts.tallies[name].now)
        for name, label in TRIAL_COLUMNS.items()
    }
    return Table(
        "A2.1",
        "Cumulative summary tabulation of serious adverse events from clinical trials",
        "All trials, since the first",
        tuple(column for column, _ in columns.values()),
        tuple(_rows({name: counted for name, (_, counted) in columns.items()})),
        (_EVENTS,),
        "System organ class / preferred term",
    )


def marketed_table(counts: Counts) -> Table:
    """Give the interval and cumulative reactions from post-marketing sources."""
    serious, other = counts.tallies[SPONTANEOUS_SERIOUS], counts.tallies[SPONTANEOUS_OTHER]
    solicited = counts.tallies[SOLICITED_SERIOUS]
    total = Counter(serious.now)
    total.update(other.now)
    held: tuple[tuple[str, str, str, Counted], ...] = (
        ("spontaneous_serious_interval", "serious, interval", _SPONTANEOUS, serious.interval),
        ("spontaneous_serious_cumulative", "serious, cumulative", _SPONTANEOUS, serious.now),
        ("spontaneous_other_interval", "non-serious, interval", _SPONTANEOUS, other.interval),
        ("spontaneous_other_cumulative", "non-serious, cumulative", _SPONTANEOUS, other.now),
        ("spontaneous_total", "total, cumulative", _SPONTANEOUS, total),
        ("solicited_serious_interval", "serious, interval", _SOLICITED, solicited.interval),
        ("solicited_serious_cumulative", "serious, cumulative", _SOLICITED, solicited.now),
    )
    return Table(
        "A2.2",
        "Numbers of adverse reactions by term from post-marketing sources",
        "Valid cases in which the product is suspected",
        tuple(Column(name, label, group=group) for name, label, group, _ in held),
        tuple(_rows({name: counted for name, _, _, counted in held})),
        (
            _UNIT,
            f"Of all that is counted, {counts.unknown_serious} because it is not known if serious.",
            "Non-serious reactions of studies and other solicited sources are not tabulated.",
        ),
        "System organ class / preferred term",
    )


def reconciliation_table(counts: Counts, *, recomputed: bool) -> Table:
    """Give, column by column, how the previous count became the new one."""
    columns = (
        Column("before", "Previous cumulative"),
        Column("interval", "Interval"),
        Column("late", "Late changes"),
        Column("now", "New cumulative"),
    )
    rows = []
    for name in (*TRIAL_COLUMNS, *MARKETED_COLUMNS):
        tally = counts.tallies[name]
        parts = {"before": tally.before, "interval": tally.interval, "now": tally.now}
        cells = {part: Cell(events=sum(counted.values())) for part, counted in parts.items()}
        moved = sum(tally.late.values())
        cells["late"] = Cell(text=f"{moved:+d}" if moved else "0")
        rows.append(Row("overall", _LABELS[name], cells))
    note = (
        _RECOMPUTED
        if recomputed
        else "Late changes are explained case by case in the listing that follows."
    )
    return Table(
        "R1",
        "Reconciliation: previous cumulative + interval + late changes = new cumulative",
        "All columns of the tabulations",
        columns,
        tuple(rows),
        ("Checked term by term when the report was made.", note),
        "Column",
    )


_LABELS: Mapping[str, str] = {
    **{name: f"Trials, serious: {label}" for name, label in TRIAL_COLUMNS.items()},
    SPONTANEOUS_SERIOUS: "Spontaneous, serious",
    SPONTANEOUS_OTHER: "Spontaneous, non-serious",
    SOLICITED_SERIOUS: "Solicited, serious",
}


def late_listing(counts: Counts) -> Listing:
    """List why cases of earlier periods count otherwise than before."""
    rows: list[Sequence[str]] = [
        (change.case_id, _LABELS[change.column], *change.term, f"{change.change:+d}", change.reason)
        for change in counts.late
    ]
    headings = ("Case", "Column", "System organ class", "Preferred term", "Change", "Why")
    return Listing(
        "R2",
        "Late changes in cases of earlier periods",
        "Cases that became known before the period and count otherwise than at the previous lock",
        tuple(Column(heading, heading) for heading in headings),
        rows,
    )


def _rows(columns: Mapping[str, Counted]) -> Iterator[Row]:
    """Give a row a class and term that any column has, classes by name, terms by falling count."""
    terms = {term for counted in columns.values() for term in counted}
    yield Row(
        "overall",
        "All reactions",
        {name: Cell(events=sum(counted.values())) for name, counted in columns.items()},
    )
    for soc in sorted({soc for soc, _ in terms}, key=lambda name: (name == UNCODED, name)):
        of_class = [term for term in terms if term[0] == soc]
        yield Row(
            "soc",
            soc,
            {name: Cell(events=_sum(counted, of_class)) for name, counted in columns.items()},
        )
        ordered = sorted(
            of_class, key=lambda term: (-max(c.get(term, 0) for c in columns.values()), term[1])
        )
        for term in ordered:
            cells = {name: Cell(events=counted.get(term, 0)) for name, counted in columns.items()}
            yield Row("pt", term[1], cells, (soc,))


def _sum(counted: Counted, terms: Iterable[TermKey]) -> int:
    return sum(counted.get(term, 0) for term in terms)
