"""
Does the text read back from a document hold every line that was printed?

Spaces are not compared, and characters that the font draws alike are alike. A line that runs over
pages is found piece by piece.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from reports.paper.typeface import drawn_alike, printed

_IGNORED = re.compile(r"[\s\u200b]+")
_PIECE = 8  # characters; the shortest piece of a line before a page ends


def find_lost(lines: Iterable[tuple[str, str]], read_back: str) -> Iterator[str]:
    """
    Give the name of each line that is not held in full.

    Args:
        lines: Name and text of each line that was to be printed.

        read_back: Text of all pages of the document, in reading order.
    """
    text = _folded(read_back)
    return (name for name, line in lines if not _is_held(_folded(printed(line)), text))


def _folded(text: str) -> str:
    same = unicodedata.normalize("NFKC", text).translate(drawn_alike())
    return _IGNORED.sub("", unicodedata.normalize("NFKC", same))


def _is_held(line: str, text: str) -> bool:
    while line not in text:
        low, high = 0, len(line)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if line[:middle] in text else (low, middle - 1)
        if low < _PIECE:
            return False
        line = line[low:]
    return True
