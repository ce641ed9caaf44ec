"""
How does a row become a message that is the same at every import, and a changed row a follow-up?

The id of a message is study, dataset, subject, number, and a digest of what the row says. A row
whose id is in the log is given again as it was logged, so that the pipeline counts it as repeated.
A row that is known with other content is new information: a follow-up received at the import.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice

import orjson

from consumers.backfill import FILE_PARTITION
from consumers.cdisc.events import REPORTED
from consumers.cdisc.told import Json, Told
from consumers.handlers import Record
from safety.store.model import LoggedMessage, Store
from schemas.topics import ADVERSE_EVENTS, STUDY_RECORDS
from schemas.vocabulary import Criterion

_NOTHING = {"null": "NI"}
_TOGETHER = 500  # rows looked up in one read of the log


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    When, and under what name, the data came to us.

    Attributes:
        now: The instant of this import: when we learn of what changed since an earlier one.
        day: Day on which the data were received, if the user says so; else each row's own.
        synthetic: Whether all that is read is marked synthetic.
    """

    now: datetime
    day: date | None = None
    synthetic: bool = False


@dataclass(slots=True)
class Changes:
    """How many rows were new, known as they are, and known otherwise."""

    new: int = 0
    known: int = 0
    changed: int = 0


def identify(
    told: Iterable[Told], store: Store, source: str, receipt: Receipt, changes: Changes
) -> Iterator[Record]:
    """
    Give the records of rows, in their order.

    Args:
        told: The rows; two with one name are told in their order.

        store: Whose log says what is known.

        source: Source of the messages: the standard and the study.

        receipt: When the data came.

        changes: Where it is counted what became of the rows.
    """
    rows = iter(told)
    sent: dict[str, int] = {}
    while chunk := list(islice(rows, _TOGETHER)):
        logs = _logs(store, {row.key for row in chunk}, source)
        for row in chunk:
            yield _record(row, logs, sent, source, receipt, changes)


def _record(
    row: Told,
    logs: dict[str, list[LoggedMessage]],
    sent: dict[str, int],
    source: str,
    receipt: Receipt,
    changes: Changes,
) -> Record:
    digest = _digest(row, receipt)
    message_id = f"{row.name}#{digest}"
    before = logs.get(row.name, [])
    logged = next((each for each in before if each.message_id == message_id), None)
    if logged is not None:
        changes.known += 1
        return _as_record(row, logged.payload)
    earlier = len(before) + sent.get(row.name, 0)
    sent[row.name] = sent.get(row.name, 0) + 1
    if earlier:
        changes.changed += 1
    else:
        changes.new += 1
    return _as_record(row, _payload(row, message_id, source, receipt, earlier))


def _logs(store: Store, keys: set[str], source: str) -> dict[str, list[LoggedMessage]]:
    """Give the messages of this source about these cases and subjects, by the row they came of."""
    found: dict[str, list[LoggedMessage]] = {}
    with store.transaction() as transaction:
        logs = (transaction.log_of(keys), transaction.log_of(keys, about="subject"))
    for log in (log for kind in logs for log in kind.values()):
        for message in log:
            if message.source == source:
                found.setdefault(message.message_id.rpartition("#")[0], []).append(message)
    return found


def _digest(row: Told, receipt: Receipt) -> str:
    """Digest what a row says; where it stands and when it came are no part of it."""
    said = orjson.dumps([row.type, row.data, receipt.synthetic], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:16]


def _payload(row: Told, message_id: str, source: str, receipt: Receipt, earlier: int) -> bytes:
    day = receipt.day or (None if earlier else row.day)
    at = receipt.now if day is None else datetime.combine(day, time(), UTC)
    data = {**row.data}
    if row.type != REPORTED:
        data["recorded_at"] = at.isoformat()
    else:
        data |= _report_head(row, at, earlier)
    if receipt.synthetic:
        data["synthetic"] = True
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": message_id,
            "source": source,
            "type": row.type,
            "subject": row.key,
            "data": data,
        }
    )


def _report_head(row: Told, at: datetime, earlier: int) -> Json:
    """Give what a report adds: it tells the whole row, and takes back what the row had said."""
    day = at.date().isoformat()
    place = {"path": "row", "content": f"{row.file}, row {row.row}"}
    head: Json = {
        "kind": "follow_up" if earlier else "initial",
        "complete": True,
        "received_at": at.isoformat(),
        "office_zone": "UTC",
        "most_recent_information": day,
        "awareness": [{"channel": "study_database", "day": day}],
        "case": {**row.data["case"], "sender_version": earlier},
        "kept": [place, *row.data.get("kept", ())],
    }
    if earlier:
        reactions = row.data["reactions"]
        head["reactions"] = [_taking_back(reaction) for reaction in reactions]
    return head


def _taking_back(reaction: Json) -> Json:
    ticks = reaction.get("seriousness", {})
    return {
        **dict.fromkeys(("onset", "end", "grade"), _NOTHING),
        **reaction,
        "seriousness": {each.value: ticks.get(each.value, _NOTHING) for each in Criterion},
    }


def _as_record(row: Told, payload: bytes) -> Record:
    topic = ADVERSE_EVENTS if row.type == REPORTED else STUDY_RECORDS
    return Record(topic.name, FILE_PARTITION, row.row, row.key, {}, payload)
