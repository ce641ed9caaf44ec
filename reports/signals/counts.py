"""
How many distinct reports name a product, an event, both?

A report that names a pair twice counts once, and a report with three products and two events
counts in each of its pairs and once in the total. Margins are therefore no sums of cells.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product as product_of
from sys import intern

Pair = tuple[str, str]
Mention = tuple[str, str, str, str]  # report, product, event, stratum


@dataclass(frozen=True, slots=True)
class PairCount:
    """
    The 2 x 2 table of one product and event, in distinct reports.

    Attributes:
        a: With the product and the event.
        b: With the product, without the event.
        c: Without the product, with the event.
        d: With neither.
        expected: `a` if product and event were independent: the sum over strata of
            reports with the product x reports with the event / reports.
    """

    product: str
    event: str
    a: int
    b: int
    c: int
    d: int
    expected: float


@dataclass(frozen=True, slots=True)
class Counts:
    """
    All pairs that were reported at least once, in the order of product and event.

    Attributes:
        reports: Distinct reports.
        repeated: Rows that said again what a row before had said.
        moved: Rows whose report was in another stratum before; it stays in its first.
    """

    pairs: tuple[PairCount, ...]
    reports: int
    products: int
    events: int
    strata: tuple[str, ...]
    rows: int
    repeated: int
    moved: int


@dataclass(slots=True)
class _Reports:
    """
    What each report says, as far as it must be kept apart.

    Attributes:
        first: The stratum of each report, and the pair that it names first.
        several: All pairs of the reports that name more than one.
    """

    first: dict[str, tuple[str, Pair]] = field(default_factory=dict)
    several: dict[str, set[Pair]] = field(default_factory=dict)
    rows: int = 0
    repeated: int = 0
    moved: int = 0

    def take(self, report: str, pair: Pair, stratum: str) -> None:
        """Take one row."""
        self.rows += 1
        known = self.first.get(report)
        if known is None:
            self.first[report] = (stratum, pair)
            return
        self.moved += known[0] != stratum
        said = self.several.get(report)
        if pair == known[1] or (said is not None and pair in said):
            self.repeated += 1
        elif said is None:
            self.several[report] = {known[1], pair}
        else:
            said.add(pair)


def count_reports(mentions: Iterable[Mention]) -> Counts:
    """
    Count distinct reports by pair, with the margins.

    Args:
        mentions: Report, product, event and stratum ("" if there are no strata), in any order.
    """
    held = _Reports()
    for report, product, event, stratum in mentions:
        held.take(report, (intern(product), intern(event)), intern(stratum))
    both: Counter[Pair] = Counter()
    with_product: Counter[tuple[str, str]] = Counter()
    with_event: Counter[tuple[str, str]] = Counter()
    in_stratum: Counter[str] = Counter()
    for report, (stratum, pair) in held.first.items():
        in_stratum[stratum] += 1
        said = held.several.get(report)
        if said is None:
            both[pair] += 1
            with_product[pair[0], stratum] += 1
            with_event[pair[1], stratum] += 1
            continue
        products, events = ({named[side] for named in said} for side in (0, 1))
        # Also where the rows join them with others: a cell of reports, or margins and cells differ.
        both.update(product_of(products, events))
        with_product.update((product, stratum) for product in products)
        with_event.update((event, stratum) for event in events)
    strata = tuple(sorted(in_stratum))
    of_product, of_event = _over_strata(with_product), _over_strata(with_event)
    reports = len(held.first)
    pairs = []
    for (product, event), a in sorted(both.items()):
        row, column = of_product[product], of_event[event]
        expected = sum(
            with_product[product, s] * with_event[event, s] / in_stratum[s] for s in strata
        )
        pairs.append(
            PairCount(product, event, a, row - a, column - a, reports - row - column + a, expected)
        )
    return Counts(
        pairs=tuple(pairs),
        reports=reports,
        products=len(of_product),
        events=len(of_event),
        strata=strata,
        rows=held.rows,
        repeated=held.repeated,
        moved=held.moved,
    )


def _over_strata(counted: Mapping[tuple[str, str], int]) -> Counter[str]:
    total: Counter[str] = Counter()
    for (name, _), count in counted.items():
        total[name] += count
    return total
