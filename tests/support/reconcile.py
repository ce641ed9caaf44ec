"""Do the counts add up, and was everything said that was to be said?"""

from collections.abc import Callable, Iterable, Mapping

from consumers import merges
from consumers.handlers import Record
from safety.store import SqlStore, tables
from safety.store.queries import summary_counts
from schemas.parse import parse_record
from schemas.topics import TOPICS
from tests.support.brokers import Broker, published
from tests.support.tables import assert_same_tables, rows_of


def assert_reconciled(
    store: SqlStore, ends: Mapping[tuple[str, int], int], records: Iterable[Record]
) -> None:
    """Every record was read once, and every message in it has one of three fates."""
    progress = {(each.topic, each.partition): each for each in summary_counts(store).progress}
    assert {name: each.next_offset for name, each in progress.items()} == dict(ends)
    assert {name: each.records for name, each in progress.items()} == dict(ends)
    messages = sum(len(parse_record(each.topic, each.value)) for each in records)
    assert sum(each.messages for each in progress.values()) == messages
    logged = [row for row in rows_of(store, tables.message_log) if row["source"] != merges.SOURCE]
    assert sum(each.accepted for each in progress.values()) == len(logged)  # others are our own
    parked = len(rows_of(store, tables.quarantine))
    assert sum(each.quarantined for each in progress.values()) == parked


def assert_all_published(store: SqlStore, broker: Broker) -> None:
    """
    Everything in the outbox is with the broker at least once, and nothing else is.

    Holds only as long as no other consumer with a store of its own has published there.
    """
    outgoing = [topic.name for topic in TOPICS if topic.direction == "out"]
    found = {
        f"{topic}/{event['id']}" for topic in outgoing for _, event in published(broker, topic)
    }
    told = rows_of(store, tables.outbox)
    assert found == {row["message_id"] for row in told}
    assert [row["message_id"] for row in told if row["published_at"] is None] == []


def assert_ended_well(
    store: SqlStore,
    broker: Broker,
    ends: Mapping[tuple[str, int], int],
    records: Iterable[Record],
    *,
    undisturbed: Callable[[Broker], SqlStore],
) -> None:
    """
    Everything was said, nothing is lost, nothing counts twice.

    Args:
        store: What the disturbed consumers stored.

        broker: Where they read and published.

        ends: The end of every partition.

        records: All that is on the broker.

        undisturbed: Consumes the same in one go, into a store of its own. It publishes to the
            same broker, so it runs after what the others published is looked at.
    """
    assert_all_published(store, broker)
    assert_same_tables(store, undisturbed(broker))
    assert_reconciled(store, ends, records)
