"""
What of a case is compared with other cases?

A fingerprint holds the few facts that say who the patient was and what happened, in folded form. It
follows from the case as it stands and from the dictionary, and from no other case, so that the same
two cases compare alike on every machine and in every order of arrival.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from safety.assessment import CaseAssessment, ReactionAssessment
from safety.case import CaseState, Entry, Value
from safety.coding.folding import fold, key_of, plain

UNCODED = "~"  # before the folded words of an event that has no term
_SHORTEST_NUMBER = 5  # a shorter case number of somebody else means nothing
_PER_YEAR = {"a": 1, "mo": 12, "wk": 52, "d": 365}  # UCUM


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """One event: its term, or folded words behind `UNCODED`; what is told of its onset and end."""

    term: str
    onset: str | None
    ended: str | None = None

    @property
    def coded(self) -> bool:
        """Whether it has a term."""
        return not self.term.startswith(UNCODED)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """
    One case as it is compared.

    Attributes:
        numbers: Its own case numbers and those that others gave it.
        subject: Study and subject.
        birth: As much of the birth date as is told, ISO 8601.
        age: In whole years, told or from birth date and onset.
        start: First dose of our product.
        reporters: Names and organisations.
        distinct: Cases that a person judged to be other events.
        merged_into: The case that it gave way to.
        void: It was nullified.
        sender: Who numbered it.
    """

    case_id: str
    numbers: tuple[str, ...]
    subject: str | None
    initials: str | None
    birth: str | None
    age: int | None
    sex: str | None
    countries: tuple[str, ...]
    events: tuple[Event, ...]
    drugs: tuple[str, ...]
    start: str | None
    death: str | None
    reporters: tuple[str, ...]
    distinct: tuple[str, ...]
    merged_into: str | None
    void: bool
    sender: str | None = None

    @property
    def is_searched(self) -> bool:
        """Whether it stands for an event of its own."""
        return not self.void and self.merged_into is None

    def as_json(self) -> dict[str, Any]:
        """Give it as it is stored."""
        return asdict(self)


def read_fingerprint(told: Mapping[str, Any]) -> Fingerprint:
    """Read a fingerprint as it was stored."""
    values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in told.items()}
    values["events"] = tuple(Event(**event) for event in told["events"])
    return Fingerprint(**values)


def derive_fingerprint(case_id: str, state: CaseState, assessment: CaseAssessment) -> Fingerprint:
    """Give what of a case is compared with other cases."""
    patient, study = state.patient, state.study
    events = tuple(sorted(set(_events(state, assessment.reactions)), key=_by_term))
    birth = _day(patient.known("birth_date"))
    onset = min((event.onset for event in events if event.onset), default=None)
    ours = set(assessment.company_drugs)
    return Fingerprint(
        case_id=case_id,
        numbers=tuple(sorted(set(_numbers(case_id, state)))),
        subject=_subject(study, patient, assessment),
        initials=_letters(patient.known("initials")),
        birth=birth,
        age=_age(patient.known("age"), birth, onset),
        sex=patient.known("sex"),
        countries=tuple(sorted({r.country for r in assessment.reactions if r.country})),
        events=events,
        drugs=tuple(sorted(set(_drugs(state, ours)))),
        start=min(_starts(state, ours), default=None),
        death=_day(patient.known("death.date")),
        reporters=tuple(sorted(set(_reporters(state)))),
        distinct=tuple(sorted(_distinct(state))),
        merged_into=state.merged_into,
        void=state.nullified is not None,
        sender=_sender(state),
    )


def _by_term(event: Event) -> tuple[str, str, str]:
    return event.term, event.onset or "", event.ended or ""


def _events(state: CaseState, reactions: Iterable[ReactionAssessment]) -> Iterator[Event]:
    for reaction in reactions:
        entry = Entry(reaction.path, state.entities[reaction.path])
        onset, ended = _day(entry.known("onset")), _day(entry.known("end"))
        coding = reaction.coding
        for part in coding.parts or (coding,):
            if (term := part.known_as or part.term) is not None:
                yield Event(term, onset, ended)
        if coding.term is None and not coding.parts:
            words = key_of(fold(entry.known("term.text") or entry.known("english") or ""))
            if words:
                yield Event(UNCODED + words, onset, ended)


def _numbers(case_id: str, state: CaseState) -> Iterator[str]:
    yield _number(case_id)
    for name in ("sender_case_id", "worldwide_id"):
        if (told := state.case.known(name)) is not None:
            yield _number(told)
    for other in state.entries("other_identifiers"):
        number, source = other.known("identifier") or "", other.known("source") or ""
        if len(number) >= _SHORTEST_NUMBER:
            yield _number(number)
            yield _number(f"{source}:{number}")


def _sender(state: CaseState) -> str | None:
    """Give who numbered the case, as `<sender>:<number>` says it."""
    sender, divided, _ = (state.case.known("sender_case_id") or "").partition(":")
    return _number(sender) if divided and sender else None


def _number(told: str) -> str:
    return "".join(plain(told).split())


def _subject(study: Entry, patient: Entry, assessment: CaseAssessment) -> str | None:
    subject = study.known("subject_id") or patient.known("investigation_number")
    if subject is None:
        return None
    profile = assessment.context.study
    name = profile.study_id if profile else study.known("study_id")
    name = name or study.known("sponsor_study_number") or ""
    return f"{_number(name)}|{_number(subject)}"


def _letters(told: str | None) -> str | None:
    letters = "".join(sign for sign in plain(told or "") if sign.isalpha())
    return letters or None


def _day(partial: Mapping[str, str] | None) -> str | None:
    return None if partial is None else partial["value"][:10]


def _age(told: Mapping[str, Value] | None, birth: str | None, onset: str | None) -> int | None:
    """Give the age that was told, else that on the day of the first event."""
    if told is not None and told.get("unit") in _PER_YEAR:
        try:
            return int(float(told["value"]) / _PER_YEAR[told["unit"]])
        except ValueError:
            return None
    if birth is None or onset is None or len(birth) < len("2000-01-01") or len(onset) < len(birth):
        return None
    born, then = date.fromisoformat(birth), date.fromisoformat(onset)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _drugs(state: CaseState, ours: set[str]) -> Iterator[str]:
    for drug in state.drugs:
        if drug.path not in ours:
            names = [entry.known("name") for entry in state.entries(f"{drug.path}/substances")]
            for name in [name for name in names if name] or [drug.known("name")]:
                if name:
                    yield key_of(fold(name))


def _starts(state: CaseState, ours: set[str]) -> Iterator[str]:
    for path in ours:
        for dose in state.entries(f"{path}/doses"):
            if (day := _day(dose.known("start"))) is not None:
                yield day


def _reporters(state: CaseState) -> Iterator[str]:
    for reporter in state.entries("reporters"):
        family, given = reporter.known("family_name"), reporter.known("given_name")
        if family is not None:
            yield key_of(fold(f"{family} {given or ''}"))
        if (organisation := reporter.known("organisation")) is not None:
            yield key_of(fold(organisation))


def _distinct(state: CaseState) -> Iterator[str]:
    for judged in state.entries("distinct"):
        if judged.known("distinct"):
            yield judged.known("case")
