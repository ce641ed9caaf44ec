"""
What a person should look at: contradictions, doubts and repairs, kept with the case.

A finding never changes a fact. It names the rule by a stable code, the field by
its path, and says in a sentence what to do; it holds no patient data.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "query", "contradiction"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at."""

    code: str
    path: str
    message: str
    severity: Severity = "query"
