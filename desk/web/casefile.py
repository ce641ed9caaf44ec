"""
All of one case that its pages show, read once.

A derived value points to the facts it was made from, and each fact to the message that said it:
`Cite` is that pointer. Messages are numbered in the order they were recorded.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from consumers.logged import read_logged
from desk.web.errors import NotThereError
from desk.web.visit import Visit
from safety.case import OWNER, CaseState, Entry, Report
from safety.deadlines import Obligation
from safety.pipeline import submissions_of
from safety.store.model import LoggedMessage
from safety.store.queries import case_messages, duties_of, load_version
from safety.store.queue import find_case
from safety.store.queue_row import QueueRow, read_state
from safety.versions import Version
from safety.workflow import (
    Signature,
    Standing,
    derive_content_digest,
    derive_standing,
    explain_out_of_sequence,
    read_signatures,
)

_REF = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a value comes from: the number of the message, and the field in it."""

    message: int
    field: str

    @property
    def href(self) -> str:
        """The address of the field in the source panel of the case page."""
        return f"?m={self.message}#{quote(anchor(self.field))}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a message said of one entity, field by field."""

    entity: str
    fields: Sequence[tuple[str, Any]]


def anchor(field: str) -> str:
    """Give the id of a field on the page."""
    return f"f-{field}"


@dataclass(frozen=True)
class CaseFile:
    """One case as its pages show it."""

    row: QueueRow
    version: Version
    messages: Sequence[LoggedMessage]
    duties: Sequence[Obligation]

    @cached_property
    def state(self) -> CaseState:
        """The case as all its messages together tell it."""
        return read_state(self.version.state)

    @cached_property
    def standing(self) -> Standing:
        """How the case stands with the office."""
        return derive_standing(self.state.values(), self.version.status)

    @cached_property
    def signatures(self) -> Sequence[Signature]:
        """Who signed it; a signature is void where the case says something else now."""
        return read_signatures(self.state.values())

    @cached_property
    def content_digest(self) -> str:
        """The digest that a signature is bound to."""
        return derive_content_digest(self.state.values())

    @cached_property
    def scores(self) -> Sequence[Mapping[str, Any]]:
        """The causality forms that people filled in for the case, each with what it scores."""
        scored: Sequence[Mapping[str, Any]] = self.version.trace["clinical"]["forms"]
        return scored

    def drug_name(self, key: str) -> str:
        """Give the name of a drug of the case."""
        path = f"drugs/{key}"
        return str(Entry(path, self.state.entities.get(path, {})).known("name") or key)

    def event_name(self, key: str) -> str:
        """Give the term of a reaction of the case, or its words where it has none."""
        event = next((each for each in self.version.events if each["reaction"] == key), {})
        return str(event.get("term") or event.get("verbatim") or key)

    @cached_property
    def submissions(self) -> Mapping[str, Any]:
        """How far the report for each duty has come, by the ground of the duty."""
        return submissions_of(self.state)

    @cached_property
    def reports(self) -> Sequence[Report]:
        """The messages as the reports they are."""
        return [read_logged(message) for message in self.messages]

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {f"{m.source} {m.message_id}": n for n, m in enumerate(self.messages, 1)}

    def number_of(self, message: str | None) -> int | None:
        """Give the number of a message."""
        return None if message is None else self._numbers.get(message)

    def cite(self, path: str, name: str) -> Cite | None:
        """Give where a fact comes from; None where nothing was said."""
        fact = self.state.entities.get(path, {}).get(name)
        number = None if fact is None else self.number_of(fact.message)
        return None if number is None else Cite(number, f"{path}.{name}")

    def entries(self, family: str) -> Sequence[Entry]:
        """Give the entries of one list of the case."""
        return self.state.entries(family)

    def refusal(self, kind: str) -> str | None:
        """Say why a decision cannot be taken now; None if it can."""
        return explain_out_of_sequence(kind, self.standing)

    @property
    def shown_by_default(self) -> int:
        """The number of the newest message that a source sent, else of the first."""
        sources = [
            n for n, message in enumerate(self.messages, 1) if "decision" not in message.type
        ]
        return sources[-1] if sources else 1

    def said(self, number: int) -> Sequence[Said]:
        """
        Give what a message said, entity by entity.

        Raises:
            NotThereError: The case has no such message.
        """
        if not 1 <= number <= len(self.messages):
            raise NotThereError("the case has no such message")
        entities = read_logged(self.messages[number - 1]).entities
        return [
            Said(path, [(name, value) for name, value in told.items() if name != OWNER])
            for path, told in entities.items()
        ]


def load_case(visit: Visit, ref: str, *, version: int | None = None) -> CaseFile:
    """
    Read a case.

    Raises:
        NotThereError: There is none, or no such version of it.
    """
    found = find_case(visit.desk.store, ref) if _REF.fullmatch(ref) else None
    if found is None:
        raise NotThereError("there is no such case")
    case_id = found.row.case_id
    stored = load_version(visit.desk.store, case_id, version=version)
    if stored is None:
        raise NotThereError("the case has no such version")
    return CaseFile(
        found.row,
        stored,
        case_messages(visit.desk.store, case_id),
        duties_of(visit.desk.store, case_id),
    )
