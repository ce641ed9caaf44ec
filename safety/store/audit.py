"""Who looked at which case, what was taken out, who signed in or was refused?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from safety.store.chains import (
    OF_ACT,
    TRAIL,
    TRAIL_HEADS,
    ChainHead,
    lock_heads,
    move_heads,
    seal_entry,
)
from safety.store.desk_tables import audit_trail
from safety.store.sql import SqlStore


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """
    One thing that somebody did at the desk.

    Attributes:
        act: What: view, export, decide, sign_in, refused...
        details: What else there is to say; counts, names of filters, never a patient's value.
    """

    seq: int
    at: datetime
    user: str
    act: str
    case_id: str | None
    version: int | None
    details: Mapping[str, Any]


def note_act(
    store: SqlStore,
    user: str,
    act: str,
    *,
    now: datetime,
    case_id: str | None = None,
    version: int | None = None,
    **details: object,
) -> None:
    """Write an entry, sealed with the one before it; none is ever changed."""
    told = {
        "at": now,
        "user": user,
        "act": act,
        "case_id": case_id,
        "version": version,
        "details": details,
    }
    with store.writing() as connection:
        before = lock_heads(connection, TRAIL_HEADS, [TRAIL])[TRAIL]
        link = before.links + 1
        seal = seal_entry(before.seal, link, (told[name] for name in OF_ACT))
        connection.execute(insert(audit_trail).values(**told, link=link, seal=seal))
        move_heads(connection, TRAIL_HEADS, {TRAIL: ChainHead(link, seal)})


def audit_entries(
    store: SqlStore,
    *,
    case_id: str | None = None,
    user: str | None = None,
    before: int | None = None,
    limit: int = 200,
) -> Sequence[AuditEntry]:
    """
    Give entries, the newest first.

    Args:
        store: Where to look.

        case_id: Only about this case.

        user: Only of this person.

        before: Only those before this number.

        limit: At most so many.
    """
    entries = audit_trail.c
    asked = select(entries.seq, *(entries[name] for name in OF_ACT))
    asked = asked.order_by(entries.seq.desc()).limit(limit)
    if case_id is not None:
        asked = asked.where(entries.case_id == case_id)
    if user is not None:
        asked = asked.where(entries.user == user)
    if before is not None:
        asked = asked.where(entries.seq < before)
    with store.reading() as connection:
        return [AuditEntry(**row) for row in connection.execute(asked).mappings()]
