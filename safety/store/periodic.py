"""
What the reports of a period count, as known at an instant: reactions by term, and lines of cases.

Counting is done by the database and streamed, so that memory does not grow with the cases. Only
valid cases count; the day that places one in a period is the day on which the company first knew
of it (`case_versions.received`).
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, func, or_, select

from safety.store import tables
from safety.store.known import heads_at
from safety.store.sql import STREAM, SqlStore

_EVENTS, _VERSIONS, _PAIRS = tables.case_events, tables.case_versions, tables.drug_event_pairs
_SUSPECTED = ("suspect", "interacting")


@dataclass(frozen=True, slots=True)
class ReactionCount:
    """
    How many reactions are alike in all that the tables of a period tell apart.

    Attributes:
        treatment: product, blinded, placebo, or other: what is suspected of having caused them.
        fresh: Whether their cases became known on or after the first day of the period.
    """

    context: str
    treatment: str
    soc: str | None
    term: str | None
    verbatim: str | None
    serious: bool | None
    related: bool | None
    fresh: bool
    reactions: int


@dataclass(frozen=True, slots=True)
class ReactionLine:
    """One reaction of one case version; `received` and `status` are those of the case then."""

    case_id: str
    version: int
    received: date | None
    status: str
    context: str
    treatment: str
    event: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseContent:
    """A case of a period with everything that a line of a listing may show."""

    case_id: str
    received: date | None
    state: dict[str, Any]
    reactions: tuple[ReactionLine, ...]


def count_reactions(
    store: SqlStore, *, start: date, lock: date, known_at: datetime | None = None
) -> list[ReactionCount]:
    """
    Count the reactions of all cases that were known on or before the data lock.

    Args:
        store: Where to look.

        start: First day of the period.

        lock: Its last day, the data lock point.

        known_at: In the versions that were current then; now unless given.
    """
    e = _EVENTS.c
    uncoded = case((e.term.is_(None), e.verbatim))
    fresh = case((_VERSIONS.c.received >= start, 1), else_=0)
    alike: tuple[ColumnElement[Any], ...] = (
        *(e.context, _treatment(), e.soc, e.term, uncoded, e.serious, e.related, fresh),
    )
    asked = _counting(heads_at(known_at), lock, *alike, func.count()).group_by(*alike)
    with store.reading(snapshot=True) as connection:
        return [
            ReactionCount(
                context=row[0],
                treatment=row[1],
                soc=row[2],
                term=row[3],
                verbatim=row[4],
                serious=row[5],
                related=row[6],
                fresh=bool(row[7]),
                reactions=row[8],
            )
            for row in connection.execute(asked)
        ]


def has_history(store: SqlStore, instant: datetime) -> bool:
    """Whether anything was known at an instant; if not, no earlier report can have been made."""
    asked = select(_VERSIONS.c.case_id).where(_VERSIONS.c.recorded_at <= instant).limit(1)
    with store.reading() as connection:
        return connection.execute(asked).first() is not None


def changed_reactions(
    store: SqlStore, *, before: date, earlier: datetime, known_at: datetime | None = None
) -> tuple[list[ReactionLine], list[ReactionLine]]:
    """
    Give the reactions of the cases of earlier periods that are not what they were.

    Args:
        store: Where to look.

        before: Cases known before this day; it is the first day of the period.

        earlier: The instant of the previous report.

        known_at: The instant of this report; now unless given.

    Returns:
        The reactions of these cases as they were then, and as they are now.
    """
    was, now = heads_at(earlier), heads_at(known_at)
    of_now = _VERSIONS.alias("of_now")
    changed = (
        select(now.c.case_id, was.c.version.label("was"), now.c.version.label("now"))
        .join(
            of_now,
            and_(of_now.c.case_id == now.c.case_id, of_now.c.version == now.c.version),
        )
        .outerjoin(was, was.c.case_id == now.c.case_id)
        .where(
            or_(was.c.version.is_(None), was.c.version != now.c.version),
            or_(of_now.c.received < before, of_now.c.received.is_(None)),
        )
        .subquery()
    )
    with store.reading(snapshot=True) as connection:
        lines = [
            [
                _line(row)
                for row in connection.execute(
                    _lines().join(
                        changed,
                        and_(_EVENTS.c.case_id == changed.c.case_id, _EVENTS.c.version == side),
                    )
                ).mappings()
            ]
            for side in (changed.c.was, changed.c.now)
        ]
    return lines[0], lines[1]


def cases_of_period(
    store: SqlStore, *, start: date, lock: date, known_at: datetime | None = None
) -> Generator[CaseContent, None, None]:
    """
    Give the valid cases that became known in a period, by class and term of the gravest reaction.

    The rows are streamed over an open connection: read on, or close the generator.
    """
    heads = heads_at(known_at)
    e = _EVENTS.c
    rank = (
        func.row_number()
        .over(
            partition_by=(e.case_id, e.version),
            order_by=(
                _left_out(),
                *(_worse(e.fatal), _worse(e.life_threatening), _worse(e.serious)),
                e.reaction,
            ),
        )
        .label("rank")
    )
    gravest = (
        _counting(heads, lock, e.case_id, e.version, e.soc, e.term, rank)
        .where(_VERSIONS.c.received >= start)
        .subquery()
    )
    asked = (
        _lines(_VERSIONS.c.state)
        .join(
            gravest,
            and_(e.case_id == gravest.c.case_id, e.version == gravest.c.version),
        )
        .where(gravest.c.rank == 1)
        .order_by(
            func.coalesce(gravest.c.soc, "~"),
            func.coalesce(gravest.c.term, "~"),
            e.case_id,
            e.reaction,
        )
    )
    with (
        store.reading(snapshot=True) as connection,
        connection.execute(asked, execution_options=STREAM) as found,
    ):
        held: list[ReactionLine] = []
        state: dict[str, Any] = {}
        for row in found.mappings():
            line = _line(row)
            if held and held[0].case_id != line.case_id:
                yield CaseContent(held[0].case_id, held[0].received, state, tuple(held))
                held = []
            held.append(line)
            state = row["state"]
        if held:
            yield CaseContent(held[0].case_id, held[0].received, state, tuple(held))


def _left_out() -> ColumnElement[int]:
    """Order reactions that listings leave out after the others: not related, or not serious."""
    e = _EVENTS.c
    harmless = and_(e.serious.is_(False), e.context.not_in(("spontaneous", "literature")))
    return case((e.related.is_(False), 1), (harmless, 1), else_=0)


def _worse(column: ColumnElement[Any]) -> ColumnElement[int]:
    """Order true before unknown before false."""
    return case((column.is_(True), 0), (column.is_(None), 1), else_=2)


def _counting(heads: FromClause, lock: date, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select from the reactions of valid cases that were known on or before the lock."""
    return (
        select(*columns)
        .select_from(_EVENTS)
        .join(
            heads,
            and_(_EVENTS.c.case_id == heads.c.case_id, _EVENTS.c.version == heads.c.version),
        )
        .join(
            _VERSIONS,
            and_(
                _EVENTS.c.case_id == _VERSIONS.c.case_id, _EVENTS.c.version == _VERSIONS.c.version
            ),
        )
        .where(
            heads.c.status == "valid",
            or_(_VERSIONS.c.received <= lock, _VERSIONS.c.received.is_(None)),
        )
    )


