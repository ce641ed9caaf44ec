"""How the simulated partners put a fact on the wire: envelope, moments, partial dates."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

import orjson

from consumers.simulation.chance import Chance
from schemas.topics import ADVERSE_EVENTS, STUDY_RECORDS, Topic

SOURCE = "urn:sorafenib-safety:simulation:secure"
STUDY_ID = "NCT01751763"
EDC = "SECURE-EDC"  # numbers its cases <subject>-AE<number>
OFFICE_ZONE = "Asia/Shanghai"
BEIJING = timezone(timedelta(hours=8))  # no summer time in these years

REPORTED, NULLIFIED, DECIDED = (kind.type for kind in ADVERSE_EVENTS.kinds)
ENROLLED, EXPOSED, ASSESSED, TREATED, MEASURED = (kind.type for kind in STUDY_RECORDS.kinds)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """
    One message before it is encoded.

    Attributes:
        at: When it was told; the order of a subject's messages.
        arrives: When it reaches the topic: later than *at* where it was held up.
    """

    topic: Topic
    type: str
    message_id: str
    subject: str
    at: datetime
    arrives: datetime
    data: Json


def tell_case(type_: str, case: Json, name: str, at: datetime, data: Json) -> Told:
    """Make a message of `pv.adverse-events`; *name* tells it from others about the case."""
    key = f"{case['sender']}:{case['sender_case_id']}"
    data = {"case": case} | data | {"synthetic": True}
    return Told(ADVERSE_EVENTS, type_, f"{key}:{name}", key, at, at, data)


def tell_record(type_: str, subject_id: str, record: str, at: datetime, data: Json) -> Told:
    """Make a message of `pv.study-records`; *record* is the record id and its revision."""
    key = f"{STUDY_ID}:{subject_id}"
    head = {
        "study_id": STUDY_ID,
        "subject_id": subject_id,
        "record_id": record.partition("#")[0],
        "recorded_at": at.isoformat(),
        "synthetic": True,
    }
    return Told(STUDY_RECORDS, type_, f"{key}:{record}", key, at, at, head | data)


def encode_event(told: Told) -> bytes:
    """Give the CloudEvents JSON text of a message, always the same bytes."""
    return orjson.dumps(envelop(told))


def envelop(told: Told) -> Json:
    """Put the CloudEvents context attributes around the data."""
    return {
        "specversion": "1.0",
        "id": told.message_id,
        "source": SOURCE,
        "type": told.type,
        "subject": told.subject,
        "time": told.at.isoformat(),
        "datacontenttype": "application/json",
        "data": told.data,
    }


def office_moment(chance: Chance, day: date) -> datetime:
    """Give a moment of *day* at which a hospital or an office tells something, +08:00."""
    hour = chance.between(20, 23) if chance.percent(8) else chance.between(8, 17)
    return datetime(
        day.year,
        day.month,
        day.day,
        hour,
        chance.between(0, 59),
        chance.between(0, 59),
        tzinfo=BEIJING,
    )


def whole_day(day: date) -> Json:
    """Give *day* as a partial date."""
    return {"value": day.isoformat(), "precision": "day"}


def remembered_day(chance: Chance, day: date) -> Json:
    """Give *day* as far as a patient remembers it: now and then only the month or the year."""
    precision = chance.weighted((("day", 95), ("month", 4), ("year", 1)))
    length = {"day": 10, "month": 7, "year": 4}[precision]
    return {"value": day.isoformat()[:length], "precision": precision}


def amount(value: int, step: int) -> int | float:
    """Give *value* / *step* as JSON has it: whole numbers without a point."""
    return value // step if value % step == 0 else value / step
