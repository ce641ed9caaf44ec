"""
The whole flow for one case message, as one function: fold, assess, decide, explain.

`advance` is pure: the same case, report and knowledge always give the same
version, byte for byte. The consumer, the backfill and the replay all call it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import orjson

from safety.alerts import Alert, alert_rejected, alert_void_case, decide_alerts
from safety.assessment import CaseAssessment, assess_case
from safety.case import Case, CaseState, Report, fold, fold_again
from safety.clinical import (
    ClinicalAssessment,
    assess_clinical,
    build_clinical_trace,
    screen_case,
)
from safety.deadlines import (
    AssessedStep,
    Obligation,
    SentReport,
    Superseded,
    assess_steps,
    build_trace,
    decide_obligations,
    find_after_sending,
    keep_sent,
    last_told,
    supersede,
)
from safety.findings import Finding
from safety.flattening import flatten_pairs, flatten_reaction
from safety.knowledge import Knowledge
from safety.liver_alerts import decide_liver_alerts
from safety.rulebooks import Rulebook
from safety.submissions import FAMILY, SETTLED, Submission, ground_of
from safety.transmissions import ANSWER_FAMILY, SENT_FAMILY
from safety.versions import Version, seal
from schemas.vocabulary import SubmissionState


@dataclass(frozen=True, slots=True)
class LiveCase:
    """
    A case as the pipeline carries it from message to message.

    Attributes:
        steps: Its history, each report with state and assessment.
        version: Number of its latest version; 0 before the first.
        digest: Digest of what that version says.
        chain: Hash that links that version to all before it; see `seal`.
        obligations: The duties that stand.
    """

    case_id: str
    case: Case
    steps: tuple[AssessedStep, ...] = ()
    version: int = 0
    digest: str = ""
    chain: str = ""
    obligations: tuple[Obligation, ...] = ()

    @property
    def synthetic(self) -> bool:
        """Whether any report of the case is marked synthetic."""
        return any(step.report.synthetic for step in self.steps)

    def __repr__(self) -> str:
        return f"LiveCase({self.case_id}, version {self.version})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one message did to its case.

    Attributes:
        case: The case after it.
        version: The new version, or None where the message told nothing new.
        created: Obligations that did not stand before, or not with these reasons.
        superseded: Why each obligation that no longer stands was lifted.
        lifted: Those obligations themselves.
        submissions: Records of submissions that this message moved.
        sent, answered: Fields of the transmissions and of the answers that it told.
    """

    case: LiveCase
    version: Version | None
    created: tuple[Obligation, ...] = ()
    superseded: tuple[Superseded, ...] = ()
    lifted: tuple[Obligation, ...] = ()
    alerts: tuple[Alert, ...] = ()
    submissions: tuple[Submission, ...] = ()
    sent: tuple[Mapping[str, Any], ...] = ()
    answered: tuple[Mapping[str, Any], ...] = ()


def begin(case_id: str) -> LiveCase:
    """Give a case nothing is known of yet."""
    return LiveCase(case_id, Case(case_id))


def restore(
    case_id: str,
    reports: Sequence[Report],
    knowledge: Knowledge,
    *,
    version: int,
    digest: str,
    chain: str,
    obligations: tuple[Obligation, ...],
) -> LiveCase:
    """Rebuild a stored case from its reports and the head of its versions."""
    case = fold_again(case_id, reports)
    steps = _assess(case, (), knowledge)
    return LiveCase(case_id, case, steps, version, digest, chain, obligations)


