"""
Which terms can an event be coded to, and by which names is each known?

The dictionary that is built in is open: the term names of CTCAE v5.0 with their codes, a few
concepts of our own (codes X-...), and English and Chinese synonyms. A licensed dictionary takes
its place by `build_dictionary()` from other rows; nothing else in the project knows the difference.
"""

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

from safety.coding.folding import Tokens, bag_of, fold, key_of, load_language
from safety.errors import KnowledgeError

Origin = Literal["ctcae", "own"]
SynonymKind = Literal["spelling", "abbreviation", "misspelling", "translation", "lay", "wording"]

_TERMS = "coding/data/terms.csv"
_SYNONYMS = "coding/data/synonyms.csv"
_GRADES = frozenset("12345")
_LANGUAGES = frozenset({"en", "zh"})


@dataclass(frozen=True, slots=True)
class Term:
    """
    A term of the dictionary; `grades` are the CTCAE grades that exist for it.

    In a licensed dictionary, `name` and `code` are those of the preferred term, `llt` and
    `llt_code` those of the lowest level term coded to, and `concept` is the name by which labels
    and grades, which speak in terms of the open dictionary, know it; None if they do not.
    """

    name: str
    code: str
    soc: str
    grades: frozenset[int]
    origin: str
    llt: str | None = None
    llt_code: str | None = None
    concept: str | None = None

    @property
    def known_as(self) -> str:
        """The name by which labels and grades know the term, if they do."""
        return self.concept or self.name


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a term, with what kind of name it is and where it comes from."""

    text: str
    language: str
    term: str
    kind: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a term in folded form: what fuzzy matching compares with."""

    term: Term
    tokens: Tokens


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary:
    """
    A dictionary ready for look-up; two are the same only if they are one object.

    `digest` covers terms, synonyms and the words by which phrases are read.
    """

    name: str
    version: str
    digest: str
    terms: tuple[Term, ...]
    synonyms: tuple[Synonym, ...]
    by_name: Mapping[str, Term]
    by_key: Mapping[str, Term]  # folded term names
    by_synonym: Mapping[str, Term]  # folded synonyms
    by_bag: Mapping[tuple[str, ...], Term]  # words of names and synonyms, in any order
    names: tuple[Name, ...]

    @property
    def label(self) -> str:
        """Name and version, as kept with a coding."""
        return f"{self.name} {self.version}"

    def find(self, name: str) -> Term | None:
        """Find a term by its name in any spelling, case or width; None if there is none."""
        return self.by_name.get(name) or self.by_key.get(key_of(fold(name)))


@lru_cache(maxsize=1)
def load_dictionary() -> Dictionary:
    """
    Load the open dictionary that is built in.

    Raises:
        KnowledgeError: If a row is faulty; the message names file and row.
    """
    head = tomllib.loads(_read("dictionary.toml"))
    return build_dictionary(
        head["name"],
        head["version"],
        terms=parse_terms(_read("terms.csv")),
        synonyms=parse_synonyms(
            _read("synonyms.csv"), provenances=frozenset(head["synonym_provenance"])
        ),
    )


def parse_terms(text: str, *, file: str = _TERMS) -> tuple[Term, ...]:
    """
    Parse terms from CSV with the columns code, term, soc, grades and origin.

    Raises:
        KnowledgeError: If a field is empty or its value is not among those allowed.
    """
    terms = []
    for number, row in _rows(text, ("code", "term", "soc", "grades", "origin"), file):
        if not set(row["grades"]) <= _GRADES or row["origin"] not in get_args(Origin):
            raise KnowledgeError(f"{file}, row {number}: grades or origin is not a known value")
        if (row["origin"] == "own") != row["code"].startswith("X-"):
            raise KnowledgeError(f"{file}, row {number}: codes X-... are for own terms only")
        grades = frozenset(int(grade) for grade in row["grades"])
        terms.append(Term(row["term"], row["code"], row["soc"], grades, row["origin"]))
    return tuple(terms)


