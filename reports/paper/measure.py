"""
Does a text surely fit its box, and may a line of it have no place to break?

Bounds, not measures: widths are taken at the widest letter of a kind. What is not sure is left to
the press, which measures.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# Widths of the printable ASCII letters in the first font, rounded up by class; others in em.
_NARROW = frozenset(" !'(),-./:;I[\\]fijlrt{|}")  # at most 0.40
_CAPITAL = frozenset("ABCDEFGHJKLNOPQRSTUVXYZ&")  # at most 0.75
_WIDE = frozenset("@%MWmw")  # at most 0.95
_ORDINARY_EM, _OTHER_EM = 0.63, 1.02
_LINE_EM, _PARAGRAPH_EM = 1.2, 0.1  # the template leads 1.153, and 0.08 between paragraphs
# Latin, Greek, Cyrillic, punctuation, kana, ideographs: no letter wider than 1.02 em.
_ORDINARY = re.compile(
    "[\u0020-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u22ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uff00-\uffef]*"
)
_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_UNBROKEN = re.compile(rf"(?:[{_IDEOGRAPH}]?[^\s{_IDEOGRAPH}])+[{_IDEOGRAPH}]?")


def is_long(text: str, width_em: float) -> bool:
    """Tell whether the text has a run without a place to break that may be wider than its box."""
    return any(_width(run) > width_em for run in _UNBROKEN.findall(text))


def surely_fits(texts: Iterable[str], width_em: float, height_em: float) -> bool:
    """Tell whether the paragraphs surely fit into that many times the size of the letters."""
    height = 0.0
    for text in texts:
        longest = max(map(_width, _UNBROKEN.findall(text)), default=0.0)
        if not _ORDINARY.fullmatch(text) or longest > width_em / 2:
            return False
        # Every line but the last is filled but for less than the longest run.
        lines = 1 + int(_width(text) / (width_em - longest))
        height += lines * _LINE_EM + _PARAGRAPH_EM
        if height > height_em:
            return False
    return True


def _width(text: str) -> float:
    return sum(map(_letter_width, text))


@lru_cache(maxsize=4096)
def _letter_width(letter: str) -> float:
    if letter in _NARROW:
        return 0.4
    if letter in _CAPITAL:
        return 0.75
    if letter in _WIDE:
        return 0.95
    return _ORDINARY_EM if letter.isascii() else _OTHER_EM
