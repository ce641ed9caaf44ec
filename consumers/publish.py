"""
Put records on their topics, each under the key of its case.

Kafka keeps one key in one partition, so one case is read by one consumer. The key
of an ICSR file is the case of the first report in it that can be read; a file with
several cases goes under that one key, and the store keeps writers of one case apart.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from kafka import KafkaProducer
from kafka.errors import KafkaError

from consumers.handlers import Record
from safety.errors import BrokerUnavailableError
from schemas.parse import Message, parse_record
from schemas.topics import ICSR

CHUNK = 1_000  # records on their way at a time
FLUSH_SECONDS = 60.0


def publish(
    records: Iterable[Record],
    producer: KafkaProducer,
    *,
    on_sent: Callable[[int], None] | None = None,
) -> Counter[str]:
    """
    Send records and wait until the broker has them all.

    Args:
        records: What to send; partition and offset are the broker's to give.

        producer: Waits for all replicas; the caller closes it.

        on_sent: Called with the number of records sent since the last call.

    Returns:
        Number of records by topic.

    Raises:
        BrokerUnavailableError: Some record was not acknowledged. Publish again: what
            arrives twice is recognised and counted as repeated.
    """
    sent: Counter[str] = Counter()
    for chunk in _chunks(records):
        try:
            waiting = [
                producer.send(
                    record.topic,
                    key=key.encode() if (key := key_of(record)) is not None else None,
                    value=record.value,
                    headers=[(name, value.encode()) for name, value in record.headers.items()],
                )
                for record in chunk
            ]
            producer.flush(timeout=FLUSH_SECONDS)
            for future in waiting:
                future.get(timeout=FLUSH_SECONDS)
        except KafkaError as error:
            raise BrokerUnavailableError(
                f"the broker did not take all records after {sent.total():,} of them"
                f" ({type(error).__name__}); check it and its topics (`safety topics create`), then"
                " publish again"
            ) from error
        sent.update(record.topic for record in chunk)
        if on_sent is not None:
            on_sent(len(chunk))
    return sent


def key_of(record: Record) -> str | None:
    """Give the key a record goes under; None leaves the partition to the client."""
    if record.key is not None or record.topic != ICSR.name:
        return record.key
    found = parse_record(record.topic, record.value)
    return next((each.subject for each in found if isinstance(each, Message)), None)


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    source = iter(records)
    while chunk := list(islice(source, CHUNK)):
        yield chunk
