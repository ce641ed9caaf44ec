"""
What is known of one safety case, and who said it.

A case is a fold over its reports. The reports are put into one order that does
not depend on arrival: most recent information date, sender's version, receipt
instant, message id. Folding them in that order, field by field, the newest value
that a report carries wins; a value equal to the one already there keeps its
first source. The same set of reports therefore gives the same state, whatever
the order and however often they arrive.

State is kept as entities (the case itself, the patient, each reaction, drug,
dose...) holding facts; each fact remembers the message it came from.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from safety.facts import OWNER, Entities, Fact, Value, bare_values, merge_facts
from safety.findings import Finding
from safety.submissions import FAMILY, Recorded, record_step
from safety.transmissions import ANSWER_FAMILY, Answer, Transmission, take_answer, transmit

__all__ = [
    "OWNER",
    "Awareness",
    "Case",
    "CaseState",
    "Entry",
    "Fact",
    "Nullified",
    "Report",
    "Value",
    "apply",
    "fold",
    "is_null",
]

Order = tuple[str, int, str, str]


class Merged(NamedTuple):
    """
    That a case gave way to another.

    Attributes:
        into: The case that remains.
        same: Which of its reactions and drugs are those of the case that remains.
        decision: The message that said so.
    """

    into: str
    same: tuple[Mapping[str, str], ...]
    decision: str


def is_null(value: Value) -> bool:
    """Tell whether a value is an explicit unknown (a null flavour)."""
    return isinstance(value, dict) and "null" in value


@dataclass(frozen=True, slots=True)
class Nullified:
    """A report's wish that the case be void."""

    reason: str
    explanation: str
    surviving_case: str | None


@dataclass(frozen=True, slots=True)
class Awareness:
    """One calendar day on which somebody of the company knew, and how that day was found."""

    day: date
    channel: str
    basis: str


@dataclass(frozen=True, slots=True)
class Report:
    """
    One message about a case, in the terms of the domain.

    Attributes:
        message: Source and id of the message, joined; unique for ever.
        kind: initial, follow_up, correction, nullification or decision.
        order: Where this report stands among those of its case.
        sender: Whose report it is; owner of the list entries it brings.
        received_at: Instant of first receipt, with its offset.
        awareness: All days on which the company's side knew of this report, earliest first.
        first_received: Day on which its sender first heard of the case at all (E2B C.1.4).
        complete: List entries of this sender that it does not name are gone.
        entities: What it says: entity key to field to value.
        merges: The merges that carried it over from another case; empty for the case's own.
        ends: The merge that this report takes back.
        significant: A person's or reporter's mark that it changes the medical picture.
    """

    message: str
    kind: str
    order: Order
    sender: str
    received_at: datetime
    awareness: tuple[Awareness, ...]
    entities: Mapping[str, Mapping[str, Value]]
    first_received: date | None = None
    complete: bool = False
    synthetic: bool = False
    significant: bool | None = None
    nullified: Nullified | None = None
    marks: tuple[tuple[str, bool], ...] = ()  # desk: (message, significant)
    submission: Recorded | None = None  # desk: how far the report for a duty has come
    undoes: str | None = None  # desk: the decision that is taken back
    transmission: Transmission | None = None  # desk: what was sent
    answer: Answer | None = None  # what the receiver of a transmission said
    decided_by: str | None = None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    kept: int = 0  # elements of an ICSR held verbatim in the log only
    merges: tuple[str, ...] = ()
    ends: str | None = None

    @property
    def aware(self) -> date:
        """Day zero of this report: the earliest day any channel knew."""
        return self.awareness[0].day

    @property
    def from_outside(self) -> bool:
        """It brings information from a source; a correction or a decision is our own act."""
        return self.kind in {"initial", "follow_up"}

    @property
    def icsr_number(self) -> str | None:
        """Batch and message number of an ICSR, which its sender may use twice; else None."""
        if not self.message.startswith("e2b:"):
            return None
        return self.message.rpartition("#")[0]  # behind it stands the digest of the content


class Entry:
    """One entity of a state: `reactions/r1` with its facts."""

    __slots__ = ("facts", "key", "path")

    def __init__(self, path: str, facts: Mapping[str, Fact]) -> None:
        self.path = path
        self.key = path.rsplit("/", 1)[-1]
        self.facts = facts

    def raw(self, name: str) -> Value:
        """The value as it stands, explicit unknowns included; None when nothing was said."""
        fact = self.facts.get(name)
        return None if fact is None else fact.value

    def known(self, name: str) -> Value:
        """The value if it is known; None when nothing was said or it is explicitly unknown."""
        fact = self.facts.get(name)
        if fact is None:
            return None
        value = fact.value
        return None if isinstance(value, dict) and "null" in value else value

    def source(self, name: str) -> str | None:
        """The message that said it."""
        fact = self.facts.get(name)
        return None if fact is None else fact.message

    def __repr__(self) -> str:
        return f"Entry({self.path})"


