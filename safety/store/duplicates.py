"""Which pairs of cases may be one? As the desk and the command line ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from safety.duplicates import Fingerprint
from safety.store import tables
from safety.store.bulk import keys_table
from safety.store.model import RaisedPair
from safety.store.rows import read_compared, read_pair
from safety.store.sql import SqlStore


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """
    Two cases that may be one, side by side.

    Attributes:
        raised: Score, state, evidence field by field, and since when.
        left: What of `raised.pair.case_id` was compared.
        right: The same of `raised.pair.other_id`.
    """

    raised: RaisedPair
    left: Fingerprint
    right: Fingerprint


def duplicate_pairs(
    store: SqlStore,
    *,
    case_id: str | None = None,
    state: str | None = None,
    limit: int | None = None,
) -> Sequence[ComparedPair]:
    """
    Give pairs of cases that may be one, the likeliest first.

    Args:
        store: Where to look.

        case_id: Only those that this case is in.

        state: Only those that are `open`, `dismissed` or `merged`.

        limit: At most so many.
    """
    pairs = tables.duplicate_pairs
    asked = select(pairs).order_by(pairs.c.score.desc(), pairs.c.case_id, pairs.c.other_id)
    if case_id is not None:
        asked = asked.where(or_(pairs.c.case_id == case_id, pairs.c.other_id == case_id))
    if state is not None:
        asked = asked.where(pairs.c.state == state)
    held = tables.case_fingerprints
    with store.reading(snapshot=True) as connection:
        rows = connection.execute(asked.limit(limit)).mappings().all()
        ids = {row[name] for row in rows for name in ("case_id", "other_id")}
        given = keys_table(connection, case_id=sorted(ids))
        of_cases = select(held).join(given, held.c.case_id == given.c.case_id)
        told = {
            row["case_id"]: read_compared(row).told
            for row in connection.execute(of_cases).mappings()
        }
    return [
        ComparedPair(read_pair(row), told[row["case_id"]], told[row["other_id"]]) for row in rows
    ]
