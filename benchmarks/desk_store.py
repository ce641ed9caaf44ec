"""
Fill a store with many open cases, as the pipeline makes them, to look at the desk under load.

The cases are those of a simulated study that is large enough. To save time only every tenth case
gets its follow-ups, and what studies record of a subject beside its cases is left out; every
message is handled as in the product. `python -m benchmarks.desk_store URL CASES`.
"""

import sys
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime

from rich.progress import Progress

from consumers.backfill import process_records
from consumers.handlers import Record, Tally
from consumers.memory import load_for_a_long_run
from consumers.settings import load_settings
from consumers.simulation.stream import simulate_secure
from safety.store import migrate, open_store
from safety.store.queries import case_ids
from schemas.topics import ADVERSE_EVENTS

CASES_PER_SUBJECT = 4  # of the simulated study, at the least
FOLLOWED = 10  # one case in so many gets its follow-ups
REFUSED = 1.05  # a few reports are broken on purpose and make no case
SEED = 1
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)


def main() -> None:
    """Fill the store that the arguments name, until it has so many cases."""
    url, cases = sys.argv[1], int(sys.argv[2])
    migrate(url)
    knowledge = load_for_a_long_run(load_settings())
    with closing(open_store(url, durable=False)) as store, Progress() as progress:
        there = frozenset(case_ids(store))
        bar = progress.add_task("cases", total=cases, completed=len(there))

        def on_batch(tallies: dict[str, Tally]) -> None:
            done = len(there) + tallies[ADVERSE_EVENTS.name].accepted
            progress.update(bar, completed=done)

        process_records(
            reports(int(cases * REFUSED), there), store, knowledge, on_batch=on_batch,
            clock=lambda: NOW,
        )  # fmt: skip
        progress.console.print(f"{sum(1 for _ in case_ids(store)):,} cases")


def reports(cases: int, there: Collection[str]) -> Iterator[Record]:
    """Give the messages of so many cases, without those that are there already."""
    known: dict[str, bool] = {}
    for each in simulate_secure(SEED, cases // CASES_PER_SUBJECT + 1):
        if each.topic != ADVERSE_EVENTS.name:
            continue
        if each.key not in known:
            if len(known) == cases:
                return
            known[each.key] = len(known) % FOLLOWED == 0
        elif not known[each.key]:
            continue
        if each.key not in there:
            yield Record(each.topic, -1, 0, each.key, each.headers, each.value)


if __name__ == "__main__":
    main()
