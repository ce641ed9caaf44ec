"""
Domain objects as rows of the tables, and back.

A row is a tuple in the order of `written(table)`: every column but those that the
database fills or that are set later. Table and dataclass use the same names, so a
field that is missing on one side fails at import, not in production.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import RowMapping, Table

from safety.coding import Learned, LearnedAction
from safety.deadlines import Obligation
from safety.duplicates import Pair, read_evidence, read_fingerprint
from safety.rulebooks import Duty
from safety.store import tables
from safety.store.model import (
    Batch,
    CaseHead,
    Compared,
    LoggedMessage,
    Origin,
    Outgoing,
    Progress,
    Quarantined,
    RaisedPair,
    SubjectHead,
    SubjectRecordRow,
)
from safety.subjects import SubjectVersion
from safety.submissions import Submission, ground_of
from safety.versions import Version

Row = tuple[Any, ...]  # as it is written
Found = RowMapping | Mapping[str, Any]  # as it is read
_ORIGIN = ("topic", "partition", "offset", "part")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for one table, in the order of `written(table)`."""

    table: Table
    rows: list[Row]


def written(table: Table) -> tuple[str, ...]:
    """The columns that a new row is written with."""
    return tuple(
        str(column.name)
        for column in table.columns
        if column.identity is None and not column.info.get("later")
    )


def _reader(table: Table, leading: int, trailing: int, *, nested: str = "") -> Callable[..., Row]:
    """Give the reader of those columns that are attributes of the domain object."""
    names = written(table)[leading : -trailing or None]
    paths = (f"{nested}.{name}" if nested and name in _ORIGIN else name for name in names)
    read: Callable[..., Row] = attrgetter(*paths)
    return read


_message = _reader(tables.message_log, 0, 2, nested="origin")
MESSAGE = written(tables.message_log)[:-2]  # the rest is its place in a chain
_head = _reader(tables.cases, 0, 0)
_version = _reader(tables.case_versions, 0, 0)
_alert = _reader(tables.alerts, 0, 1)
_outgoing = _reader(tables.outbox, 0, 0)
_quarantined = _reader(tables.quarantine, 0, 0, nested="origin")
_subject = _reader(tables.subjects, 0, 0)
_assessment = _reader(tables.subject_assessments, 0, 0)
_progress = _reader(tables.stream_offsets, 0, 0)
_duty_at = written(tables.obligations).index("duty") - 2
_obligation = _reader(tables.obligations, 2, 1)
EVENT_KEYS = written(tables.case_events)[2:]
PAIR_KEYS = written(tables.drug_event_pairs)[2:]


def append_rows(batch: Batch, now: datetime) -> Iterator[Rows]:
    """
    Give the rows of a batch that no other writer can have stored, parents first.

    Heads, alerts and outgoing messages are not among them: those may exist. Messages are not, they
    have to be sealed first.
    """
    yield Rows(tables.case_versions, [_version(version) for version in batch.versions])
    yield Rows(tables.case_events, list(_flattened(batch.versions, "events", EVENT_KEYS)))
    yield Rows(tables.drug_event_pairs, list(_flattened(batch.versions, "pairs", PAIR_KEYS)))
    yield Rows(
        tables.obligations, [_obligation_row(version, o, now) for version, o in batch.created]
    )
    yield Rows(
        tables.obligation_ends,
        [
            (end.obligation_id, version, case_id, end.reason, end.replaced_by, now)
            for case_id, version, end in batch.superseded
        ],
    )
    yield Rows(tables.submissions, [_submission_row(*told, now) for told in batch.submissions])
    yield Rows(tables.learned_names, [_learned(entry) for entry in batch.learned])
    yield Rows(tables.transmissions, [_sent_row(*told, now) for told in batch.sent])
    yield Rows(tables.acknowledgements, [_answer_row(*told, now) for told in batch.answered])
    yield Rows(tables.subject_records, [_subject_record(record) for record in batch.records])
    yield Rows(tables.subject_assessments, [_assessment(each) for each in batch.assessments])


def message_rows(batch: Batch) -> list[Row]:
    """Give the rows of the log, in the order of `MESSAGE`."""
    return [_message(message) for message in batch.messages]


