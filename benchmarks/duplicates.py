"""
What does one report cost that looks for its duplicates, and how does that grow with the store?

The store is filled in bulk with what is compared of made-up cases; then reports come in batches,
as from a consumer, one in twenty a case that is there already, told again with a mistyped date.
`python -m benchmarks.duplicates` prints the table; sizes may be given, and `--postgres` for the
PostgreSQL that the tests start. Wall time there holds the server's work as well.
"""

import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy
from rich.console import Console
from rich.table import Table
from sqlalchemy import Column, MetaData, Text, insert

from benchmarks.environment import Backend, databases_in
from benchmarks.meter import Meter, peak_mib
from consumers.duplicates import DuplicateSearch
from safety.coding import load_dictionary
from safety.duplicates import Event, Fingerprint, derive_keys
from safety.store import SqlStore, open_store, tables
from safety.store.model import Batch

SIZES = (10_000, 100_000, 1_000_000)
REPORTS, BATCH = 1_000, 500
TOLD_AGAIN = 20  # one report in so many
FIRST_DAY, DAYS = date(2012, 1, 1), 5_000
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
COUNTRIES = ("CN", "CN", "CN", "CN", "US", "US", "JP", "DE", "FR", "GB", "KR", "CA", "IT", "ES")
LETTERS = "wlzxcyhjsqmgdtfkpbnr"


@dataclass(frozen=True, slots=True)
class Cost:
    """
    What reports cost in a store of a size.

    Attributes:
        milliseconds: CPU time of this process, a report.
        seconds: Wall time of all reports.
        found: Pairs raised, of the cases told again so many.
    """

    cases: int
    milliseconds: float
    seconds: float
    found: int
    again: int
    peak_mib: float


def main() -> None:
    """Measure, and print a table."""
    backend: Backend = "PostgreSQL" if "--postgres" in sys.argv else "SQLite"
    sizes = [int(size) for size in sys.argv[1:] if size.isdigit()] or list(SIZES)
    table = Table(backend, "CPU ms a report", "wall ms a report", "told again", "pairs", "peak MiB")
    with TemporaryDirectory() as folder, databases_in(Path(folder)) as databases:
        for cases in sizes:
            with databases.fresh(backend) as url:
                cost = measure(url, cases)
            table.add_row(
                f"{cost.cases:,}",
                f"{cost.milliseconds:.2f}",
                f"{cost.seconds / REPORTS * 1e3:.2f}",
                str(cost.again),
                str(cost.found),
                f"{cost.peak_mib:,.0f}",
            )
    Console().print(table)


def measure(url: str, cases: int) -> Cost:
    """Fill a store, then search and store reports in it."""
    with closing(open_store(url)) as store:
        fill(store, cases)
        reports = list(new_reports(cases))
        search(store, list(made_up(cases + REPORTS, cases + REPORTS + BATCH)))  # warm
        meter = Meter()
        found = sum(search(store, part) for part in batched(reports, BATCH))
        meter.lap()
    return Cost(
        cases,
        meter.cpu_seconds / REPORTS * 1e3,
        meter.seconds,
        found,
        REPORTS // TOLD_AGAIN,
        peak_mib(),
    )


def batched(reports: Iterable[Fingerprint], size: int) -> Iterator[list[Fingerprint]]:
    """Cut into batches; `itertools` has this from Python 3.12 on."""
    source = iter(reports)
    while part := list(islice(source, size)):
        yield part


def search(store: SqlStore, told: Sequence[Fingerprint]) -> int:
    """Search and store one batch; gives the number of pairs raised."""
    looking, batch = DuplicateSearch(), Batch()
    for each in told:
        looking.note(each, synthetic=True)
    with store.transaction() as transaction:
        looking.close(transaction, batch, now=NOW)
        transaction.save(batch, now=NOW)
    return len(batch.alerts)


def made_up(first: int, last: int) -> Iterator[Fingerprint]:
    """Give made-up cases by number; the same number is always the same case."""
    terms = [term.name for term in load_dictionary().terms]
    for number in range(first, last):
        draw = random.Random(number)  # noqa: S311 - made-up people
        onset = FIRST_DAY + timedelta(days=draw.randrange(DAYS))
        birth = date(1930, 1, 1) + timedelta(days=draw.randrange(20_000))
        # few terms make most events: the square draws the first ones most often
        events = {
            terms[int(draw.random() ** 3 * len(terms))] for _ in range(draw.choice((1, 1, 2)))
        }
        case_id = f"MADE-UP:{number:07d}"
        yield Fingerprint(
            case_id=case_id,
            numbers=(case_id.lower(),),
            subject=None,
            initials="".join(draw.choice(LETTERS) for _ in range(2)),
            birth=birth.isoformat() if draw.random() < 0.7 else None,  # noqa: PLR2004
            age=(onset - birth).days // 365,
            sex="male" if draw.random() < 0.8 else "female",  # noqa: PLR2004
            countries=(draw.choice(COUNTRIES),),
            events=tuple(Event(term, onset.isoformat()) for term in sorted(events)),
            drugs=(),
            start=(onset - timedelta(days=draw.randrange(400))).isoformat(),
            death=None,
            reporters=(),
            distinct=(),
            merged_into=None,
            void=False,
        )


def new_reports(cases: int) -> Iterator[Fingerprint]:
    """Give reports of new cases, and now and then of a case that is there, under a new number."""
    for place, told in enumerate(made_up(cases, cases + REPORTS)):
        if place % TOLD_AGAIN:
            yield told
            continue
        [old] = made_up(place * 7, place * 7 + 1)
        onset = date.fromisoformat(old.events[0].onset or "") + timedelta(days=1)
        events = tuple(replace(event, onset=onset.isoformat()) for event in old.events)
        yield replace(old, case_id=told.case_id, numbers=told.numbers, events=events)


def fill(store: SqlStore, cases: int) -> None:
    """Write what is compared of made-up cases, and sort the blocks once for all."""
    raw = sqlalchemy.Table(
        "raw", MetaData(), Column("key", Text), Column("case_id", Text), prefixes=["TEMP"]
    )
    with store.writing() as connection:
        raw.create(connection)
        for part in batched(made_up(0, cases), 10_000):
            told = [
                {"case_id": each.case_id, "told": each.as_json(), "places": {}} for each in part
            ]
            connection.execute(insert(tables.case_fingerprints), told)
            keys = [
                {"key": key, "case_id": each.case_id} for each in part for key in derive_keys(each)
            ]
            connection.execute(insert(raw), keys)
        connection.exec_driver_sql(
            "INSERT INTO duplicate_keys (key, place, case_id)"
            " SELECT key, row_number() OVER (PARTITION BY key ORDER BY case_id) - 1, case_id"
            " FROM raw ORDER BY 1, 2"
        )
        raw.drop(connection)
    with store.reading() as connection:
        connection.exec_driver_sql("ANALYZE")


if __name__ == "__main__":
    main()
