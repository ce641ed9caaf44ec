"""
Databases that fail on demand, in the middle of a stream.

PostgreSQL raises the errors itself, with the SQLSTATE of the fault: a trigger on the table of
offsets, which every batch writes, fails some of its calls. SQLite is given a quota of pages. And a
clock that jumps.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from sqlalchemy import Connection, Engine, event, make_url

import consumers.loop
from consumers.handlers import Tally
from consumers.service import run_consumer
from consumers.settings import Settings

_COUNTED = "CREATE SEQUENCE batches_tried"  # a sequence counts what is rolled back, too
_TROUBLE = """
CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    call bigint := nextval('batches_tried');
BEGIN
    IF call % {every} IN (0, 1) THEN
        {fault};
    END IF;
    RETURN NULL;
END $$
"""
_EARLY = "CREATE TRIGGER trouble AFTER INSERT OR UPDATE ON stream_offsets"
_LATE = (
    "CREATE CONSTRAINT TRIGGER trouble AFTER INSERT OR UPDATE ON stream_offsets"
    " DEFERRABLE INITIALLY DEFERRED"
)


def session(url: str) -> psycopg.Connection:
    """Open a session of one's own with a PostgreSQL database, as its owner."""
    return psycopg.connect(
        make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
        autocommit=True,
    )


def disturb(url: str, fault: str, *, every: int = 7, late: bool = False) -> None:
    """
    Let writes of offsets fail, two of every few.

    Args:
        url: The PostgreSQL database.

        fault: What is done in PL/pgSQL, such as to raise.

        every: Of how many.

        late: When the transaction commits, not when the offset is written.
    """
    with session(url) as owner:
        owner.execute(_COUNTED)
        owner.execute(_TROUBLE.format(every=every, fault=fault))
        owner.execute(f"{_LATE if late else _EARLY} FOR EACH ROW EXECUTE FUNCTION trouble()")


def tries(url: str) -> int:
    """How many offsets were written, those of batches that failed included."""
    with session(url) as owner:
        row = owner.execute("SELECT last_value FROM batches_tried").fetchone()
    assert row is not None
    return int(row[0])


def run_within(
    settings: Settings, *, quota: Path, on_batch: Callable[[Tally], None], **others: Any
) -> Tally:
    """Consume into SQLite, which may have as many pages as the file says; without it, no more."""

    def begin(connection: Connection) -> None:
        pages = quota.read_text() if quota.exists() else 1  # SQLite takes it for: no more than now
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(Engine, "begin", begin, insert=True)
    return run_consumer(settings, on_batch=on_batch, **others)


JUMPS = (timedelta(0), timedelta(days=-2), timedelta(hours=1), timedelta(hours=-5))


def run_with_jumping_clock(
    settings: Settings, *, on_batch: Callable[[Tally], None], **others: Any
) -> Tally:
    """Consume; from batch to batch, the clock is set forward and back."""
    jumps = cycle(JUMPS)

    class Jumping:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + next(jumps)

    with patch.object(consumers.loop, "datetime", Jumping):
        return run_consumer(settings, on_batch=on_batch, **others)
