"""
What would be open if other rules were law: the log decided again, less what was sent.

A duty under another rule answers to a record if it is for the same recipient, of the same kind, and
starts from the same report: that recipient has been told.
"""

from collections.abc import Callable
from datetime import date, datetime

from consumers.histories import read_histories
from consumers.learned import KnowledgeOverTime
from safety.case import Report
from safety.deadlines import decide_obligations
from safety.knowledge import Knowledge
from safety.pipeline import destinations, restore, submissions_of
from safety.store import SqlStore
from safety.store.submissions import OpenDuty
from safety.submissions import SETTLED


def open_duties_under(
    store: SqlStore,
    knowledge: Knowledge,
    *,
    until: date | None = None,
    authority: str | None = None,
    as_known_at: datetime | None = None,
    on_case: Callable[[], None] | None = None,
) -> list[OpenDuty]:
    """
    Decide every case of the log by some knowledge and give what is open, the most urgent first.

    Args:
        store: The store whose log is read; nothing is written.

        knowledge: What to decide with.

        until: Only duties due on this day or before.

        authority: Only those to this authority.

        as_known_at: Only by what was recorded by then.

        on_case: Called after each case, for a progress display.
    """
    found: list[OpenDuty] = []
    with store.transaction() as transaction:
        knowledge = KnowledgeOverTime(knowledge).refresh(transaction)
    for case_id, reports in read_histories(store, as_known_at=as_known_at):
        if reports:
            found += _open(case_id, reports, knowledge)
        if on_case is not None:
            on_case()
    kept = [
        each
        for each in found
        if (until is None or each.obligation.due <= until)
        and authority in {None, each.obligation.authority}
    ]
    return sorted(
        kept,
        key=lambda each: (
            each.obligation.due,
            each.obligation.authority,
            each.obligation.recipient,
            each.obligation.case_id,
            each.obligation.obligation_id,
        ),
    )


def _open(case_id: str, reports: list[Report], knowledge: Knowledge) -> list[OpenDuty]:
    live = restore(case_id, reports, knowledge, version=0, digest="", chain="", obligations=())
    last = live.steps[-1]
    states = {
        (record.authority, record.recipient, record.duty, record.trigger): record.state
        for record in submissions_of(last.state).values()
    }
    found: list[OpenDuty] = []
    for duty in decide_obligations(case_id, live.steps, destinations(last.assessment, knowledge)):
        state = states.get((duty.authority, duty.recipient, duty.duty.value, duty.trigger))
        if state not in SETTLED:
            found.append(OpenDuty(duty, state))
    return found
