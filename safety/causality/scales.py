"""
Which answers does each causality scale know?

The scales, their categories and the phrases for each are data: `data/scales.toml`. A phrase means
the same in every scale that reads words; numbers mean something only where the method names them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from safety.errors import KnowledgeError

_FILE = "causality/data/scales.toml"
_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+")


class Scale(StrEnum):
    """The scale by which an answer was read."""

    WHO_UMC = "who_umc"
    BINARY = "binary"
    NARANJO = "naranjo"
    CHINA = "china"
    KOREA_WHO_UMC = "korea_who_umc"
    KRCT = "krct"
    STUDY_DATABASE = "study_database"
    NONE = "none"  # no known scale holds the answer


NARANJO_RANGE = range(-4, 14)  # the lowest and highest sum of the ten questions
# Read only where the method names them.
CODED_SCALES = frozenset({Scale.KOREA_WHO_UMC, Scale.KRCT, Scale.STUDY_DATABASE})


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a scale with its binary reading; Naranjo bands have their scores."""

    id: str
    related: bool
    configurable: bool  # some sponsors count it as related
    score_from: int | None
    score_to: int | None

    def holds(self, score: int) -> bool:
        """Say whether a score lies in this band."""
        low, high = self.score_from, self.score_to
        return low is not None and high is not None and low <= score <= high


@dataclass(frozen=True, slots=True, eq=False)
class ScaleTable:
    """A scale as data: who published it, and its categories by phrase."""

    scale: Scale
    name: str
    source: str
    methods: frozenset[str]
    by_phrase: Mapping[str, Category]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scales:
    """All scales, the phrases that state nothing, and the names of assessors."""

    tables: Mapping[Scale, ScaleTable]
    not_stated: frozenset[str]
    assessors: Mapping[str, str]
    filler: frozenset[str]
    chinese_filler: tuple[str, ...]

    def phrase_of(self, raw: str) -> str:
        """Give an answer without case, punctuation and filler words."""
        return _phrase(raw, self.filler, self.chinese_filler)


@lru_cache(maxsize=1)
def load_scales() -> Scales:
    """
    Load the scales.

    Raises:
        KnowledgeError: If a scale is unknown or a phrase has two meanings.
    """
    return build_scales(
        (files("safety.causality") / "data" / "scales.toml").read_text(encoding="utf-8")
    )


def build_scales(text: str) -> Scales:
    """Build the scales from the text of the file; see `load_scales()`."""
    raw = tomllib.loads(text)
    filler = frozenset(raw["filler"]["words"])
    chinese = tuple(sorted(raw["filler"]["chinese"], key=len, reverse=True))
    known = {scale.value for scale in Scale} - {Scale.NONE.value}
    if {row["id"] for row in raw["scale"]} != known:
        raise KnowledgeError(f"{_FILE}: the scales must be {', '.join(sorted(known))}")
    tables = {
        Scale(row["id"]): _build_table(row, filler=filler, chinese=chinese) for row in raw["scale"]
    }
    not_stated = frozenset(
        _phrase(phrase, filler, chinese) for phrase in raw["not_stated"]["phrases"]
    )
    _check_one_meaning(tables, not_stated)
    bands = tables[Scale.NARANJO].categories
    if any(sum(band.holds(score) for band in bands) != 1 for score in NARANJO_RANGE):
        raise KnowledgeError(f"{_FILE}, scale naranjo: each score must lie in one band")
    return Scales(
        tables=MappingProxyType(tables),
        not_stated=not_stated,
        assessors=MappingProxyType(_assessors(raw["assessors"])),
        filler=filler,
        chinese_filler=chinese,
    )


def _build_table(
    row: dict[str, Any], *, filler: frozenset[str], chinese: tuple[str, ...]
) -> ScaleTable:
    by_phrase: dict[str, Category] = {}
    categories = []
    for entry in row["category"]:
        category = Category(
            id=entry["id"],
            related=entry["related"],
            configurable=entry.get("configurable", False),
            score_from=entry.get("score_from"),
            score_to=entry.get("score_to"),
        )
        categories.append(category)
        for text in entry["phrases"]:
            phrase = _phrase(text, filler, chinese)
            if not phrase or by_phrase.setdefault(phrase, category) is not category:
                raise KnowledgeError(
                    f"{_FILE}, scale {row['id']}: {text!r} is empty or has two meanings"
                )
    return ScaleTable(
        scale=Scale(row["id"]),
        name=row["name"],
        source=row["source"],
        methods=frozenset(plain_method(method) for method in row["methods"]),
        by_phrase=MappingProxyType(by_phrase),
        categories=tuple(categories),
    )


def _check_one_meaning(tables: Mapping[Scale, ScaleTable], not_stated: frozenset[str]) -> None:
    readings: dict[str, bool | None] = dict.fromkeys(not_stated)
    for scale, table in tables.items():
        if scale in CODED_SCALES:
            continue
        for phrase, category in table.by_phrase.items():
            if readings.setdefault(phrase, category.related) is not category.related:
                raise KnowledgeError(f"{_FILE}, scale {scale}: {phrase!r} has two meanings")


def _assessors(raw: dict[str, list[str]]) -> dict[str, str]:
    by_name: dict[str, str] = {}
    for assessor, names in raw.items():
        for name in names:
            if by_name.setdefault(plain_method(name), assessor) != assessor:
                raise KnowledgeError(f"{_FILE}, assessors: {name!r} is named twice")
    return by_name


def plain_method(text: str) -> str:
    """Give the name of a method or assessor without case and punctuation."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _phrase(raw: str, filler: frozenset[str], chinese: tuple[str, ...]) -> str:
    text = unicodedata.normalize("NFKC", raw).casefold()
    if not _CJK.search(text):
        return " ".join(word for word in _WORD.findall(text) if word not in filler)
    joined = "".join(_WORD.findall(text))
    for words in chinese:
        joined = joined.replace(words, "")
    return joined
