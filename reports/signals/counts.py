"""
How many distinct reports name a product, an event, both?

A report that names a pair twice counts once, and a report with three products and two events
counts in each of its pairs and once in the total. Margins are therefore no sums of cells.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product as product_of

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


def count_reports(mentions: Iterable[Mention]) -> Counts:
    """
    Count distinct reports by pair, with the margins.

    Args:
        mentions: Report, product, event and stratum ("" if there are no strata), in any order.
    """
    seen: set[tuple[str, str, str]] = set()
    stratum_of: dict[str, str] = {}
    rows = repeated = moved = 0
    for report, product, event, stratum in mentions:
        rows += 1
        moved += stratum_of.setdefault(report, stratum) != stratum
        if (report, product, event) in seen:
            repeated += 1
        seen.add((report, product, event))
    named: dict[str, tuple[set[str], set[str]]] = {}
    for report, product, event in seen:
        products, events = named.setdefault(report, (set(), set()))
        products.add(product)
        events.add(event)
    # Also where the rows join them with others: a cell of reports, or margins and cells disagree.
    both: Counter[Pair] = Counter(
        pair for products, events in named.values() for pair in product_of(products, events)
    )
    with_product = Counter(
        (product, stratum_of[report]) for report, product in {(r, p) for r, p, _ in seen}
    )
    with_event = Counter(
        (event, stratum_of[report]) for report, event in {(r, e) for r, _, e in seen}
    )
    in_stratum = Counter(stratum_of.values())
    strata = tuple(sorted(in_stratum))
    reports = len(stratum_of)
    of_product: Counter[str] = Counter()
    for (product, _), count in with_product.items():
        of_product[product] += count
    of_event: Counter[str] = Counter()
    for (event, _), count in with_event.items():
        of_event[event] += count
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
        tuple(pairs), reports, len(of_product), len(of_event), strata, rows, repeated, moved
    )
