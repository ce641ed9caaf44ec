"""
What does the label list, since when, and how well do we know that it does?

One file a region. Switzerland, the United States and China are written as differences from the EU
text; a row of theirs replaces the row with the same id, and rows taken over carry the evidence tag
that the file gives for them.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

from safety.coding import Dictionary, load_dictionary
from safety.coding.folding import fold, key_of
from safety.errors import KnowledgeError

Region = Literal["EU", "US", "CH", "CN"]
Basis = Literal["reaction", "warning", "anticipated"]
Fatal = Literal["listed", "not_listed", "ask"]
AboveMaxGrade = Literal["unexpected", "ask"]
Relation = Literal["listed", "ask", "graver"]
Frequency = Literal["very common", "common", "uncommon", "rare", "not known", "none"]

_FILES: dict[str, str] = {
    "EU": "eu-smpc.toml",
    "US": "us-uspi.toml",
    "CH": "ch-fachinformation.toml",
    "CN": "cn-insert.toml",
}
_EVIDENCE = frozenset({"V", "V2", "M-high", "M-med", "M-low"})
_FACTS = frozenset({"terms", "frequency", "fatal", "severity", "dates"})
_UNSPECIFIC = "Other, specify"


@dataclass(frozen=True, slots=True)
class LabelVersion:
    """One text of the label, in force from a day until the next one begins."""

    id: str
    valid_from: date
    evidence: str
    note: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """
    One concept of the label; see the head of `data/eu-smpc.toml` for the fields.

    `evidence` tells for each fact of the row how well it is known; `valid_to` is the last day.
    """

    id: str
    concept: str
    soc: str
    frequency: Frequency
    basis: Basis
    terms: tuple[str, ...]
    ask: tuple[str, ...]
    graver: tuple[str, ...]
    ask_soc: str | None
    fatal: Fatal
    max_grade: int | None
    above_max_grade: AboveMaxGrade
    valid_from: date
    valid_to: date | None
    evidence: tuple[tuple[str, str], ...]
    note: str

    def is_in_force(self, on: date | None) -> bool:
        """Say whether the row holds on a day; None means today's text."""
        if on is None:
            return self.valid_to is None
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Listing:
    """How a row of the label stands to a term."""

    row: LabelRow
    relation: Relation


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceSafetyInformation:
    """The label of one region, ready for look-up; two are the same only if they are one object."""

    region: str
    label_id: str
    title: str
    digest: str
    versions: tuple[LabelVersion, ...]
    rows: tuple[LabelRow, ...]
    listings: Mapping[str, tuple[Listing, ...]]  # by folded term
    disease_related: frozenset[str]  # folded terms
    not_a_reaction: frozenset[str]  # folded terms
    expected_note: str

    def version_on(self, on: date | None) -> LabelVersion | None:
        """Give the text in force on a day; for None the current one; None before the first."""
        if on is None:
            return self.versions[-1]
        in_force = [version for version in self.versions if version.valid_from <= on]
        return in_force[-1] if in_force else None

    def find(self, term: str, on: date | None) -> Listing | None:
        """Give the row that names the term and was in force on a day."""
        for listing in self.listings.get(key_of_term(term), ()):
            if listing.row.is_in_force(on):
                return listing
        return None


@lru_cache(maxsize=2_048)
def key_of_term(term: str) -> str:
    """Fold the name of a term, so that British and American names of a term are one."""
    return key_of(fold(term))


@lru_cache(maxsize=8)
def load_reference_safety_information(region: str = "EU") -> ReferenceSafetyInformation:
    """
    Load the reference safety information of a region: EU, US, CH or CN.

    Raises:
        KnowledgeError: If there is none for the region, or a row is faulty; names file and row.
    """
    if region not in _FILES:
        raise KnowledgeError(f"no reference safety information for {region}: add a file for it")
    texts = {name: _read(name) for name in {"eu-smpc.toml", _FILES[region]}}
    return build_reference_safety_information(_FILES[region], texts, load_dictionary())