def advance(live: LiveCase, report: Report, knowledge: Knowledge, *, now: datetime) -> Outcome:
    """
    Take one more report into a case.

    Args:
        live: The case so far.

        report: The report; one the case already has changes nothing.

        knowledge: Dictionary, labels, rulebooks and profiles to decide with.

        now: When the message was recorded; kept with the version, decides nothing.
    """
    case = fold(live.case, report)
    if case is live.case:
        return Outcome(live, None)
    steps = _assess(case, live.steps, knowledge)
    books = destinations(steps[-1].assessment, knowledge)
    asked = decide_obligations(live.case_id, steps, books)
    obligations, sent = keep_sent(live.case_id, steps, asked, knowledge.rulebooks)
    decided = _Decided(steps, books, obligations, sent, case.state.values(), knowledge)
    digest = decided.digest
    if digest == live.digest:
        return Outcome(replace(live, case=case, steps=steps), None)
    version = _version(live, report, decided, knowledge, now)
    after = LiveCase(live.case_id, case, steps, version.version, digest, version.chain, obligations)
    known = {obligation.obligation_id: obligation for obligation in live.obligations}
    standing = {obligation.obligation_id for obligation in obligations}
    moved = tuple(_moved(live.case.state, case.state))
    return Outcome(
        case=after,
        version=version,
        created=tuple(o for o in obligations if known.get(o.obligation_id) != o),
        superseded=supersede(live.obligations, obligations, because=_because(report, case.state)),
        lifted=tuple(o for o in live.obligations if o.obligation_id not in standing),
        alerts=(
            *decide_alerts(live.obligations, _unsettled(obligations, case.state)),
            *_alerts_of_void_case(live, report, case.state, books),
            *_alerts_of_liver(live, case.state, decided.clinical, knowledge),
            *_alerts_of_rejections(live.case_id, moved, obligations),
        ),
        submissions=moved,
        sent=tuple(_told(live.case.state, case.state, SENT_FAMILY)),
        answered=tuple(_told(live.case.state, case.state, ANSWER_FAMILY)),
    )


def submissions_of(state: CaseState) -> dict[str, Submission]:
    """Give the records of submissions of a case, by the ground of their duty."""
    return {
        entry.key: Submission(**{name: fact.value for name, fact in entry.facts.items()})
        for entry in state.entries(FAMILY)
    }


def _unsettled(duties: Sequence[Obligation], state: CaseState) -> Iterator[Obligation]:
    """Leave out the duties for which nothing is left to do: nobody has to be woken for them."""
    records = submissions_of(state)
    settled = {ground for ground, record in records.items() if record.state in SETTLED}
    return (duty for duty in duties if not settled or duty.ground not in settled)


def _moved(before: CaseState, after: CaseState) -> Iterator[Submission]:
    known = submissions_of(before)
    for ground, record in submissions_of(after).items():
        if known.get(ground) != record:
            yield record


def _told(before: CaseState, after: CaseState, family: str) -> Iterator[Mapping[str, Any]]:
    for entry in after.entries(family):
        if before.entities.get(entry.path) != entry.facts:
            yield {name: fact.value for name, fact in entry.facts.items()}


def _alerts_of_rejections(
    case_id: str, moved: Sequence[Submission], obligations: Sequence[Obligation]
) -> Iterator[Alert]:
    standing = {duty.ground: duty for duty in obligations}
    for record in moved:
        if record.state == SubmissionState.REJECTED:
            ground = (record.authority, record.recipient, record.duty)
            why = (record.rule_id, record.trigger)
            duty = standing.get(ground_of(case_id, *ground, *why))
            yield alert_rejected(record, case_id, None if duty is None else duty.due)


def _alerts_of_void_case(
    live: LiveCase, report: Report, state: CaseState, books: Sequence[Rulebook]
) -> Iterator[Alert]:
    if len(state.findings) > len(live.case.state.findings) and state.nullified and books:
        shortest = min(rule.days for book in books for rule in book.rules)
        yield alert_void_case(live.case_id, report.message, report.aware + timedelta(days=shortest))


def _alerts_of_liver(
    live: LiveCase, state: CaseState, clinical: ClinicalAssessment, knowledge: Knowledge
) -> Iterator[Alert]:
    screen = clinical.liver
    if screen is None or screen.ground is None or state.nullified is not None:
        return
    before = screen_case(live.case.state, knowledge.product)
    yield from decide_liver_alerts(f"case {live.case_id}", before, screen, case_id=live.case_id)


