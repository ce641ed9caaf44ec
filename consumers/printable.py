"""
How does text that somebody else wrote come to a terminal or a text file?

A reporter's words may hold control characters, by accident of a copy or on purpose: a
terminal would obey them, clear the screen or change what was printed before. They are
made visible, one mark for each; line feeds and tabs stay. In JSON they are escaped.
"""

LINE_FEED, TAB, DELETE, SPACE, NO_BREAK_SPACE = 0x0A, 0x09, 0x7F, 0x20, 0xA0
MARK = "\N{REPLACEMENT CHARACTER}"

_CONTROL = frozenset({*range(SPACE), *range(DELETE, NO_BREAK_SPACE)})
_MARKED = dict.fromkeys(_CONTROL - {LINE_FEED, TAB}, MARK)
_ESCAPED = {code: f"\\u{code:04x}" for code in range(DELETE, NO_BREAK_SPACE)}


def printable(text: str) -> str:
    """Replace control characters other than line feed and tab by a visible mark."""
    return text.replace("\r\n", "\n").translate(_MARKED)


def printable_json(text: str) -> str:
    """Escape the control characters that JSON allows in a string; it stays the same document."""
    return text.translate(_ESCAPED)
