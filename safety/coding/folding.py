"""
When are two phrases the same words?

A phrase is folded to a sequence of tokens: width, case, accents, punctuation and spacing go,
British spelling becomes American, plurals become singular, and words that mean the same inside a
term ("elevated", "raised", "↑", "升高") become one. Both sides of every comparison are folded, so
a fold needs to be consistent, not beautiful. What is folded is data: `data/language.toml`.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from safety.errors import KnowledgeError

Tokens = tuple[str, ...]

CJK = r"\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{CJK}]+|[0-9]+(?:\.[0-9]+)?|[↑↓]|(?:(?![{CJK}])[^\W\d_])+")
_CJK_RUN = re.compile(rf"[{CJK}]")
_GREEK = str.maketrans({"α": "alpha", "β": "beta", "γ": "gamma"})
_PLURAL_FROM = 5  # letters; shorter words ending in s are mostly not plurals


@dataclass(frozen=True, slots=True)
class Statements:
    """Phrases that turn a verbatim into something that is not an event; see `statements`."""

    nothing: tuple[str, ...]
    pseudo_negation: tuple[str, ...]
    negation_before: tuple[str, ...]
    negation_after: tuple[str, ...]
    before_cue: tuple[str, ...]
    negated_trailer: tuple[str, ...]
    negated_tail: tuple[str, ...]
    cause_before: tuple[str, ...]
    effect_before: tuple[str, ...]
    treatments: tuple[str, ...]
    treated_before: tuple[str, ...]
    treated_after: tuple[str, ...]
    indication_before: tuple[str, ...]
    indication_after: tuple[str, ...]
    indication_marker: tuple[str, ...]
    history_before: tuple[str, ...]
    history_after: tuple[str, ...]
    clause_words: tuple[str, ...]
    list_words: tuple[str, ...]
    negated_list_words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The words of `data/language.toml`, ready for use."""

    spelling: tuple[tuple[str, str], ...]
    words: dict[str, str]
    replacements: dict[str, str]
    replacement_pattern: re.Pattern[str]
    traditional: dict[int, str]
    abbreviations: dict[str, str]
    abbreviation_pattern: re.Pattern[str]
    stop: frozenset[str]
    qualifiers: frozenset[str]
    prefixes: tuple[str, ...]
    suffixes: tuple[str, ...]
    site: frozenset[str]
    site_prefixes: tuple[str, ...]
    site_matters: frozenset[str]
    opposites: tuple[tuple[str, str], ...]
    statements: Statements
    text: str  # the file itself, for the digest of the dictionary


@lru_cache(maxsize=1)
def load_language() -> Language:
    """Load the words by which phrases are read; see `build_language()`."""
    return build_language(
        (files("safety.coding") / "data" / "language.toml").read_text(encoding="utf-8")
    )


def build_language(text: str) -> Language:
    """
    Build the words by which phrases are read from the text of their file.

    Raises:
        KnowledgeError: If a section is missing or unknown, or one word has two meanings.
    """
    raw = tomllib.loads(text)
    try:
        return _build_language(raw, text)
    except (KeyError, TypeError) as error:
        raise KnowledgeError(f"coding/data/language.toml: missing or unknown: {error}") from None


def _build_language(raw: dict[str, Any], text: str) -> Language:
    replacements = _one_meaning({row["to"]: row["from"] for row in raw["replace"]})
    longest_first = sorted(replacements, key=len, reverse=True)
    abbreviations = dict(raw["abbreviations"])
    return Language(
        spelling=tuple((old, new) for old, new in raw["spelling"]["british"]),
        words=_one_meaning(raw["words"]),
        replacements=replacements,
        replacement_pattern=re.compile("|".join(map(re.escape, longest_first))),
        traditional={ord(pair[0]): pair[1] for pair in raw["traditional"]["pairs"].split()},
        abbreviations=abbreviations,
        abbreviation_pattern=re.compile(rf"\b(?:{'|'.join(map(re.escape, abbreviations))})\b"),
        stop=frozenset(raw["stop"]["words"]),
        qualifiers=frozenset(raw["qualifiers"]["words"]),
        prefixes=_longest_first(raw["qualifiers"]["prefixes"]),
        suffixes=_longest_first(raw["qualifiers"]["suffixes"]),
        site=frozenset(raw["site"]["words"]),
        site_prefixes=_longest_first(raw["site"]["prefixes"]),
        site_matters=frozenset(raw["site"]["site_matters"]),
        opposites=tuple((one, other) for one, other in raw["opposites"]["pairs"]),
        statements=Statements(
            **{name: _longest_first(rows) for name, rows in raw["statement"].items()}
        ),
        text=text,
    )


def _one_meaning(meanings: dict[str, list[str]]) -> dict[str, str]:
    by_word: dict[str, str] = {}
    for meaning, words in meanings.items():
        for word in words:
            if by_word.setdefault(word, meaning) != meaning:
                raise KnowledgeError(f"coding/data/language.toml: {word!r} has two meanings")
    return by_word


def _longest_first(phrases: list[str]) -> tuple[str, ...]:
    return tuple(sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def plain(text: str) -> str:
    """Give the text in one width, one case and simplified characters, spaces collapsed."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        folded = folded.translate(load_language().traditional).translate(_GREEK)
        folded = unicodedata.normalize("NFKC", _without_accents(folded))
    return " ".join(folded.split())


def spell_out(phrase: str) -> str:
    """Give a phrase in plain form with the words that its abbreviations stand for."""
    language = load_language()
    return language.abbreviation_pattern.sub(
        lambda match: language.abbreviations[match.group()], phrase
    )


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


def fold(text: str) -> Tokens:
    """Fold a phrase to its tokens; an empty tuple means that no word is in it."""
    language = load_language()
    replaced = plain(text)
    if not replaced.isascii():
        replaced = language.replacement_pattern.sub(
            lambda match: language.replacements[match.group()], replaced
        )
    return tuple(_fold_word(word, language) for word in _TOKEN.findall(replaced))


def _fold_word(word: str, language: Language) -> str:
    if not word.isascii() or word.isdigit():
        return language.words.get(word, word)
    for british, american in language.spelling:
        word = word.replace(british, american)
    known = language.words.get(word)
    return known if known is not None else _singular(word)


def _singular(word: str) -> str:
    if len(word) < _PLURAL_FROM or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return word[:-2] if word.endswith(("shes", "xes", "sses")) else word[:-1]


def key_of(tokens: Tokens) -> str:
    """Give the comparison key of a phrase, in which spacing and hyphens play no part."""
    return "".join(tokens)


def bag_of(tokens: Tokens) -> tuple[str, ...] | None:
    """
    Give the words of a phrase without their order, or None where order carries the meaning.

    One word has no order, and Chinese is not cut into words.
    """
    words = set(tokens) - load_language().stop
    if len(words) < 2 or any(has_cjk(word) for word in words):  # noqa: PLR2004
        return None
    return tuple(sorted(words))


def has_cjk(text: str) -> bool:
    """Say whether the text holds a Chinese character."""
    return _CJK_RUN.search(text) is not None
