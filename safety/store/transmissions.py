"""What was sent, in which batch, and what was answered? Read from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from safety.store import tables
from safety.store.sql import SqlStore


@dataclass(frozen=True, slots=True)
class Answered:
    """What a receiver said of one message; `errors` are its words."""

    accepted: bool
    code: str
    at: datetime
    sender: str
    reference: str | None
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SentMessage:
    """
    One message about a case in one batch.

    Attributes:
        told_version: The case version it tells.
        duties: The duties it is the report for, as they stood.
        documents: What went with it: name, media type, digest.
        answer: None while it is waited for.
    """

    batch: str
    case_id: str
    number: str
    worldwide: str
    profile: str
    receiver: str
    told_version: int
    digest: str
    at: datetime
    by: str
    is_test: bool
    duties: Sequence[Mapping[str, Any]]
    documents: Sequence[Mapping[str, str]]
    answer: Answered | None


def sent_messages(
    store: SqlStore, *, case_id: str | None = None, batch: str | None = None
) -> list[SentMessage]:
    """
    Give what was sent, oldest first, each with the newest answer.

    Args:
        store: Where to look.

        case_id: Only about this case.

        batch: Only in this batch.
    """
    sent, answers = tables.transmissions, tables.acknowledgements
    of_sent, of_answers = select(sent), select(answers)
    if case_id is not None:
        of_sent = of_sent.where(sent.c.case_id == case_id)
        of_answers = of_answers.where(answers.c.case_id == case_id)
    if batch is not None:
        of_sent = of_sent.where(sent.c.batch == batch)
        of_answers = of_answers.where(answers.c.batch == batch)
    with store.reading(snapshot=True) as connection:
        answered = {
            (row["batch"], row["case_id"]): row
            for row in connection.execute(of_answers.order_by(answers.c.version)).mappings()
        }
        found = {
            (row["batch"], row["case_id"]): row
            for row in connection.execute(of_sent.order_by(sent.c.version)).mappings()
        }
    read = [_read(row, answered.get(key)) for key, row in found.items()]
    return sorted(read, key=lambda one: (one.at, one.batch, one.case_id))


_FIELDS = tuple(name for name in SentMessage.__dataclass_fields__ if name != "answer")


def _read(row: RowMapping, answer: RowMapping | None) -> SentMessage:
    return SentMessage(
        **{name: row[name] for name in _FIELDS},
        answer=None
        if answer is None
        else Answered(
            accepted=answer["accepted"],
            code=answer["code"],
            at=answer["at"],
            sender=answer["sender"],
            reference=answer["reference"],
            errors=tuple(answer["errors"]),
        ),
    )