def _lines(*columns: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            _EVENTS,
            _treatment().label("treatment"),
            _withdrawn().label("withdrawn"),
            _VERSIONS.c.received,
            _VERSIONS.c.status,
            *columns,
        )
        .select_from(_EVENTS)
        .join(
            _VERSIONS,
            and_(
                _EVENTS.c.case_id == _VERSIONS.c.case_id, _EVENTS.c.version == _VERSIONS.c.version
            ),
        )
    )


def _line(row: Any) -> ReactionLine:  # noqa: ANN401 - a row of the driver
    return ReactionLine(
        case_id=row["case_id"],
        version=row["version"],
        received=row["received"],
        status=row["status"],
        context=row["context"],
        treatment=row["treatment"],
        event={name: row[name] for name in _SHOWN} | {"withdrawn": bool(row["withdrawn"])},
    )


_SHOWN = tuple(
    column.name
    for column in _EVENTS.columns
    if column.name not in {"case_id", "version", "context"}
)


def _suspected(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    e, p = _EVENTS.c, _PAIRS.c
    return (
        select(p.drug)
        .where(
            p.case_id == e.case_id,
            p.version == e.version,
            p.reaction == e.reaction,
            p.role.in_(_SUSPECTED),
            *conditions,
        )
        .exists()
    )


def _treatment() -> ColumnElement[str]:
    """
    What is suspected; the first that applies decides.

    1. the product, and known to be it; 2. a drug that was reported blinded; 3. a placebo;
    4. something else, or nobody knows what.
    """
    placebo = func.lower(func.coalesce(_PAIRS.c.drug_name, "")).contains("placebo")
    blinded = _PAIRS.c.blinded.is_(True)
    return case(
        (_suspected(_PAIRS.c.ours, ~placebo, ~blinded), "product"),
        (_suspected(blinded), "blinded"),
        (_suspected(placebo), "placebo"),
        else_="other",
    )


def _withdrawn() -> ColumnElement[bool]:
    return _suspected(_PAIRS.c.ours, _PAIRS.c.action_taken == "withdrawn")


def latest_dictionaries(store: SqlStore, *, limit: int = 5) -> Sequence[str]:
    """Give the dictionaries that the terms were coded to, the most used first."""
    e = _EVENTS.c
    asked = (
        select(e.dictionary)
        .where(e.dictionary.is_not(None))
        .group_by(e.dictionary)
        .order_by(func.count().desc(), e.dictionary)
        .limit(limit)
    )
    with store.reading() as connection:
        return list(connection.scalars(asked))
