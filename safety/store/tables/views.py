"""What is read often and follows from the tables."""

from sqlalchemy import (
    ColumnElement,
    FromClause,
    func,
    literal_column,
    select,
)
from sqlalchemy.schema import CreateView

from safety.store.columns import Instant
from safety.store.tables.case import case_versions
from safety.store.tables.duties import obligation_ends, obligations

_held = select(
    case_versions.c.case_id,
    case_versions.c.version,
    func.max(case_versions.c.recorded_at)  # the greatest so far: a clock set back turns no history
    .over(partition_by=case_versions.c.case_id, order_by=case_versions.c.version)
    .label("valid_from"),
).subquery()

# When each version was the current one: from `valid_from` on, before `valid_to` (null: still).
CREATE_CASE_VALIDITY = CreateView(
    select(
        _held.c.case_id,
        _held.c.version,
        _held.c.valid_from,
        func.lead(_held.c.valid_from, type_=Instant)
        .over(partition_by=_held.c.case_id, order_by=_held.c.version)
        .label("valid_to"),
    ),
    "case_validity",
)
case_validity = CREATE_CASE_VALIDITY.table

_newest = obligations.alias("newest")


def _last(table: FromClause) -> ColumnElement[int]:
    """The last version of a duty's id in a table: one look into its key, whatever else is asked."""
    last = func.max(table.c.version).label("max")
    return (
        select(last).where(table.c.obligation_id == obligations.c.obligation_id).scalar_subquery()
    )


# Duties in their newest row that no later version has ended.
CREATE_STANDING_OBLIGATIONS = CreateView(
    select(obligations).where(
        obligations.c.version == _last(_newest),
        obligations.c.version >= func.coalesce(_last(obligation_ends), literal_column("0")),
    ),
    "standing_obligations",
)
standing_obligations = CREATE_STANDING_OBLIGATIONS.table

VIEWS = (CREATE_CASE_VALIDITY, CREATE_STANDING_OBLIGATIONS)
