"""
Which characters can the form show, and how does it show the others?

Fonts come from packages: Noto Sans CJK for Chinese, Japanese, Korean and plain Latin, Greek and
Cyrillic; DejaVu Sans, which matplotlib carries, for the accented letters that it lacks. What they
cannot draw, what is written from right to left, and what would be invisible or steer the layout, is
written by its number, as [U+1F600]: nothing is dropped, nothing becomes an empty square.
"""

import re
import struct
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

FAMILIES = ("Noto Sans CJK SC", "DejaVu Sans")  # the first that has a character draws it

_CJK, _ACCENTS = "NotoSansCJK-Regular.ttc", "DejaVuSans.ttf"

_SPACES = frozenset({"Zs"})
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Mc", "Me"})
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_FACE = 2  # of the collection: Noto Sans CJK SC
_SEGMENTS = 12  # format of a character map: groups of consecutive characters


def font_folders() -> list[str]:
    """Give the folders of the font files; matplotlib itself is not loaded for it."""
    return [str(path.parent) for path in font_files()]


def font_files() -> tuple[Path, Path]:
    """Give the files of the two fonts."""
    spec = find_spec("matplotlib")
    places = spec.submodule_search_locations if spec is not None else None
    plots = Path((places or [""])[0], "mpl-data", "fonts", "ttf", _ACCENTS)
    return Path(str(files("noto_cjk_sans_otc")), _CJK), plots


@lru_cache(maxsize=1)
def drawable() -> frozenset[str]:
    """Give every character a font has a glyph for."""
    return frozenset().union(*(_glyphs(path) for path in font_files()))


@lru_cache(maxsize=1)
def left_to_accents() -> str:
    """
    Give the characters that the second font draws, since the first would show them as others.

    1. accented letters that only the second has: the first would put them together from letter and
       accent, which reads back as something else;
    2. those that the first draws with the sign of another, as it does • with that of ·: what is
       drawn with one sign reads back as one character.
    """
    cjk, accents = (_glyphs(path) for path in font_files())
    composed = {c for c in accents.keys() - cjk.keys() if unicodedata.decomposition(c)}
    return "".join(sorted(composed | (_twins(cjk).keys() & accents.keys())))


@lru_cache(maxsize=1)
def drawn_alike() -> Mapping[int, str]:
    """Give the characters that no font tells from another, each with that other."""
    cjk = _glyphs(font_files()[0])
    apart = frozenset(left_to_accents())
    return {ord(c): other for c, other in _twins(cjk).items() if c not in apart}


def _twins(glyphs: Mapping[str, int]) -> dict[str, str]:
    """Give each character that has the sign of an earlier one, with the earliest of that sign."""
    first: dict[int, str] = {}
    for char in sorted(glyphs):
        if not _is_hidden(char):
            first.setdefault(glyphs[char], char)
    return {
        char: first[glyph]
        for char, glyph in glyphs.items()
        if first.get(glyph, char) != char and not _is_hidden(char)
    }


@lru_cache(maxsize=2)
def _glyphs(font: Path) -> Mapping[str, int]:
    """Read the character map of a font, or of the one of a collection that we print with."""
    data = font.read_bytes()
    collection = data.startswith(b"ttcf")
    face: int = struct.unpack_from(">I", data, 12 + 4 * _FACE)[0] if collection else 0
    tables: int = struct.unpack_from(">H", data, face + 4)[0]
    found: dict[str, int] = {}
    for place in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, face + 12 + 16 * place)
        if tag == b"cmap":
            for first, last, glyph in _groups(data, offset):
                found.update((chr(c), glyph + c - first) for c in range(first, last + 1))
    return found


def _groups(data: bytes, cmap: int) -> list[tuple[int, int, int]]:
    """Give the ranges of the character map that covers all of Unicode, each with its first sign."""
    number: int = struct.unpack_from(">H", data, cmap + 2)[0]
    for place in range(number):
        offset: int = struct.unpack_from(">HHI", data, cmap + 4 + 8 * place)[2]
        if struct.unpack_from(">H", data, cmap + offset)[0] == _SEGMENTS:
            count: int = struct.unpack_from(">I", data, cmap + offset + 12)[0]
            triples = struct.iter_unpack(
                ">III", data[cmap + offset + 16 : cmap + offset + 16 + 12 * count]
            )
            return [(first, last, glyph) for first, last, glyph in triples if glyph]
    return []


def plain(text: str) -> str:
    """Show control and format characters by number; every other character stays."""
    return "".join(
        " " if c in "\t\n\r" else f"[U+{ord(c):04X}]" if _is_hidden(c) else c for c in text
    )


def printed(text: str) -> str:
    """Give the text as the font can print it: spaces plain, what it lacks by number."""
    text = unicodedata.normalize("NFC", text)
    known = drawable()
    if text.isascii() and text.isprintable():
        return text
    return _ANY_SPACE.sub(
        " ", "".join(c if c == " " or _prints(c, known) else _shown(c) for c in text)
    )


_ANY_SPACE = re.compile(r"[^\S ]")


def _prints(char: str, known: frozenset[str]) -> bool:
    return (
        char in known
        and unicodedata.category(char) not in _HIDDEN | _SPACES | _MARKS
        and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT
    )


def _shown(char: str) -> str:
    if char in "\t\n\r" or unicodedata.category(char) in _SPACES:
        return " "
    return f"[U+{ord(char):04X}]"


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN - {"Cn", "Co"} or char == "\ufffe"
