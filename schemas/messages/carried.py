"""
What a merge writes into the log of the case that remains: our own records, on no topic.

Messages of the case that gave way are carried over whole, as they were received, so that the log
of the case that remains can be read alone. Nobody can send one of these: they have a media type
that no topic takes.
"""

from typing import Annotated

from pydantic import Base64Bytes, Field

from schemas.envelope import Reference
from schemas.messages.decision import SameEntry
from schemas.messages.parts import Line, Many
from schemas.values import Closed, Instant, Key, Zone

CARRIED = "application/vnd.sorafenib-safety.carried+json"
CARRIED_BACK = "application/vnd.sorafenib-safety.carried-back+json"


class CarriedReport(Closed):
    """A message of a case that gave way, for the case that remains."""

    merge: Line  # the decision that merged them: source and id
    from_case: Reference
    to_case: Reference
    same: Annotated[list[SameEntry], Field(max_length=Many)]
    topic: str
    media_type: str
    payload: Base64Bytes


class CarriedBack(Closed):
    """That a merge was undone: what it carried over counts no more."""

    merge: Line
    from_case: Reference
    decided_by: Key
    decided_at: Instant
    office_zone: Zone
    reason: Line
