"""
Is what the store holds what was once stored?

Every version of a case is sealed with all that it says and with the seal of the one
before it; the duties are named in its trace, and their ids are made from their
ground; the log and the audit trail are chains of their own (`safety.store.chains`).
So a row that was changed, removed, moved or added behind our back shows, unless
all that came later was forged with it; against that, keep the newest seals somewhere
else (`safety.store.kept`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from safety.deadlines import Obligation, identity_of
from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.chains import NO_ENTRY
from safety.store.kept import NOTHING_KEPT, Kept, Seals
from safety.store.model import SubjectHead
from safety.store.queries import case_ids, versions_of_cases
from safety.store.rows import read_obligation
from safety.store.sql import SqlStore
from safety.store.subjects import assessments_of, subject_keys
from safety.store.verify_entries import Discrepancy, verify_log, verify_trail
from safety.subjects import SubjectVersion, seal_subject
from safety.versions import Version, seal

CHUNK = 50  # cases in memory at a time


def verify_store(store: SqlStore, kept: Kept = NOTHING_KEPT) -> Iterator[Discrepancy]:
    """
    Check the log, the audit trail, the versions and the duties; gives what does not agree.

    Args:
        store: What to check.

        kept: Seals that were kept elsewhere at an earlier time.
    """
    yield from verify_log(store, kept)
    yield from verify_trail(store, kept)
    yield from verify_chains(store, kept.cases)
    yield from verify_subjects(store, kept.subjects)


def verify_chains(store: SqlStore, kept: Seals) -> Iterator[Discrepancy]:
    """Compute the seals of every case again, and compare its head and its duties with them."""
    with store.reading() as connection:
        for table in (tables.case_versions, tables.obligations, tables.obligation_ends):
            yield from _without_case(connection, table)
    missed = set(kept)
    ids = case_ids(store)
    while chunk := list(islice(ids, CHUNK)):
        missed.difference_update(chunk)
        with store.reading(snapshot=True) as connection:
            found = list(_verify_cases(connection, chunk, kept))
        yield from found
    for case_id in sorted(missed):
        yield Discrepancy("cases", case_id, "it is gone; a seal of it was kept")


def verify_subjects(store: SqlStore, kept: Seals) -> Iterator[Discrepancy]:
    """Compute the seals of what the records of every subject said, and compare its head."""
    missed = set(kept)
    keys = subject_keys(store)
    while chunk := list(islice(keys, CHUNK)):
        missed.difference_update(f"{study}/{subject}" for study, subject in chunk)
        with store.transaction() as transaction:
            heads = transaction.subject_heads(chunk)
        with store.reading(snapshot=True) as connection:
            said = assessments_of(connection, chunk)
        for key in chunk:
            versions = said.get(key, ())
            yield from _verify_subject(heads[key], versions)
            name = "/".join(key)
            seals = [version.chain for version in versions]
            yield from _verify_kept("subject_assessments", name, seals, kept)
    for name in sorted(missed):
        yield Discrepancy("subjects", name, "it is gone; a seal of it was kept")


def _verify_kept(table: str, name: str, seals: Sequence[str], kept: Seals) -> Iterator[Discrepancy]:
    version, seal_then = kept.get(name, NO_ENTRY)
    if version > len(seals):
        yield Discrepancy(
            table, name, f"it has {len(seals)} versions; a seal of {version} was kept"
        )
    elif version and seals[version - 1] != seal_then:
        yield Discrepancy(table, f"{name} version {version}", "chain is not the one that was kept")


def _verify_subject(head: SubjectHead, versions: Sequence[SubjectVersion]) -> Iterator[Discrepancy]:
    table, name, previous = "subject_assessments", f"{head.study}/{head.subject}", ""
    for number, version in enumerate(versions, start=1):
        key = f"{name} version {version.version}"
        if version.version != number:
            yield Discrepancy(table, key, f"version {number} should stand here")
            return
        if version.previous_chain != previous or seal_subject(version) != version.chain:
            yield Discrepancy(table, key, "chain does not seal what the version says")
        previous = version.chain
    if (head.version, head.chain) != (len(versions), previous):
        yield Discrepancy("subjects", name, "version or chain is not that of its latest version")


def _without_case(connection: Connection, table: Table) -> Iterator[Discrepancy]:
    known = select(tables.cases.c.case_id)
    asked = select(table.c.case_id).distinct().where(table.c.case_id.not_in(known))
    for case_id in connection.scalars(asked.order_by(table.c.case_id)):
        yield Discrepancy(table.name, case_id, "its case has no head")


def _verify_cases(
    connection: Connection, chunk: Sequence[str], kept: Seals
) -> Iterator[Discrepancy]:
    versions = versions_of_cases(connection, chunk)
    heads = _by_case(connection, tables.cases, chunk)
    created = _by_case(connection, tables.obligations, chunk)
    ended = _by_case(connection, tables.obligation_ends, chunk)
    messages = _messages(connection, chunk)
    for case_id in chunk:
        of_case = versions.get(case_id, ())
        of_log = messages.get(case_id, ())
        yield from _verify_seals(of_case)
        yield from _verify_order(of_case, of_log)
        yield from _verify_kept("case_versions", case_id, [v.chain for v in of_case], kept)
        yield from _verify_head(heads[case_id][0], of_case, len(of_log))
        yield from _verify_duties(of_case, created.get(case_id, ()), ended.get(case_id, ()))


def _verify_seals(versions: Sequence[Version]) -> Iterator[Discrepancy]:
    previous = ""
    for number, version in enumerate(versions, start=1):
        key = f"{version.case_id} version {version.version}"
        if version.version != number:
            yield Discrepancy("case_versions", key, f"version {number} should stand here")
            return
        if version.previous_chain != previous:
            yield Discrepancy("case_versions", key, "previous_chain is not the version before")
        if seal(version) != version.chain:
            yield Discrepancy("case_versions", key, "chain does not seal what the version says")
        previous = version.chain


def _verify_order(versions: Sequence[Version], messages: Sequence[str]) -> Iterator[Discrepancy]:
    """The messages that made the versions stand in the log in the order of the versions."""
    places = {name: place for place, name in enumerate(messages)}
    last = -1
    for version in versions:
        place = places.get(version.caused_by, last + 1)  # one that is gone is missed by its chain
        if place <= last:
            yield Discrepancy(
                "message_log",
                f"{version.case_id} version {version.version}",
                "the message that caused it stands in the log before that of the version before",
            )
        last = max(last, place)


_OF_VERSION = ("version", "status", "digest", "chain", "synthetic")


def _verify_head(
    head: RowMapping, versions: Sequence[Version], messages: int
) -> Iterator[Discrepancy]:
    key = head["case_id"]
    if not versions:
        yield Discrepancy("cases", key, "it has no versions")
        return
    for name in _OF_VERSION:
        if head[name] != getattr(versions[-1], name):
            yield Discrepancy("cases", key, f"{name} is not that of its latest version")
    if head["messages"] != messages:
        yield Discrepancy("cases", key, "messages is not the number of its messages in the log")


def _verify_duties(
    versions: Sequence[Version], created: Sequence[RowMapping], ended: Sequence[RowMapping]
) -> Iterator[Discrepancy]:
    standing: dict[str, Obligation] = {}
    for version in versions:
        told = {duty["id"]: duty for duty in version.trace.get("obligations", ())}
        for row in ended:
            if row["version"] == version.version:
                standing.pop(row["obligation_id"], None)
        for row in created:
            if row["version"] == version.version:
                standing[row["obligation_id"]] = read_obligation(row)
        at = f"{version.case_id} version {version.version}"
        for name in sorted(standing.keys() - told.keys()):
            yield Discrepancy("obligation_ends", f"{name} at {at}", "the trace says it is lifted")
        for name in sorted(told.keys() - standing.keys()):
            yield Discrepancy("obligations", f"{name} at {at}", "the trace says it stands")
        for name in sorted(standing.keys() & told.keys()):
            yield from _verify_duty(standing[name], told[name], f"{name} at {at}")


_TOLD = {
    "rule": "rule_id",
    "recipient": "recipient",
    "arithmetic": "arithmetic",
    "reason": "reason",
    "trigger": "trigger",
    "missing": "missing",
    "also": "also",
}


def _verify_duty(duty: Obligation, told: Mapping[str, Any], key: str) -> Iterator[Discrepancy]:
    """Compare a duty with its own id and with the trace that is sealed with the version."""
    if identity_of(duty) != duty.obligation_id:
        yield Discrepancy("obligations", key, "its id is not made from what it says")
    if not duty.arithmetic.endswith(f"+ {duty.days} calendar days = {duty.due}"):
        yield Discrepancy("obligations", key, "days or due is not what its arithmetic says")
    if not duty.arithmetic.startswith(f"day zero {duty.day_zero} ("):
        yield Discrepancy("obligations", key, "day_zero is not what its arithmetic says")
    for name, column in _TOLD.items():
        if told[name] != _plain(getattr(duty, column)):
            yield Discrepancy("obligations", key, f"{column} is not what the trace says")


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _by_case(
    connection: Connection, table: Table, chunk: Sequence[str]
) -> Mapping[str, Sequence[RowMapping]]:
    given = keys_table(connection, case_id=chunk)
    asked = select(table).join(given, table.c.case_id == given.c.case_id)
    found: dict[str, list[RowMapping]] = {}
    for row in connection.execute(asked.order_by(*table.primary_key)).mappings():
        found.setdefault(row["case_id"], []).append(row)
    return found


def _messages(connection: Connection, chunk: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Name the messages of these cases in the order of the log."""
    entries = tables.message_log.c
    given = keys_table(connection, case_id=chunk)
    asked = (
        select(entries.subject, entries.source, entries.message_id)
        .join(given, entries.subject == given.c.case_id)
        .where(entries.about == "case")
        .order_by(entries.seq)
    )
    found: dict[str, list[str]] = {}
    for subject, source, message_id in connection.execute(asked):
        found.setdefault(subject, []).append(f"{source} {message_id}")
    return found
