"""
Seals to keep elsewhere: whoever owns the database can forge it whole, but not what is kept apart.

One line of JSON a chain: of the log, of the audit trail, of each case and each subject. A later
check looks whether every chain still has that seal at that place.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import select

from safety.errors import SafetyError
from safety.store import tables
from safety.store.chains import LOG_HEADS, TRAIL_HEADS, ChainHead, heads_of
from safety.store.sql import STREAM, SqlStore

Seals = Mapping[str, ChainHead]


class KeptSealsError(SafetyError):
    """The file of kept seals cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Seals that were kept: by partition, of the trail, by case, by study and subject."""

    log: Seals = field(default_factory=dict)
    trail: Seals = field(default_factory=dict)
    cases: Seals = field(default_factory=dict)
    subjects: Seals = field(default_factory=dict)


NOTHING_KEPT = Kept()
_KINDS = ("log", "trail", "cases", "subjects")


def newest_seals(store: SqlStore) -> Iterator[Mapping[str, Any]]:
    """Give where every chain stands, all at one instant."""
    cases, subjects = tables.cases.c, tables.subjects.c
    asked = {
        "cases": select(cases.case_id, cases.version, cases.chain).order_by(cases.case_id),
        "subjects": select(
            subjects.study + "/" + subjects.subject, subjects.version, subjects.chain
        ).order_by(subjects.study, subjects.subject),
    }
    with store.reading(snapshot=True) as connection:
        for kind, table in (("log", LOG_HEADS), ("trail", TRAIL_HEADS)):
            for name, head in sorted(heads_of(connection, table).items()):
                yield _line(kind, name, *head)
        for kind, statement in asked.items():
            with connection.execute(statement, execution_options=STREAM) as found:
                for name, version, chain in found:
                    yield _line(kind, name, version, chain)


def _line(kind: str, chain: str, links: int, seal: str) -> Mapping[str, Any]:
    return {"of": kind, "chain": chain, "links": links, "seal": seal}


def read_kept(lines: Iterable[bytes]) -> Kept:
    """
    Read what was kept.

    Raises:
        KeptSealsError: A line is none of ours.
    """
    found: dict[str, dict[str, ChainHead]] = {kind: {} for kind in _KINDS}
    for number, line in enumerate(lines, start=1):
        try:
            told = orjson.loads(line)
            seals, head = found[told["of"]], ChainHead(int(told["links"]), str(told["seal"]))
            seals[str(told["chain"])] = head
        except (ValueError, KeyError, TypeError):
            raise KeptSealsError(
                f"line {number} of the kept seals is none that `safety audit seals` wrote"
            ) from None
    return Kept(**found)
