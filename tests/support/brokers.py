"""A broker with all topics of the registry, records on them, and what was published there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import orjson
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from consumers.embedded_broker import EmbeddedBroker
from consumers.handlers import Record
from consumers.publish import key_of
from schemas.topics import TOPICS

PARTITIONS = 4
MOST_BYTES = 64 * 1024 * 1024
ANSWER_S = 30


class Broker(Protocol):
    """What runs the broker's protocol: the embedded one, or Apache Kafka."""

    @property
    def bootstrap(self) -> str:
        """The address that clients connect to."""

    def create_topics(self, names: Iterable[str], partitions: int) -> None:
        """Create topics and wait until each partition has a leader."""


@contextmanager
def broker_with_topics(partitions: int = PARTITIONS) -> Iterator[EmbeddedBroker]:
    """Run a broker of one's own that has all topics; their names are fixed, so none is shared."""
    with EmbeddedBroker() as broker:
        broker.create_topics([topic.name for topic in TOPICS], partitions)
        yield broker


def put(broker: Broker, records: Iterable[Record]) -> dict[tuple[str, int], int]:
    """Produce records in their order and give the end of every partition that got one."""
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, max_request_size=MOST_BYTES)
    try:
        sent = [
            producer.send(
                record.topic,
                key=None if (key := key_of(record)) is None else key.encode(),
                value=record.value,
                headers=[(name, value.encode()) for name, value in record.headers.items()],
            )
            for record in records
        ]
        producer.flush(timeout=ANSWER_S)
        ends: dict[tuple[str, int], int] = {}
        for told in (one.get(timeout=ANSWER_S) for one in sent):
            ends[told.topic, told.partition] = told.offset + 1
        return ends
    finally:
        producer.close()


def published(broker: Broker, topic: str) -> list[tuple[str, dict[str, Any]]]:
    """Give key and event of every record on a topic, each partition in its order."""
    consumer = KafkaConsumer(
        bootstrap_servers=broker.bootstrap,
        enable_auto_commit=False,
        max_partition_fetch_bytes=MOST_BYTES,
        fetch_max_bytes=MOST_BYTES,
    )
    try:
        partitions = [
            TopicPartition(topic, number)
            for number in sorted(consumer.partitions_for_topic(topic) or ())
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        found: list[tuple[str, dict[str, Any]]] = []
        while True:
            for records in consumer.poll(timeout_ms=500).values():
                found += [(record.key.decode(), orjson.loads(record.value)) for record in records]
            ends = {partition: consumer.highwater(partition) for partition in partitions}
            if all(end == consumer.position(partition) for partition, end in ends.items()):
                return found
    finally:
        consumer.close()
