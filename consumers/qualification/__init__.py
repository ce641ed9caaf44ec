"""Does this installation do what it must? Checked here and now, on invented messages."""

from consumers.qualification.run import qualify

__all__ = ["qualify"]
