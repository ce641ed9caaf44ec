"""
Was the dose changed as the label asks for at this reaction?

The label's table is data: `data/modification.toml`. A case tells only some of the occurrences of a
reaction, so that they are counted as at least so many: the check asks where less was done than the
label wants, and stays silent where more was.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from safety.case import CaseState, Entry
from safety.causality import parse_days
from safety.dosing.doses import company_drugs
from safety.errors import KnowledgeError
from safety.findings import Finding
from safety.profiles import Product

Measure = Literal["continue", "hold", "stop"]

_MEASURES: tuple[Measure, ...] = get_args(Measure)  # from the least on
_DONE: Mapping[str, Measure] = {
    "dose_increased": "continue",
    "dose_not_changed": "continue",
    "dose_reduced": "hold",
    "interrupted": "hold",
    "withdrawn": "stop",
}
_FILE = "dosing/data/modification.toml"


@dataclass(frozen=True, slots=True)
class ModificationRow:
    """One line of the table."""

    id: str
    terms: frozenset[str]
    ends: tuple[str, ...]
    grades: frozenset[int]
    occurrence: int
    least: Measure
    most: Measure | None
    evidence: str

    def covers(self, term: str, grade: int, occurrence: int) -> bool:
        """Whether the line is about this reaction."""
        named = term in self.terms or term.endswith(self.ends)
        return named and grade in self.grades and occurrence >= self.occurrence


def check_modifications(
    state: CaseState, product: Product, terms: Mapping[str, str | None]
) -> tuple[Finding, ...]:
    """
    Check what was done with our product against the label's table.

    Args:
        state: The case.

        product: Which drug is ours.

        terms: Reaction key to the term it is coded to; None uncoded.

    Sources:
        Regulatory facts 4.4.
    """
    return tuple(
        finding for drug in company_drugs(state, product) for finding in _check(state, drug, terms)
    )


def _check(state: CaseState, drug: Entry, terms: Mapping[str, str | None]) -> Iterator[Finding]:
    action = drug.known("action_taken")
    done = _DONE.get(action or "")
    if done is None:
        return
    path = f"{drug.path}.action_taken"
    for reaction in state.reactions:
        term, grade = terms.get(reaction.key), _grade(reaction)
        if term is None or grade is None:
            continue
        row = _strictest(term, grade, _occurrence(state, reaction, terms))
        if row is None:
            continue
        if _MEASURES.index(done) < _MEASURES.index(row.least) or action == "dose_increased":
            yield Finding(
                "less_than_label",
                path,
                f"less was done with the drug than the label asks for ({row.id}); ask why",
            )
        elif row.most and len(state.reactions) == 1 and done != row.most:
            yield Finding(
                "more_than_label",
                path,
                f"more was done with the drug than the label asks for ({row.id})",
                "note",
            )


def _strictest(term: str, grade: int, occurrence: int) -> ModificationRow | None:
    found = [row for row in load_modifications() if row.covers(term, grade, occurrence)]
    return max(found, key=lambda row: (row.occurrence, _MEASURES.index(row.least)), default=None)


def _grade(reaction: Entry) -> int | None:
    told = reaction.known("desk.grade") or reaction.known("grade")
    return told["grade"] if told else None


def _occurrence(state: CaseState, reaction: Entry, terms: Mapping[str, str | None]) -> int:
    """Count the reactions of this term and at least this grade that surely began before, and it."""
    onset, grade = parse_days(reaction.known("onset")), _grade(reaction) or 0
    before = 0
    for other in state.reactions:
        began = parse_days(other.known("onset"))
        if (
            other.key != reaction.key
            and terms.get(other.key) == terms.get(reaction.key)
            and (_grade(other) or 0) >= grade
            and began is not None
            and onset is not None
            and began.surely_before(onset)
        ):
            before += 1
    return before + 1


@lru_cache(maxsize=1)
def load_modifications() -> tuple[ModificationRow, ...]:
    """Load the label's table; see `build_modifications()`."""
    return build_modifications(
        (files("safety.dosing") / "data" / "modification.toml").read_text(encoding="utf-8")
    )


def build_modifications(text: str) -> tuple[ModificationRow, ...]:
    """
    Build the label's table from the text of its file.

    Raises:
        KnowledgeError: If an id stands twice, or a measure is none of continue, hold, stop.
    """
    rows = tuple(
        ModificationRow(
            id=row["id"],
            terms=frozenset(row.get("terms", ())),
            ends=tuple(row.get("ends", ())),
            grades=frozenset(row["grades"]),
            occurrence=row.get("occurrence", 1),
            least=row["least"],
            most=row.get("most"),
            evidence=row["evidence"],
        )
        for row in tomllib.loads(text)["row"]
    )
    if len({row.id for row in rows}) < len(rows):
        raise KnowledgeError(f"{_FILE}: an id stands twice")
    if not all({row.least, row.most or row.least} <= set(_MEASURES) for row in rows):
        raise KnowledgeError(f"{_FILE}: a measure is one of {', '.join(_MEASURES)}")
    return rows
