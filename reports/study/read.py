"""From stored study records and case versions to the analysis data set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from reports.study.days import read_span
from reports.study.definitions import is_emergent
from reports.study.model import Event, StudyData, Subject
from reports.study.read_event import CaseContent, is_coded_by_study, read_event
from reports.study.read_subject import (
    ENROLLED,
    EXPOSED,
    Record,
    add_days_of_events,
    read_subject,
)
from safety.coding.spelling import one_spelling


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of the study itself."""

    study_id: str
    title: str
    product: str
    planned_daily: float | None
    known_at: datetime | None
    lock: date | None = None  # the last day that anything speaks of, unless given


def read_study(frame: Frame, records: Iterable[Record], cases: Iterable[CaseContent]) -> StudyData:
    """
    Make the analysis data set.

    Args:
        frame: The study, and as of when.

        records: The newest of each study record.

        cases: The cases of the study; nullified ones are left out by the caller.
    """
    by_subject: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
    synthetic = False
    for record in records:
        by_subject[record.subject][record.kind].append(record)
        synthetic = synthetic or record.synthetic
    told: list[Event] = []
    dictionaries: set[str] = set()
    editions: set[str] = set()
    known = list(cases)
    coded_by_study = any(is_coded_by_study(case) for case in known)
    for case in known:
        synthetic = synthetic or case.synthetic
        for row in case.events:
            told.append(read_event(case, row, coded_by_study=coded_by_study))
            if told[-1].term is not None and row["dictionary"]:
                dictionaries.add(row["dictionary"])
            editions.add(row["ctcae"] or "")
    told = _spelled_alike(told)
    lock = frame.lock or _last_day(by_subject, told)
    flagged = _has_flags(by_subject)
    subjects = {
        name: read_subject(name, kinds, lock, told_populations=flagged)
        for name, kinds in sorted(by_subject.items())
        if ENROLLED in kinds or EXPOSED in kinds
    }
    own: dict[str, list[Event]] = defaultdict(list)
    for event in told:
        own[event.subject_id].append(event)
    subjects = {
        name: add_days_of_events(subject, own[name], lock) for name, subject in subjects.items()
    }
    in_time = [e for e in told if e.onset is None or e.onset.first <= lock]
    placed = [_placed(event, subjects) for event in in_time if event.subject_id in subjects]
    return StudyData(
        study_id=frame.study_id,
        title=frame.title,
        product=frame.product,
        subjects=subjects,
        events=tuple(sorted(placed, key=_event_order)),
        strays=tuple(
            sorted((e for e in in_time if e.subject_id not in subjects), key=_event_order)
        ),
        late=len(told) - len(in_time),
        lock=lock,
        known_at=frame.known_at,
        dictionaries=tuple(sorted(dictionaries)),
        planned_daily=frame.planned_daily,
        ctcae="4.03" if editions & {"4.0", "4.03"} else "5.0",
        synthetic=synthetic,
    )


def _spelled_alike(events: Sequence[Event]) -> list[Event]:
    """Give each class and term in one spelling, so that no table has a row twice."""
    used = Counter(name for event in events for name in (event.soc, event.term) if name)
    names = one_spelling(used)
    return [
        replace(
            event,
            soc=names.get(event.soc or "", event.soc),
            term=names.get(event.term or "", event.term),
        )
        for event in events
    ]


def _event_order(event: Event) -> tuple[object, ...]:
    onset = event.onset
    return (
        event.subject_id,
        onset is None,
        onset.first if onset else date.min,
        event.case_id,
        event.reaction,
    )


def _has_flags(by_subject: Mapping[str, Mapping[str, Sequence[Record]]]) -> bool:
    return any(
        "safety" in (*record.data.get("populations", ()), *record.data.get("excluded_from", ()))
        for kinds in by_subject.values()
        for record in kinds.get(ENROLLED, ())
    )


def _placed(event: Event, subjects: Mapping[str, Subject]) -> Event:
    subject = subjects[event.subject_id]
    emergent = subject.safety and is_emergent(
        event.flagged, event.onset, event.end, subject.first_dose, subject.last_dose
    )
    return replace(event, emergent=emergent)


def _last_day(
    by_subject: Mapping[str, Mapping[str, Sequence[Record]]], events: Sequence[Event]
) -> date:
    """The last whole day that the data speak of."""
    named = ("assessed", "collected", "start", "end", "enrolled", "first_dose", "last_dose")
    spans = [
        read_span(record.data.get(name))
        for kinds in by_subject.values()
        for records in kinds.values()
        for record in records
        for name in named
    ]
    spans += [span for event in events for span in (event.onset, event.end)]
    return max((span.last for span in spans if span is not None and span.day), default=date.max)
