"""
Identifiers from outside as keys of the contracts, which admit few characters.

A character that a key may not have is written as its code point, "_x20_" for a
space; the spelling is reversible. An identifier that is still too long ends in
the digest of the whole, so that two long ones never become one.
"""

import re
from hashlib import sha256

MAX_KEY = 100
_KEY = re.compile(r"[A-Za-z0-9_.:\-]{1,100}")
_OFFENDING = re.compile(r"[^A-Za-z0-9_.:\-]|_(?=x[0-9A-F]+_)")


def key_of(identifier: str) -> str:
    """Give the identifier as a key; unchanged where it is one already."""
    if _KEY.fullmatch(identifier) and "_x" not in identifier:
        return identifier
    key = _OFFENDING.sub(lambda found: f"_x{ord(found[0]):X}_", identifier)
    if len(key) <= MAX_KEY:
        return key
    digest = sha256(identifier.encode()).hexdigest()[:32]
    return f"{key[: MAX_KEY - 33]}.{digest}"
