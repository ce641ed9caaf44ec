"""A stream on a broker, a consumer that something befalls, and what must hold in the end."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from consumers.handlers import Record
from consumers.service import run_consumer
from safety.store import SqlStore, open_store
from safety.store.queries import summary_counts
from tests.support.brokers import Broker, put
from tests.support.consuming import ConsumerProcess, Run
from tests.support.reconcile import assert_ended_well

SMALL_BATCH = 10  # records: so that what happens comes in the middle of the stream


class Undisturbed(Protocol):
    """Consumes all that a broker holds, in one go, into a store of its own."""

    def __call__(self, broker: Broker, **settings: Any) -> SqlStore:
        """Give that store."""


class Scene:
    """
    A stream and its consumers.

    Args:
        broker: Where the stream is put.

        undisturbed: What to compare with in the end.

        folder: Where the consumers' log is.

        stream: The records.
    """

    def __init__(
        self, broker: Broker, undisturbed: Undisturbed, folder: Path, stream: Iterable[Record]
    ) -> None:
        self.stream = list(stream)
        self._ends = put(broker, self.stream)
        self._broker = broker
        self._undisturbed = undisturbed
        self._log = folder / "log"

    def start(
        self,
        url: str,
        *,
        run: Run = run_consumer,
        arguments: Mapping[str, Any] = MappingProxyType({}),
        **settings: Any,
    ) -> ConsumerProcess:
        """
        Start a consumer that ends when all is read.

        Args:
            url: The database.

            run: What it runs.

            arguments: What that takes beside what `run_consumer` takes.

            settings: Settings by name.
        """
        told = {
            "database_url": url,
            "kafka_bootstrap": self._broker.bootstrap,
            "batch_records": SMALL_BATCH,
        }
        return ConsumerProcess(told | settings, self._log, run=run, idle_seconds=1, **arguments)

    @contextmanager
    def consumer(self, url: str, **others: Any) -> Iterator[ConsumerProcess]:
        """Run a consumer until all is read; it has begun when the block does."""
        with self.start(url, **others) as consumer:
            assert consumer.batch(), self.printed
            assert consumer.records < len(self.stream), "there is nothing left to disturb"
            yield consumer
            assert consumer.wait() == 0, self.printed

    @property
    def printed(self) -> str:
        """What the consumers printed."""
        return self._log.read_text()

    @property
    def waits(self) -> list[float]:
        """The pauses before each new try, in seconds."""
        told = re.findall(r'trying again.*?"seconds": ([0-9.]+)', self.printed)
        return [float(seconds) for seconds in told]

    def has_waited(self) -> bool:
        """It has met the fault twice in a row, and waited longer the second time."""
        return any(later > first for first, later in zip(self.waits, self.waits[1:], strict=False))

    def ends_well(self, url: str, **settings: Any) -> None:
        """Nothing is lost, nothing counts twice, everything was said."""
        with closing(open_store(url)) as store:
            assert_ended_well(
                store,
                self._broker,
                self._ends,
                self.stream,
                undisturbed=partial(self._undisturbed, **settings),
            )


def read(store: SqlStore) -> int:
    """How many records are stored."""
    return sum(each.records for each in summary_counts(store).progress)
