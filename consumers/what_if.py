"""
Decide the stored history again by other rules, and say what would change.

The log is read as the replay reads it; every case is decided twice, by the rules that
are installed and by the others. Nothing is written.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from consumers.learned import KnowledgeOverTime
from consumers.logged import read_logged
from safety.case import Report
from safety.deadlines import Obligation, decide_obligations
from safety.deadlines.what_if import DutyChange, DutyKind, compare_duties
from safety.knowledge import Knowledge
from safety.pipeline import destinations, restore
from safety.store import SqlStore
from safety.store.queries import case_ids

CHUNK = 200  # cases read at a time


@dataclass(slots=True)
class WhatIf:
    """
    What the comparison found.

    Attributes:
        cases: Cases decided twice.
        changed: Cases of which at least one duty differs.
        before: Number of duties of each kind, with each limit in days, by the installed rules.
        after: The same by the other rules.
    """

    cases: int = 0
    changed: int = 0
    late: int = 0
    before: Counter[tuple[DutyKind, int]] = field(default_factory=Counter)
    after: Counter[tuple[DutyKind, int]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Which part of the history is asked about.

    Attributes:
        today: A duty due before this day would be late.
        since: Only duties whose day zero is this day or later.
        study: Only cases of this study, by the id of its profile.
    """

    today: date
    since: date | None = None
    study: str | None = None


def what_if(
    store: SqlStore,
    installed: Knowledge,
    other: Knowledge,
    asked: Asked,
    *,
    on_change: Callable[[DutyChange], None],
    on_case: Callable[[], None] | None = None,
) -> WhatIf:
    """
    Compare what is due by two sets of rules, over all cases of the log.

    Args:
        store: The store whose log is read.

        installed: The knowledge compared with.

        other: The knowledge with the other rules.

        asked: Which cases and duties are asked about.

        on_change: Called for each duty that differs.

        on_case: Called after each case, for a progress display.
    """
    result = WhatIf()
    with store.transaction() as transaction:
        installed, other = (
            KnowledgeOverTime(each).refresh(transaction) for each in (installed, other)
        )
    ids = case_ids(store)
    while chunk := list(islice(ids, CHUNK)):
        with store.transaction() as transaction:
            logs = transaction.log_of(chunk)
        for case_id in chunk:
            reports = [read_logged(message) for message in logs.get(case_id, ())]
            if reports:
                for change in _compare(case_id, reports, (installed, other), asked, result):
                    result.late += change.late
                    on_change(change)
            if on_case is not None:
                on_case()
    return result


def _compare(
    case_id: str,
    reports: Sequence[Report],
    both: tuple[Knowledge, Knowledge],
    asked: Asked,
    result: WhatIf,
) -> tuple[DutyChange, ...]:
    decided = [_decide(case_id, reports, knowledge, asked) for knowledge in both]
    before, after = decided
    if before is None or after is None:
        return ()
    result.cases += 1
    result.before.update(_kinds(before))
    result.after.update(_kinds(after))
    changes = compare_duties(case_id, before, after, today=asked.today)
    result.changed += bool(changes)
    return changes


def _decide(
    case_id: str, reports: Sequence[Report], knowledge: Knowledge, asked: Asked
) -> list[Obligation] | None:
    """Decide a whole history at once; None if the case is not of the study asked about."""
    live = restore(case_id, reports, knowledge, version=0, digest="", chain="", obligations=())
    assessment = live.steps[-1].assessment
    study = assessment.context.study
    if asked.study is not None and (study is None or study.study_id != asked.study):
        return None
    duties = decide_obligations(case_id, live.steps, destinations(assessment, knowledge))
    return [duty for duty in duties if asked.since is None or duty.day_zero >= asked.since]


def _kinds(duties: Sequence[Obligation]) -> Iterator[tuple[DutyKind, int]]:
    for duty in duties:
        yield (duty.authority, duty.recipient, duty.duty), duty.days
