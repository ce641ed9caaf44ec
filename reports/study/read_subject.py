"""One subject, from the study records about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from reports.study.days import Span, read_span
from reports.study.definitions import UNKNOWN_ARM, counts_as_given
from reports.study.model import DosePeriod, Event, Measurement, Status, Subject, Therapy
from reports.study.values import told_number, told_word

ENROLLED = "pv.subject.enrolled.v1"
EXPOSED = "pv.exposure.recorded.v1"
ASSESSED = "pv.disease.assessed.v1"
TREATED = "pv.concomitant.recorded.v1"
MEASURED = "pv.laboratory.recorded.v1"


_SEEN_ALIVE = frozenset({"alive", "completed", "no_evidence_of_disease", "stable"})


@dataclass(frozen=True, slots=True)
class Record:
    """One study record, the newest of its id."""

    subject: str
    kind: str
    record_id: str
    data: Mapping[str, Any]
    synthetic: bool = False


def read_subject(
    name: str, kinds: Mapping[str, Sequence[Record]], lock: date, *, told_populations: bool
) -> Subject:
    """
    Read one subject.

    Args:
        name: Its id.

        kinds: Its records by kind.

        lock: Last day that counts.

        told_populations: Whether the study's database says who is in the safety population.
    """
    enrolled: Mapping[str, Any] = kinds[ENROLLED][-1].data if kinds.get(ENROLLED) else {}
    doses = _doses(kinds.get(EXPOSED, ()))
    statuses = tuple(
        status for record in kinds.get(ASSESSED, ()) for status in _status(record.data, lock)
    )
    measurements = tuple(
        measured for record in kinds.get(MEASURED, ()) for measured in _measured(record, lock)
    )
    given = [period for period in doses if period.given and period.start.first <= lock]
    told_first, told_last = (read_span(enrolled.get(f"{end}_dose")) for end in ("first", "last"))
    starts = [told_first.first] if told_first else [period.start.first for period in given]
    populations = frozenset(enrolled.get("populations", ()))
    treated = bool(starts)
    return Subject(
        subject_id=name,
        arm=enrolled.get("actual_arm") or enrolled.get("planned_arm") or UNKNOWN_ARM,
        rank=told_number(enrolled.get("arm_rank")),
        site=enrolled.get("site"),
        country=enrolled.get("country"),
        sex=told_word(enrolled.get("sex")),
        race=told_word(enrolled.get("race")),
        age=told_number(enrolled.get("age_years")),
        weight=told_number(enrolled.get("weight_kg")),
        height=told_number(enrolled.get("height_cm")),
        characteristics={row["name"]: _valued(row) for row in enrolled.get("characteristics", ())},
        enrolled=read_span(enrolled.get("enrolled")),
        surgery=read_span(enrolled.get("surgery_date")),
        first_dose=min(starts, default=None),
        last_dose=_last_dose(told_last, given, lock),
        treated=treated,
        safety="safety" in populations if told_populations else treated,
        populations=populations,
        last_seen=max(
            (
                *(s.day.last for s in statuses),
                *(m.day.last for m in measurements),
                *(p.end.last for p in given if p.end is not None),
                *starts,
            ),
            default=None,
        ),
        dead=False,
        died=None,
        doses=doses,
        statuses=statuses,
        measurements=measurements,
        therapies=tuple(_therapy(record.data) for record in kinds.get(TREATED, ())),
    )


def _last_dose(told: Span | None, given: Sequence[DosePeriod], lock: date) -> date | None:
    if told is not None:
        return min(told.last, lock)
    if not given or any(period.ongoing or period.end is None for period in given):
        return None
    return min(max(period.end.last for period in given if period.end is not None), lock)


def _doses(records: Iterable[Record]) -> tuple[DosePeriod, ...]:
    periods = [period for record in records if (period := _dose(record.data)) is not None]
    periods.sort(key=lambda period: (period.start.first, period.end is None, period.change))
    whole = tuple(periods)
    return tuple(replace(period, given=counts_as_given(period, whole)) for period in whole)


def _dose(data: Mapping[str, Any]) -> DosePeriod | None:
    start = read_span(data["start"])
    if start is None:
        return None
    amount = told_number(data["dose"].get("value"))
    often = data.get("per_day")
    daily = None if amount is None else amount * (1 if often is None else often)
    if daily is not None:
        daily /= data.get("every_days", 1)
    if amount == 0:
        daily = 0.0
    return DosePeriod(
        drug=data["drug"],
        daily=daily,
        unit=data["dose"].get("unit", ""),
        start=start,
        end=read_span(data.get("end")),
        ongoing=bool(data.get("ongoing")),
        change=data.get("change", "start"),
        reason=data.get("reason"),
        given=True,
        reaction=data.get("related_reaction"),
    )


def _status(data: Mapping[str, Any], lock: date) -> Iterator[Status]:
    day = read_span(data["assessed"])
    if day is None or day.first > lock:
        return
    cause = data.get("cause_of_death") or {}
    yield Status(
        day=day,
        status=data["status"],
        scope=data.get("scope"),
        reason=data.get("reason"),
        cause=told_word(cause.get("text")),
        cause_category=data.get("cause_category"),
        reaction=data.get("related_reaction"),
        method=data.get("method"),
    )


def _measured(record: Record, lock: date) -> Iterator[Measurement]:
    data = record.data
    day = read_span(data["collected"])
    if day is None or day.first > lock:
        return
    result = data["result"]
    yield Measurement(
        record=record.record_id,
        test=data["test"],
        code=data.get("coded"),
        unit=result.get("unit", ""),
        value=told_number(result.get("value")),
        low=told_number(data.get("low")),
        high=told_number(data.get("high")),
        day=day,
        baseline=bool(data.get("baseline")),
        data=data,
    )


def _therapy(data: Mapping[str, Any]) -> Therapy:
    return Therapy(
        name=data["treatment"],
        kind=data.get("kind", "medication"),
        start=read_span(data.get("start")),
        end=read_span(data.get("end")),
    )


def add_days_of_events(subject: Subject, own: Sequence[Event], lock: date) -> Subject:
    """Take the days that events tell too: that the subject was seen, and of death."""
    seen = [span.last for event in own for span in (event.onset, event.end) if span and span.day]
    last = max((day for day in (*seen, subject.last_seen) if day), default=None)
    dead, died = _death(subject, own)
    return replace(
        subject,
        last_seen=None if last is None else min(last, lock),
        dead=dead,
        died=None if died is None else min(died, lock),
    )


def _death(subject: Subject, own: Sequence[Event]) -> tuple[bool, date | None]:
    """
    Tell whether and when a subject died; the first line that applies decides.

    1. the study's disposition says died, or names a cause: dead;
    2. anything else says died, a fatal event too, and the study saw nobody alive later: dead;
    3. otherwise not: what contradicts it is counted in the footnote of T10.

    The day is the latest that any of them may mean.
    """
    told = [status for status in subject.statuses if status.status == "dead"]
    fatal = [event for event in own if event.fatal]
    days = [status.day.last for status in told] or [
        span.last for event in fatal if (span := event.end or event.onset)
    ]
    died = max(days, default=None)
    if any(status.scope or status.cause or status.cause_category for status in told):
        return True, died
    alive = max((s.day.last for s in subject.statuses if _is_alive(s)), default=None)
    dead = bool(told or fatal) and (alive is None or (died is not None and died >= alive))
    return dead, died if dead else None


def _is_alive(status: Status) -> bool:
    left = status.status == "discontinued" and status.scope == "study"
    return left or status.status in _SEEN_ALIVE


def _valued(row: Mapping[str, Any]) -> str:
    value = row["value"]
    if not isinstance(value, str):
        return "Unknown"
    return f"{value} {row['unit']}" if row.get("unit") else value
