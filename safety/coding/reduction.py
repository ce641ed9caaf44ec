"""
Which words of a phrase stand around the event without changing which event it is?

"Worsening hypertension" is hypertension, "全身皮疹" is a rash. Latin words are left out by name;
Chinese has no spaces, so that its qualifiers are taken off the two ends, one at a time. Which words
these are is data: `data/language.toml`.
"""

from functools import lru_cache

from safety.coding.folding import Tokens, fold, has_cjk, key_of, load_language


def reduce_qualifiers(phrase: str) -> tuple[str, ...]:
    """Give the phrase with fewer and fewer qualifiers; nothing if it holds none."""
    language = load_language()
    tokens = fold(phrase)
    kept = _without(tokens, _folded(language.qualifiers))
    if any(has_cjk(token) for token in kept):
        return _trimmed(kept, language.prefixes, language.suffixes)
    return (" ".join(kept),) if kept and kept != tokens else ()


def is_only_qualifiers(phrase: str) -> bool:
    """Say whether nothing is left of the phrase without its qualifiers."""
    language = load_language()
    kept = _without(fold(phrase), _folded(language.qualifiers))
    return key_of(kept) in ("", *language.prefixes, *language.suffixes)


def reduce_site(phrase: str) -> tuple[str, ...]:
    """Give the phrase with fewer and fewer words of qualifier or site; nothing if without site."""
    language = load_language()
    tokens = _without(fold(phrase), _folded(language.qualifiers))
    kept = _without(tokens, _folded(language.site))
    if any(has_cjk(token) for token in kept):
        prefixes = (*language.site_prefixes, *language.prefixes)
        return _trimmed(kept, prefixes, language.suffixes)
    return (" ".join(kept),) if kept and kept != tokens else ()


def _without(tokens: Tokens, left_out: frozenset[str]) -> Tokens:
    return tuple(
        token for token in tokens if token not in left_out and not token.replace(".", "").isdigit()
    )


def _trimmed(
    tokens: Tokens, prefixes: tuple[str, ...], suffixes: tuple[str, ...]
) -> tuple[str, ...]:
    key = key_of(tokens)
    phrases = [key] if len(tokens) > 1 else []
    while True:
        shorter = _trim_once(key, prefixes, suffixes)
        if shorter is None:
            return tuple(phrases)
        phrases.append(shorter)
        key = shorter


def _trim_once(key: str, prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> str | None:
    for prefix in prefixes:
        if key.startswith(prefix) and len(key) > len(prefix):
            return key[len(prefix) :]
    for suffix in suffixes:
        if key.endswith(suffix) and len(key) > len(suffix):
            return key[: -len(suffix)]
    return None


@lru_cache(maxsize=4)
def _folded(words: frozenset[str]) -> frozenset[str]:
    return frozenset(token for word in words for token in fold(word))
