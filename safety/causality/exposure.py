"""
How long had the patient taken the drug, and how much of it, when the reaction began?

The periods of a drug become a history: first dose, stops, reductions and restarts, each on a day
as far as the dates tell. A partial date is an interval throughout; an answer is exact only where
every day the dates may mean gives the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from safety.case import CaseState, Entry
from safety.causality.days import DayCount, Days, count_days
from safety.causality.dose_periods import Period, read_doses

ChangeKind = Literal["stopped", "reduced", "increased", "restarted"]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """
    A step in the dose.

    Attributes:
        on: First day of what came after: of a stop, the first day without drug.
        before_mg: Total daily dose that was taken before, milligrams; None unknown.
        after_mg: Total daily dose afterwards; 0 after a stop.
        source: Where it is told.
    """

    kind: ChangeKind
    on: Days
    before_mg: Decimal | None
    after_mg: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class DoseAtOnset:
    """Total daily dose on a day, milligrams, as a range; and the periods it comes from."""

    lowest_mg: Decimal
    highest_mg: Decimal
    sources: tuple[str, ...]

    @property
    def exact_mg(self) -> Decimal | None:
        """The dose, where it is one dose."""
        return self.lowest_mg if self.lowest_mg == self.highest_mg else None


@dataclass(frozen=True, slots=True)
class Stay:
    """A period with the day it lasted to: the end as told, else the day before the next begins."""

    period: Period
    start: Days
    last: Days | None  # None: open

    def may_hold(self, day: Days) -> bool:
        """Whether some day that may be meant lies in it."""
        return self.start.earliest <= day.latest and (
            self.last is None or day.earliest <= self.last.latest
        )

    def holds(self, day: Days) -> bool:
        """Whether every day that may be meant surely lies in it."""
        return self.start.latest <= day.earliest and (
            self.last is None or day.latest <= self.last.earliest
        )


@dataclass(frozen=True, slots=True)
class ExposureHistory:
    """
    What was taken, by start; and the periods whose start is not known.

    Attributes:
        first_dose: Day of the first dose; None where it is not known, or never was one.
        changes: Stops, reductions, increases and restarts, in their order.
    """

    stays: tuple[Stay, ...]
    undated: tuple[Period, ...]
    first_dose: Days | None
    changes: tuple[Change, ...]


def derive_exposure(periods: Iterable[Period]) -> ExposureHistory:
    """
    Derive the history of one drug from its periods, in whatever order they are told.

    A period without an end lasts until the day before the next one begins; the last one stays
    open. A gap between two periods is a stop and a restart. A told end of the last period is a
    stop on the day after.
    """
    told = tuple(periods)
    undated = tuple(period for period in told if period.start is None)
    dated = sorted(
        ((period, period.start) for period in told if period.start is not None),
        key=lambda each: (each[1].earliest, each[1].latest, each[0].source),
    )
    stays = tuple(
        Stay(period, start, _last_day(period, start, [later for _, later in dated]))
        for period, start in dated
    )
    return ExposureHistory(
        stays=stays,
        undated=undated,
        first_dose=_first_dose(stays, undated),
        changes=tuple(_changes(stays)),
    )


def find_first_dose(state: CaseState, drugs: Iterable[Entry]) -> Days | None:
    """Give the day of the first dose of any of these drugs of a case; None unknown."""
    firsts = [derive_exposure(read_doses(state, drug)).first_dose for drug in drugs]
    known = [day for day in firsts if day is not None]
    if not known or len(known) < len(firsts):
        return None
    return Days(min(day.earliest for day in known), min(day.latest for day in known))


def derive_dose_at(history: ExposureHistory, onset: Days | None) -> DoseAtOnset | None:
    """
    Give the dose on the day of onset, as a range where the dates leave more than one.

    None where the onset, a period's start or a dose that matters is not known. On the day of a
    change both doses may have been taken: the range holds both.
    """
    if onset is None or not history.stays or any(period.dosed for period in history.undated):
        return None
    holding = [stay for stay in history.stays if stay.may_hold(onset)]
    doses = [stay.period.daily_mg for stay in holding]
    if not any(stay.holds(onset) for stay in holding):
        doses.append(Decimal(0))
    known = [dose for dose in doses if dose is not None]
    if len(known) < len(doses):
        return None
    return DoseAtOnset(min(known), max(known), tuple(stay.period.source for stay in holding))


def count_from_first_dose(history: ExposureHistory, onset: Days | None) -> DayCount | None:
    """Count the days from the first dose to the onset; negative before it, None unknown."""
    if onset is None or history.first_dose is None:
        return None
    return count_days(history.first_dose, onset)


def count_from_last_dose(history: ExposureHistory, onset: Days | None) -> DayCount | None:
    """
    Count the days from the last dose before the onset to the onset; 0 while the drug is taken.

    None where the onset or a start is not known, or no dose surely came before the onset.
    """
    if onset is None or any(period.dosed for period in history.undated):
        return None
    taken = [stay for stay in history.stays if stay.period.dosed]
    before = [stay for stay in taken if stay.start.latest <= onset.earliest]
    if not before:
        return None
    fewest = min(
        0 if stay.last is None else max(0, (onset.earliest - stay.last.latest).days)
        for stay in taken
        if stay.start.earliest <= onset.latest
    )
    most = min(
        0 if stay.last is None else max(0, (onset.latest - stay.last.earliest).days)
        for stay in before
    )
    return DayCount(min(fewest, most), most)


def _last_day(period: Period, start: Days, starts: Sequence[Days]) -> Days | None:
    if period.end is not None:
        return Days(max(period.end.earliest, start.earliest), max(period.end.latest, start.latest))
    following = [later for later in starts if later.earliest > start.earliest]
    if period.ongoing or not following:
        return None
    nearest = min(following, key=lambda later: (later.earliest, later.latest))
    last = Days(nearest.earliest - _DAY, max(nearest.latest - _DAY, start.latest))
    return Days(max(last.earliest, start.earliest), last.latest)


def _first_dose(stays: Sequence[Stay], undated: Sequence[Period]) -> Days | None:
    starts = [stay.start for stay in stays if stay.period.dosed]
    if not starts or any(period.dosed for period in undated):
        return None
    return Days(min(day.earliest for day in starts), min(day.latest for day in starts))


def _changes(stays: Sequence[Stay]) -> Iterator[Change]:
    """Give the steps between one period and the next; periods of the same start are one step."""
    taken: Decimal | None = Decimal(0)  # what was last taken, also before a time without drug
    for one, following in pairwise(stays):
        if one.period.dosed:
            taken = one.period.daily_mg
            yield from _leave(one, following, taken)
        elif following.period.dosed and taken != 0:
            yield _change("restarted", following, taken)
    if stays and stays[-1].period.dosed and stays[-1].period.end is not None:
        last = stays[-1]
        after = last.last or last.start
        yield Change("stopped", _next(after), last.period.daily_mg, Decimal(0), last.period.source)


def _leave(one: Stay, following: Stay, taken: Decimal | None) -> Iterator[Change]:
    """Give what happened at the end of a period with drug."""
    if not following.period.dosed:
        yield _change("stopped", following, taken)
        return
    if one.last is not None and _next(one.last).latest < following.start.earliest:
        yield Change("stopped", _next(one.last), taken, Decimal(0), one.period.source)
        yield _change("restarted", following, taken)
        return
    after = following.period.daily_mg
    if taken is not None and after is not None and after != taken:
        yield _change("reduced" if after < taken else "increased", following, taken)


def _change(kind: ChangeKind, to: Stay, before: Decimal | None) -> Change:
    return Change(kind, to.start, before, to.period.daily_mg, to.period.source)


def _next(days: Days) -> Days:
    return Days(_day_after(days.earliest), _day_after(days.latest))


def _day_after(day: date) -> date:
    return day if day == date.max else day + _DAY
