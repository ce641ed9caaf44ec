"""
May this producer send to us at all?

SAFETY_SOURCES lists the CloudEvents sources whose messages are taken (for ICSRs `e2b:` and the
sender's identifier). A message of another goes to quarantine with an alert: it may still tell of a
case. Who may write under which name is for the broker's users and ACLs; this list is the second
lock, and the one that an inspector can read.
"""

from collections.abc import Collection

from consumers.desk_message import DESK
from consumers.gate import Gate
from schemas.errors import ContractError, Reason
from schemas.parse import Message


class SourceGate:
    """
    Lets through the messages of known producers.

    Args:
        sources: Theirs; our own desk is always one of them.

        behind: What else has to be passed.
    """

    def __init__(self, sources: Collection[str], behind: Gate | None = None) -> None:
        self._sources = frozenset({*sources, DESK})
        self._behind = behind

    def fault(self, message: Message) -> ContractError | None:
        """Give what is wrong with a message, or None."""
        if message.source not in self._sources:
            return ContractError(
                Reason.UNKNOWN_SOURCE,
                "source",
                "this producer is not on the list SAFETY_SOURCES; if it should be, add it and"
                " redrive the message",
            )
        return None if self._behind is None else self._behind.fault(message)
