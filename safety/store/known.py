"""
What stood at an instant: heads of cases, duties and submissions as they were known then.

A version counts from the instant it was current (`case_validity`), so a clock that was set back
turns no history; what a version made, ended or recorded is known from then on.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Select, Table, and_, func, or_, select

from safety.store import tables


def heads_at(instant: datetime | None) -> FromClause:
    """Give case, version, status and synthetic of each case as known at an instant, else now."""
    if instant is None:
        return tables.cases
    known, versions = _known_at(instant), tables.case_versions
    return (
        select(versions.c.case_id, versions.c.version, versions.c.status, versions.c.synthetic)
        .join(
            known,
            and_(versions.c.case_id == known.c.case_id, versions.c.version == known.c.version),
        )
        .subquery()
    )


def duties_at(instant: datetime | None) -> FromClause:
    """Give the duties that stood at an instant, in their newest row of then; else those of now."""
    if instant is None:
        return tables.standing_obligations
    known, duties = _known_at(instant), tables.obligations
    last = _last_at(duties, known)
    ended = _last_at(tables.obligation_ends, known)
    return (
        select(duties)
        .join(
            last,
            and_(
                duties.c.obligation_id == last.c.obligation_id, duties.c.version == last.c.version
            ),
        )
        .outerjoin(ended, ended.c.obligation_id == duties.c.obligation_id)
        .where(duties.c.version >= func.coalesce(ended.c.version, 0))
        .subquery()
    )


def recorded_at(table: Table, instant: datetime) -> ColumnElement[bool]:
    """Tell of a row that a case version made whether it was known at an instant."""
    known = _known_at(instant)
    return (
        select(known.c.version)
        .where(known.c.case_id == table.c.case_id, known.c.version >= table.c.version)
        .exists()
    )


def _known_at(instant: datetime) -> FromClause:
    validity = tables.case_validity.c
    still = or_(validity.valid_to.is_(None), validity.valid_to > instant)
    asked = select(validity.case_id, validity.version).where(validity.valid_from <= instant, still)
    return asked.subquery()


def _last_at(table: Table, known: FromClause) -> FromClause:
    """The last version of each duty's id in a table, of those known then."""
    rows: Select[tuple[str, int]] = (
        select(table.c.obligation_id, func.max(table.c.version).label("version"))
        .join(
            known,
            and_(table.c.case_id == known.c.case_id, table.c.version <= known.c.version),
        )
        .group_by(table.c.obligation_id)
    )
    return rows.subquery()