@dataclass(frozen=True)
class CaseState:
    """The case after some of its reports, in order."""

    entities: Entities
    nullified: Nullified | None = None
    findings: tuple[Finding, ...] = ()

    @cached_property
    def case(self) -> Entry:
        """The case's own fields: report type, narrative, comments."""
        return Entry("case", self.entities.get("case", {}))

    @cached_property
    def patient(self) -> Entry:
        """The patient."""
        return Entry("patient", self.entities.get("patient", {}))

    @cached_property
    def study(self) -> Entry:
        """The study, empty outside studies."""
        return Entry("study", self.entities.get("study", {}))

    @cached_property
    def _families(self) -> Mapping[str, tuple[Entry, ...]]:
        families: dict[str, list[Entry]] = {}
        for path, facts in self.entities.items():
            family, slash, _ = path.rpartition("/")
            if slash:
                families.setdefault(family, []).append(Entry(path, facts))
        return {
            name: tuple(sorted(entries, key=lambda entry: _natural(entry.key)))
            for name, entries in families.items()
        }

    def entries(self, family: str) -> tuple[Entry, ...]:
        """All entries of one list, `reactions` or `drugs/d1/doses`, in the order of their ids."""
        return self._families.get(family, ())

    @cached_property
    def reactions(self) -> tuple[Entry, ...]:
        """
        The reactions that stand: told of by some source, and not voided.

        A desk decision that arrives before the report it is about makes no reaction.
        """
        return tuple(
            entry
            for entry in self.entries("reactions")
            if entry.raw("void") is None and OWNER in entry.facts
        )

    @property
    def merged(self) -> Merged | None:
        """The merge by which this case gave way to another, if that was not undone."""
        fact = self.entities.get("merge", {}).get("into")
        if fact is None or is_null(fact.value):
            return None
        return Merged(fact.value["case"], tuple(fact.value["same"]), fact.message)

    @property
    def merged_into(self) -> str | None:
        """The case that this one gave way to."""
        return None if self.merged is None else self.merged.into

    @property
    def drugs(self) -> tuple[Entry, ...]:
        """All drugs, whatever their role."""
        return tuple(entry for entry in self.entries("drugs") if OWNER in entry.facts)

    def values(self) -> dict[str, dict[str, Value]]:
        """The bare values, without their sources."""
        return {
            path: {name: fact.value for name, fact in facts.items()}
            for path, facts in self.entities.items()
        }

    def __repr__(self) -> str:
        return f"CaseState({len(self.entities)} entities)"


def _natural(key: str) -> tuple[int, str]:
    return (len(key), key) if key.isascii() else (len(key) + 1000, key)


EMPTY = CaseState(entities={})


@dataclass(frozen=True, slots=True)
class Step:
    """One report of a case and the state after it."""

    report: Report
    state: CaseState


@dataclass(frozen=True, slots=True)
class Case:
    """
    A case: its reports in order, with the state after each.

    `steps` always holds the whole history; adding a report keeps the steps that
    come before it and folds the rest again.
    """

    case_id: str
    steps: tuple[Step, ...] = field(default=())

    @property
    def state(self) -> CaseState:
        """The case as all its reports together tell it."""
        return self.steps[-1].state if self.steps else EMPTY

    @property
    def messages(self) -> frozenset[str]:
        """The messages folded in."""
        return frozenset(step.report.message for step in self.steps)

    def end_of(self, merges: Collection[str]) -> Report | None:
        """The report that takes back one of these merges, if there is one."""
        reports = (step.report for step in self.steps)
        return next((report for report in reports if report.ends in merges), None)

    def __repr__(self) -> str:
        return f"Case({self.case_id}, {len(self.steps)} reports)"


def fold(case: Case, report: Report) -> Case:
    """
    Add one report; adding it again changes nothing.

    A decision that another one takes back stays in the history and says nothing. What a source
    told cannot be taken back, nor can the taking back.

    Args:
        case: What is known so far.

        report: The report to add, at the place its order gives it.
    """
    if report.message in case.messages:
        return case
    if report.ends is not None:
        return _without_merge(case, report)
    end = case.end_of(report.merges)
    if end is not None:
        report = _taken_back(report, end)
    place = len(case.steps)
    while place and case.steps[place - 1].report.order > report.order:
        place -= 1
    reports = [step.report for step in case.steps]
    reports.insert(place, report)
    if report.undoes is not None:
        named = (at for at, each in enumerate(reports) if each.message == report.undoes)
        place = min(place, next(named, place))
    return _run(Case(case.case_id, case.steps[:place]), reports, place)


def _run(case: Case, reports: Sequence[Report], place: int) -> Case:
    """Go on with a history from a place in its reports; decisions taken back say nothing."""
    undone = {each.undoes for each in reports if each.undoes is not None}
    steps, state = list(case.steps), case.state
    for report in reports[place:]:
        said = _silent(report) if report.message in undone else report
        state = apply(state, said)
        steps.append(Step(said, state))
    return Case(case.case_id, tuple(steps))


