"""Parse and insert with FastStream: batches of records to an asynchronous handler."""

import asyncio

import psycopg
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from benchmarks.peers.insert import CREATE, INSERT, Count, read_task, row_of


async def main() -> None:
    """Take what there is, then tell how long it took."""
    task = read_task()
    count, done = Count(task), asyncio.Event()
    broker = KafkaBroker(task.bootstrap, logger=None)
    async with await psycopg.AsyncConnection.connect(task.database) as database:
        await database.execute(CREATE)
        await database.commit()

        @broker.subscriber(  # type: ignore[untyped-decorator]
            *task.topics,
            batch=True,
            max_records=task.batch,
            group_id="faststream",
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
        )
        async def take(bodies: list[bytes]) -> None:
            count.begin()
            rows = [row for body in bodies if (row := row_of(body)) is not None]
            async with database.cursor() as cursor:
                await cursor.executemany(INSERT, rows)
            await database.commit()
            if count.stored(len(bodies)):
                done.set()

        async with broker:
            await broker.start()
            await done.wait()
    count.report()


asyncio.run(main())
