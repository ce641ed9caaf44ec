"""Records to consume: the examples that ship, simulated studies, and single messages."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from itertools import count, islice
from typing import Any

import orjson

from consumers.examples import incoming_examples
from consumers.handlers import Record
from consumers.simulation import simulate_secure
from schemas.topics import STUDY_RECORDS
from tests.support.reports import BASE


def in_place(records: Iterable[Record]) -> list[Record]:
    """Give the records as partition 0 of their topics would hold them, each at its offset."""
    offsets: dict[str, count[int]] = {}
    return [
        Record(
            topic=record.topic,
            partition=0,
            offset=next(offsets.setdefault(record.topic, count())),
            key=record.key,
            headers=record.headers,
            value=record.value,
        )
        for record in records
    ]


@cache
def examples() -> tuple[Record, ...]:
    """Every example of an incoming message: JSON and E2B(R3)."""
    return tuple(incoming_examples())


@cache
def examples_in_any_order() -> tuple[Record, ...]:
    """
    The examples whose outcome does not depend on which partition is read first.

    A merge and its end are about two cases; one that is read before them is parked, as designed.
    """
    return tuple(each for each in examples() if not _of_two_cases(each))


def _of_two_cases(record: Record) -> bool:
    return any(kind in (record.value or b"") for kind in (b'"merge"', b'"undo_merge"'))


@cache
def study(seed: int, subjects: int, records: int | None = None) -> tuple[Record, ...]:
    """A simulated study, or the first records of it."""
    told = islice(simulate_secure(seed, subjects), records)
    return tuple(
        Record(each.topic, -1, place, each.key, each.headers, each.value)
        for place, each in enumerate(told)
    )


@cache
def reports(seed: int, subjects: int) -> tuple[Record, ...]:
    """A simulated study without its study records: what makes cases."""
    return tuple(each for each in study(seed, subjects) if each.topic != STUDY_RECORDS.name)


def event(record: Record) -> dict[str, Any]:
    """Give the CloudEvents event that a record holds, to be changed."""
    assert record.value is not None
    told: dict[str, Any] = orjson.loads(record.value)
    return told


def adverse_event(message_id: str = "m1", **changes: Any) -> dict[str, Any]:
    """Give the event of a complete study report; *changes* are fields of its data."""
    data = deepcopy(BASE) | changes
    case = data["case"]
    return {
        "specversion": "1.0",
        "id": message_id,
        "source": "urn:test:study-database",
        "type": "pv.adverse-event.reported.v1",
        "subject": f"{case['sender']}:{case['sender_case_id']}",
        "data": {name: value for name, value in data.items() if value is not None},
    }
