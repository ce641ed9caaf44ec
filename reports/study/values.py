"""Single values of stored records, read once and the same everywhere."""

from collections.abc import Mapping, Sequence
from typing import Any


def told_number(told: object) -> float | None:
    """Give a number; None where there is none or it is unknown on purpose."""
    if told is None or isinstance(told, dict):
        return None
    return float(str(told))


def told_word(told: object) -> str | None:
    """Give a text; None where there is none or it is unknown on purpose."""
    return told if isinstance(told, str) else None


def told_fact(facts: Mapping[str, Sequence[Any]], name: str) -> Any:  # noqa: ANN401 - a value of a message
    """Give the value of a field of a stored case; None where it is absent or unknown."""
    fact = facts.get(name)
    value = fact[0] if fact else None
    return None if isinstance(value, dict) and "null" in value else value
