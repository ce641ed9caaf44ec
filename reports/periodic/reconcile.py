"""
Previous cumulative count, plus the interval, plus what came or changed late, is the new one.

The three are counted apart, each from the store; that they add up is checked, not assumed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reports.periodic.classify import COLUMNS, column_of, term_of
from reports.periodic.model import Column, Counts, LateChange, Period, Tally, TermKey
from safety.coding.spelling import one_spelling
from safety.store.periodic import ReactionCount, ReactionLine

Cell = tuple[Column, TermKey]
Names = Mapping[str, str]  # each name of a class or term, and how it is spelled in the report


def build_counts(
    period: Period,
    now: Sequence[ReactionCount],
    before: Sequence[ReactionCount],
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
    names = _names(now, before, was, become)
    cumulative: Counter[Cell] = Counter()
    interval: Counter[Cell] = Counter()
    unknown = 0
    for counted in now:
        cell = _cell(counted, names)
        if cell is None:
            continue
        cumulative[cell] += counted.reactions
        if counted.fresh:
            interval[cell] += counted.reactions
        unknown += counted.reactions * (counted.serious is None)
    previous: Counter[Cell] = Counter()
    for counted in before:
        cell = _cell(counted, names)
        if cell is not None and not counted.fresh:
            previous[cell] += counted.reactions
    late = tuple(_late_changes(period, was, become, names))
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


def _names(
    now: Iterable[ReactionCount],
    before: Iterable[ReactionCount],
    was: Iterable[ReactionLine],
    become: Iterable[ReactionLine],
) -> dict[str, str]:
    """Choose one spelling of each class and term, by what is counted now: none is doubled."""
    used: Counter[str] = Counter()
    for counted in now:
        used.update(dict.fromkeys(_key_of(counted), counted.reactions))
    for term in (*map(_key_of, before), *map(_term_of, was), *map(_term_of, become)):
        used.update(dict.fromkeys(term, 0))
    return one_spelling(used)


def _key_of(counted: ReactionCount) -> TermKey:
    return term_of(counted.soc, counted.term, counted.verbatim)


def _term_of(line: ReactionLine) -> TermKey:
    return term_of(line.event["soc"], line.event["term"], line.event["verbatim"])


def _named(term: TermKey, names: Names) -> TermKey:
    return names[term[0]], names[term[1]]


def _cell(counted: ReactionCount, names: Names) -> Cell | None:
    column = column_of(
        counted.context, counted.treatment, serious=counted.serious, related=counted.related
    )
    if column is None:
        return None
    return column, _named(_key_of(counted), names)


def _of_column(column: Column, cells: Counter[Cell]) -> dict[TermKey, int]:
    return {term: count for (name, term), count in cells.items() if name == column and count}


def _late_changes(
    period: Period, was: Sequence[ReactionLine], become: Sequence[ReactionLine], names: Names
) -> Iterator[LateChange]:
    old, new = _by_case(was), _by_case(become)
    for case_id in sorted(old.keys() | new.keys()):
        then = Counter(_cells_of(old.get(case_id, ()), period, names))
        today = Counter(_cells_of(new.get(case_id, ()), period, names))
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


def _cells_of(lines: Iterable[ReactionLine], period: Period, names: Names) -> Iterator[Cell]:
    for line in lines:
        if line.status != "valid" or (line.received is not None and line.received >= period.start):
            continue
        event = line.event
        column = column_of(
            line.context, line.treatment, serious=event["serious"], related=event["related"]
        )
        if column is not None:
            yield column, _named(_term_of(line), names)


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
