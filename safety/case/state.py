"""The case as some of its reports tell it: entities of facts, each with its source."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from safety.case.report import Nullified
from safety.facts import OWNER, Entities, Fact, Value
from safety.findings import Finding


class Merged(NamedTuple):
    """
    That a case gave way to another.

    Attributes:
        into: The case that remains.
        same: Which of its reactions and drugs are those of the case that remains.
        decision: The message that said so.
    """

    into: str
    same: tuple[Mapping[str, str], ...]
    decision: str


def is_null(value: Value) -> bool:
    """Tell whether a value is an explicit unknown (a null flavour)."""
    return isinstance(value, dict) and "null" in value


class Entry:
    """One entity of a state: `reactions/r1` with its facts."""

    __slots__ = ("facts", "key", "path")

    def __init__(self, path: str, facts: Mapping[str, Fact]) -> None:
        self.path = path
        self.key = path.rsplit("/", 1)[-1]
        self.facts = facts

    def raw(self, name: str) -> Value:
        """The value as it stands, explicit unknowns included; None when nothing was said."""
        fact = self.facts.get(name)
        return None if fact is None else fact.value

    def known(self, name: str) -> Value:
        """The value if it is known; None when nothing was said or it is explicitly unknown."""
        fact = self.facts.get(name)
        if fact is None:
            return None
        value = fact.value
        return None if isinstance(value, dict) and "null" in value else value

    def source(self, name: str) -> str | None:
        """The message that said it."""
        fact = self.facts.get(name)
        return None if fact is None else fact.message

    def __repr__(self) -> str:
        return f"Entry({self.path})"


@dataclass(frozen=True)
class CaseState:
    """The case after some of its reports, in order."""

    entities: Entities
    nullified: Nullified | None = None
    findings: tuple[Finding, ...] = ()

    @cached_property
    def case(self) -> Entry:
        """The case's own fields: report type, narrative, comments."""
        return Entry("case", self.entities.get("case", {}))

    @cached_property
    def patient(self) -> Entry:
        """The patient."""
        return Entry("patient", self.entities.get("patient", {}))

    @cached_property
    def study(self) -> Entry:
        """The study, empty outside studies."""
        return Entry("study", self.entities.get("study", {}))

    @cached_property
    def _families(self) -> Mapping[str, tuple[Entry, ...]]:
        families: dict[str, list[Entry]] = {}
        for path, facts in self.entities.items():
            family, slash, _ = path.rpartition("/")
            if slash:
                families.setdefault(family, []).append(Entry(path, facts))
        return {
            name: tuple(sorted(entries, key=lambda entry: _natural(entry.key)))
            for name, entries in families.items()
        }

    def entries(self, family: str) -> tuple[Entry, ...]:
        """All entries of one list, `reactions` or `drugs/d1/doses`, in the order of their ids."""
        return self._families.get(family, ())

    @cached_property
    def reactions(self) -> tuple[Entry, ...]:
        """
        The reactions that stand: told of by some source, and not voided.

        A desk decision that arrives before the report it is about makes no reaction.
        """
        return tuple(
            entry
            for entry in self.entries("reactions")
            if entry.raw("void") is None and OWNER in entry.facts
        )

    @property
    def merged(self) -> Merged | None:
        """The merge by which this case gave way to another, if that was not undone."""
        fact = self.entities.get("merge", {}).get("into")
        if fact is None or is_null(fact.value):
            return None
        return Merged(fact.value["case"], tuple(fact.value["same"]), fact.message)

    @property
    def merged_into(self) -> str | None:
        """The case that this one gave way to."""
        return None if self.merged is None else self.merged.into

    @property
    def drugs(self) -> tuple[Entry, ...]:
        """All drugs, whatever their role."""
        return tuple(entry for entry in self.entries("drugs") if OWNER in entry.facts)

    def values(self) -> dict[str, dict[str, Value]]:
        """The bare values, without their sources."""
        return {
            path: {name: fact.value for name, fact in facts.items()}
            for path, facts in self.entities.items()
        }

    def __repr__(self) -> str:
        return f"CaseState({len(self.entities)} entities)"


def _natural(key: str) -> tuple[int, str]:
    return (len(key), key) if key.isascii() else (len(key) + 1000, key)


EMPTY = CaseState(entities={})
