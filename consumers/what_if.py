"""
Decide the stored history again by other knowledge, and say what would change.

The log is read as the replay reads it; every case is decided twice, by the rules that
are installed and by the others (rules, labels, dictionary). Nothing is written.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from consumers.histories import read_histories
from consumers.learned import KnowledgeOverTime
from safety.case import CaseState, Report
from safety.deadlines import Obligation, decide_obligations
from safety.deadlines.what_if import DutyChange, DutyKind, Told, pair_duties
from safety.knowledge import Knowledge
from safety.pipeline import LiveCase, destinations, restore, submissions_of
from safety.store import SqlStore


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
        as_known_at: Only what was recorded by then.
    """

    today: date
    since: date | None = None
    study: str | None = None
    as_known_at: datetime | None = None


def what_if(
    store: SqlStore,
    installed: Knowledge,
    other: Knowledge,
    asked: Asked,
    *,
    on_change: Callable[[DutyChange], None],
    on_same: Callable[[DutyChange], None] | None = None,
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

        on_same: Called for each duty that does not.

        on_case: Called after each case, for a progress display.
    """
    result = WhatIf()
    with store.transaction() as transaction:
        installed, other = (
            KnowledgeOverTime(each).refresh(transaction) for each in (installed, other)
        )
    for case_id, reports in read_histories(store, as_known_at=asked.as_known_at):
        if reports:
            for change in _compare(case_id, reports, (installed, other), asked, result):
                if change.differs:
                    result.late += change.late
                    on_change(change)
                elif on_same is not None:
                    on_same(change)
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
    lives = [
        restore(case_id, reports, knowledge, version=0, digest="", chain="", obligations=())
        for knowledge in both
    ]
    if not all(_is_asked_about(live, asked) for live in lives):
        return ()
    before, after = (
        _duties(live, knowledge, asked) for live, knowledge in zip(lives, both, strict=True)
    )
    result.cases += 1
    result.before.update(_kinds(before))
    result.after.update(_kinds(after))
    sent = _sent(lives[0].case.state)
    pairs = tuple(pair_duties(case_id, before, after, today=asked.today, sent=sent))
    result.changed += any(pair.differs for pair in pairs)
    return pairs


def _is_asked_about(live: LiveCase, asked: Asked) -> bool:
    study = live.steps[-1].assessment.context.study
    return asked.study is None or (study is not None and study.study_id == asked.study)


def _duties(live: LiveCase, knowledge: Knowledge, asked: Asked) -> list[Obligation]:
    """Decide a whole history at once."""
    books = destinations(live.steps[-1].assessment, knowledge)
    duties = decide_obligations(live.case_id, live.steps, books)
    return [duty for duty in duties if asked.since is None or duty.day_zero >= asked.since]


def _sent(state: CaseState) -> dict[Told, date]:
    """When reports were sent, by whom they told of what."""
    return {
        (record.authority, record.recipient, record.duty, record.trigger): date.fromisoformat(
            record.submitted_on
        )
        for record in submissions_of(state).values()
        if record.submitted_on is not None
    }


def _kinds(duties: Sequence[Obligation]) -> Iterator[tuple[DutyKind, int]]:
    for duty in duties:
        yield (duty.authority, duty.recipient, duty.duty), duty.days
