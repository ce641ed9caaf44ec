"""
What was taken, and when: dose periods from EX, ADEX or, where neither has them, ADSL.

SDTM EX has one row a constant-dose period. ADEX is read where its rows have dates of their own
(PARAMCD DOSE, or none); sums over a whole treatment are no periods. Failing both, the first and
last dose of ADSL, by treatment period where it names them, make periods of the mean daily dose.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from consumers.cdisc.datasets import Row
from consumers.cdisc.told import Seen
from consumers.cdisc.values import (
    Json,
    may_precede,
    plain_number,
    read_date,
    read_number,
)
from consumers.cdisc.words import FREQUENCIES, read_reason

UNKNOWN: Json = {"null": "UNK"}
_UNIT_NOT_TOLD = "unit not told"
_MOST_PERIODS = 9  # treatment periods that ADSL can name: TRT01A to TRT09A


@dataclass(frozen=True, slots=True)
class Period:
    """One dose period of one subject; `number` tells it from others in messages."""

    number: str
    treatment: str
    dose: Decimal | None
    unit: str
    frequency: str | None
    start: Json
    end: Json | None
    form: str | None
    route: str | None
    adjusted: str | None
    row: int

    def dose_data(self) -> Json:
        """Give the dose as a quantity, or that it is unknown."""
        if self.dose is None:
            return UNKNOWN
        return {"value": plain_number(self.dose), "unit": self.unit}


def read_periods(row: Row, number: int, seen: Seen) -> Iterator[Period]:
    """Give the dose period of a row of EX or ADEX; none where it is no period, which is counted."""
    if row.get("PARAMCD") not in {None, "DOSE"}:
        return seen.skip("a sum over the treatment, not a dose period")
    start = read_date(row.get("EXSTDTC")) or adam_date(row, "ASTDT") or adam_date(row, "EXSTDT")
    if start is None:
        return seen.skip("no date of the first dose")
    treatment = row.get("EXTRT") or row.get("TRTA") or row.get("TRT01A") or row.get("PARCAT2")
    if treatment is None:
        return seen.skip("no name of the treatment")
    dose = read_number(row.get("EXDOSE") or row.get("AVAL"))
    end = read_date(row.get("EXENDTC")) or adam_date(row, "AENDT") or adam_date(row, "EXENDT")
    if not may_precede(start, end):
        seen.findings["exposure_ends_before_it_begins"] += 1
    yield Period(
        number=row.get("EXSEQ", row.get("ASEQ", f"row{number}")).removesuffix(".0"),
        treatment=treatment[:500],
        dose=dose,
        unit=(row.get("EXDOSU") or row.get("AVALU") or _UNIT_NOT_TOLD)[:50],
        frequency=row.get("EXDOSFRQ"),
        start=start,
        end=end,
        form=row.get("EXDOSFRM"),
        route=row.get("EXROUTE"),
        adjusted=row.get("EXADJ"),
        row=number,
    )


def periods_of_subject(row: Row, number: int) -> Iterator[Period]:
    """Give the treatment periods that a row of ADSL names, of the mean daily dose if it has one."""
    named = list(_named_periods(row))
    if not named:
        start, end = adam_date(row, "TRTSDT"), adam_date(row, "TRTEDT")
        treatment = row.get("TRT01A") or row.get("ACTARM") or row.get("TRT01P") or row.get("ARM")
        named = [] if start is None or treatment is None else [(treatment, start, end)]
    for place, (treatment, start, end) in enumerate(named, start=1):
        dose = read_number(row.get("AVGDD")) if len(named) == 1 else None
        yield Period(
            number=f"period{place}",
            treatment=treatment[:500],
            dose=dose,
            unit=row.get("AVGDDU", row.get("EXDOSU", _UNIT_NOT_TOLD))[:50],
            frequency="QD" if dose is not None else None,
            start=start,
            end=end,
            form=None,
            route=None,
            adjusted=None,
            row=number,
        )


def _named_periods(row: Row) -> Iterator[tuple[str, Json, Json | None]]:
    for place in range(1, _MOST_PERIODS + 1):
        start = adam_date(row, f"TR{place:02d}SDT") or adam_date(row, f"TRT{place:02d}SDT")
        end = adam_date(row, f"TR{place:02d}EDT") or adam_date(row, f"TRT{place:02d}EDT")
        treatment = row.get(f"TRT{place:02d}A") or row.get(f"TRT{place:02d}P")
        if start is not None and treatment is not None:
            yield treatment, start, end


def adam_date(row: Row, name: str) -> Json | None:
    """Give an ADaM date, from the date or, failing that, from the instant of the same name."""
    imputed = row.get(f"{name}F")
    return read_date(row.get(name), imputed=imputed) or read_date(
        row.get(f"{name}M"), imputed=imputed, seconds=True
    )


def exposure_data(period: Period, before: Period | None) -> dict[str, Any]:
    """
    Give the data of `pv.exposure.recorded.v1`, with what changed since the period before.

    1. no period before: start;
    2. a lower dose: reduced, or, to nothing, interrupted;
    3. a higher dose: increased, or, from nothing, resumed;
    4. the same dose again, or one that cannot be compared: start.
    """
    per_day, every_days = FREQUENCIES.get((period.frequency or "").upper(), (None, 1))
    data: dict[str, Any] = {
        "drug": period.treatment,
        "dose": period.dose_data(),
        "every_days": every_days,
        "start": period.start,
        "end": period.end or UNKNOWN,
        "change": _change(period, before),
    }
    if per_day is not None:
        data["per_day"] = per_day
    if period.adjusted:
        data["reason"] = read_reason(period.adjusted)
        data["reason_text"] = period.adjusted[:2000]
    return data


def _change(period: Period, before: Period | None) -> str:
    if before is None or period.dose is None or before.dose is None or before.unit != period.unit:
        return "start"
    if period.dose < before.dose:
        return "reduced" if period.dose else "interrupted"
    if period.dose > before.dose:
        return "increased" if before.dose else "resumed"
    return "start"


def read_frequency_hours(period: Period) -> Json | None:
    """Give the interval between two doses of a regular schedule, in hours or days."""
    known = FREQUENCIES.get((period.frequency or "").upper())
    if known is None:
        return None
    per_day, every_days = known
    if every_days > 1:
        return {"value": every_days, "unit": "d"}
    return {"value": plain_number(Decimal(24) / per_day), "unit": "h"}
