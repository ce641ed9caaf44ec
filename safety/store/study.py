"""What the store holds of one study: its cases in the version that counts, with their events."""

from collections.abc import Collection, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from safety.store import tables
from safety.store.known import heads_at
from safety.store.rows import EVENT_KEYS
from safety.store.sql import STREAM, SqlStore
from safety.workflow import VOID


@dataclass(frozen=True, slots=True)
class StudyCase:
    """
    One case of a study.

    Attributes:
        state: Entity to field to [value, message].
        events: Its rows for aggregation, by reaction.
    """

    case_id: str
    version: int
    state: Mapping[str, Mapping[str, Sequence[Any]]]
    events: tuple[Mapping[str, Any], ...]
    synthetic: bool


def study_cases(
    store: SqlStore, names: Collection[str], *, as_known_at: datetime | None = None
) -> Generator[StudyCase, None, None]:
    """
    Give the cases of a study that are not void, by id, in the version that counts.

    The rows are streamed over an open connection: read on, or close the generator.

    Args:
        store: Where to look.

        names: The study's id and its other numbers.

        as_known_at: In the version that was current then; now unless given.
    """
    heads, flat = heads_at(as_known_at), tables.case_events
    versions = tables.case_versions
    is_head = and_(flat.c.case_id == heads.c.case_id, flat.c.version == heads.c.version)
    counting = and_(flat.c.study.in_(sorted(names)), heads.c.status.not_in(sorted(VOID)))
    rows = (
        select(flat).join(heads, is_head).where(counting).order_by(flat.c.case_id, flat.c.reaction)
    )
    wanted = select(flat.c.case_id, flat.c.version).join(heads, is_head).where(counting).distinct()
    named = wanted.subquery()
    states = (
        select(versions.c.case_id, versions.c.version, versions.c.state, versions.c.synthetic)
        .join(
            named,
            and_(versions.c.case_id == named.c.case_id, versions.c.version == named.c.version),
        )
        .order_by(versions.c.case_id)
    )
    with store.reading(snapshot=True) as connection:
        events: dict[str, list[Mapping[str, Any]]] = {}
        for row in connection.execute(rows).mappings():
            events.setdefault(row["case_id"], []).append({key: row[key] for key in EVENT_KEYS})
        with connection.execute(states, execution_options=STREAM) as found:
            for case_id, version, state, synthetic in found:
                yield StudyCase(case_id, version, state, tuple(events[case_id]), synthetic)


def study_names(store: SqlStore) -> list[str]:
    """Give the studies of which the store holds subjects."""
    records = tables.subject_records.c
    with store.reading() as connection:
        return list(connection.scalars(select(records.study).distinct().order_by(records.study)))