def _without_merge(case: Case, end: Report) -> Case:
    """Take a merge back: fold everything again, with what it carried over saying nothing."""
    reports = [
        _taken_back(step.report, end) if end.ends in step.report.merges else step.report
        for step in case.steps
    ]
    ordered = sorted((*reports, end), key=lambda report: report.order)
    return _run(Case(case.case_id), ordered, 0)


def _taken_back(report: Report, end: Report) -> Report:
    """
    Give what is left of a carried report when its merge is undone: that it was there.

    It stands behind everything known when it was undone, as if it had never been among them.
    """
    name = " ".join((report.message, *report.merges))  # so that another merge may carry it again
    return Report(
        message=name,
        kind="decision",
        order=(*end.order[:3], name),
        sender=report.sender,
        received_at=end.received_at,
        awareness=end.awareness,
        entities={},
        synthetic=report.synthetic,
        merges=report.merges,
    )


def _silent(report: Report) -> Report:
    """Give a decision that was taken back: it says nothing any more. A merge has its own end."""
    if report.kind != "decision" or report.undoes is not None or "merge" in report.entities:
        return report
    return replace(report, entities={}, marks=(), submission=None)


def apply(state: CaseState, report: Report) -> CaseState:
    """
    Give the state after one more report, which is newer than all before it.

    1. a nullification with an allowed reason voids the case; with a forbidden one
       it leaves the case and a finding;
    2. a report from outside after a nullification leaves the case void (a case that
       must come back needs new ids: EU GVP VI.B.7.2), its facts and a finding are kept;
    3. a step of a submission moves its record, or leaves a finding if it is out of sequence;
    4. a transmission, and its receiver's answer, move the records of the duties they are about;
    5. list entries that a complete report of their own sender does not name go;
    6. each field the report carries replaces the older one, unless it is equal.
    """
    if report.nullified is not None:
        if report.nullified.reason in ALLOWED_NULLIFICATIONS:
            return CaseState(state.entities, report.nullified, state.findings)
        return CaseState(state.entities, state.nullified, (*state.findings, _REFUSED))
    if report.submission is not None:
        return _record(state, report, report.submission)
    if report.transmission is not None:
        sent = transmit(state.entities, report.transmission, report.message)
        return CaseState(sent, state.nullified, state.findings)
    if report.answer is not None:
        return _take_answer(state, report.answer, report.message)
    entities: dict[str, Mapping[str, Fact]] = dict(state.entities)
    if report.complete:
        for path in _absent(entities, report):
            del entities[path]
    for path, values in report.entities.items():
        entities[path] = merge_facts(entities.get(path), values, report.message)
    findings = state.findings
    if state.nullified is not None and report.from_outside:
        findings = (*findings, _REPORTED_AGAIN)
    return CaseState(entities, state.nullified, findings)


ALLOWED_NULLIFICATIONS = frozenset({"duplicate", "no_exposure", "never_valid", "data_entry_error"})

_REFUSED = Finding(
    "nullification_refused",
    "case",
    "the reason given does not void a case (EU GVP VI.B.7.2): it stands; send a follow-up instead",
)


_REPORTED_AGAIN = Finding(
    "report_after_nullification",
    "case",
    "a report came for a case that is void; if the event is real, have it sent under new numbers",
    "contradiction",
)


def _record(state: CaseState, report: Report, step: Recorded) -> CaseState:
    path = f"{FAMILY}/{step.ground}"
    known = state.entities.get(path)
    after = record_step(bare_values(known), step)
    if after is None:
        code = "submission_out_of_sequence" if step.genuine else "submission_of_unknown_duty"
        found = Finding(code, path, _NOT_RECORDED[code], "contradiction")
        return CaseState(state.entities, state.nullified, (*state.findings, found))
    entities = {**state.entities, path: merge_facts(known, after.facts(), report.message)}
    return CaseState(entities, state.nullified, state.findings)


_NOT_RECORDED = {
    "submission_out_of_sequence": "a step of a submission was recorded that cannot follow the one"
    " before it; it does not count: look at the record and record what is true",
    "submission_of_unknown_duty": "a submission was recorded for a duty whose id is not made from"
    " what it says; it does not count: record it again from the list of duties",
}


def _take_answer(state: CaseState, answer: Answer, message: str) -> CaseState:
    answered, disagrees = take_answer(state.entities, answer, message)
    findings = (*state.findings, _DISAGREE) if disagrees else state.findings
    return CaseState(answered, state.nullified, findings)


_DISAGREE = Finding(
    "acknowledgements_disagree",
    ANSWER_FAMILY,
    "a receiver both accepted and refused one message; its newest word counts: ask it which holds",
    "contradiction",
)


def _absent(entities: Mapping[str, Mapping[str, Fact]], report: Report) -> Iterator[str]:
    for path in list(entities):
        if "/" in path and path not in report.entities:
            owner = entities[path].get(OWNER)
            if owner is not None and owner.value == report.sender:
                yield path