@dataclass(frozen=True)
class _Decided:
    """What a case says and asks for after a message."""

    steps: tuple[AssessedStep, ...]
    books: tuple[Rulebook, ...]
    obligations: tuple[Obligation, ...]
    sent: tuple[SentReport, ...]
    values: dict[str, dict[str, Any]]
    knowledge: Knowledge

    @cached_property
    def clinical(self) -> ClinicalAssessment:
        """What supports the reviewer; it decides nothing here."""
        last = self.steps[-1]
        return assess_clinical(
            last.state, last.assessment, self.knowledge, observed_until=last_told(self.steps)
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should look at: seen by readers of documents, and found in the facts."""
        reading = (found for step in self.steps for found in step.report.findings)
        assessed = self.steps[-1].assessment.all_findings()
        since = find_after_sending(self.steps, self.sent)
        supporting = self.clinical.findings
        return tuple(
            dict.fromkeys((*reading, *_reused(self.steps), *assessed, *since, *supporting))
        )

    @cached_property
    def received(self) -> date | None:
        """The first day on which anybody of the company knew, by reports from outside."""
        told = (step.report.aware for step in self.steps if step.report.from_outside)
        return min(told, default=None)

    @cached_property
    def digest(self) -> str:
        """Digest of facts, findings, duties and day; equal for equal sets of reports."""
        state = self.steps[-1].state
        said = {
            "values": self.values,
            "received": self.received,
            "nullified": state.nullified and state.nullified.reason,
            "findings": sorted({f"{found.path} {found.code}" for found in self.findings}),
            "obligations": self.obligations,
            **({"sent": self.sent} if self.sent else {}),
        }
        return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def derive_status(last: AssessedStep) -> str:
    """Tell how it stands: nullified, merged, valid, or pending for want of a minimum criterion."""
    if last.state.nullified is not None:
        return "nullified"
    if last.state.merged_into is not None:
        return "merged"
    return "valid" if last.assessment.validity.valid else "pending"


def destinations(assessment: CaseAssessment, knowledge: Knowledge) -> tuple[Rulebook, ...]:
    """Which rulebooks concern the case: the study's destinations, else the product's."""
    study = assessment.context.study
    names = study.destinations if study is not None else knowledge.product.destinations
    return tuple(book for book in knowledge.rulebooks if book.name in names)


def _assess(
    case: Case, known: tuple[AssessedStep, ...], knowledge: Knowledge
) -> tuple[AssessedStep, ...]:
    return assess_steps(
        case.steps,
        known,
        lambda state: assess_case(state, knowledge),
        lambda assessment: destinations(assessment, knowledge),
    )


def _version(
    live: LiveCase, report: Report, decided: _Decided, knowledge: Knowledge, now: datetime
) -> Version:
    steps = decided.steps
    last = steps[-1]
    state, assessment = last.state, last.assessment
    version = Version(
        case_id=live.case_id,
        version=live.version + 1,
        status=derive_status(last),
        caused_by=report.message,
        received=decided.received,
        recorded_at=now,
        knowledge=knowledge.digest,
        digest=decided.digest,
        previous_chain=live.chain,
        chain="",
        state={
            path: {name: [fact.value, fact.message] for name, fact in facts.items()}
            for path, facts in state.entities.items()
        },
        changes=_changes(live.case.state.values(), decided.values),
        findings=[
            {"code": f.code, "path": f.path, "message": f.message, "severity": f.severity}
            for f in decided.findings
        ],
        trace={
            **build_trace(steps, decided.books, decided.obligations, decided.sent),
            "clinical": build_clinical_trace(assessment, decided.clinical),
        },
        events=tuple(
            flatten_reaction(state, reaction, assessment) for reaction in assessment.reactions
        ),
        pairs=tuple(flatten_pairs(state, assessment, decided.clinical)),
        synthetic=live.synthetic or report.synthetic,
    )
    return replace(version, chain=seal(version))


def _reused(steps: Sequence[AssessedStep]) -> Iterator[Finding]:
    """Find ICSRs that came under one number with different content."""
    numbers = Counter(step.report.icsr_number for step in steps if step.report.icsr_number)
    if any(count > 1 for count in numbers.values()):
        yield Finding(
            "message_number_reused",
            "N.1.2",
            "two ICSRs with different content came under one batch and message number; both count",
            "note",
        )


def _changes(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> list[list[Any]]:
    changes: list[list[Any]] = []
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path, {}), after.get(path, {})
        changes += [
            [f"{path}.{name}", old.get(name), new.get(name)]
            for name in sorted(old.keys() | new.keys())
            if old.get(name) != new.get(name)
        ]
    return changes


def _because(report: Report, state: CaseState) -> str:
    if state.nullified is not None:
        return "the case was nullified"
    if state.merged_into is not None:
        return f"the case was merged into {state.merged_into}; what is due stands there"
    return f"no rule asks for it any more after message {report.message}"
