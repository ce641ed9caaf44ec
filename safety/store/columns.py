"""
How is a value held, so that SQLite and PostgreSQL give back, compare and sort the same?

- Text sorts by code point on both (collation C; SQLite compares bytes anyway).
- PostgreSQL has no NUL character in text, but a sender may send one: `Told` holds it
  as two visible characters and gives it back as it came.
- JSON is text written with sorted keys, so that the same content is the same bytes.
- Instants are UTC; SQLite has no such type, there they are ISO 8601 of fixed width,
  which sorts as time does. A naive instant is refused.
"""

import re
from datetime import UTC, datetime

import orjson
from sqlalchemy import TIMESTAMP, BigInteger, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

SERIAL = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers only INTEGER keys
TOKEN = Text(collation="C").with_variant(Text(), "sqlite")  # our own codes and digests

_NUL, _MARK = "\x00", "\u2400"  # the mark is SYMBOL FOR NULL; it stands for itself when doubled
_HELD = re.compile(f"{_MARK}([0{_MARK}])")


class Told(TypeDecorator[str]):
    """Text that came from outside, any character included."""

    impl = TOKEN
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write NUL as two characters that every database takes."""
        del dialect
        return None if value is None else as_held(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Give the text as it came."""
        del dialect
        if value is None or _MARK not in value:
            return value
        return _HELD.sub(lambda held: _NUL if held[1] == "0" else _MARK, value)


def as_held(value: str) -> str:
    """Give text as the databases hold, compare and sort it."""
    if _NUL not in value and _MARK not in value:
        return value
    return value.replace(_MARK, _MARK * 2).replace(_NUL, f"{_MARK}0")


class Json(TypeDecorator[object]):
    """JSON as text; NUL stays escaped in it, as JSON does."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write the keys sorted: the same content is the same text."""
        del dialect
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Read it."""
        del dialect
        return None if value is None else orjson.loads(value)


class Instant(TypeDecorator[datetime]):
    """A point in time, in UTC, to the microsecond."""

    impl = TIMESTAMP(timezone=True).with_variant(Text(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """
        Give it in UTC.

        Raises:
            ValueError: It has no UTC offset.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without UTC offset cannot be stored")
        if dialect.name == "sqlite":
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        return value

    def process_result_value(
        self, value: datetime | str | None, dialect: Dialect
    ) -> datetime | None:
        """Give it in UTC, whatever zone the session shows."""
        if value is None:
            return None
        del dialect
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
        return instant.astimezone(UTC)
