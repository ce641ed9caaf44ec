"""
Is this phrase a misspelling of one name, and of one name only?

Medical names differ by little: hypertension and hypotension by two letters, hepatic failure and
renal failure by one word, 肝衰竭 and 肾衰竭 by one sign. So a fuzzy match must hold word by word,
may not cross a pair of opposites, and must leave every other term well behind; anything less is
only suggested.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA, Indel

from safety.coding.dictionary import Dictionary, Name, Term
from safety.coding.folding import Tokens, fold, has_cjk, load_language
from safety.coding.nearest import near_names

THRESHOLD = 83.0  # below this share of letters in place (per cent) nothing is coded
LEAD = 5.0  # points by which every other term must stay behind
RUNNERS_UP = 5
_SUGGESTED_FROM = 60.0  # per cent
_LOOKED_AT_FROM = 70.0  # per cent; what is a misspelling has more letters in common

# Letters that may be wrong in one word, by its length; Chinese: signs missing or too many.
_ONE_LETTER_FROM, _TWO_LETTERS_FROM = 5, 12
_ONE_SIGN_FROM, _TWO_SIGNS_FROM = 5, 9
_NEGATING_SIGNS = frozenset("非无未假抗不")

_DIRECTIONS = frozenset({"increased", "decreased", "prolonged", "abnormal"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term that a person may choose, with how near its best name is (0 to 100)."""

    term: str
    code: str
    score: float


def match_fuzzily(phrases: Iterable[str], dictionary: Dictionary) -> tuple[Term, float] | None:
    """
    Find the one term of which a phrase is a misspelling, with its score; None if there is none.

    A name matches if it has as many words as the phrase, in each word no more letters are wrong
    than its length allows (none below 5 letters, one below 12, else two), the first letter is
    right, no pair of opposites lies between them, and words of direction (increased, decreased)
    are the same. Transposed neighbours count as one wrong letter.
    """
    for phrase in phrases:
        tokens = fold(phrase)
        best: dict[str, tuple[Term, float]] = {}
        for name, likeness in _near_names(tokens, dictionary):
            if likeness < _LOOKED_AT_FROM or not _may_be_misspelt(tokens, name.tokens):
                continue
            score = _letters_in_place(tokens, name.tokens)
            if score > best.get(name.term.name, (name.term, 0.0))[1]:
                best[name.term.name] = (name.term, score)
        ranked = sorted(best.values(), key=lambda found: -found[1])
        if ranked and ranked[0][1] >= THRESHOLD:
            runner_up = ranked[1][1] if len(ranked) > 1 else 0.0
            if ranked[0][1] - runner_up >= LEAD:
                return ranked[0]
    return None


def nearest_terms(phrase: str, dictionary: Dictionary) -> tuple[Candidate, ...]:
    """Give up to `RUNNERS_UP` terms with a name like the phrase, best first."""
    best: dict[str, Candidate] = {}
    for name, score in _near_names(fold(phrase), dictionary):
        best.setdefault(name.term.name, Candidate(name.term.name, name.term.code, round(score, 1)))
    return tuple(best.values())[:RUNNERS_UP]


def _near_names(tokens: Tokens, dictionary: Dictionary) -> Sequence[tuple[Name, float]]:
    return near_names(
        tokens,
        dictionary,
        cutoff=_SUGGESTED_FROM,
        terms=RUNNERS_UP + 1,
        all_from=_LOOKED_AT_FROM,
    )


def _letters_in_place(tokens: Tokens, others: Tokens) -> float:
    """Give the share of right letters in per cent, words of direction left out."""
    ours, theirs = (
        " ".join(sorted(token for token in side if token not in _DIRECTIONS))
        for side in (tokens, others)
    )
    return round(100 * OSA.normalized_similarity(ours, theirs), 1)


def _may_be_misspelt(tokens: Tokens, others: Tokens) -> bool:
    if set(tokens) & _DIRECTIONS != set(others) & _DIRECTIONS or _are_opposed(tokens, others):
        return False
    ours, theirs = (
        sorted(token for token in side if token not in _DIRECTIONS) for side in (tokens, others)
    )
    return len(ours) == len(theirs) > 0 and all(map(_is_misspelt_word, ours, theirs))


def _is_misspelt_word(word: str, other: str) -> bool:
    if word == other:
        return True
    if has_cjk(word + other):
        return _is_miswritten_chinese(word, other)
    allowed = (len(other) >= _ONE_LETTER_FROM) + (len(other) >= _TWO_LETTERS_FROM)
    return word[0] == other[0] and OSA.distance(word, other) <= allowed


def _is_miswritten_chinese(word: str, other: str) -> bool:
    """A sign may be missing or too many; another sign in its place is another word."""
    difference = abs(len(word) - len(other))
    allowed = (len(other) >= _ONE_SIGN_FROM) + (len(other) >= _TWO_SIGNS_FROM)
    return (
        0 < difference <= allowed
        and Indel.distance(word, other) == difference
        and set(word) & _NEGATING_SIGNS == set(other) & _NEGATING_SIGNS
    )


def _are_opposed(tokens: Tokens, others: Tokens) -> bool:
    ours, theirs = " ".join(tokens), " ".join(others)
    return any(
        (one in ours) != (one in theirs) and (other in ours) != (other in theirs)
        for one, other in load_language().opposites
    )
