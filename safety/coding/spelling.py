"""
Which names of a term are one?

The same term reaches us as `DIARRHOEA` from a trial, as `Diarrhoea` from a licensed dictionary and
as `Diarrhea` from the built-in one. Case, width, spacing and British or American spelling play no
part; words do, unlike in coding: "Blood pressure increased" and "Hypertension" are two terms.
"""

from collections.abc import Iterable, Mapping

from safety.coding.folding import load_language, plain


def spelling_key(name: str) -> str:
    """Give what all spellings of a name have in common."""
    key = plain(name)
    for british, american in load_language().spelling:
        key = key.replace(british, american)
    return key


def one_spelling(used: Mapping[str, int]) -> dict[str, str]:
    """
    Choose one spelling for each name: the one used most; of several, the first by the alphabet.

    Args:
        used: The names, and how often each is used.

    Returns:
        The chosen spelling of every name.
    """
    chosen: dict[str, str] = {}
    for name in _most_used_first(used):
        chosen.setdefault(spelling_key(name), name)
    return {name: chosen[spelling_key(name)] for name in used}


def _most_used_first(used: Mapping[str, int]) -> Iterable[str]:
    return sorted(used, key=lambda name: (-used[name], name))
