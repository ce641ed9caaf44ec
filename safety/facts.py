"""What is known of one entity of a case: each field's value, and the message that said it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

OWNER = "owner"  # bookkeeping field of list entries: the sender who told of them

Value = Any  # JSON: str, int, bool, or a leaf object such as a partial date


class Fact(NamedTuple):
    """A value and the message that said it."""

    value: Value
    message: str


Facts = Mapping[str, Fact]
Entities = Mapping[str, Facts]  # by path, such as `reactions/r1`


def merge_facts(known: Facts | None, values: Mapping[str, Value], message: str) -> Facts:
    """
    Give the facts after a message said these values.

    A value equal to the one already there keeps its first source; the owner never changes.
    """
    if known is None:
        return {name: Fact(value, message) for name, value in values.items()}
    merged = dict(known)
    for name, value in values.items():
        old = known.get(name)
        if name == OWNER and old is not None:
            continue
        if old is None or old.value != value:
            merged[name] = Fact(value, message)
    return merged


def bare_values(facts: Facts | None) -> dict[str, Value] | None:
    """Give the values without their sources; None if there is no such entity."""
    return None if facts is None else {name: fact.value for name, fact in facts.items()}
