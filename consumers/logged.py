"""Messages of the log, read again as what they were accepted as."""

from consumers.subjects import fact_of
from safety.case import Report
from safety.errors import InvariantError
from safety.intake import read_report, read_subject_record
from safety.store.model import LoggedMessage, SubjectRecordRow
from safety.subjects import SubjectFact
from schemas.errors import ContractError
from schemas.messages.study_record import SubjectRecord
from schemas.parse import Message, parse_logged
from schemas.values import Closed


def read_logged(logged: LoggedMessage) -> Report:
    """
    Read a message of the log again as the report it is.

    Raises:
        InvariantError: It was accepted once but cannot be read now.
    """
    try:
        return read_report(name_of(logged), read_payload(logged))
    except ContractError as error:
        raise _unreadable(logged, error) from None


def _unreadable(logged: LoggedMessage, error: ContractError) -> InvariantError:
    return InvariantError(
        f"message {logged.source} {logged.message_id} of the log cannot be read any more"
        f" ({error.reason} at {error.path}); the software and the log do not fit together"
    )


def read_logged_record(logged: LoggedMessage) -> SubjectFact:
    """
    Read a message of the log again as the study record it is.

    Raises:
        InvariantError: It was accepted once but cannot be read now.
    """
    try:
        data = read_payload(logged)
    except ContractError as error:
        raise _unreadable(logged, error) from None
    if not isinstance(data, SubjectRecord):
        raise InvariantError(f"message {name_of(logged)} of the log is no study record")
    return fact_of(record_row(logged, data))


def record_row(logged: LoggedMessage, data: SubjectRecord) -> SubjectRecordRow:
    """Give a study record as the store keeps it."""
    told = read_subject_record(name_of(logged), data)
    return SubjectRecordRow(
        source=logged.source,
        message_id=logged.message_id,
        study=told.study,
        subject=told.subject,
        kind=logged.type,
        record_id=told.record_id,
        order=told.order,
        data=told.data,
        synthetic=told.synthetic,
        recorded_at=logged.recorded_at,
    )


def read_payload(logged: LoggedMessage) -> Closed:
    """
    Read what a message of the log says.

    Raises:
        ContractError: It cannot be read now.
    """
    return parse_logged(logged.origin.topic, logged.payload, logged.media_type)[1]


def name_of(message: Message | LoggedMessage) -> str:
    """Source and id of a message, joined."""
    return f"{message.source} {message.message_id}"
