"""Which CTCAE grades exist for a term, and is its grade 4 a mere laboratory figure?"""

import tomllib
from functools import lru_cache
from importlib.resources import files

from safety.coding import Dictionary, load_dictionary
from safety.coding.folding import fold, key_of
from safety.errors import KnowledgeError

_FILE = "grading/data/laboratory-terms.toml"


def grades_available(term: str | None, dictionary: Dictionary) -> frozenset[int] | None:
    """
    Give the grades that exist for a term; None if there is no term, or the dictionary lacks it.

    Palmar-plantar erythrodysaesthesia, for one, has grades 1 to 3 only (CTCAE v5.0).
    """
    found = None if term is None else dictionary.find(term)
    return None if found is None else found.grades


def is_laboratory_term(term: str | None) -> bool:
    """Say whether grade 4 of the term is a laboratory figure and no danger by itself."""
    return term is not None and key_of(fold(term)) in _load_laboratory_terms()


def build_laboratory_terms(text: str, dictionary: Dictionary) -> frozenset[str]:
    """
    Build the set of folded laboratory terms from the text of their file.

    Raises:
        KnowledgeError: If the dictionary lacks one of them.
    """
    raw = tomllib.loads(text)
    terms = (*raw["ctcae"], *raw["own"])
    unknown = [term for term in terms if term not in dictionary.by_name]
    if unknown:
        raise KnowledgeError(f"{_FILE}: the dictionary has no term {unknown[0]!r}")
    return frozenset(key_of(fold(term)) for term in terms)


@lru_cache(maxsize=1)
def _load_laboratory_terms() -> frozenset[str]:
    text = (files("safety.grading") / "data" / "laboratory-terms.toml").read_text(encoding="utf-8")
    return build_laboratory_terms(text, load_dictionary())