def _flattened(versions: Sequence[Version], name: str, keys: tuple[str, ...]) -> Iterator[Row]:
    for version in versions:
        for flat in getattr(version, name):
            if len(flat) != len(keys):
                raise KeyError(f"{name} of the pipeline and columns of the store differ")
            yield (version.case_id, version.version, *map(flat.__getitem__, keys))


def _obligation_row(version: int, obligation: Obligation, now: datetime) -> Row:
    values = list(_obligation(obligation))
    values[_duty_at] = obligation.duty.value
    return (obligation.obligation_id, version, *values, now)


def _submission_row(case_id: str, version: int, told: Submission, now: datetime) -> Row:
    sent = told.submitted_on
    return (
        ground_of(case_id, told.authority, told.recipient, told.duty, told.rule_id, told.trigger),
        version,
        case_id,
        told.obligation_id,
        told.authority,
        told.recipient,
        told.duty,
        told.rule_id,
        told.trigger,
        date.fromisoformat(told.due),
        told.state,
        datetime.fromisoformat(told.at).astimezone(UTC),
        date.fromisoformat(told.day),
        told.by,
        told.reason,
        told.reference,
        None if sent is None else date.fromisoformat(sent),
        now,
    )


def _learned(entry: Learned) -> Row:
    return (
        entry.number,
        entry.action.value,
        entry.text,
        entry.term,
        entry.dictionary,
        entry.by,
        entry.at,
        entry.reason,
        entry.case_id,
    )


def _sent_row(case_id: str, version: int, told: Mapping[str, Any], now: datetime) -> Row:
    return (
        told["batch"],
        case_id,
        version,
        told["number"],
        told["worldwide"],
        told["profile"],
        told["receiver"],
        told["version"],
        told["digest"],
        datetime.fromisoformat(told["at"]).astimezone(UTC),
        told["by"],
        told["is_test"],
        told["duties"],
        told["documents"],
        now,
    )


def _answer_row(case_id: str, version: int, told: Mapping[str, Any], now: datetime) -> Row:
    return (
        told["batch"],
        case_id,
        version,
        told["accepted"],
        told["code"],
        datetime.fromisoformat(told["at"]).astimezone(UTC),
        told["sender"],
        told["reference"],
        told["errors"],
        now,
    )


def _subject_record(record: SubjectRecordRow) -> Row:
    return (
        record.source,
        record.message_id,
        record.study,
        record.subject,
        record.kind,
        record.record_id,
        record.order,
        record.data,
        record.synthetic,
        record.recorded_at,
    )


def head_rows(batch: Batch) -> tuple[list[tuple[Row, int]], list[Row]]:
    """
    Give the heads to change, each with the number of messages expected, and the new ones.

    Both in the order of case ids: writers that touch the same cases lock them in one order.
    """
    known: list[tuple[Row, int]] = []
    new: list[Row] = []
    for _, (expected, head) in sorted(batch.heads.items()):
        if expected:
            known.append((_head(head), expected))
        else:
            new.append(_head(head))
    return known, new


@dataclass(frozen=True, slots=True)
class Changes:
    """Rows of one table to take away, by key, and to put in their place."""

    table: Table
    gone: list[Row]
    rows: list[Row]


def comparison_changes(batch: Batch) -> Iterator[Changes]:
    """Give what a batch changes in what is derived to find duplicates."""
    compared = sorted(batch.compared.items())
    yield Changes(
        tables.case_fingerprints,
        [(case_id,) for case_id, (old, _) in compared if old is not None],
        [(case_id, new.told.as_json(), dict(new.places)) for case_id, (_, new) in compared],
    )
    yield Changes(
        tables.duplicate_keys,
        [place for _, (old, _) in compared if old is not None for place in old.places.items()],
        sorted((*place, case_id) for case_id, (_, new) in compared for place in new.places.items()),
    )
    pairs = sorted(batch.pairs.items())
    yield Changes(
        tables.duplicate_pairs,
        [key for key, _ in pairs],
        [
            (*key, raised.pair.score, raised.pair.state, raised.pair.as_json(), raised.raised_at)
            for key, raised in pairs
            if raised is not None
        ],
    )


def read_compared(row: Found) -> Compared:
    """Read what of a case is compared with others."""
    return Compared(read_fingerprint(row["told"]), row["places"])


def read_pair(row: Found) -> RaisedPair:
    """Read a pair of cases that may be one."""
    evidence = read_evidence(row["evidence"])
    pair = Pair(row["case_id"], row["other_id"], row["score"], row["state"], evidence)
    return RaisedPair(pair, row["raised_at"])


