"""
By which words is a case found? The same cut for both databases, for English and Chinese.

Latin words, numbers and parts of case numbers are words; Chinese has no spaces, so every two
neighbouring characters are one, and the last character of a run alone. A search for Latin
letters finds what begins so; a search for Chinese finds what holds those characters in turn,
or nearly so. Both databases are given the words ready, because their own cutting differs.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_HAN = "\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_PIECE = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
LONGEST = 40  # characters of one word that count
MOST = 24  # words of one search that count; an English sentence has about as many


def words_of(texts: Iterable[str | None]) -> str:
    """Give the words by which a row with these texts is found, with a space between them."""
    found = (word for text in texts if text for word in _cut(text))
    return " ".join(sorted(set(found)))


def asked_words(text: str) -> tuple[str, ...]:
    """
    Give the words that a case must have, each as a beginning.

    Empty if the text holds nothing that can be searched for.
    """
    found: dict[str, None] = {}
    for piece in _PIECE.findall(_plain(text)):
        if not _is_han(piece):
            found[piece[:LONGEST]] = None
        elif len(piece) == 1:
            found[piece] = None
        else:
            found |= dict.fromkeys(piece[at : at + 2] for at in range(len(piece) - 1))
    return tuple(found)[:MOST]


def _cut(text: str) -> Iterator[str]:
    for piece in _PIECE.findall(_plain(text)):
        if _is_han(piece):
            yield from (piece[at : at + 2] for at in range(len(piece)))
        else:
            yield piece[:LONGEST]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_han(piece: str) -> bool:
    return re.match(f"[{_HAN}]", piece) is not None
