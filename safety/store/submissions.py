"""Which duties have their report sent, by whom, when, and how late? Read from the store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, select

from safety.deadlines import Obligation
from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.known import heads_at, recorded_at
from safety.store.queries import due
from safety.store.sql import SqlStore
from safety.submissions import SENT, SETTLED, days_late


@dataclass(frozen=True, slots=True)
class SubmissionStep:
    """
    One recorded step of the report for a duty.

    Attributes:
        due: The duty's due date when this was recorded; it stays, whatever becomes of the case.
        at: When it happened; `day` is its calendar day at the office.
        submitted_on: The day the report was last sent.
    """

    ground: str
    version: int
    case_id: str
    obligation_id: str
    authority: str
    recipient: str
    duty: str
    rule_id: str
    due: date
    state: str
    at: datetime
    day: date
    by: str
    reason: str
    reference: str | None
    submitted_on: date | None

    @property
    def late(self) -> int | None:
        """Calendar days it was sent after its due date, 0 or less on time; None if not sent."""
        if self.state not in SENT or self.submitted_on is None:
            return None
        return days_late(self.due, self.submitted_on)


def submission_steps(
    store: SqlStore, *, case_id: str | None = None, obligation_id: str | None = None
) -> Sequence[SubmissionStep]:
    """
    Give the recorded steps, by case, then duty, then in their order.

    Args:
        store: Where to look.

        case_id: Only of this case.

        obligation_id: Only those recorded under this id of a duty.
    """
    rows = tables.submissions
    asked = select(rows).order_by(rows.c.case_id, rows.c.ground, rows.c.version)
    if case_id is not None:
        asked = asked.where(rows.c.case_id == case_id)
    if obligation_id is not None:
        asked = asked.where(rows.c.obligation_id == obligation_id)
    with store.reading() as connection:
        return [_read(row) for row in connection.execute(asked).mappings()]


def newest_submissions(
    store: SqlStore, *, as_known_at: datetime | None = None
) -> Mapping[str, SubmissionStep]:
    """Give the newest step of every record, by the ground of its duty; of then or of now."""
    rows = tables.submissions
    asked = select(rows).order_by(rows.c.ground, rows.c.version)
    if as_known_at is not None:
        asked = asked.where(recorded_at(rows, as_known_at))
    with store.reading() as connection:
        found = connection.execute(asked).mappings()
        return {row["ground"]: _read(row) for row in found}


@dataclass(frozen=True, slots=True)
class DutyOutcome:
    """
    What became of one duty.

    Attributes:
        due: The last day that was on time, by all that is known of the case.
        held: The date it was held to be when the report was sent; else the same.
        state: How far its report has come; None if nobody has begun.
        submitted_on: The day it was sent; None if it was not, or was sent back.
    """

    case_id: str
    authority: str
    recipient: str
    duty: str
    rule_id: str
    due: date
    held: date
    state: str | None
    submitted_on: date | None


def duty_outcomes(store: SqlStore, *, as_known_at: datetime | None = None) -> Iterator[DutyOutcome]:
    """
    Give what became of every duty that stands, and of every report that was sent besides.

    Args:
        store: Where to look.

        as_known_at: As it was known at an instant.
    """
    records = dict(newest_submissions(store, as_known_at=as_known_at))
    true = _true_dates(store, records.values(), as_known_at)
    for duty in due(store, as_known_at=as_known_at):
        record = records.pop(duty.ground, None)
        yield DutyOutcome(
            case_id=duty.case_id,
            authority=duty.authority,
            recipient=duty.recipient,
            duty=duty.duty.value,
            rule_id=duty.rule_id,
            due=true.get(duty.ground, duty.due),
            held=duty.due,
            state=None if record is None else record.state,
            submitted_on=None if record is None else record.submitted_on,
        )
    for record in records.values():
        if record.state in SENT:
            yield DutyOutcome(
                case_id=record.case_id,
                authority=record.authority,
                recipient=record.recipient,
                duty=record.duty,
                rule_id=record.rule_id,
                due=true.get(record.ground, record.due),
                held=record.due,
                state=record.state,
                submitted_on=record.submitted_on,
            )


def _true_dates(
    store: SqlStore, records: Iterable[SubmissionStep], as_known_at: datetime | None
) -> Mapping[str, date]:
    """The due dates, by what is known now, of duties whose report was sent, by their ground."""
    heads, versions = heads_at(as_known_at), tables.case_versions
    cases = sorted({record.case_id for record in records if record.state in SENT})
    found: dict[str, date] = {}
    if not cases:
        return found
    with store.reading() as connection:
        given = keys_table(connection, case_id=cases)
        asked = (
            select(versions.c.trace)
            .join(heads, versions.c.case_id == heads.c.case_id)
            .join(given, versions.c.case_id == given.c.case_id)
            .where(versions.c.version == heads.c.version)
        )
        for trace in connection.scalars(asked):
            for sent in trace.get("sent", ()):
                if sent["true_due"] is not None:
                    found[sent["ground"]] = date.fromisoformat(sent["true_due"])
    return found


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A duty that stands and has something left to do, with the state of its report if begun."""

    obligation: Obligation
    state: str | None


def open_duties(
    store: SqlStore,
    *,
    until: date | None = None,
    authority: str | None = None,
    as_known_at: datetime | None = None,
) -> Iterator[OpenDuty]:
    """
    Give the duties that stand and are not sent, taken or found not required; most urgent first.

    Args:
        store: Where to look.

        until: Only those due on this day or before.

        authority: Only those to this authority.

        as_known_at: As they stood at an instant, with the records of then.
    """
    records = newest_submissions(store, as_known_at=as_known_at)
    for duty in due(store, until=until, authority=authority, as_known_at=as_known_at):
        record = records.get(duty.ground) if records else None
        if record is None or record.state not in SETTLED:
            yield OpenDuty(duty, None if record is None else record.state)


_FIELDS = tuple(SubmissionStep.__dataclass_fields__)


def _read(row: RowMapping) -> SubmissionStep:
    return SubmissionStep(**{name: row[name] for name in _FIELDS})
