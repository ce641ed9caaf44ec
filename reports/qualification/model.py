"""What a qualification says: the installation, each check with what was expected and found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Check:
    """
    One check.

    Attributes:
        number: IQ-01, OQ-07...: which part it belongs to, and its place there.
        requirements: Ids of the requirements it shows, R1 to R20.
        title: What is shown, as a sentence that is true if it passed.
        expected: What had to be found.
        found: What was found.
    """

    number: str
    requirements: tuple[str, ...]
    title: str
    expected: str
    found: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Installation:
    """
    What was qualified.

    Attributes:
        facts: Name and value of what tells one installation from another.
    """

    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Qualification:
    """A whole qualification; it passed if every check did."""

    installation: Installation
    checks: tuple[Check, ...]
    began: datetime
    ended: datetime

    @property
    def passed(self) -> bool:
        """Whether there were checks, and every one passed."""
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def failures(self) -> tuple[Check, ...]:
        """The checks that did not pass."""
        return tuple(check for check in self.checks if not check.passed)