def subject_rows(batch: Batch) -> tuple[list[tuple[Row, int]], list[Row]]:
    """Give the heads of subjects to change and the new ones; as `head_rows()`."""
    known: list[tuple[Row, int]] = []
    new: list[Row] = []
    for _, (expected, head) in sorted(batch.subjects.items()):
        if expected:
            known.append((_subject(head), expected))
        else:
            new.append(_subject(head))
    return known, new


def alert_rows(batch: Batch, now: datetime) -> dict[str, Row]:
    """Give the alerts by id; the same ground alerts once."""
    return {alert.alert_id: (*_alert(alert), now) for alert in reversed(batch.alerts)}


def outgoing_rows(batch: Batch) -> dict[str, Row]:
    """Give the outgoing messages by id, in their order; the first of an id counts."""
    rows: dict[str, Row] = {}
    for message in batch.outgoing:
        rows.setdefault(message.message_id, _outgoing(message))
    return rows


def quarantine_rows(batch: Batch) -> dict[str, Row]:
    """Give the messages to park by id; the same bytes at the same place are one entry."""
    return {parked.quarantine_id: _quarantined(parked) for parked in batch.quarantined}


def progress_row(progress: Progress) -> Row:
    """Give the row of a partition."""
    return _progress(progress)


def read_version(
    row: Found,
    events: Sequence[dict[str, Any]],
    pairs: Sequence[dict[str, Any]],
) -> Version:
    """Read a case version."""
    values = {name: row[name] for name in written(tables.case_versions)}
    return Version(**values, events=tuple(events), pairs=tuple(pairs))


def read_message(row: Found) -> LoggedMessage:
    """Read a row of the log."""
    return LoggedMessage(
        source=row["source"],
        message_id=row["message_id"],
        type=row["type"],
        subject=row["subject"],
        about=row["about"],
        media_type=row["media_type"],
        payload=row["payload"],
        digest=row["digest"],
        origin=Origin(*(row[name] for name in _ORIGIN)),
        recorded_at=row["recorded_at"],
        learned=row["learned"],
    )


def read_learned(row: Found) -> Learned:
    """Read an entry of what people taught the dictionary."""
    values = {name: row[name] for name in written(tables.learned_names)}
    return Learned(**{**values, "action": LearnedAction(values["action"])})


def read_head(row: Found, standing: Sequence[Obligation]) -> CaseHead:
    """Read the head of a case; its duties in the order the pipeline gives them."""
    ordered = sorted(standing, key=lambda o: (o.due, o.authority, o.recipient, o.obligation_id))
    return CaseHead(
        **{name: row[name] for name in written(tables.cases)}, obligations=tuple(ordered)
    )


def read_subject_head(row: Found) -> SubjectHead:
    """Read the head of a subject."""
    return SubjectHead(**{name: row[name] for name in written(tables.subjects)})


def read_assessment(row: Found) -> SubjectVersion:
    """Read what the records of a subject say."""
    return SubjectVersion(**{name: row[name] for name in written(tables.subject_assessments)})


_OBLIGATION_FIELDS = tuple(field.name for field in fields(Obligation))


def read_obligation(row: Found) -> Obligation:
    """Read a duty as it was created."""
    values = {name: row[name] for name in _OBLIGATION_FIELDS}
    values["duty"] = Duty(values["duty"])
    for name in ("missing", "reactions", "also"):
        values[name] = tuple(values[name])
    return Obligation(**values)


def read_progress(row: Found) -> Progress:
    """Read how far a partition is read."""
    return Progress(**{name: row[name] for name in written(tables.stream_offsets)})


def read_outgoing(row: Found) -> Outgoing:
    """Read a message to publish."""
    return Outgoing(**{name: row[name] for name in written(tables.outbox)})


def read_quarantined(row: Found) -> Quarantined:
    """Read a message in quarantine."""
    names = (f.name for f in fields(Quarantined) if f.name != "origin")
    origin = Origin(*(row[name] for name in _ORIGIN))
    return Quarantined(**{name: row[name] for name in names}, origin=origin)


def read_subject_record(row: Found) -> SubjectRecordRow:
    """Read a study record."""
    values = {name: row[name] for name in written(tables.subject_records)}
    return SubjectRecordRow(order=values.pop("record_order"), **values)
