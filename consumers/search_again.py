"""
Search for duplicates among all cases that are stored.

It finds those stored before there was a search, or compared by weights of another version.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from consumers.duplicates import DuplicateSearch
from consumers.learned import KnowledgeOverTime, follow
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.model import Batch
from safety.store.queries import case_ids

CHUNK = 200  # cases in one transaction


def search_again(
    store: SqlStore,
    knowledge: Knowledge,
    *,
    now: datetime,
    on_case: Callable[[], None] | None = None,
) -> int:
    """
    Compare every case as it stands, and store what changes; gives the number of new pairs.

    Args:
        store: Where the cases are.

        knowledge: What is installed.

        now: When; new pairs are raised since then.

        on_case: Called after each case, for a progress display.

    Raises:
        StoreUnavailableError: Another writer changed one of the cases meanwhile; run it again.
    """
    over_time = KnowledgeOverTime(knowledge)
    raised = 0
    ids = case_ids(store)
    while chunk := list(islice(ids, CHUNK)):
        search, batch = DuplicateSearch(), Batch()
        with store.transaction() as transaction:
            over_time.refresh(transaction)
            for case_id, messages in transaction.log_of(chunk).items():
                *_, last = follow(case_id, messages, over_time)
                search.observe(last.case)
                if on_case is not None:
                    on_case()
            search.close(transaction, batch, now=now, everything=True)
            transaction.save(batch, now=now)
        raised += len(batch.alerts)
    return raised