def parse_synonyms(
    text: str, *, provenances: frozenset[str], file: str = _SYNONYMS
) -> tuple[Synonym, ...]:
    """
    Parse synonyms from CSV with the columns synonym, language, term, kind and provenance.

    Raises:
        KnowledgeError: If a field is empty or its value is not among those allowed.
    """
    synonyms = []
    columns = ("synonym", "language", "term", "kind", "provenance")
    for number, row in _rows(text, columns, file):
        known = (
            row["language"] in _LANGUAGES
            and row["kind"] in get_args(SynonymKind)
            and row["provenance"] in provenances
        )
        if not known:
            raise KnowledgeError(
                f"{file}, row {number}: language, kind or provenance is not a known value"
            )
        synonyms.append(Synonym(*(row[column] for column in columns)))
    return tuple(synonyms)


def build_dictionary(
    name: str, version: str, *, terms: tuple[Term, ...], synonyms: tuple[Synonym, ...]
) -> Dictionary:
    """
    Build a dictionary from its rows.

    Raises:
        KnowledgeError: If two terms share a name or code, a synonym names an unknown term, or one
            phrase would stand for two terms.
    """
    by_name = _unique("term", ((term.name, term) for term in terms))
    _unique("code", ((term.code, term) for term in terms))
    by_key = _unique("term", ((key_of(fold(term.name)), term) for term in terms))
    by_synonym: dict[str, Term] = {}
    names = [Name(term, fold(term.name)) for term in terms]
    for number, synonym in enumerate(synonyms, start=2):
        term = by_name.get(synonym.term)
        where = f"{_SYNONYMS}, row {number} ({synonym.text})"
        if term is None:
            raise KnowledgeError(f"{where}: there is no term {synonym.term!r}")
        tokens = fold(synonym.text)
        key = key_of(tokens)
        if not key:
            raise KnowledgeError(f"{where}: nothing is left of the synonym when folded")
        for other in (by_key.get(key), by_synonym.get(key)):
            if other is not None and other is not term:
                raise KnowledgeError(f"{where}: already stands for {other.name!r}")
        by_synonym[key] = term
        names.append(Name(term, tokens))
    return Dictionary(
        name=name,
        version=version,
        digest=_digest(name, version, terms, synonyms),
        terms=terms,
        synonyms=synonyms,
        by_name=MappingProxyType(by_name),
        by_key=MappingProxyType(by_key),
        by_synonym=MappingProxyType(by_synonym),
        by_bag=MappingProxyType(_bags(names)),
        names=tuple(names),
    )


def _bags(names: Iterable[Name]) -> dict[tuple[str, ...], Term]:
    bags: dict[tuple[str, ...], Term] = {}
    for name in names:
        bag = bag_of(name.tokens)
        if bag is None:
            continue
        other = bags.setdefault(bag, name.term)
        if other is not name.term:
            raise KnowledgeError(
                f"{_SYNONYMS}: without their order, the words {' '.join(bag)!r} stand for "
                f"both {other.name!r} and {name.term.name!r}"
            )
    return bags


def _unique(what: str, pairs: Iterable[tuple[str, Term]]) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for number, (key, term) in enumerate(pairs, start=2):
        if key in found:
            raise KnowledgeError(f"{_TERMS}, row {number}: {what} {key!r} occurs twice")
        found[key] = term
    return found


def _digest(name: str, version: str, terms: tuple[Term, ...], synonyms: tuple[Synonym, ...]) -> str:
    lines = [name, version, load_language().text]
    lines += [
        "\t".join((term.code, term.name, term.soc, "".join(map(str, sorted(term.grades)))))
        for term in terms
    ]
    lines += [f"{synonym.text}\t{synonym.term}" for synonym in synonyms]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _rows(text: str, columns: tuple[str, ...], file: str) -> Iterable[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    if tuple(reader.fieldnames or ()) != columns:
        raise KnowledgeError(f"{file}: the columns must be {', '.join(columns)}")
    for number, row in enumerate(reader, start=2):
        if None in row or not all(row.values()):
            raise KnowledgeError(f"{file}, row {number}: a field is empty or too many")
        yield number, row


def _read(name: str) -> str:
    return (files("safety.coding") / "data" / name).read_text(encoding="utf-8")
