"""Which cases are there? One line a case, as a person looks through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal, select

from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.known import duties_at, heads_at
from safety.store.sql import SqlStore


@dataclass(frozen=True, slots=True)
class CaseLine:
    """
    One case in its latest version.

    Attributes:
        serious: True if any reaction is; None if none is but one may be.
        terms: Coded terms of its reactions; a reaction that is not coded is `uncoded`.
        duties: How many duties to report stand.
        nearest_due: The first date among them.
    """

    case_id: str
    version: int
    status: str
    study: str | None
    subject: str | None
    synthetic: bool
    serious: bool | None
    terms: tuple[str, ...]
    duties: int
    nearest_due: date | None

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "case": self.case_id,
            "version": self.version,
            "status": self.status,
            "study": self.study,
            "subject": self.subject,
            "synthetic": self.synthetic,
            "serious": self.serious,
            "terms": list(self.terms),
            "duties": self.duties,
            "nearest_due": self.nearest_due,
        }


def list_cases(
    store: SqlStore,
    *,
    study: str | None = None,
    serious: bool = False,
    status: str | None = None,
    due: bool = False,
    limit: int | None = None,
    as_known_at: datetime | None = None,
) -> Sequence[CaseLine]:
    """
    Give cases in their latest version, the nearest due date first, then by id.

    With `as_known_at`: in the version that was current then, with the duties that stood then.

    Args:
        store: Where to look.

        study: Only those observed in this study, as the profile or the sender names it.

        serious: Only those with a serious reaction.

        status: Only those that are valid, pending, nullified or merged.

        due: Only those with a standing duty to report.

        limit: At most so many.

        as_known_at: The instant asked about; now unless given.
    """
    heads, events = heads_at(as_known_at), tables.case_events.c
    cases, duties = heads.c, duties_at(as_known_at).c
    judged = (
        select(
            events.case_id,
            events.version,
            func.max(cast(events.serious.is_(True), Integer)).label("serious"),
            func.max(cast(events.serious.is_(None), Integer)).label("unknown"),
            func.max(events.study).label("study"),
            func.max(events.subject).label("subject"),
        )
        .group_by(events.case_id, events.version)
        .subquery()
    )
    standing = (
        select(duties.case_id, func.count().label("duties"), func.min(duties.due).label("nearest"))
        .group_by(duties.case_id)
        .subquery()
    )
    asked = (
        select(
            cases.case_id,
            cases.version,
            cases.status,
            cases.synthetic,
            judged.c.serious,
            judged.c.unknown,
            judged.c.study,
            judged.c.subject,
            func.coalesce(standing.c.duties, 0).label("duties"),
            standing.c.nearest,
        )
        .outerjoin(
            judged,
            and_(judged.c.case_id == cases.case_id, judged.c.version == cases.version),
        )
        .outerjoin(standing, standing.c.case_id == cases.case_id)
        .order_by(
            case((standing.c.nearest.is_(None), literal(1)), else_=literal(0)),
            standing.c.nearest,
            cases.case_id,
        )
        .limit(limit)
    )
    if study is not None:
        asked = asked.where(judged.c.study == study)
    if serious:
        asked = asked.where(judged.c.serious == 1)
    if status is not None:
        asked = asked.where(cases.status == status)
    if due:
        asked = asked.where(standing.c.duties > 0)
    with store.reading(snapshot=True) as connection:
        rows = connection.execute(asked).mappings().all()
        terms: dict[tuple[str, int], list[str]] = {}
        given = keys_table(connection, case_id=[row["case_id"] for row in rows])
        of_reactions = (
            select(events.case_id, events.version, events.term)
            .join(given, events.case_id == given.c.case_id)
            .order_by(events.case_id, events.version, events.reaction)
        )
        for case_id, version, term in connection.execute(of_reactions):
            terms.setdefault((case_id, version), []).append(term or "uncoded")
    return [
        CaseLine(
            case_id=row["case_id"],
            version=row["version"],
            status=row["status"],
            study=row["study"],
            subject=row["subject"],
            synthetic=row["synthetic"],
            serious=True if row["serious"] else (None if row["unknown"] else False),
            terms=tuple(terms.get((row["case_id"], row["version"]), ())),
            duties=row["duties"],
            nearest_due=row["nearest"],
        )
        for row in rows
    ]
