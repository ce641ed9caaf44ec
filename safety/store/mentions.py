"""Which valid case names which suspect drug with which term: what disproportionality counts."""

from collections.abc import Generator
from datetime import datetime

from sqlalchemy import and_, func, select

from safety.store import tables
from safety.store.known import heads_at
from safety.store.sql import STREAM, SqlStore

Mention = tuple[str, str, str, str]  # case, drug, term, country


def suspected_pairs(
    store: SqlStore, *, as_known_at: datetime | None = None
) -> Generator[Mention, None, None]:
    """
    Give every suspect drug and coded term of every valid case, with the country.

    Names are folded in case only. The rows are streamed over an open connection: read on, or close
    the generator.

    Args:
        store: Where to look.

        as_known_at: In the versions that were current then; now unless given.
    """
    heads, p, e = heads_at(as_known_at), tables.drug_event_pairs, tables.case_events
    asked = (
        select(p.c.case_id, func.upper(p.c.drug_name), p.c.term, func.coalesce(e.c.country, ""))
        .join(heads, and_(p.c.case_id == heads.c.case_id, p.c.version == heads.c.version))
        .join(
            e,
            and_(
                e.c.case_id == p.c.case_id,
                e.c.version == p.c.version,
                e.c.reaction == p.c.reaction,
            ),
        )
        .where(
            heads.c.status == "valid",
            p.c.role.in_(("suspect", "interacting")),
            p.c.drug_name.is_not(None),
            p.c.term.is_not(None),
        )
    )
    with (
        store.reading() as connection,
        connection.execute(asked, execution_options=STREAM) as found,
    ):
        for row in found:
            yield row[0], row[1], row[2], row[3]
