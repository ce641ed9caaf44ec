"""
Which words of a reported phrase are about how bad the event was?

"Diarrhoea grade 3", "腹泻（3级）", "重度腹泻" and "severe diarrhoea" are all diarrhoea. The words
of grade and intensity are taken out before coding, and read for the grade they propose.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from safety.coding.folding import plain

_CACHE = 16_384  # phrases, of _LONGEST_CACHED characters at most
_LONGEST_CACHED = 250

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5}
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = r"(?:[0-5]|iv|v|iii|ii|i)"
_VERSION = r"(?:(?:v(?:ersion)?\.?\s*\d(?:\.\d+)?|\d\.\d+)\b[\s,:]*)?"
_SCALE = rf"(?:\b(?:nci[\s-]*)?ctc(?:ae)?(?![a-z])[\s,:]*{_VERSION})?"
_RANGE = r"\s*(?:-|~|/|to|–|至)\s*"

# A lone "g" takes figures only: "G I bleed" is no grade.
_GRADE = re.compile(
    rf"{_SCALE}\b(?:toxicity\s+)?"
    rf"(?:(?:grade|gr)\.?\s*[-:=]?\s*(?P<low>{_NUMBER})(?:{_RANGE}(?P<high>{_NUMBER}))?"
    r"|g\s*[-:]?\s*(?P<figure>[1-5]))(?![\da-z])"
)
# 度 is also a degree of temperature, of heart block and of a burn: those are not grades.
_CHINESE_GRADE = re.compile(
    rf"{_SCALE}(?<![\d.a-z])(?P<low>[0-5一二三四五]|iv|v|iii|ii|i)"
    r"(?:\s*(?:-|~|/|至)\s*(?P<high>[0-5一二三四五]|iv|v|iii|ii|i))?"
    r"\s*(?:级|度(?!房室|烧伤|烫伤|冻伤))(?P<figure>)"
)
# Heart function classes are no grades of an event.
_OTHER_SCALE = re.compile(r"(?:nyha|心功能|child[\s-]*pugh|ecog)\s*[a-c\d]*\s*(?:class|grade)?\s*$")

# Gravest first: of "mild to moderate" the moderate counts.
_WORDS = (
    (5, re.compile(r"\bfatal\b|\blethal\b|致死性?|致命")),
    (4, re.compile(r"\blife[\s-]*threatening\b|危及生命|极重度")),
    (3, re.compile(r"(?<!not )(?<!non-)\bsevere\b|(?<!非)(?<!极)重度|(?<!不)严重")),
    (2, re.compile(r"\bmoderate(?:ly severe)?\b|中度|中等程度")),
    (1, re.compile(r"\bmild\b|轻度|轻微")),
)
_EMPTY_BRACKETS = re.compile(r"\(\s*[,;:]*\s*\)|\[\s*\]|\{\s*\}")


@dataclass(frozen=True, slots=True)
class Intensity:
    """What a phrase says about intensity: a grade in figures, and the grade its words stand for."""

    grade: int | None
    word_grade: int | None

    @property
    def proposal(self) -> int | None:
        """The grade to propose: figures before words."""
        return self.grade if self.grade is not None else self.word_grade


def read_intensity(text: str) -> Intensity:
    """
    Read grade and intensity out of a phrase.

    Of a range, the higher end counts. Mild, moderate and severe stand for 1, 2 and 3, as in the
    general definitions of CTCAE (regulatory facts 2.3).
    """
    if len(text) > _LONGEST_CACHED:
        return _read_intensity(text)
    return _read_cached(text)


def _read_intensity(text: str) -> Intensity:
    phrase = plain(text)
    figures = [
        _figure(match["high"] or match["low"] or match["figure"])
        for pattern in (_GRADE, _CHINESE_GRADE)
        for match in pattern.finditer(phrase)
        if not _OTHER_SCALE.search(phrase[: match.start()])
    ]
    grades = [figure for figure in figures if figure > 0]
    words = (grade for grade, pattern in _WORDS if pattern.search(phrase))
    return Intensity(grade=max(grades, default=None), word_grade=next(words, None))


_read_cached = lru_cache(maxsize=_CACHE)(_read_intensity)


def strip_intensity(text: str) -> str:
    """Take the words of grade and intensity out of a phrase already in plain form."""
    for pattern in (_GRADE, _CHINESE_GRADE):
        text = pattern.sub(" ", text)
    for _, pattern in _WORDS:
        text = pattern.sub(" ", text)
    return " ".join(_EMPTY_BRACKETS.sub(" ", text).split())


def _figure(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    return _ROMAN.get(text) or _CHINESE[text]
