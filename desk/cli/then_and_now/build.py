"""Run the simulated study through the product, and decide it by two laws."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from consumers.backfill import process_records
from consumers.handlers import Record
from consumers.simulation import simulate_secure
from consumers.what_if import Asked, what_if
from desk.cli.then_and_now.model import Findings, Told
from safety.deadlines import Obligation
from safety.deadlines.what_if import DutyChange, freeze_rules
from safety.knowledge import load_knowledge
from safety.store import SqlStore, migrate, open_store
from safety.store.queries import versions_of_cases

SEED, SUBJECTS, STUDY = 1, 106, "NCT01751763"
LAW, END = date(2026, 11, 26), date(2017, 9, 8)  # the law asked about; the day the study ended


def compare_laws(folder: Path, subjects: int = SUBJECTS) -> Findings:
    """Simulate the study into a store in this folder, and decide it by both laws."""
    url = f"sqlite:///{folder / 'secure.db'}"
    migrate(url)
    knowledge = load_knowledge()
    changes: list[DutyChange] = []
    with closing(open_store(url)) as store:
        process_records(_records(subjects), store, knowledge)
        result = what_if(
            store,
            knowledge,
            freeze_rules(knowledge, LAW),
            Asked(today=END, study=STUDY),
            on_change=changes.append,
            on_same=changes.append,
        )
        told = tuple(_paired(changes))
        events = _events(store, sorted({each.case_id for each in told}))
    return Findings(result, told, events, knowledge, LAW)


def _records(subjects: int) -> Iterator[Record]:
    for place, each in enumerate(simulate_secure(SEED, subjects)):
        yield Record(each.topic, -1, place, each.key, each.headers, each.value)


def _paired(changes: Sequence[DutyChange]) -> Iterator[Told]:
    """Lay the duties to one authority side by side, whatever its office was called at the time."""
    then: dict[tuple[str, str, str, str], list[Obligation]] = defaultdict(list)
    now: dict[tuple[str, str, str, str], list[Obligation]] = defaultdict(list)
    for change in changes:
        for side, duty in ((then, change.before), (now, change.after)):
            if duty is not None:
                key = (duty.case_id, duty.authority, duty.duty.value, duty.trigger)
                side[key].append(duty)
    for key in sorted(then.keys() | now.keys()):
        case_id, authority, duty_kind, _ = key
        yield Told(case_id, authority, duty_kind, tuple(then[key]), tuple(now[key]))


def _events(store: SqlStore, cases: Sequence[str]) -> dict[str, Sequence[Mapping[str, Any]]]:
    with store.reading(snapshot=True) as connection:
        stored = versions_of_cases(connection, cases)
    return {case_id: stored[case_id][-1].events for case_id in cases}
