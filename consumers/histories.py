"""The histories of cases, read from the log: all of them, or what was recorded by an instant."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from consumers.logged import read_logged
from safety.case import Report
from safety.store import SqlStore
from safety.store.queries import case_ids

CHUNK = 200  # cases read at a time


def read_histories(
    store: SqlStore, *, as_known_at: datetime | None = None
) -> Iterator[tuple[str, list[Report]]]:
    """
    Give each case with its reports, in the order they were recorded; none where nothing was known.

    Args:
        store: The store whose log is read.

        as_known_at: Only what was recorded by then.
    """
    ids = case_ids(store)
    while chunk := list(islice(ids, CHUNK)):
        with store.transaction() as transaction:
            logs = transaction.log_of(chunk)
        for case_id in chunk:
            yield (
                case_id,
                [
                    read_logged(message)
                    for message in logs.get(case_id, ())
                    if as_known_at is None or message.recorded_at <= as_known_at
                ],
            )
