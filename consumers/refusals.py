"""
What becomes of a message that is refused, and two refusals that only we can see.

A refused message is kept as it came, with reason, place and advice, and raises an
alert: the regulatory clock does not stop for a parser.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache

from safety.alerts import Alert, alert_id
from safety.knowledge import Knowledge
from safety.store.model import Origin, Quarantined
from schemas.errors import ContractError, Reason
from schemas.parse import Message
from schemas.values import Closed

CLOCK_TOLERANCE = timedelta(minutes=10)  # between a sender's clock and ours
AHEAD_OF_UTC = timedelta(hours=14)  # the earliest calendar on Earth
NOBODY_BEFORE = date(1980, 1, 1)  # an older date in a raw message is an error, not an awareness
SEARCHED_BYTES = 1024 * 1024  # of a raw message, for its dates

ID_REUSED = ContractError(
    Reason.ID_REUSED,
    "id",
    "a message with this source and id but other content was accepted before; give it a new id",
)


def build_quarantined(
    error: ContractError,
    origin: Origin,
    payload: bytes,
    *,
    key: str | None,
    headers: Mapping[str, str],
    earliest_due: date,
    now: datetime,
) -> Quarantined:
    """Build the row of a message in quarantine; the same message at the same place has one id."""
    digest = hashlib.sha256(payload).hexdigest()
    place = f"{origin.topic}\n{origin.partition}\n{origin.offset}\n{origin.part}\n{digest}"
    return Quarantined(
        quarantine_id=hashlib.sha256(place.encode()).hexdigest()[:24],
        reason=error.reason.value,
        path=error.path,
        advice=error.advice,
        origin=origin,
        key=key,
        headers=headers,
        payload=payload,
        digest=digest,
        earliest_due=earliest_due,
        recorded_at=now,
    )


def build_alert(parked: Quarantined) -> Alert:
    """Build the alert that a message is in quarantine."""
    return Alert(
        alert_id=alert_id("quarantined", parked.quarantine_id),
        kind="quarantined",
        case_id=None,
        obligation_id=None,
        authority=None,
        due=parked.earliest_due,
        text=f"message {parked.quarantine_id} is in quarantine ({parked.reason}); if it tells of a"
        f" serious case the first report may be due {parked.earliest_due}",
    )


def future_fault(message: Message, now: datetime) -> ContractError | None:
    """Tell whether a report claims to have been received, or informed, after now."""
    told = {name: getattr(message.data, name) for name in _carried(type(message.data)) & _TIMES}
    for name in _INSTANTS & told.keys():
        if told[name] > now + CLOCK_TOLERANCE:
            return ContractError(
                Reason.FUTURE_AWARENESS,
                f"data.{name}",
                "this instant is in the future; check the sender's clock and UTC offset",
            )
    latest = (now + AHEAD_OF_UTC).date()
    days = {"most_recent_information": told.get("most_recent_information")}
    for place, known in enumerate(told.get("awareness", ())):
        days[f"awareness.{place}"] = known.day or known.at.date()
    for name, day in days.items():
        if day is not None and day > latest:
            return ContractError(
                Reason.FUTURE_AWARENESS,
                f"data.{name}",
                "this day is in the future; check the date",
            )
    return None


_INSTANTS = frozenset({"received_at", "decided_at", "recorded_at"})
_TIMES = _INSTANTS | {"most_recent_information", "awareness"}


@cache
def _carried(model: type[Closed]) -> frozenset[str]:
    """The fields of a contract; asking a model for one it lacks is slow."""
    return frozenset(model.model_fields)


_DAY = re.compile(
    rb'"(?:received_at|first_received|most_recent_information)"\s*:\s*"(\d{4}-\d{2}-\d{2})'
    rb'|availabilityTime value="(\d{4})(\d{2})(\d{2})'
)


def derive_earliest_due(payload: bytes, knowledge: Knowledge, now: datetime) -> date:
    """
    Give the earliest day on which a report could be due if the raw message is a serious case.

    Day zero is the earliest date of receipt or information that can be found in
    the raw bytes, else today; the shortest limit of any rulebook is added.
    """
    days = [now.date()]
    for found in _DAY.finditer(payload[:SEARCHED_BYTES]):
        text = found[1] or b"-".join(found.group(2, 3, 4))
        try:
            day = date.fromisoformat(text.decode())
        except ValueError:
            continue
        if day >= NOBODY_BEFORE:
            days.append(day)
    shortest = min(rule.days for book in knowledge.rulebooks for rule in book.rules)
    return min(days) + timedelta(days=shortest)
