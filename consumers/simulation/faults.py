"""
How messages go wrong on their way in: each breaks its contract in one way.

Every fault takes a good message and gives bytes that are refused for the reason
it is named after. The good message follows, as when a sender corrects and sends
again. What is accepted and then found doubtful (an end before the onset, a
grade that the term does not have) is in `reports`.
"""

from collections.abc import Callable
from dataclasses import replace

import orjson

from consumers.simulation.telling import BEIJING, REPORTED, Json, Told, envelop
from schemas.errors import Reason

YEARS_AHEAD = 70  # of every study simulated here in the future, and within the contract's years


def _changed(told: Told, **data: object) -> bytes:
    broken = replace(told, message_id=told.message_id + ":broken", data=told.data | data)
    return orjson.dumps(envelop(broken))


def _not_json(told: Told) -> bytes:
    return f"subject;kind;at\r\n{told.subject};{told.type};{told.at.date()}\r\n".encode()


def _truncated(told: Told) -> bytes:
    whole = _changed(told)
    return whole[: len(whole) * 2 // 3].decode(errors="ignore").encode()


def _gb18030(told: Told) -> bytes:
    """Give the text in the Chinese national encoding, as old hospital systems send it."""
    marked = _changed(told, site_note="研究中心备注")
    return marked.decode().encode("gb18030")


def _empty(_: Told) -> bytes:
    return b""


def _unknown_type(told: Told) -> bytes:
    stem = told.type.rpartition(".v")[0]
    return orjson.dumps(envelop(replace(told, type=f"{stem}.v9")))


def _unknown_field(told: Told) -> bytes:
    return _changed(told, severity_text="中度")


def _missing_field(told: Told) -> bytes:
    name = "office_zone" if told.type == REPORTED else "recorded_at"
    data = {key: value for key, value in told.data.items() if key != name}
    return orjson.dumps(envelop(replace(told, data=data)))


def _naive_time(told: Told) -> bytes:
    name = "received_at" if told.type == REPORTED else "recorded_at"
    return _changed(told, **{name: told.at.replace(tzinfo=None).isoformat()})


def _unknown_country(told: Told) -> bytes:
    reporters: list[Json] = [{"reporter_id": "INV", "country": "PRC"}]
    return _changed(told, reporters=reporters)


def _future_awareness(told: Told) -> bytes:
    later = told.at.year + YEARS_AHEAD
    future = told.at.astimezone(BEIJING).replace(year=later, day=1).isoformat()
    return _changed(told, received_at=future, awareness=[])


Fault = Callable[[Told], bytes]

# What can happen to any message, and what only to a report of an adverse event.
ANY_MESSAGE: tuple[tuple[Reason, Fault], ...] = (
    (Reason.NOT_JSON, _not_json),
    (Reason.TRUNCATED, _truncated),
    (Reason.NOT_UTF8, _gb18030),
    (Reason.EMPTY, _empty),
    (Reason.UNKNOWN_TYPE, _unknown_type),
    (Reason.UNKNOWN_FIELD, _unknown_field),
    (Reason.MISSING_FIELD, _missing_field),
    (Reason.NAIVE_TIME, _naive_time),
)
REPORTS_ONLY: tuple[tuple[Reason, Fault], ...] = (
    (Reason.UNKNOWN_COUNTRY, _unknown_country),
    (Reason.FUTURE_AWARENESS, _future_awareness),
)
