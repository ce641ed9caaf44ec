"""What a version of a case holds, and the hash that links it to those before it."""

import hashlib
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Version:
    """
    One version of a case: what is stored, published and explained.

    Attributes:
        changes: Path, old value and new value of every field that changed.
        state: Entity to field to [value, message].
        events: One row a reaction, for aggregation.
        pairs: One row a drug and reaction.
        received: First day on which anybody of the company knew; places it in a period.
    """

    case_id: str
    version: int
    status: str
    caused_by: str
    received: date | None
    recorded_at: datetime
    knowledge: str
    digest: str
    previous_chain: str
    chain: str
    state: dict[str, Any]
    changes: list[list[Any]]
    findings: list[dict[str, Any]]
    trace: dict[str, Any]
    events: tuple[dict[str, Any], ...]
    pairs: tuple[dict[str, Any], ...]
    synthetic: bool


def seal(version: Version) -> str:
    """
    Give the hash that links a version, with all that it says, to those before it.

    A change of any stored value, the previous link included, gives another hash.
    """
    said: dict[str, Any] = {name: getattr(version, name) for name in _SEALED}
    said["recorded_at"] = version.recorded_at.astimezone(UTC)
    said["events"] = sorted(version.events, key=itemgetter("reaction"))
    said["pairs"] = sorted(version.pairs, key=itemgetter("drug", "reaction"))
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


_SEALED = tuple(field.name for field in fields(Version) if field.name != "chain")
