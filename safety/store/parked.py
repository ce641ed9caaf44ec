"""What is in quarantine, why, and what a person has done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import RowMapping, func, select, update

from safety.store import tables
from safety.store.model import Origin, Quarantined
from safety.store.rows import read_quarantined
from safety.store.sql import SqlStore


class ParkedState(StrEnum):
    """What became of a message in quarantine."""

    PARKED = "parked"
    REDRIVEN = "redriven"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Parked:
    """
    An entry of the quarantine without its bytes.

    Attributes:
        payload_bytes: How many bytes the message has.
        attempts: How often it was redriven.
        note: What the person wrote who redrove or discarded it last.
    """

    quarantine_id: str
    reason: str
    path: str
    advice: str
    origin: Origin
    digest: str
    payload_bytes: int
    earliest_due: date | None
    recorded_at: datetime
    state: ParkedState
    attempts: int
    note: str | None


def quarantine_list(
    store: SqlStore, *, state: ParkedState | None = ParkedState.PARKED, limit: int | None = None
) -> Sequence[Parked]:
    """
    Give entries of the quarantine, the one that could be due first at the top.

    Args:
        store: Where to look.

        state: Only those in this state; None gives all.

        limit: At most so many.
    """
    entries = tables.quarantine.c
    asked = _ENTRIES.order_by(entries.earliest_due, entries.recorded_at, entries.quarantine_id)
    if state is not None:
        asked = asked.where(entries.state == state.value)
    with store.reading() as connection:
        return [_entry(row) for row in connection.execute(asked.limit(limit)).mappings()]


def quarantine_show(store: SqlStore, quarantine_id: str) -> tuple[Parked, Quarantined] | None:
    """Give one entry with the message as received; None if there is no such entry."""
    entries = tables.quarantine
    chosen = entries.c.quarantine_id == quarantine_id
    with store.reading(snapshot=True) as connection:
        entry = connection.execute(_ENTRIES.where(chosen)).mappings().one_or_none()
        if entry is None:
            return None
        message = connection.execute(select(entries).where(chosen)).mappings().one()
        return _entry(entry), read_quarantined(message)


def quarantine_mark(
    store: SqlStore, quarantine_id: str, state: ParkedState, *, note: str | None = None
) -> bool:
    """
    Note what was done about an entry.

    1. parked to redriven: one attempt more;
    2. parked to discarded, or redriven or discarded back to parked;
    3. anything else is refused: somebody else was there first.

    Returns:
        Whether it was in a state that allows this.
    """
    entries = tables.quarantine
    parked = entries.c.state == ParkedState.PARKED.value
    change = update(entries).where(
        entries.c.quarantine_id == quarantine_id,
        ~parked if state is ParkedState.PARKED else parked,
    )
    values: dict[str, object] = {"state": state.value, "note": note}
    if state is ParkedState.REDRIVEN:
        values["attempts"] = entries.c.attempts + 1
    with store.writing() as connection:
        return connection.execute(change.values(values)).rowcount == 1


def recent_outcomes(store: SqlStore, *, limit: int) -> Sequence[bool]:
    """
    Tell what became of the messages of Kafka that were stored last: True for parked, the last last.

    Of messages stored at one instant, which is one batch, those in quarantine come first: a run of
    them is told too short rather than too long. What a person redrove or discarded does not count.
    """
    log, entries = tables.message_log.c, tables.quarantine.c
    accepted = select(log.recorded_at).where(log.partition >= 0).order_by(log.seq.desc())
    parked = (
        select(entries.recorded_at)
        .where(entries.partition >= 0, entries.state == ParkedState.PARKED)
        .order_by(entries.recorded_at.desc())
    )
    with store.reading(snapshot=True) as connection:
        told = [(at, False) for at in connection.scalars(accepted.limit(limit))]
        told += [(at, True) for at in connection.scalars(parked.limit(limit))]
    told.sort(key=lambda each: (each[0], not each[1]))
    return [is_parked for _, is_parked in told[-limit:]]


_ENTRIES = select(
    *(tables.quarantine.c[name] for name in ("quarantine_id", "reason", "path", "advice")),
    *(tables.quarantine.c[name] for name in ("topic", "partition", "offset", "part")),
    *(tables.quarantine.c[name] for name in ("digest", "earliest_due", "recorded_at")),
    *(tables.quarantine.c[name] for name in ("state", "attempts", "note")),
    func.length(tables.quarantine.c.payload).label("payload_bytes"),
)


def _entry(row: RowMapping) -> Parked:
    values = dict(row)
    origin = Origin(*(values.pop(name) for name in ("topic", "partition", "offset", "part")))
    return Parked(**{**values, "origin": origin, "state": ParkedState(values["state"])})


def count_parked(store: SqlStore) -> int:
    """Give how many messages wait in quarantine."""
    entries = tables.quarantine
    asked = select(func.count()).select_from(entries).where(entries.c.state == ParkedState.PARKED)
    with store.reading() as connection:
        return connection.scalar(asked) or 0
