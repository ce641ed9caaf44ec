"""
How does a MedDRA release take the place of the open dictionary?

Verbatims code to its lowest level terms, and so to a preferred term with its primary system organ
class. The synonyms of the open dictionary (misspellings, abbreviations, Chinese) lead to the
release's terms wherever the release has the term they stand for.

Labels and grades speak in terms of the open dictionary. A term of the open dictionary is found in
the release by its code, for the terms of CTCAE are lowest level terms of MedDRA, else by its name,
case and British spelling folded. What is not found is told, for a label can then not list it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from safety.coding.dictionary import Dictionary, Name, Term, load_dictionary
from safety.coding.folding import Tokens, bag_of, fold, key_of, load_language
from safety.coding.meddra import LowestLevelTerm, MeddraRelease

NAME = "MedDRA"
_Key = TypeVar("_Key", str, tuple[str, ...])

# Which name counts where two terms share its folded form; of equal ones none does.
_PT_NAME, _CURRENT, _OPEN, _NOT_CURRENT = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class LicensedDictionary:
    """
    A release ready for coding.

    `found` gives for a term of the open dictionary the term of the release, and `unmapped` the
    names of those that the release lacks.
    """

    dictionary: Dictionary
    release: MeddraRelease
    found: Mapping[str, Term]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    rank: int
    term: Term


def build_licensed_dictionary(
    release: MeddraRelease, concepts: Dictionary | None = None
) -> LicensedDictionary:
    """
    Build the dictionary of a release.

    Args:
        release: The release, checked.

        concepts: The dictionary in whose terms labels and grades speak; the open one unless given.
    """
    concepts = concepts or load_dictionary()
    folded = {llt.code: fold(llt.name) for llt in release.llts}
    by_llt = _find_concepts(release, concepts, folded)
    by_pt = _concepts_of_pts(release, concepts, by_llt, folded)
    own = {llt.pt.code: llt for llt in release.llts if llt.code == llt.pt.code}
    terms = {
        llt.code: _term(llt, by_llt.get(llt.code) or by_pt.get(llt.pt.code))
        for llt in release.llts
        if llt.is_current or llt.code == llt.pt.code
    }

    def coded(llt: LowestLevelTerm) -> Term:
        """Give the term of a lowest level term; of one not current that of its preferred term."""
        return terms.get(llt.code) or terms[own[llt.pt.code].code]

    found = {concept.name: coded(llt) for concept, llt in _located(release, by_llt).items()}
    names = [
        (_rank(llt), Name(coded(llt), tokens))
        for llt in release.llts
        if (tokens := folded[llt.code])
    ]
    names += [(_OPEN, name) for name in _open_names(concepts, found)]
    by_key = _resolve((key_of(name.tokens), rank, name.term) for rank, name in names)
    by_bag = _resolve((bag, r, n.term) for r, n in names if (bag := bag_of(n.tokens)) is not None)
    told = {key_of(name.tokens) for rank, name in names if rank in (_PT_NAME, _CURRENT)}
    dictionary = Dictionary(
        name=NAME,
        version=release.version,
        digest=_digest(release, concepts),
        terms=tuple(terms.values()),
        synonyms=(),
        by_name=MappingProxyType({term.llt or term.name: term for term in terms.values()}),
        by_key=MappingProxyType({key: term for key, term in by_key.items() if key in told}),
        by_synonym=MappingProxyType({k: term for k, term in by_key.items() if k not in told}),
        by_bag=MappingProxyType(by_bag),
        names=tuple(name for _, name in names),
    )
    unmapped = tuple(term.name for term in concepts.terms if term.name not in found)
    return LicensedDictionary(dictionary, release, MappingProxyType(found), unmapped)


def _find_concepts(
    release: MeddraRelease, concepts: Dictionary, folded: Mapping[str, Tokens]
) -> dict[str, Term]:
    """Give for lowest level terms the term of the open dictionary that is the same."""
    by_code = {term.code: term for term in concepts.terms if term.origin == "ctcae"}
    found = {}
    for llt in release.llts:
        term = by_code.get(llt.code) or concepts.by_key.get(key_of(folded[llt.code]))
        if term is not None:
            found[llt.code] = term
    return found


def _concepts_of_pts(
    release: MeddraRelease,
    concepts: Dictionary,
    by_llt: Mapping[str, Term],
    folded: Mapping[str, Tokens],
) -> dict[str, Term]:
    """Give for preferred terms their concept: the one of their name, else the only one below."""
    below: dict[str, dict[str, Term]] = {}
    for llt in release.llts:
        if (term := by_llt.get(llt.code)) is not None:
            below.setdefault(llt.pt.code, {})[term.name] = term
    of_name = {pt.code: concepts.by_key.get(key_of(folded[pt.code])) for pt in release.pts}
    return {
        code: named or next(iter(terms.values()))
        for code, terms in below.items()
        if (named := of_name.get(code) or by_llt.get(code)) is not None or len(terms) == 1
    }


def _located(release: MeddraRelease, by_llt: Mapping[str, Term]) -> dict[Term, LowestLevelTerm]:
    """Give for each open term its lowest level term: that of its code, else a current one."""
    located: dict[Term, LowestLevelTerm] = {}
    for llt in sorted(release.llts, key=_rank):
        if (term := by_llt.get(llt.code)) is not None and (
            term not in located or (llt.code == term.code and llt.is_current)
        ):
            located[term] = llt
    return located


def _open_names(concepts: Dictionary, found: Mapping[str, Term]) -> Iterator[Name]:
    for name in concepts.names:
        if (term := found.get(name.term.name)) is not None:
            yield Name(term, name.tokens)


def _resolve(rows: Iterable[tuple[_Key, int, Term]]) -> dict[_Key, Term]:
    """Give each key the term of its best rank; a key of two preferred terms has none."""
    best: dict[_Key, _Ranked] = {}
    torn: set[_Key] = set()
    for key, rank, term in sorted(rows, key=lambda row: row[1]):
        known = best.setdefault(key, _Ranked(rank, term))
        if known.rank == rank and known.term.code != term.code:
            torn.add(key)
    return {key: ranked.term for key, ranked in best.items() if key not in torn}


def _term(llt: LowestLevelTerm, concept: Term | None) -> Term:
    return Term(
        name=llt.pt.name,
        code=llt.pt.code,
        soc=llt.pt.soc,
        grades=concept.grades if concept is not None else frozenset(),
        origin="meddra",
        llt=llt.name,
        llt_code=llt.code,
        concept=None if concept is None else concept.name,
    )


def _rank(llt: LowestLevelTerm) -> int:
    if llt.code == llt.pt.code:
        return _PT_NAME
    return _CURRENT if llt.is_current else _NOT_CURRENT


def _digest(release: MeddraRelease, concepts: Dictionary) -> str:
    parts = (release.digest, concepts.digest, load_language().text)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
