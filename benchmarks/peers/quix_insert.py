"""Parse and insert with Quix Streams: a sink that writes a batch at each checkpoint."""

import psycopg
from quixstreams import Application
from quixstreams.sinks import BatchingSink, SinkBatch

from benchmarks.peers.insert import CREATE, INSERT, Count, read_task, row_of


class Rows(BatchingSink):  # type: ignore[misc]
    """Inserts what was parsed since the last checkpoint."""

    def __init__(self, database: psycopg.Connection, count: Count, app: Application) -> None:
        super().__init__()
        self._database = database
        self._count = count
        self._app = app

    def write(self, batch: SinkBatch) -> None:
        """Insert a batch of one partition."""
        rows = [item.value for item in batch if item.value is not None]
        with self._database.cursor() as cursor:
            cursor.executemany(INSERT, rows)
        self._database.commit()
        if self._count.stored(batch.size):
            self._app.stop()


def main() -> None:
    """Take what there is, then tell how long it took."""
    task = read_task()
    count = Count(task)
    app = Application(
        broker_address=task.bootstrap,
        consumer_group="quix",
        auto_offset_reset="earliest",
        auto_create_topics=False,
        commit_every=task.batch,
        commit_interval=1.0,
        loglevel="ERROR",
    )

    def parse(payload: bytes) -> tuple[object, ...] | None:
        count.begin()
        return row_of(payload)

    with psycopg.connect(task.database) as database:
        database.execute(CREATE)
        database.commit()
        sink = Rows(database, count, app)
        for name in task.topics:
            topic = app.topic(name, value_deserializer="bytes", key_deserializer="bytes")
            app.dataframe(topic).apply(parse).sink(sink)
        app.run()
    count.report()


main()
