"""What happens to a message whose handling failed. The only place that decides."""

from enum import Enum

from safety.errors import OffsetConflictError, TransientError
from schemas.errors import ContractError


class Fate(Enum):
    """What the consumer does next."""

    DEAD_LETTER = "dead_letter"  # park the message, alert, go on with the batch
    RETRY = "retry"  # back off and hand the same batch in again
    RESYNC = "resync"  # drop the batch, go back to the stored offsets of what is ours
    HALT = "halt"  # commit nothing, stop, call a person


def fate_of(error: BaseException) -> Fate:
    """
    Map an error to its fate.

    An error that nobody foresaw halts the consumer: a safety report must not be
    skipped because of a bug.
    """
    match error:
        case ContractError():
            return Fate.DEAD_LETTER
        case TransientError():
            return Fate.RETRY
        case OffsetConflictError():
            return Fate.RESYNC
        case _:
            return Fate.HALT
