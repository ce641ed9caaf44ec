"""What can keep a page from being shown; see `desk.web.failures` for what is."""

from desk.web.actions import Action
from safety.errors import SafetyError


class NotSignedInError(SafetyError):
    """Nobody is signed in, or the session has expired."""


class NotAllowedError(SafetyError):
    """The user's role does not allow it."""

    def __init__(self, action: Action) -> None:
        super().__init__(f"your role does not allow this ({action.value.replace('_', ' ')})")
        self.action = action


class ForgedFormError(SafetyError):
    """A form came without the token of the session."""


class NotThereError(SafetyError):
    """What was asked for does not exist; the message says what."""


class BadRequestError(SafetyError):
    """A form or an address says something that cannot be; the message says what."""
