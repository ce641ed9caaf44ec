"""
Which number did the laboratory write?

Laboratories write "7.9", "7,9", "<0.5", "≥ 20", "1,234.5" and "1.234,5". What can mean one number
only is read; "1,234" may be a thousand or one and a bit, and is not.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_LONGEST = 40  # characters
_SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "⩽": "<=", "⩾": ">=", "−": "-", "–": "-"})
_FIGURE = re.compile(
    r"(?P<comparator><=|>=|<|>|=)?\s*(?P<number>[+-]?[0-9.,][0-9.,eE+-]*)", re.ASCII
)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?(?:[0-9]*,(?:[0-9]{1,2}|[0-9]{4,})|0+,[0-9]+)", re.ASCII)
_GROUPED_BY_COMMA = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]+|(?:,[0-9]{3}){2,})", re.ASCII
)
_GROUPED_BY_POINT = re.compile(
    r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written, and "<", "<=", ">" or ">=" where it is a bound."""

    number: Decimal
    comparator: str | None = None


def parse_figure(text: str) -> Figure | None:
    """
    Read what a laboratory wrote; None if it is no number, or may be two.

    1. a number with a decimal point;
    2. a number with a decimal comma: not three digits behind it, or nothing but 0 before it;
    3. a number in groups of three, where the other sign marks the decimals or the groups are many.

    A sign of comparison before it makes it a bound; "=" says nothing.
    """
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    found = _FIGURE.fullmatch(plain)
    number = None if found is None else _plain(found["number"])
    if found is None or number is None:
        return None
    comparator = found["comparator"]
    return Figure(Decimal(number), None if comparator == "=" else comparator)


def _plain(written: str) -> str | None:
    if _PLAIN.fullmatch(written):
        return written
    if _DECIMAL_COMMA.fullmatch(written):
        return written.replace(",", ".")
    if _GROUPED_BY_COMMA.fullmatch(written):
        return written.replace(",", "")
    if _GROUPED_BY_POINT.fullmatch(written):
        return written.replace(".", "").replace(",", ".")
    return None
