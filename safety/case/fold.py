"""From reports to a case: in one order that does not depend on arrival."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from safety.case.report import Report
from safety.case.state import EMPTY, CaseState
from safety.facts import OWNER, Fact, bare_values, merge_facts
from safety.findings import Finding
from safety.submissions import FAMILY, Recorded, record_step
from safety.transmissions import ANSWER_FAMILY, Answer, take_answer, transmit


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
    end = case.end_of(report.merges)
    if end is not None:
        report = _taken_back(report, end)
    if report.message in case.messages:
        return case
    if report.ends is not None:
        return _without_merge(case, report)
    place = len(case.steps)
    while place and case.steps[place - 1].report.order > report.order:
        place -= 1
    reports = [step.report for step in case.steps]
    reports.insert(place, report)
    if report.undoes is not None:
        named = (at for at, each in enumerate(reports) if each.message == report.undoes)
        place = min(place, next(named, place))
    return _run(Case(case.case_id, case.steps[:place]), reports, place)


def fold_again(case_id: str, reports: Iterable[Report]) -> Case:
    """
    Fold all that the log has of a case, as it was folded one by one.

    What takes merges back goes first: a report that two merges carried over, one after the other,
    has one name, and only behind the end of the first merge is the second one no repetition.
    """
    case = Case(case_id)
    for report in sorted(reports, key=lambda report: (report.ends is None, report.order)):
        case = fold(case, report)
    return case


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
    """
    Give a decision that was taken back: it says nothing any more.

    A merge has its own end, and what was transmitted stays transmitted.
    """
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