def parse_reference_safety_information(content: bytes, file: str) -> ReferenceSafetyInformation:
    """
    Build a label from a file that is not built in; one it differs from is the built-in one.

    Args:
        content: The file.

        file: Its name, for the error text.

    Raises:
        KnowledgeError: As of `build_reference_safety_information()`, or it is no label at all.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise KnowledgeError(f"{file}: not readable as UTF-8") from None
    raw = _parse(file, text)
    missing = {"region", "label_id", "title", "version"} - raw.keys()
    if "base" not in raw:
        missing |= {"disease_related", "not_a_reaction"} - raw.keys()
    if missing:
        raise KnowledgeError(f"{file}: the field {min(missing)!r} is missing")
    if raw["region"] not in _FILES or raw.get("base", "EU") not in _FILES:
        raise KnowledgeError(f"{file}: region and base must be among {sorted(_FILES)}")
    texts = {file: text}
    if "base" in raw:
        texts.setdefault(_FILES[raw["base"]], _read(_FILES[raw["base"]]))
    return build_reference_safety_information(file, texts, load_dictionary())


def build_reference_safety_information(
    file: str, texts: Mapping[str, str], dictionary: Dictionary
) -> ReferenceSafetyInformation:
    """
    Build the label of one region from the text of its file and of the one it differs from.

    Raises:
        KnowledgeError: If a term is not in the dictionary, a value is not among those allowed, two
            rows in force on one day name one term, or dates are out of order.
    """
    where = f"expectedness/data/{file}"
    raw = _parse(where, texts[file])
    rows = [_parse_row(where, number, row) for number, row in enumerate(raw.get("row", ()), 1)]
    lists = raw
    if "base" in raw:
        base_file = _FILES[raw["base"]]
        lists = _parse(f"expectedness/data/{base_file}", texts[base_file])
        rows = _take_over(lists["row"], rows, base_file, raw["base_evidence"])
    _check_rows(where, rows, dictionary)
    listings = _index(where, rows, dictionary)
    return ReferenceSafetyInformation(
        region=raw["region"],
        label_id=raw["label_id"],
        title=raw["title"],
        digest=hashlib.sha256(
            "\n".join(texts[name] for name in sorted(texts)).encode()
        ).hexdigest(),
        versions=_parse_versions(where, raw["version"]),
        rows=tuple(rows),
        listings=MappingProxyType(listings),
        disease_related=_folded(where, lists["disease_related"]["terms"], dictionary),
        not_a_reaction=_folded(where, lists["not_a_reaction"]["terms"], dictionary)
        | {key_of_term(term.name) for term in dictionary.terms if _UNSPECIFIC in term.name},
        expected_note=raw.get("expected_note", ""),
    )


def _take_over(
    base: Iterable[dict[str, Any]], own: list[LabelRow], base_file: str, evidence: str
) -> list[LabelRow]:
    replaced = {row.id for row in own}
    where = f"expectedness/data/{base_file}"
    taken = [_parse_row(where, number, row) for number, row in enumerate(base, 1)]
    return own + [
        replace(row, evidence=tuple((fact, evidence) for fact, _ in row.evidence))
        for row in taken
        if row.id not in replaced
    ]


def _parse(where: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{where}: not readable as TOML: {error}") from error


def _parse_versions(where: str, raw: list[dict[str, Any]]) -> tuple[LabelVersion, ...]:
    versions = tuple(
        LabelVersion(row["id"], row["valid_from"], row["evidence"], row.get("note", ""))
        for row in raw
    )
    starts = [version.valid_from for version in versions]
    if not starts or starts != sorted(set(starts)):
        raise KnowledgeError(
            f"{where}: there must be versions, in order, each with a day of its own"
        )
    return versions


def _parse_row(where: str, number: int, raw: dict[str, Any]) -> LabelRow:
    here = f"{where}, row {number} ({raw.get('id', 'without id')})"
    try:
        row = LabelRow(
            id=raw["id"],
            concept=raw["concept"],
            soc=raw["soc"],
            frequency=cast("Frequency", _one_of(here, "frequency", raw["frequency"], Frequency)),
            basis=cast("Basis", _one_of(here, "basis", raw["basis"], Basis)),
            terms=tuple(raw["terms"]),
            ask=tuple(raw.get("ask", ())),
            graver=tuple(raw.get("graver", ())),
            ask_soc=raw.get("ask_soc"),
            fatal=cast("Fatal", _one_of(here, "fatal", raw["fatal"], Fatal)),
            max_grade=raw.get("max_grade"),
            above_max_grade=cast(
                "AboveMaxGrade",
                _one_of(
                    here, "above_max_grade", raw.get("above_max_grade", "unexpected"), AboveMaxGrade
                ),
            ),
            valid_from=raw["valid_from"],
            valid_to=raw.get("valid_to"),
            evidence=tuple(raw["evidence"].items()),
            note=raw.get("note", ""),
        )
    except KeyError as missing:
        raise KnowledgeError(f"{here}: {missing} is missing") from None
    if not row.terms:
        raise KnowledgeError(f"{here}: it names no term")
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise KnowledgeError(f"{here}: it ends before it begins")
    if any(fact not in _FACTS or tag not in _EVIDENCE for fact, tag in row.evidence):
        raise KnowledgeError(f"{here}: evidence is not one of {', '.join(sorted(_EVIDENCE))}")
    return row


def _one_of(here: str, field: str, value: str, allowed: Any) -> str:  # noqa: ANN401 - a Literal
    if value not in get_args(allowed):
        raise KnowledgeError(f"{here}: {field} must be one of {', '.join(get_args(allowed))}")
    return value


def _check_rows(where: str, rows: Iterable[LabelRow], dictionary: Dictionary) -> None:
    socs = {term.soc for term in dictionary.terms}
    for row in rows:
        for term in (*row.terms, *row.ask, *row.graver):
            if term not in dictionary.by_name:
                raise KnowledgeError(f"{where}, row {row.id}: the dictionary has no term {term!r}")
        if row.soc not in socs or (row.ask_soc is not None and row.ask_soc not in socs):
            raise KnowledgeError(f"{where}, row {row.id}: the dictionary has no such class")


def _index(
    where: str, rows: Iterable[LabelRow], dictionary: Dictionary
) -> dict[str, tuple[Listing, ...]]:
    index: dict[str, tuple[Listing, ...]] = {}
    for row in rows:
        relations: tuple[tuple[Relation, tuple[str, ...]], ...] = (
            ("listed", row.terms),
            ("ask", row.ask),
            ("graver", row.graver),
        )
        for relation, terms in relations:
            for term in terms:
                key = key_of_term(term)
                for other in index.get(key, ()):
                    if _overlap(other.row, row):
                        raise KnowledgeError(
                            f"{where}, row {row.id}: {term!r} also stands in row {other.row.id}"
                        )
                index[key] = (*index.get(key, ()), Listing(row, relation))
    named = frozenset(index)
    for row in rows:
        for term_of_class in dictionary.terms if row.ask_soc is not None else ():
            key = key_of_term(term_of_class.name)
            if term_of_class.soc == row.ask_soc and key not in named:
                index[key] = (Listing(row, "ask"),)
    return index


def _overlap(one: LabelRow, other: LabelRow) -> bool:
    first, second = sorted((one, other), key=lambda row: row.valid_from)
    return first.valid_to is None or first.valid_to >= second.valid_from


def _folded(where: str, terms: Iterable[str], dictionary: Dictionary) -> frozenset[str]:
    unknown = sorted(set(terms) - set(dictionary.by_name))
    if unknown:
        raise KnowledgeError(f"{where}: the dictionary has no term {unknown[0]!r}")
    return frozenset(key_of_term(term) for term in terms)


def _read(name: str) -> str:
    return (files("safety.expectedness") / "data" / name).read_text(encoding="utf-8")
