"""
Does an object of a JSON text name one field twice?

JSON parsers take the last of the two without a word, so that two programs may read
two different messages from the same bytes. Reading with a look at every pair is slow;
that is done only where counting quotation marks does not exclude a repetition.
"""

import json

import orjson


def find_repeated_key(text: bytes) -> str | None:
    """
    Give the first key that an object has twice.

    Args:
        text: Valid JSON in UTF-8, accepted by its contract: every key is a field's name.
    """
    return _search(text) if _may_repeat(text) else None


def _may_repeat(text: bytes) -> bool:
    r"""
    Compare the quotation marks of the text with those of what was read from it.

    A key that is dropped takes two of them along. Only an escape such as `\u0022` changes
    their number too, hence texts with an escape of that block are searched.
    """
    if b"\\u00" in text:
        return True
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:  # stricter than the contract's parser, as with NaN
        return True
    return orjson.dumps(read).count(b'"') != text.count(b'"')


def _search(text: bytes) -> str | None:
    found: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> None:
        names = [name for name, _ in pairs]
        if len(set(names)) < len(names):
            found.append(next(name for name in names if names.count(name) > 1))

    json.loads(text, object_pairs_hook=look)
    return found[0] if found else None
