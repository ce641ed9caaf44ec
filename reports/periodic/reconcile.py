"""
Previous cumulative count, plus the interval, plus what came or changed late, is the new one.

The three are counted apart, each from the store; that they add up is checked, not assumed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reports.periodic.classify import COLUMNS, column_of, term_of
from reports.periodic.model import Column, Counts, LateChange, Period, Tally, TermKey
from safety.store.periodic import ReactionCount, ReactionLine

Cell = tuple[Column, TermKey]


def build_counts(
    period: Period,
    now: Iterable[ReactionCount],
    before: Iterable[ReactionCount],
    was: Sequence[ReactionLine],
    become: Sequence[ReactionLine],
) -> Counts:
    """
    Take the counts of a period apart.

    Args:
        period: The period.

        now: Counts as known at this report.

        before: Counts as known at the previous report; without one, those of now of cases known
            before the period.

        was: Reactions of cases of earlier periods that changed since, as they were.

        become: The same as they are.
    """
    cumulative: Counter[Cell] = Counter()
    interval: Counter[Cell] = Counter()
    unknown = 0
    for counted in now:
        cell = _cell(counted)
        if cell is None:
            continue
        cumulative[cell] += counted.reactions
        if counted.fresh:
            interval[cell] += counted.reactions
        unknown += counted.reactions * (counted.serious is None)
    previous: Counter[Cell] = Counter()
    for counted in before:
        cell = _cell(counted)
        if cell is not None and not counted.fresh:
            previous[cell] += counted.reactions
    late = tuple(_late_changes(period, was, become))
    moved: Counter[Cell] = Counter()
    for change in late:
        moved[change.column, change.term] += change.change
    return Counts(
        {
            column: Tally(
                *(_of_column(column, cells) for cells in (previous, interval, moved, cumulative))
            )
            for column in COLUMNS
        },
        late,
        unknown,
    )


def faults(counts: Counts) -> Iterator[str]:
    """Say which terms of which columns do not add up."""
    for column, tally in counts.tallies.items():
        for term in {*tally.before, *tally.interval, *tally.late, *tally.now}:
            parts = [each.get(term, 0) for each in (tally.before, tally.interval, tally.late)]
            if sum(parts) != tally.now.get(term, 0):
                yield f"{column}, {term[1]}: {' + '.join(map(str, parts))} is not the new count"


def _cell(counted: ReactionCount) -> Cell | None:
    column = column_of(
        counted.context, counted.treatment, serious=counted.serious, related=counted.related
    )
    if column is None:
        return None
    return column, term_of(counted.soc, counted.term, counted.verbatim)


def _of_column(column: Column, cells: Counter[Cell]) -> dict[TermKey, int]:
    return {term: count for (name, term), count in cells.items() if name == column and count}


def _late_changes(
    period: Period, was: Sequence[ReactionLine], become: Sequence[ReactionLine]
) -> Iterator[LateChange]:
    old, new = _by_case(was), _by_case(become)
    for case_id in sorted(old.keys() | new.keys()):
        then = Counter(_cells_of(old.get(case_id, ()), period))
        today = Counter(_cells_of(new.get(case_id, ()), period))
        reason = _reason(old.get(case_id, ()), new.get(case_id, ()), period)
        for column, term in sorted(then.keys() | today.keys()):
            change = today[column, term] - then[column, term]
            if change:
                yield LateChange(case_id, column, term, change, reason)


def _by_case(lines: Iterable[ReactionLine]) -> dict[str, list[ReactionLine]]:
    found: dict[str, list[ReactionLine]] = {}
    for line in lines:
        found.setdefault(line.case_id, []).append(line)
    return found


def _cells_of(lines: Iterable[ReactionLine], period: Period) -> Iterator[Cell]:
    for line in lines:
        if line.status != "valid" or (line.received is not None and line.received >= period.start):
            continue
        event = line.event
        column = column_of(
            line.context, line.treatment, serious=event["serious"], related=event["related"]
        )
        if column is not None:
            yield column, term_of(event["soc"], event["term"], event["verbatim"])


def _reason(was: Sequence[ReactionLine], become: Sequence[ReactionLine], period: Period) -> str:
    """
    Say what happened to a case.

    The first that applies decides:

    1. it was not in the store: entered late;
    2. it was there and known from a later day only: an earlier awareness was told of;
    3. it was not valid: completed; it is no longer valid: nullified, or a criterion fell away;
    4. a reaction came or went;
    5. the term, seriousness, causality, or the drug suspected changed.
    """
    if not was:
        return "entered after the previous lock"
    if any(line.received is not None and line.received >= period.start for line in was):
        return "an earlier awareness was told of"
    if was[0].status != "valid":
        return "became valid after the previous lock"
    if not become or become[0].status != "valid":
        return "nullified" if become and become[0].status == "nullified" else "no longer valid"
    old = {line.event["reaction"]: line for line in was}
    new = {line.event["reaction"]: line for line in become}
    if old.keys() != new.keys():
        return "a reaction was added or removed"
    parts = [
        label
        for label, name in (("term", "term"), ("seriousness", "serious"), ("causality", "related"))
        if any(old[key].event[name] != new[key].event[name] for key in old)
    ]
    if any(old[key].treatment != new[key].treatment for key in old):
        parts.append("suspect drug")
    return f"{' and '.join(parts) or 'context'} changed"
