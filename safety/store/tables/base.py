"""What all tables share: names of their constraints, and what a column says of itself."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
)

from safety.store.columns import Instant, Told

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

VOLATILE = {"volatile": True}
ORIGIN = {"origin": True}


def recorded_at() -> Column[object]:
    """Give the column that tells when a row was stored."""
    return Column("recorded_at", Instant, nullable=False, info=VOLATILE)


def origin() -> Sequence[Column[object]]:
    """Topic, partition (-1 for files), offset in it, place inside the record."""
    return (
        Column("topic", Told, nullable=False, info=ORIGIN),
        Column("partition", Integer, nullable=False, info=ORIGIN),
        Column("offset", BigInteger, nullable=False, info=ORIGIN),
        Column("part", Integer, nullable=False, info=ORIGIN),
    )
