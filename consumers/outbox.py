"""
Out to Kafka what the store says is to be said: at least once, in order per key.

A batch's messages are sent right after its transaction; what a crash left unsent
is found in the store and sent at the next start. Message ids are made from their
ground, so a reader that keeps ids sees each once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from kafka import KafkaProducer
from kafka.errors import KafkaError

from consumers.metrics import OUTBOX_BEHIND, PUBLISHED
from consumers.telemetry import Telemetry
from safety.errors import BrokerUnavailableError
from safety.store import SqlStore
from safety.store.model import Outgoing
from safety.store.queries import mark_published, unpublished

CHUNK = 1_000
_CONTENT_TYPE = ("content-type", b"application/cloudevents+json; charset=UTF-8")
FLUSH_SECONDS = 30.0


class Outbox:
    """
    Sends messages and marks them as sent.

    Args:
        store: Where they wait.

        producer: What to send with.

        telling: What the process tells of itself.
    """

    def __init__(
        self, store: SqlStore, producer: KafkaProducer, telling: Telemetry | None = None
    ) -> None:
        self._store = store
        self._producer = producer
        self._telling = telling or Telemetry()

    def send(self, messages: Sequence[Outgoing]) -> None:
        """
        Publish messages that are stored, and mark them.

        Raises:
            BrokerUnavailableError: Not all were acknowledged; the rest is sent again later.
        """
        if not messages:
            return
        headers = [_CONTENT_TYPE, *self._telling.tracing.headers()]
        try:
            sent = [
                self._producer.send(
                    message.topic,
                    key=message.key.encode(),
                    value=message.payload,
                    headers=headers,
                )
                for message in messages
            ]
            self._producer.flush(timeout=FLUSH_SECONDS)
            for future in sent:
                future.get(timeout=FLUSH_SECONDS)
        except KafkaError as error:
            self._telling.metrics.set(OUTBOX_BEHIND, value=1)
            raise BrokerUnavailableError(
                f"the broker did not take {len(messages)} outgoing messages"
                f" ({type(error).__name__}); they stay in the outbox"
            ) from error
        mark_published(self._store, _ids(messages), now=datetime.now(UTC))
        self._telling.metrics.set(OUTBOX_BEHIND, value=0)
        for topic, number in Counter(message.topic for message in messages).items():
            self._telling.metrics.count(PUBLISHED, topic, amount=number)

    def send_left_over(self) -> int:
        """Publish what an earlier run stored but did not send; gives their number."""
        count = 0
        while messages := unpublished(self._store, limit=CHUNK):
            self.send(messages)
            count += len(messages)
        return count

    def close(self) -> None:
        """Give back the connection."""
        self._producer.close(timeout=FLUSH_SECONDS)


def _ids(messages: Iterable[Outgoing]) -> list[str]:
    return [message.message_id for message in messages]
