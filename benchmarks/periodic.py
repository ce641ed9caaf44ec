"""
All tabulations of a PBRER over many cases, beside a bare SQL count of the same rows.

    python -m benchmarks.periodic --cases 1000000

On SQLite and on a PostgreSQL server of its own, or on the empty database named with `--database`.
The rows are made by the database itself, one reaction and one suspect drug a case, then the same
functions are called that `safety report pbrer` calls. Printed are seconds of each, in one run, and
the greatest memory of the process.
"""

import argparse
import resource
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, text

from benchmarks.environment import databases_in
from consumers.periodic_report import derive_period, load_counts
from reports.periodic.tabulate import marketed_table, reconciliation_table, trial_table
from safety.store import SqlStore, migrate, open_store

_SERIES = {
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :cases)"
    " SELECT n FROM s)",
    "postgresql": "(SELECT generate_series(1, :cases) AS n)",
}
_TRUE = {"sqlite": ("1", "0"), "postgresql": ("true", "false")}
_DAY = {
    "sqlite": "date('2014-01-01', '+' || (n % 1000) || ' days')",
    "postgresql": "DATE '2014-01-01' + (n % 1000)",
}
_NOW = {"sqlite": "'2026-01-01T00:00:00.000000+00:00'", "postgresql": "TIMESTAMPTZ '2026-01-01'"}
_JSON = {"sqlite": "'{}'", "postgresql": "'{}'"}


_VERSION_COLUMNS = (
    "case_id, version, status, caused_by, received, recorded_at, knowledge, digest,"
    " previous_chain, chain, state, changes, findings, trace, synthetic"
)


_EVENT_COLUMNS = (
    "case_id, version, reaction, context, term, soc, coding_method, serious, criteria, fatal,"
    " life_threatening, related"
)


def fill(connection: Connection, cases: int) -> None:
    """Make the rows of so many cases: 4 contexts, 40 terms in 10 classes, a third serious."""
    kind = connection.dialect.name
    series, day, now, json = _SERIES[kind], _DAY[kind], _NOW[kind], _JSON[kind]
    yes, no = _TRUE[kind]
    head = "'CASE-' || n"
    context = (
        "CASE n % 4 WHEN 0 THEN 'spontaneous' WHEN 1 THEN 'literature' WHEN 2 THEN 'nis_primary'"
        " ELSE 'trial' END"
    )
    made: dict[str, tuple[str, str]] = {
        "cases": (
            "case_id, version, messages, status, digest, chain, synthetic",
            f"{head}, 1, 1, 'valid', '', '', {no}",
        ),
        "case_versions": (
            _VERSION_COLUMNS,
            f"{head}, 1, 'valid', 'm', {day}, {now}, '', '', '', '', {', '.join([json] * 4)}, {no}",
        ),
        "case_events": (
            _EVENT_COLUMNS,
            (
                f"{head}, 1, 'R1', {context}, 'Term ' || (n % 40), 'Class ' || (n % 10), 'exact',"
                f" CASE n % 3 WHEN 0 THEN {yes} ELSE {no} END, '', {no}, {no}, {yes}"
            ),
        ),
        "drug_event_pairs": (
            "case_id, version, drug, reaction, drug_name, role, ours",
            f"{head}, 1, 'D1', 'R1', 'sorafenib', 'suspect', {yes}",
        ),
    }
    for table, (columns, values) in made.items():
        statement = f"INSERT INTO {table} ({columns}) SELECT {values} FROM {series} q"  # noqa: S608
        connection.execute(text(statement), {"cases": cases})


def tabulate(store: SqlStore) -> int:
    """Make every tabulation of a PBRER; gives the reactions counted."""
    period = derive_period(store, date(2015, 1, 1), date(2015, 12, 31))
    counts = load_counts(store, period)
    recomputed = period.earlier is None
    tables = (
        trial_table(counts),
        marketed_table(counts),
        reconciliation_table(counts, recomputed=recomputed),
    )
    return sum(cell.events or 0 for table in tables[:1] for cell in table.rows[0].cells.values())


def bare_count(store: SqlStore) -> int:
    """Count the same rows with nothing else: the joins without what the tables tell apart."""
    with store.reading() as connection:
        counted: int = connection.execute(
            text(
                "SELECT count(*) FROM case_events e JOIN cases c ON c.case_id = e.case_id AND"
                " c.version = e.version JOIN case_versions v ON v.case_id = e.case_id AND"
                " v.version = e.version JOIN drug_event_pairs p ON p.case_id = e.case_id AND"
                " p.version = e.version AND p.reaction = e.reaction WHERE c.status = 'valid'"
            )
        ).scalar_one()
    return counted


def measure(url: str, cases: int) -> None:
    """Fill an empty database and print the seconds."""
    store = open_store(url)

    def timed(label: str, work: Callable[[], object]) -> None:
        began, cpu = time.perf_counter(), time.process_time()
        found = work()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall, own = time.perf_counter() - began, time.process_time() - cpu
        told = "" if found is None else found
        print(f"{label:20} {wall:7.1f} s {own:7.1f} s CPU {memory:6.0f} MB  {told}", flush=True)

    def filled() -> None:
        with store.writing() as connection:
            fill(connection, cases)

    timed("fill", filled)
    for _ in range(2):
        timed("bare count", lambda: bare_count(store))
        timed("PBRER tabulations", lambda: tabulate(store))
    store.close()


def main() -> None:
    """Measure on the database that is named, else on both kinds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--database")
    asked = parser.parse_args()
    if asked.database is not None:
        migrate(asked.database)
        measure(asked.database, asked.cases)
        return
    with TemporaryDirectory() as folder, databases_in(Path(folder)) as databases:
        for backend in ("SQLite", "PostgreSQL"):
            print(backend, flush=True)
            with databases.fresh(backend) as url:
                measure(url, asked.cases)


if __name__ == "__main__":
    main()
