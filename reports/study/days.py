"""What days may a partial date mean? Nothing is imputed: a rule asks for the first or last one."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_YEAR, _MONTH, _DAY = 4, 7, 10
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Span:
    """
    The days that a date may be.

    Attributes:
        first: Earliest of them; `last` the latest.
        text: The date as it was told.
    """

    first: date
    last: date
    text: str

    @property
    def day(self) -> date | None:
        """The day itself, where it is known whole."""
        return self.first if self.first == self.last else None


def read_span(told: object) -> Span | None:
    """
    Read a partial date.

    Args:
        told: `{"value": ..., "precision": ...}`, its value alone, or an explicit unknown.

    Returns:
        None where nothing is known.
    """
    if isinstance(told, dict):
        told = told.get("value")
    if not isinstance(told, str) or len(told) < _YEAR:
        return None
    year = int(told[:_YEAR])
    if len(told) < _MONTH:
        return Span(date(year, 1, 1), date(year, 12, 31), told)
    month = int(told[5:_MONTH])
    if len(told) < _DAY:
        return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), told)
    day = date.fromisoformat(told[:_DAY])
    return Span(day, day, told[:_DAY])
