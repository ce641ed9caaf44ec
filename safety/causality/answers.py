"""
What does this answer to "did the drug cause it?" say, on which scale, and is it yes or no?

The raw answer stays as it is and is never regraded: this is its reading. An answer that no scale
knows is neither yes nor no (None), and the caller takes it at its worst.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from safety.causality.scales import (
    CODED_SCALES,
    NARANJO_RANGE,
    Category,
    Scale,
    Scales,
    load_scales,
    plain_method,
)

NOT_STATED = "not_stated"
UNRECOGNISED = "unrecognised"

_LONGEST_ANSWER = 200  # characters; E2B(R3) G.k.9.i.2.r.3 allows 60
_CACHE = 4_096
_BETWEEN = re.compile(r"[()\[\]/,;:=–—-]|\s\d+\s|\n")
_NARANJO_SCORE = re.compile(r"(?<![\d.])([-\u2212]?\d{1,2})(?![\d.])")


@dataclass(frozen=True, slots=True)
class Relatedness:
    """
    One answer as read.

    `related` is None where the answer states nothing or is not recognised. `reason` names the
    category and the rule, and never repeats the answer.
    """

    scale: Scale
    category: str
    related: bool | None
    reason: str


Reader = Callable[[str], Relatedness | None]


def read_answer(method: str | None, raw: str, *, unlikely_is_related: bool = False) -> Relatedness:
    """
    Read an answer given by an assessor.

    Taken in this order, the first that applies decides:

    1. empty, or a way of saying that nothing was assessed: not stated, None;
    2. the scale that the method names, if it knows the answer;
    3. WHO-UMC, binary, the Chinese six values and Naranjo, in this order; numbers count only with
       a method or words that say what they are;
    4. an answer in parts ("probable / likely", "3 - possible"), if all parts that are known agree
       and no other words are left;
    5. unrecognised, None.

    Args:
        method: The method as given, None if it was not.

        raw: The answer as given.

        unlikely_is_related: Count "unlikely" and its like as related, as some sponsors do.

    Sources:
        Regulatory facts 3.1 to 3.3; ICH E2A II.A.2.
    """
    if len(raw) > _LONGEST_ANSWER:
        return _unrecognised()
    return _read_cached(method, raw, unlikely_is_related)


@lru_cache(maxsize=_CACHE)
def _read_cached(method: str | None, raw: str, unlikely_is_related: bool) -> Relatedness:  # noqa: FBT001 - lru_cache keys by position
    read = _read_whole(method, raw) or _read_parts(method, raw) or _unrecognised()
    if unlikely_is_related and _is_configurable(read):
        return Relatedness(
            read.scale,
            read.category,
            related=True,
            reason=f"{read.category}: counts as related here",
        )
    return read


def read_who_umc(raw: str) -> Relatedness | None:
    """
    Read one of the six WHO-UMC categories.

    Certain, probable and possible are related; unlikely is not; conditional and unassessable are
    related until resolved, which is the conservative reading.

    Source: WHO-UMC causality categories; regulatory facts 3.1 and 3.3.
    """
    return _by_phrase(Scale.WHO_UMC, raw)


def read_binary(raw: str) -> Relatedness | None:
    """
    Read a yes/no answer: related, suspected, reasonable possibility, cannot be excluded, or not.

    Source: CIOMS VI; ICH E2A II.A.2; regulatory facts 3.3.
    """
    return _by_phrase(Scale.BINARY, raw)


def read_china(raw: str) -> Relatedness | None:
    """
    Read one of the six values of the Chinese form, in Chinese or English.

    The first three are related; possibly unrelated is not; pending and unable to evaluate count as
    related for reportability.

    Source: regulatory facts 3.1 (values M-high, binary reading M-med).
    """
    return _by_phrase(Scale.CHINA, raw)


def read_korea(raw: str) -> Relatedness | None:
    """
    Read a Korean code 1 to 6, the WHO-UMC categories in their order.

    Source: Korean regional E2B(R3) codes; regulatory facts 3.1.
    """
    return _by_phrase(Scale.KOREA_WHO_UMC, raw)


def read_krct(raw: str) -> Relatedness | None:
    """
    Read a code of the Korean causality algorithm: 1 related, 2 unrelated.

    Source: Korean regional E2B(R3) codes; regulatory facts 3.1.
    """
    return _by_phrase(Scale.KRCT, raw)


def read_study_database(raw: str) -> Relatedness | None:
    """
    Read "none" as a study database means it: no relation. Elsewhere the word may mean no answer.

    Source: CDISC SDTM, variable AEREL, a list of the sponsor's; regulatory facts 3.3.
    """
    return _by_phrase(Scale.STUDY_DATABASE, raw)


def read_naranjo(raw: str) -> Relatedness | None:
    """
    Read a Naranjo score, a band, or both ("7 (probable)").

    9 and more is definite, 5 to 8 probable, 1 to 4 possible, 0 and less doubtful; scores run from
    -4 to 13. Where score and band disagree, the one that is related counts.

    Source: Naranjo and others 1981; regulatory facts 3.2.
    """
    banded = _by_phrase(Scale.NARANJO, _NARANJO_SCORE.sub(" ", raw, count=1))
    match = _NARANJO_SCORE.search(raw)
    rest = _NARANJO_SCORE.sub(" ", raw, count=1)
    if match is None or (banded is None and load_scales().phrase_of(rest) not in ("", "13")):
        return banded
    score = int(match[1].replace("\u2212", "-"))
    if score not in NARANJO_RANGE:
        return None
    scored = read_naranjo_score(score)
    if banded is None or banded.category == scored.category:
        return scored
    graver = scored if scored.related else banded
    return Relatedness(
        graver.scale, graver.category, graver.related, "score and band disagree; the graver counts"
    )


def read_naranjo_score(score: int) -> Relatedness:
    """
    Give the band of a Naranjo score.

    Raises:
        ValueError: If the score is not -4 to 13.
    """
    if score not in NARANJO_RANGE:
        raise ValueError("a Naranjo score runs from -4 to 13")
    bands = load_scales().tables[Scale.NARANJO].categories
    return _reading(Scale.NARANJO, next(band for band in bands if band.holds(score)))


_READERS: dict[Scale, Reader] = {
    Scale.WHO_UMC: read_who_umc,
    Scale.BINARY: read_binary,
    Scale.CHINA: read_china,
    Scale.NARANJO: read_naranjo,
    Scale.KOREA_WHO_UMC: read_korea,
    Scale.KRCT: read_krct,
    Scale.STUDY_DATABASE: read_study_database,
}


def _read_whole(method: str | None, raw: str) -> Relatedness | None:
    scales = load_scales()
    phrase = scales.phrase_of(raw)
    if not raw.strip() or phrase in scales.not_stated:
        return Relatedness(
            Scale.NONE, NOT_STATED, related=None, reason="the answer states no assessment"
        )
    named = _scale_of(method, scales)
    if named is not None:
        read = _READERS[named](raw)
        if read is not None:
            return read
    return _read_words(raw)


def _read_words(raw: str) -> Relatedness | None:
    """Read an answer by the scales whose answers are words."""
    for scale, reader in _READERS.items():
        if scale in CODED_SCALES or (scale is Scale.NARANJO and not _says_naranjo(raw)):
            continue
        read = reader(raw)
        if read is not None:
            return read
    return None


def _says_naranjo(raw: str) -> bool:
    return "naranjo" in raw.casefold() or any(letter.isalpha() for letter in raw)


def _read_parts(method: str | None, raw: str) -> Relatedness | None:
    scales = load_scales()
    text = unicodedata.normalize("NFKC", raw)
    parts = [part for part in _BETWEEN.split(f" {text} ") if scales.phrase_of(part)]
    reads = [_read_words(part) for part in parts if not scales.phrase_of(part).isdigit()]
    known = [read for read in reads if read is not None]
    if not known or len(known) < len(reads) or len(parts) < 2:  # noqa: PLR2004
        return None
    if len({read.related for read in known}) > 1:
        return None
    named = _scale_of(method, scales)
    return next((read for read in known if read.scale is named), known[0])


def _scale_of(method: str | None, scales: Scales) -> Scale | None:
    """Give the scale that a method names: the one with the longest name in it."""
    if method is None:
        return None
    words = f" {plain_method(method)} "
    best: tuple[int, Scale] | None = None
    for scale, table in scales.tables.items():
        for name in table.methods:
            named = f" {name} " in words or (not name.isascii() and name in words)
            if named and (best is None or len(name) > best[0]):
                best = (len(name), scale)
    return None if best is None else best[1]


def _by_phrase(scale: Scale, raw: str) -> Relatedness | None:
    scales = load_scales()
    category = scales.tables[scale].by_phrase.get(scales.phrase_of(raw))
    return None if category is None else _reading(scale, category)


def _reading(scale: Scale, category: Category) -> Relatedness:
    counts = "related" if category.related else "not related"
    name = load_scales().tables[scale].name
    reason = f"{name}: {category.id.replace('_', ' ')} counts as {counts}"
    return Relatedness(scale, category.id, category.related, reason)


def _is_configurable(read: Relatedness) -> bool:
    table = load_scales().tables.get(read.scale)
    return table is not None and any(
        row.configurable for row in table.categories if row.id == read.category
    )


def _unrecognised() -> Relatedness:
    return Relatedness(
        Scale.NONE,
        UNRECOGNISED,
        related=None,
        reason="no known scale holds this answer: a person reads it",
    )
