"""
The same pipeline on files, without Kafka: backfill, tests, a first look.

Every record goes through the same handling in the same batches, so the tables are
those that the consumer would have made. Running it twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from consumers.cases import CaseCache
from consumers.gate import Gate
from consumers.handlers import Record, Tally, handle_batch, parse_all
from consumers.learned import KnowledgeOverTime
from safety.knowledge import Knowledge
from safety.store.model import Store

FILE_PARTITION = -1


def process_records(
    records: Iterable[Record],
    store: Store,
    knowledge: Knowledge,
    *,
    gate: Gate | None = None,
    batch_records: int = 500,
    on_batch: Callable[[dict[str, Tally]], None] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> dict[str, Tally]:
    """
    Take records into a store.

    Args:
        records: In the order they are to be handled.

        store: Where to keep them.

        knowledge: What to decide with.

        gate: What a message has to pass beside its contract, such as the ICH schema.

        batch_records: Records handled in one transaction.

        on_batch: Called with the running counts after each batch.

        clock: Gives the instant a batch is recorded at; a replaceable clock for tests.

    Returns:
        What became of the messages, by topic.
    """
    cache = CaseCache()
    tallies: dict[str, Tally] = {}
    over_time = KnowledgeOverTime(knowledge)
    known: Knowledge | None = None
    for batch in _batches(records, batch_records):
        parsed = parse_all(batch, gate)
        now = clock()
        with store.transaction() as transaction:
            current = over_time.refresh(transaction)
            if current is not known:
                cache.clear()  # what it holds was judged with what was known before
            handled = handle_batch(
                transaction, batch, parsed, knowledge=current, cache=cache, now=now
            )
            transaction.save(handled.batch, now=now)
        if current is not known:
            store.keep_knowledge(current.digest, current.parts(), now=now)
            known = current
        for live in handled.cases.values():
            cache.put(live)
        for subject in handled.subjects.values():
            cache.subjects.put(subject)
        for (topic, _), tally in handled.tallies.items():
            tallies.setdefault(topic, Tally()).add(tally)
        if on_batch is not None:
            on_batch(tallies)
    return tallies


def _batches(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    source = iter(records)
    while batch := list(islice(source, size)):
        yield batch
