"""
Which terms are important medical events by a list that the user has?

The list (EudraVigilance publishes one with each MedDRA release) is licensed, never shipped. It is
no criterion of seriousness: a term on it that nobody calls serious is a question to a person.
Source: regulatory facts 2.4.
"""

import csv
import hashlib
from dataclasses import dataclass

from safety.coding.folding import fold, key_of
from safety.errors import KnowledgeError

_CODE_DIGITS = 8  # of MedDRA
_MOST_TERMS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class ImportantTerms:
    """The terms of one list, by folded name and by code."""

    name: str
    terms: frozenset[str]
    codes: frozenset[str]
    digest: str

    def holds(self, code: str | None, *names: str | None) -> bool:
        """Whether the list has this code or one of these names."""
        return code in self.codes or any(
            name is not None and key_of(fold(name)) in self.terms for name in names
        )


def parse_important_terms(name: str, text: str) -> ImportantTerms:
    """
    Read a list: one term a line, or a table saved as CSV (comma, semicolon or tab).

    Of a table the columns whose heading names a "code" or a "name" or "term" are read, others are
    left; without such a heading each field is a term, or a code if it is eight digits.

    Args:
        name: What the list is called, for findings and digest.

        text: The content of the file.

    Raises:
        KnowledgeError: It holds no term, or far too many.
    """
    rows = [
        [field.strip() for field in row] for row in csv.reader(text.splitlines(), _dialect(text))
    ]
    rows = [row for row in rows if any(row)]
    columns = _columns(rows[0]) if rows else None
    told = [
        field
        for row in (rows if columns is None else rows[1:])
        for place, field in enumerate(row)
        if field and (columns is None or place in columns)
    ]
    codes = frozenset(field for field in told if field.isdecimal() and len(field) == _CODE_DIGITS)
    terms = frozenset(key_of(fold(field)) for field in told if not field.isdecimal())
    if not 0 < len(terms | codes) <= _MOST_TERMS:
        raise KnowledgeError(
            f"the list of important medical events {name} has no terms, or more than"
            f" {_MOST_TERMS:,}; give one preferred term a line"
        )
    return ImportantTerms(name, terms, codes, hashlib.sha256(text.encode()).hexdigest())


def _dialect(text: str) -> type[csv.Dialect]:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter, dialect in _DIALECTS.items():
        if delimiter in heading:
            return dialect
    return _OneTermALine


class _OneTermALine(csv.excel):
    delimiter = "\t"  # none in a line without it, whatever commas a term has


class _Semicolon(csv.excel):
    delimiter = ";"


_DIALECTS: dict[str, type[csv.Dialect]] = {
    "\t": _OneTermALine,
    ";": _Semicolon,
    ",": csv.excel,
}


def _columns(heading: list[str]) -> frozenset[int] | None:
    """Give the places of the columns that hold codes and names; None where there is no heading."""
    words = [field.casefold() for field in heading]
    found = frozenset(
        place
        for place, word in enumerate(words)
        if len(words) > 1 or word in {"pt", "term", "name", "pt name"}
        if any(part in word.split() for part in ("code", "name", "term"))
    )
    return found or (frozenset({0}) if words == ["pt"] else None)
