"""
One more study record of a subject: fold, assess, decide whom to tell.

The same set of records says the same in every order and after any repetition. A version is stored
when what they say has changed: the state of the liver screen with the results it rests on, or a
finding. Nothing of it enters a case.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any

import orjson

from safety.alerts import Alert
from safety.knowledge import Knowledge
from safety.liver import LiverScreen
from safety.liver_alerts import decide_liver_alerts, liver_state
from safety.subjects.assess import SubjectAssessment, assess_subject
from safety.subjects.records import CONCOMITANT, ENROLLED, LABORATORY, Held, SubjectFact, hold


@dataclass(frozen=True, slots=True)
class LiveSubject:
    """
    A subject as the stream carries it from record to record.

    Attributes:
        records: How many records of any kind were taken.
        held: Kind, then record id, to the fact that counts; of the kinds that are assessed.
        version: Number of its latest version; 0 before the first.
        digest: Digest of what that version says.
        chain: Hash that links that version to all before it.
    """

    study: str
    subject: str
    records: int = 0
    held: Held = field(default_factory=dict)
    liver: LiverScreen | None = None
    version: int = 0
    digest: str = ""
    chain: str = ""
    synthetic: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Study and subject."""
        return self.study, self.subject

    def __repr__(self) -> str:
        return f"LiveSubject({self.study}, version {self.version})"


@dataclass(frozen=True, slots=True)
class SubjectVersion:
    """What the records of a subject say from this record on; see `LiveSubject`."""

    study: str
    subject: str
    version: int
    caused_by: str
    recorded_at: datetime
    knowledge: str
    digest: str
    previous_chain: str
    chain: str
    liver: str  # met, undecided, none
    said: dict[str, Any]
    findings: list[dict[str, Any]]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class SubjectOutcome:
    """What one record did: the subject after it, a new version or None, and alerts."""

    subject: LiveSubject
    version: SubjectVersion | None
    alerts: tuple[Alert, ...] = ()


def begin_subject(study: str, subject: str) -> LiveSubject:
    """Give a subject nothing is known of yet."""
    return LiveSubject(study, subject)


def restore_subject(
    empty: LiveSubject, facts: Iterable[SubjectFact], knowledge: Knowledge
) -> LiveSubject:
    """Rebuild a stored subject from the head of its versions and its records that are assessed."""
    held: Held = {}
    for fact in facts:
        held = hold(held, fact) or held
    return replace(empty, held=held, liver=assess_subject(held, knowledge).liver)


def advance_subject(
    live: LiveSubject, fact: SubjectFact, knowledge: Knowledge, *, now: datetime
) -> SubjectOutcome:
    """
    Take one more record of a subject.

    Args:
        live: The subject so far.

        fact: The record; that it was not taken before is the caller's to know.

        knowledge: What to assess with.

        now: When the message was recorded; kept with the version, decides nothing.
    """
    held = hold(live.held, fact)
    after = replace(
        live,
        records=live.records + 1,
        synthetic=live.synthetic or fact.synthetic,
        held=live.held if held is None else held,
    )
    if held is None:
        return SubjectOutcome(after, None)
    if fact.kind == LABORATORY and fact.result is None and not _replaces(live.held, fact):
        return SubjectOutcome(after, None)
    # Other treatment and enrolment play no part in the screen, the dearest of what is assessed.
    screened = live.liver if fact.kind in {CONCOMITANT, ENROLLED} else None
    assessment = assess_subject(held, knowledge, screened=screened)
    after = replace(after, liver=assessment.liver)
    version = _version(after, assessment, fact, knowledge, now)
    if version is None:
        return SubjectOutcome(after, None)
    alerts = (
        ()
        if assessment.liver is None
        else tuple(
            decide_liver_alerts(
                f"subject {live.study}/{live.subject}", live.liver, assessment.liver
            )
        )
    )
    after = replace(after, version=version.version, digest=version.digest, chain=version.chain)
    return SubjectOutcome(after, version, alerts)


def seal_subject(version: SubjectVersion) -> str:
    """Give the hash that links a version, with all that it says, to those before it."""
    said: dict[str, Any] = {name: getattr(version, name) for name in _SEALED}
    said["recorded_at"] = version.recorded_at.astimezone(UTC)
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


_SEALED = tuple(each.name for each in fields(SubjectVersion) if each.name != "chain")


def _replaces(held: Held, fact: SubjectFact) -> bool:
    return fact.record_id in held.get(fact.kind, {})


def _version(
    after: LiveSubject,
    assessment: SubjectAssessment,
    fact: SubjectFact,
    knowledge: Knowledge,
    now: datetime,
) -> SubjectVersion | None:
    """Give the new version; None where the records say what they said before."""
    screen = assessment.liver
    state = (None if screen is None else liver_state(screen)) or "none"
    findings = [
        {"code": f.code, "path": f.path, "message": f.message, "severity": f.severity}
        for f in dict.fromkeys(assessment.findings)
    ]
    said = {} if screen is None or state == "none" else _said(screen)
    content = {"liver": state, "said": said, "findings": findings}
    digest = hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
    if digest == after.digest or (not after.version and state == "none" and not findings):
        return None
    version = SubjectVersion(
        study=after.study,
        subject=after.subject,
        version=after.version + 1,
        caused_by=fact.message,
        recorded_at=now,
        knowledge=knowledge.digest,
        digest=digest,
        previous_chain=after.chain,
        chain="",
        liver=state,
        said=said,
        findings=findings,
        synthetic=after.synthetic,
    )
    return replace(version, chain=seal_subject(version))


def _said(screen: LiverScreen) -> dict[str, Any]:
    """Give the results that the answer rests on, and what is missing."""
    ground = screen.ground
    if ground is None:
        return {}
    return {
        "criterion": ground.criterion,
        "evidence": ground.evidence,
        "transaminase": ground.transaminase,
        "bilirubin": ground.bilirubin,
        "alp": ground.alp,
        "missing": list(screen.missing),
    }
