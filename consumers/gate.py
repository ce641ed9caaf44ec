"""What a message has to pass beside its contract: see `source_gate` and `schema_gate`."""

from typing import Protocol

from schemas.errors import ContractError
from schemas.parse import Message


class Gate(Protocol):
    """What looks at a message that keeps its contract before it is handled."""

    def fault(self, message: Message) -> ContractError | None:
        """Give what is wrong with it, or None."""
