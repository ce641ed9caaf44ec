"""
Compute all decisions again from the message log and compare them with what is stored.

Case by case, in the order the messages were recorded, with the instants they were
recorded at: what comes out must be what was stored, byte for byte: every version with its
events and pairs, the head of the case, and the duties that stand.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import chain
from multiprocessing import get_context
from operator import itemgetter
from typing import Any, TypeVar

from consumers.handlers import head_of
from consumers.learned import KnowledgeOverTime, follow
from consumers.logged import read_logged_record
from consumers.memory import load_for_a_long_run
from consumers.settings import Settings
from consumers.subjects import head_of_subject
from consumers.wiring import build_store
from safety.knowledge import Knowledge
from safety.pipeline import LiveCase, begin
from safety.store import SqlStore
from safety.store.model import CaseHead, LoggedMessage, SubjectHead, SubjectKey
from safety.store.queries import case_ids, versions_of_cases
from safety.store.subjects import assessments_of, log_of_subjects, subject_keys
from safety.subjects import LiveSubject, SubjectVersion, advance_subject, begin_subject
from safety.versions import Version

T = TypeVar("T", str, SubjectKey)
CHUNK = 200  # cases read at a time


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise."""

    case_id: str
    version: int
    what: str


@dataclass(slots=True)
class ReplayResult:
    """What a replay computed and found."""

    subjects: int = 0
    cases: int = 0
    messages: int = 0
    versions: int = 0
    differences: int = 0


Replayed = tuple[ReplayResult, list[Difference]]


def replay(
    store: SqlStore,
    knowledge: Knowledge,
    *,
    on_difference: Callable[[Difference], None],
    on_case: Callable[[int], None] | None = None,
) -> ReplayResult:
    """
    Replay every case, and what the records of every subject say.

    Args:
        store: The store whose log is replayed; nothing is written.

        knowledge: What is installed; each message is decided with what people had taught the
            dictionary by then. Versions made with other knowledge are differences.

        on_difference: Called for each thing that came out otherwise.

        on_case: Called with the number of cases done since the last call, for a progress display.
    """
    result = ReplayResult()
    over_time = _over_time(store, knowledge)
    for keys in _chunks(subject_keys(store), CHUNK):
        _take(result, replay_subjects(store, over_time, keys), on_difference)
    for chunk in _chunks(case_ids(store), CHUNK):
        found = replay_cases(store, over_time, chunk)
        _take(result, found, on_difference)
        if on_case is not None:
            on_case(len(chunk))
    return result


def _over_time(store: SqlStore, knowledge: Knowledge) -> KnowledgeOverTime:
    """Give the knowledge with all that was ever taught it."""
    over_time = KnowledgeOverTime(knowledge)
    with store.transaction() as transaction:
        over_time.refresh(transaction)
    return over_time


def replay_subjects(
    store: SqlStore, knowledge: KnowledgeOverTime, keys: Sequence[SubjectKey]
) -> Replayed:
    """Replay the records of some subjects; see `replay()`."""
    result = ReplayResult()
    differences: list[Difference] = []
    with store.transaction() as transaction:
        heads = transaction.subject_heads(keys)
    with store.reading(snapshot=True) as connection:
        logs = log_of_subjects(connection, keys)
        stored = assessments_of(connection, keys)
    for key in keys:
        messages = logs.get(key, ())
        live, computed = replay_subject(key, messages, knowledge)
        result.subjects += 1
        result.messages += len(messages)
        differences += _compare_subject(live, computed, heads[key], stored.get(key, ()))
    result.differences = len(differences)
    return result, differences


def replay_subject(
    key: SubjectKey, messages: Sequence[LoggedMessage], knowledge: KnowledgeOverTime
) -> tuple[LiveSubject, list[SubjectVersion]]:
    """Give the subject that its records make, in the order they were recorded, and its versions."""
    live = begin_subject(*key)
    versions: list[SubjectVersion] = []
    for logged in messages:
        fact = read_logged_record(logged)
        then = knowledge.at(logged.learned)
        outcome = advance_subject(live, fact, then, now=logged.recorded_at)
        live = outcome.subject
        if outcome.version is not None:
            versions.append(outcome.version)
    return live, versions


def _compare_subject(
    live: LiveSubject,
    computed: Sequence[SubjectVersion],
    head: SubjectHead,
    stored: Sequence[SubjectVersion],
) -> Iterator[Difference]:
    named = f"subject {live.study}/{live.subject}"
    if len(computed) != len(stored):
        yield Difference(named, len(stored), f"{len(computed)} versions, {len(stored)} stored")
    for new, old in zip(computed, stored, strict=False):
        for each in fields(SubjectVersion):
            if getattr(new, each.name) != getattr(old, each.name):
                yield Difference(named, new.version, each.name)
    now = head_of_subject(live)
    for each in fields(SubjectHead):
        if getattr(now, each.name) != getattr(head, each.name):
            yield Difference(named, head.version, f"the subject's {each.name}")


