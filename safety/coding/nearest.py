"""
Which names of a dictionary are most like a phrase, letter by letter?

Likeness is the share of letters that two names have in common in one order (twice the longest
common subsequence over both lengths, in per cent). A licensed dictionary has some 80,000 names, and
comparing all of them costs most of a second for a page of verbatims. So each name carries the
letters it is made of as bits, as often as they occur: two names have no more letters in common than
bits. Names are compared from the highest such bound down, until no bound is above the worst of
those already found. What is found is what comparing all of them would find.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from safety.coding.dictionary import Dictionary, Name
from safety.coding.folding import Tokens

_WORD, _FULL = 64, (1 << 64) - 1  # bits of a number, and all of them set
_OTHER = 24  # groups that all signs but the Latin letters are dealt into
_STEP = 5.0  # per cent by which the bound is lowered
_ROUNDING = 1e-6  # rapidfuzz may leave out what is exactly at the cutoff
_SLACK = 0.01  # of the figure above the line, so that no rounding lowers a bound
_ALL = 101.0  # per cent: above every bound
_LATIN = {sign: place for place, sign in enumerate("abcdefghijklmnopqrstuvwxyz ")}


def sorted_words(tokens: Tokens) -> str:
    """Give the words of a phrase in one order, as they are compared."""
    return " ".join(sorted(tokens))


def near_names(
    tokens: Tokens, dictionary: Dictionary, *, cutoff: float, terms: int, all_from: float
) -> Sequence[tuple[Name, float]]:
    """
    Give the names that are most like a phrase, the likest first, of equal ones in dictionary order.

    Args:
        tokens: The phrase, folded.

        dictionary: Where to look.

        cutoff: Likeness in per cent below which a name is left out.

        terms: Enough names for so many different terms are given,

        all_from: and all that are at least so like, in per cent.
    """
    return _near(sorted_words(tokens), dictionary, cutoff, terms, all_from)


@lru_cache(maxsize=256)  # a phrase is asked about twice: for its term, and for the nearest
def _near(
    phrase: str, dictionary: Dictionary, cutoff: float, terms: int, all_from: float
) -> tuple[tuple[Name, float], ...]:
    found = _index_of(dictionary).search(phrase, cutoff, terms, all_from)
    return tuple((dictionary.names[at], score) for at, score in found)


@lru_cache(maxsize=4)
def _index_of(dictionary: Dictionary) -> "_Index":
    return _build_index(dictionary)


@dataclass(frozen=True, slots=True, eq=False)
class _Index:
    """
    The names of a dictionary, ready for the search.

    Attributes:
        bits: Of each name, each letter as many bits as it occurs; a column for each 64 bits.
        lengths: Letters of each name.
        codes: A number for the term of each name.
        starts: Where the bits of each group of letters begin; the last is the number of bits.
    """

    choices: tuple[str, ...]
    bits: tuple[NDArray[np.uint64], ...]
    lengths: NDArray[np.float32]
    codes: Sequence[int]
    starts: tuple[int, ...]

    def search(
        self, phrase: str, cutoff: float, terms: int, all_from: float
    ) -> list[tuple[int, float]]:
        """Give place and likeness of the names that are like a phrase; see `near_names()`."""
        bounds = self._bounds(phrase)
        best: dict[int, float] = {}  # of each term
        found: list[tuple[int, float]] = []
        worst, above = cutoff, _ALL
        while above > worst:
            below = max(worst, above - _STEP)
            places = np.flatnonzero((bounds >= below) & (bounds < above)).tolist()
            chosen = [self.choices[place] for place in places]
            for _, score, at in process.extract(
                phrase,
                chosen,
                scorer=fuzz.ratio,
                score_cutoff=max(0.0, worst - _ROUNDING),
                limit=None,
            ):
                place = places[at]
                found.append((place, score))
                code = self.codes[place]
                best[code] = max(score, best.get(code, 0.0))
            if len(best) >= terms:
                enough = sorted(best.values(), reverse=True)[terms - 1]
                worst = max(cutoff, min(enough, all_from))
            above = below
        kept = [each for each in found if each[1] >= worst]
        return sorted(kept, key=lambda each: (-each[1], each[0]))

    def _bounds(self, phrase: str) -> NDArray[np.float32]:
        """Give the most that each name can be like the phrase, in per cent."""
        asked = _bits_of(_groups_of(phrase), self.starts)
        shared = np.zeros(len(self.choices), dtype=np.uint32)
        for held, wanted in zip(self.bits, asked, strict=True):
            shared += np.bitwise_count(held & wanted)
        return (200 * shared + _SLACK).astype(np.float32) / (self.lengths + len(phrase))


def _build_index(dictionary: Dictionary) -> _Index:
    choices = tuple(sorted_words(name.tokens) for name in dictionary.names)
    groups = [_groups_of(choice) for choice in choices]
    widest = [0] * (len(_LATIN) + _OTHER)
    for counts in groups:
        for group, count in counts.items():
            widest[group] = max(widest[group], count)
    starts = tuple(accumulate(widest, initial=0))
    words = len(_bits_of({}, starts))
    rows = np.array([_bits_of(counts, starts) for counts in groups], dtype=np.uint64)
    codes: dict[str, int] = {}
    return _Index(
        choices=choices,
        bits=tuple(np.ascontiguousarray(column) for column in rows.reshape(-1, words).T),
        lengths=np.array([len(choice) for choice in choices], dtype=np.float32),
        codes=[codes.setdefault(name.term.name, len(codes)) for name in dictionary.names],
        starts=starts,
    )


def _groups_of(text: str) -> Mapping[int, int]:
    """Count the letters of a text by group; letters that share a group count as one letter."""
    counts: dict[int, int] = {}
    for sign, count in Counter(text).items():
        group = _LATIN.get(sign)
        if group is None:
            group = len(_LATIN) + ord(sign) % _OTHER
        counts[group] = counts.get(group, 0) + count
    return counts


def _bits_of(counts: Mapping[int, int], starts: Sequence[int]) -> list[int]:
    """Give as many bits of each group as it counts letters; no name has more than its group."""
    whole = 0
    for group, count in counts.items():
        width = min(count, starts[group + 1] - starts[group])
        whole |= ((1 << width) - 1) << starts[group]
    return [(whole >> first) & _FULL for first in range(0, starts[-1] or 1, _WORD)]
