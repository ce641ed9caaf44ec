"""
How does a merge reach the case that remains, which is another key and another partition?

Messages of the case that gave way are carried over into the log of the case that remains, in the
transaction that stores what caused it. Each log can then be read, replayed and judged alone. The
head of the case that remains is guarded as every head is: if the consumer of its partition came
first, the batch is tried again.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from safety.case import CaseState, Merged, Report
from safety.store.model import LoggedMessage
from schemas.errors import ContractError, Reason
from schemas.messages.carried import CARRIED, CARRIED_BACK, CarriedBack, CarriedReport
from schemas.messages.decision import DeskDecision, Merge, SameEntry

SOURCE = "urn:sorafenib-safety:merge"
CARRIED_TYPE = "pv.report.carried.v1"
CARRIED_BACK_TYPE = "pv.report.carried-back.v1"


def merge_fault(
    subject: str, data: BaseModel, find: Callable[[str], CaseState | None]
) -> ContractError | None:
    """
    Say why a message asks for a merge that cannot be done; None if it does not.

    Args:
        subject: The case it is about.

        data: The contract of any message.

        find: Gives the state of a case, if there is one.
    """
    if not isinstance(data, DeskDecision) or not isinstance(data.action, Merge):
        return None
    why = explain_no_merge(subject, data.action.into, find)
    return None if why is None else ContractError(Reason.MERGE_REFUSED, "data.action.into", why)


def explain_no_merge(
    case_id: str, into: str, find: Callable[[str], CaseState | None]
) -> str | None:
    """
    Say why a case cannot give way to another; the first that applies decides.

    1. a case cannot give way to itself;
    2. the case that would remain is not known;
    3. it is void;
    4. it gave way to another case.
    """
    if into == case_id:
        return "a case cannot be merged into itself; name the case that remains"
    state = find(into)
    if state is None:
        return "the case that would remain is not known; check its id"
    if state.nullified is not None:
        return "the case that would remain is void; choose one that stands"
    if state.merged is not None:
        return "the case that would remain was merged itself; merge into the one it gave way to"
    return None


def carried_messages(
    states: tuple[CaseState, CaseState],
    new: tuple[LoggedMessage, Report, BaseModel],
    earlier: Callable[[], Sequence[tuple[LoggedMessage, Report]]],
) -> Iterator[LoggedMessage]:
    """
    Give what a message about one case writes into the logs of others.

    1. its merge ended, or is another now: that what was carried over counts no more;
    2. it is merged by this message: all that was told of it;
    3. it was merged before: this message.

    Args:
        states: The case before and after the message.

        new: The message, the report it is, and its contract.

        earlier: Gives the case's messages before it, each with its report.
    """
    before, after = states[0].merged, states[1].merged
    logged, report, data = new
    same = before is not None and after is not None and before.decision == after.decision
    if before is not None and not same and isinstance(data, DeskDecision):
        yield _carried_back(logged, before, data)
    if after is None:
        return
    if not same:
        for known, told in earlier():
            if is_carried(told):
                yield _carried(known, after, logged)
    if is_carried(report):
        yield _carried(logged, after, logged)


def is_carried(report: Report) -> bool:
    """Tell whether a report of a case that gave way concerns the case that remains."""
    told = report.from_outside or report.kind == "correction"
    return told or report.submission is not None or report.ends is not None


def _carried(message: LoggedMessage, merged: Merged, cause: LoggedMessage) -> LoggedMessage:
    data = CarriedReport(
        merge=merged.decision,
        from_case=message.subject,
        to_case=merged.into,
        same=[SameEntry.model_validate(entry) for entry in merged.same],
        topic=message.origin.topic,
        media_type=message.media_type,
        payload=base64.b64encode(message.payload),  # as the type takes it
    )
    ground = f"{merged.decision}\n{message.source}\n{message.message_id}"
    return _own(data, (merged.into, CARRIED_TYPE, CARRIED, ground), cause)


def _carried_back(cause: LoggedMessage, merged: Merged, data: DeskDecision) -> LoggedMessage:
    said = CarriedBack(
        merge=merged.decision,
        from_case=cause.subject,
        decided_by=data.decided_by,
        decided_at=data.decided_at,
        office_zone=data.office_zone,
        reason=data.reason,
    )
    ground = f"{merged.decision}\n{cause.source}\n{cause.message_id}"
    kind = (merged.into, CARRIED_BACK_TYPE, CARRIED_BACK, ground)
    return _own(said, kind, cause)


def _own(data: BaseModel, kind: tuple[str, str, str, str], cause: LoggedMessage) -> LoggedMessage:
    """Build the row of a message of our own; its id is made from its ground."""
    subject, named, media_type, ground = kind
    payload = data.model_dump_json().encode()
    return LoggedMessage(
        source=SOURCE,
        message_id=hashlib.sha256(f"{named}\n{ground}".encode()).hexdigest()[:32],
        type=named,
        subject=subject,
        about="case",
        media_type=media_type,
        payload=payload,
        digest=hashlib.sha256(payload).hexdigest(),
        origin=cause.origin,
        recorded_at=cause.recorded_at,
        learned=cause.learned,
    )