def replay_cases(
    store: SqlStore, knowledge: KnowledgeOverTime, case_ids: Sequence[str]
) -> Replayed:
    """Replay some cases; see `replay()`."""
    result = ReplayResult()
    differences: list[Difference] = []
    with store.transaction() as transaction:
        logs = transaction.log_of(case_ids)
        heads = transaction.heads(case_ids)
    with store.reading(snapshot=True) as connection:
        stored = versions_of_cases(connection, case_ids)
    for case_id in case_ids:
        messages = logs.get(case_id, ())
        live, computed = replay_case(case_id, messages, knowledge)
        result.cases += 1
        result.messages += len(messages)
        result.versions += len(computed)
        differences += _compare_versions(case_id, computed, stored.get(case_id, ()))
        differences += _compare_heads(live, heads[case_id])
    result.differences = len(differences)
    return result, differences


def replay_in_processes(
    settings: Settings,
    processes: int,
    *,
    on_difference: Callable[[Difference], None],
    on_case: Callable[[int], None] | None = None,
) -> ReplayResult:
    """
    Replay every case in several processes, each with a store and knowledge of its own.

    Args:
        settings: Where the store is, and what to decide with.

        processes: How many.

        on_difference: As of `replay()`.

        on_case: As of `replay()`.
    """
    result = ReplayResult()
    store = build_store(settings)
    try:
        with ProcessPoolExecutor(
            processes, get_context("spawn"), initializer=_begin, initargs=(settings,)
        ) as pool:
            waiting: deque[tuple[int, Future[Replayed]]] = deque()
            subjects = (
                (0, pool.submit(_subjects_there, keys))
                for keys in _chunks(subject_keys(store), CHUNK)
            )
            cases = (
                (len(ids), pool.submit(_cases_there, ids))
                for ids in _chunks(case_ids(store), CHUNK)
            )
            for submitted in chain(subjects, cases):
                waiting.append(submitted)
                if len(waiting) > 2 * processes:  # so that the ids of all cases are never held
                    _take_first(waiting, result, on_difference, on_case)
            while waiting:
                _take_first(waiting, result, on_difference, on_case)
    finally:
        store.close()
    return result


def _take_first(
    waiting: "deque[tuple[int, Future[Replayed]]]",
    result: ReplayResult,
    on_difference: Callable[[Difference], None],
    on_case: Callable[[int], None] | None,
) -> None:
    cases, future = waiting.popleft()
    _take(result, future.result(), on_difference)
    if on_case is not None:
        on_case(cases)


def _take(
    result: ReplayResult, found: Replayed, on_difference: Callable[[Difference], None]
) -> None:
    part, differences = found
    result.cases += part.cases
    result.subjects += part.subjects
    result.messages += part.messages
    result.versions += part.versions
    result.differences += part.differences
    for difference in differences:
        on_difference(difference)


_here: list[tuple[SqlStore, KnowledgeOverTime]] = []  # of a process that replays for another


def _begin(settings: Settings) -> None:
    store = build_store(settings)
    _here.append((store, _over_time(store, load_for_a_long_run(settings))))


def _cases_there(case_ids: Sequence[str]) -> Replayed:
    return replay_cases(*_here[0], case_ids)


def _subjects_there(keys: Sequence[SubjectKey]) -> Replayed:
    return replay_subjects(*_here[0], keys)


def replay_case(
    case_id: str, messages: Sequence[LoggedMessage], knowledge: KnowledgeOverTime
) -> tuple[LiveCase, list[Version]]:
    """Give the case that its messages make, in the order they were recorded, and its versions."""
    live = begin(case_id)
    versions: list[Version] = []
    for outcome in follow(case_id, messages, knowledge):
        live = outcome.case
        if outcome.version is not None:
            versions.append(outcome.version)
    return live, versions


def _compare_versions(
    case_id: str, computed: Sequence[Version], stored: Sequence[Version]
) -> Iterator[Difference]:
    if len(computed) != len(stored):
        yield Difference(case_id, len(stored), f"{len(computed)} versions, {len(stored)} stored")
    for new, old in zip(computed, stored, strict=False):
        for name in _VERSION:
            if getattr(new, name) != getattr(old, name):
                yield Difference(case_id, new.version, name)
        for name, keys in _FLAT.items():
            if _sorted(getattr(new, name), keys) != _sorted(getattr(old, name), keys):
                yield Difference(case_id, new.version, name)


_FLAT = {"events": ("reaction",), "pairs": ("drug", "reaction")}  # the store keeps no order
_VERSION = tuple(field.name for field in fields(Version) if field.name not in _FLAT)
_HEAD = tuple(field.name for field in fields(CaseHead))


def _sorted(rows: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=itemgetter(*keys))


def _compare_heads(live: LiveCase, stored: CaseHead) -> Iterator[Difference]:
    """Compare how the case stands now; `head_of` needs a message at least."""
    if not live.steps:
        return
    computed = head_of(live)
    for name in _HEAD:
        if getattr(computed, name) != getattr(stored, name):
            yield Difference(live.case_id, stored.version, f"the case's {name}")


def _chunks(ids: Iterator[T], size: int) -> Iterator[list[T]]:
    chunk: list[T] = []
    for case_id in ids:
        chunk.append(case_id)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
