"""
Is a file of laboratory criteria sound, and what does it hold?

Loading checks what a reviewer would: that each grade begins where the one before it ends, that all
bounds of a term point one way and get graver, that no row stands twice and no unit is a stranger.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import permutations
from typing import Any

from safety.errors import KnowledgeError
from safety.grading.bounds import Bound, Reference, parse_bound
from safety.grading.criteria import (
    Condition,
    Direction,
    LaboratoryCriteria,
    Row,
    TermCriteria,
    fold_term,
)
from safety.grading.reasons import Reason
from safety.grading.units import LaboratoryUnits, load_units

VERSIONS = ("4.03", "5.0")

_SPELLINGS = {"4": "4.03", "4.0": "4.03", "4.03": "4.03", "5": "5.0", "5.0": "5.0"}

_GRADES = range(1, 5)  # no figure is a death
_ABSENT = {
    "not_graded_on_value_alone": Reason.NOT_GRADED_ON_VALUE_ALONE,
    "not_in_version": Reason.TERM_NOT_IN_VERSION,
}


def find_version(spelling: str) -> str | None:
    """
    Give the version of CTCAE that a spelling means, such as "5", "v5.0" or "CTCAE 4.03"; else None.

    "4" and "4.0" are read as 4.03, the last edition of version 4.
    """
    bare = spelling.strip().casefold().removeprefix("ctcae").strip().removeprefix("v").strip()
    return _SPELLINGS.get(bare)


@lru_cache(maxsize=len(VERSIONS))
def load_criteria(version: str) -> LaboratoryCriteria:
    """
    Load the laboratory criteria of a version of CTCAE.

    Args:
        version: One of `VERSIONS`.

    Raises:
        KnowledgeError: There is no such version, or its file is faulty.
    """
    if version not in VERSIONS:
        raise KnowledgeError(f"no laboratory criteria of CTCAE {version}; have {VERSIONS}")
    name = f"laboratory-ctcae-{version}.toml"
    text = (files("safety.grading") / "data" / name).read_text(encoding="utf-8")
    return build_criteria(text, load_units())


def build_criteria(text: str, units: LaboratoryUnits) -> LaboratoryCriteria:
    """
    Build the criteria of one version from the text of their file.

    Raises:
        KnowledgeError: Something is missing or unknown, or a check fails; names term and row.
    """
    try:
        raw = tomllib.loads(text)
        terms = [_build_term(row, units) for row in raw["term"]]
        absent = {
            fold_term(term): reason
            for section, reason in _ABSENT.items()
            for term in raw.get(section, {}).get("terms", ())
        }
        by_key: dict[str, TermCriteria] = {}
        for term in terms:
            key = fold_term(term.term)
            if key in absent or by_key.setdefault(key, term) is not term:
                raise KnowledgeError(f"{raw['name']}: {term.term!r} is stated twice")
        return LaboratoryCriteria(
            version=raw["version"],
            name=raw["name"],
            valid_from=raw["valid_from"],
            provenance=raw["provenance"],
            terms=by_key,
            absent=absent,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (KeyError, ValueError) as error:
        raise KnowledgeError(f"laboratory criteria: missing or unknown: {error}") from None


def _build_term(raw: Mapping[str, Any], units: LaboratoryUnits) -> TermCriteria:
    name = raw["term"]
    term = TermCriteria(
        term=name,
        ctcae=raw.get("ctcae", name),
        direction=Direction(raw["direction"]),
        analyte=units.analytes[raw["analyte"]] if "analyte" in raw else None,
        rows=tuple(_build_row(row) for row in raw["rows"]),
        evidence=raw["evidence"],
        note=raw.get("note", ""),
        units=units,
    )
    for fault in (_unit_fault(term), _row_fault(term), _gap_fault(term), _order_fault(term)):
        if fault is not None:
            raise KnowledgeError(f"{name}: {fault}")
    return term


def _build_row(raw: Mapping[str, Any]) -> Row:
    return Row(
        grade=raw["grade"],
        begins=parse_bound(raw["from"]),
        ends=parse_bound(raw["to"]) if "to" in raw else None,
        when=Condition(raw["when"]) if "when" in raw else None,
        assumes=raw.get("assumes", ""),
    )


def _unit_fault(term: TermCriteria) -> str | None:
    known = set() if term.analyte is None else set(term.analyte.units)
    for row in term.rows:
        for bound in (row.begins, row.ends):
            if bound is not None and bound.unit not in known | {None}:
                return f"{bound.text!r} has a unit that its analyte has not"
    if term.analyte is not None and not any(row.unit for row in term.rows):
        return "has an analyte, but no bound with a unit"
    return None


def _row_fault(term: TermCriteria) -> str | None:
    if len(set(term.rows)) < len(term.rows):
        return "a row stands twice"
    for row in term.rows:
        if row.grade not in _GRADES:
            return f"grade {row.grade} is no grade of a figure"
        if _graver_upward(row.begins) != (term.direction is Direction.HIGH):
            return f"{row.begins.text!r} points the other way than the term"
    return None


def _graver_upward(bound: Bound) -> bool:
    """Say whether higher values pass the bound; the higher a decrease, the lower the value."""
    return bound.comparison.upward != (bound.reference is Reference.DECREASE)


def _gap_fault(term: TermCriteria) -> str | None:
    """Find an end at which no grade begins that is at least as grave: a gap or an overlap."""
    for row in term.rows:
        if row.ends is None:
            continue
        follows = any(
            other.begins.place == row.ends.complement
            and other.when is row.when
            and other.grade >= row.grade
            for other in term.rows
        )
        if not follows:
            return f"no grade begins where {row.text!r} ends"
    return None


def _order_fault(term: TermCriteria) -> str | None:
    """Find a graver grade that begins nearer to normal than a milder one of the same kind."""
    for graver, milder in permutations(term.rows, 2):
        if graver.grade <= milder.grade or _kind(graver) != _kind(milder):
            continue
        far, near = _distance(graver.begins), _distance(milder.begins)
        if far < near if graver.begins.comparison.upward else far > near:
            return f"{graver.begins.text!r} is nearer to normal than {milder.begins.text!r}"
    return None


def _kind(row: Row) -> tuple[Reference, str | None, Condition | None]:
    """Rows of one kind have bounds that can be compared without knowing limits or baseline."""
    unit = row.unit if row.begins.reference is Reference.FIGURE else None
    return (row.begins.reference, unit, row.when)


def _distance(bound: Bound) -> tuple[Decimal, Decimal]:
    return (bound.factor, bound.added)
