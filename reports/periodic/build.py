"""From counts and cases to the book of a periodic report."""

from collections.abc import Iterator

from reports.periodic.listings import (
    Read,
    cioms_ii,
    deaths,
    discontinuations,
    pader_index,
    serious_reactions,
)
from reports.periodic.model import Basis, Counts, Kind, Period
from reports.periodic.tabulate import (
    late_listing,
    marketed_table,
    reconciliation_table,
    trial_table,
)
from reports.tables import Book, Chapter

TITLES: dict[Kind, str] = {
    "pbrer": "Periodic benefit-risk evaluation report: summary tabulations",
    "dsur": "Development safety update report: listings and tabulations",
    "cioms-ii": "CIOMS II line listing",
    "pader": "Periodic adverse drug experience report: index line listing",
}

_PERIOD = (
    "From its first day to the data lock point, both included. A case belongs to the day on which"
    " anybody of the company first knew of it (day zero)."
)
_KNOWN = (
    "Cases are counted in the version that was current at that instant, with all that was known"
    " then and nothing else; the previous report as known at its own lock."
)
_LATE = (
    "A case of an earlier period that counts otherwise than it did: entered late, nullified, coded"
    " or judged anew, or known earlier than was thought."
)
_SERIOUS = (
    "As assessed in the case. A reaction of which it is not known counts as serious, and as related"
    " unless reporter and sponsor both say that it is not."
)
_VALID = "Only valid cases count: a patient, a reporter, a suspect product, an event."
_DEFINITIONS = (
    ("Period", _PERIOD),
    ("As known at", _KNOWN),
    ("Late change", _LATE),
    ("Serious, related", _SERIOUS),
    ("Valid", _VALID),
)


def build_book(kind: Kind, period: Period, basis: Basis, counts: Counts, read: Read) -> Book:
    """
    Build a report.

    Args:
        kind: Which report.

        period: Its period.

        basis: What it rests on.

        counts: The counts, taken apart; see `reconcile`.

        read: Reads the cases of the period, from the first, each time it is called.
    """
    return Book(
        title=TITLES[kind],
        subtitle=f"{basis.product}, {period.start} to {period.lock}",
        facts=tuple(_facts(period, basis)),
        definitions=_DEFINITIONS,
        chapters=tuple(_chapters(kind, period, counts, read)),
        made_at=basis.made_at,
    )


def _chapters(kind: Kind, period: Period, counts: Counts, read: Read) -> Iterator[Chapter]:
    reconciled = Chapter(
        "Reconciliation",
        (reconciliation_table(counts, recomputed=period.earlier is None), late_listing(counts)),
    )
    match kind:
        case "pbrer":
            yield Chapter("Clinical trials", (trial_table(counts),))
            yield Chapter("Post-marketing sources", (marketed_table(counts),))
            yield reconciled
        case "dsur":
            yield Chapter("Serious adverse reactions", (serious_reactions(read),))
            yield Chapter("Serious adverse events", (trial_table(counts),))
            yield Chapter("Deaths and discontinuations", (deaths(read), discontinuations(read)))
            yield reconciled
        case "cioms-ii":
            yield Chapter("Line listing", (cioms_ii(read),))
        case "pader":
            yield Chapter("Index line listing", (pader_index(read),))


def _facts(period: Period, basis: Basis) -> Iterator[tuple[str, str]]:
    known = period.known_at or basis.made_at
    yield "Product", basis.product
    yield "Period", f"{period.start} to {period.lock} (data lock point)"
    yield "As known at", known.strftime("%Y-%m-%d %H:%M UTC")
    yield (
        "Previous report as known at",
        period.earlier.strftime("%Y-%m-%d %H:%M UTC")
        if period.earlier is not None
        else "nothing was stored then; counted from what is known now",
    )
    yield "Reference safety information", "; ".join(basis.reference)
    yield "Dictionary", "; ".join(basis.dictionaries) or "nothing is coded"
    yield "Programme", basis.programme
    yield "Knowledge", basis.knowledge
