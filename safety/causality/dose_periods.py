"""
What did the patient take, period by period, as the case or the study tells it?

Both tell doses differently: a case gives an amount and an interval, a study record an amount, how
often a day and every how many days, and a period without doses as one of 0 mg. Both become periods
with a total daily dose in milligrams; what is not told or not understood stays unknown.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

from safety.case import CaseState, Entry, is_null
from safety.causality.days import Days, parse_days

_MINUTES_A_DAY = 1_440
_MICROGRAMS = 1_000  # in a milligram


@dataclass(frozen=True, slots=True)
class Period:
    """
    One dose period, or a time without doses.

    Attributes:
        source: Path of the dose in the case, or id of the study record.
        end: Last day with this dose, as told; None where it was not told.
        daily_mg: Total daily dose, milligrams; 0 without drug, None unknown.
        ongoing: Told to be going on.
    """

    source: str
    start: Days | None
    end: Days | None
    daily_mg: Decimal | None
    ongoing: bool = False

    @property
    def dosed(self) -> bool:
        """Whether drug was taken; a dose that is not known is a dose."""
        return self.daily_mg != 0


def read_doses(state: CaseState, drug: Entry) -> tuple[Period, ...]:
    """Read the doses that a case tells of one drug (E2B G.k.4.r)."""
    return tuple(
        Period(
            source=dose.path,
            start=parse_days(dose.known("start")),
            end=parse_days(dose.known("end")),
            daily_mg=derive_daily_mg(dose.known("dose"), dose.known("interval")),
        )
        for dose in state.entries(f"{drug.path}/doses")
    )


def read_exposure(records: Mapping[str, Mapping[str, Any]]) -> Iterator[Period]:
    """
    Read the exposure records that a study tells of one subject and one drug.

    Args:
        records: Record id to the data of the newest record of that id.
    """
    for record_id, data in records.items():
        amount = _read_amount(data["dose"], _load_units()["mass"], per=_MICROGRAMS)
        per_day = data.get("per_day")
        if amount is None or (amount != 0 and per_day is None):
            daily = None
        else:
            daily = amount * (per_day or 0) / data.get("every_days", 1)
        yield Period(
            source=record_id,
            start=parse_days(data["start"]),
            end=parse_days(data.get("end")),
            daily_mg=daily,
            ongoing=bool(data.get("ongoing", False)),
        )


def derive_daily_mg(
    dose: Mapping[str, str] | None, interval: Mapping[str, str] | None
) -> Decimal | None:
    """
    Give the total daily dose in milligrams of a dose told with its interval.

    400 mg every 12 h are 800 mg a day; every 2 d they are 200 mg. None where a part is not told
    or its unit is not one of `data/dose-units.toml`.
    """
    units = _load_units()
    amount = _read_amount(dose, units["mass"], per=_MICROGRAMS)
    every = _read_amount(interval, units["interval"], per=1)
    if amount == 0:
        return amount
    if amount is None or every is None or every <= 0:
        return None
    return amount * _MINUTES_A_DAY / every


def _read_amount(
    quantity: Mapping[str, Any] | None, units: Mapping[str, int], *, per: int
) -> Decimal | None:
    if quantity is None or is_null(quantity):
        return None
    factor = units.get(quantity["unit"].strip().casefold())
    if factor is None:
        return None
    return Decimal(str(quantity["value"])) * factor / per


@lru_cache(maxsize=1)
def _load_units() -> Mapping[str, Mapping[str, int]]:
    raw = tomllib.loads(
        (files("safety.causality") / "data" / "dose-units.toml").read_text(encoding="utf-8")
    )
    return {
        kind: {unit.casefold(): factor for unit, factor in raw[kind].items()}
        for kind in ("mass", "interval")
    }
