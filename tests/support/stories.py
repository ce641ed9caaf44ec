"""A case as it grows, report by report, with the batch that stores each step."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from safety.alerts import Alert
from safety.case import Report
from safety.pipeline import LiveCase, Outcome, advance, begin
from safety.store.model import (
    Batch,
    CaseHead,
    LoggedMessage,
    Origin,
    Outgoing,
    Quarantined,
    SubjectRecordRow,
)
from safety.subjects import SubjectVersion, seal_subject
from tests.support.decisions import knowledge
from tests.support.reports import BASE

CASE_ID = "EDC:16621-01-001-AE01"
NOON = datetime(2026, 4, 1, 12, 0, 0, 250_000, tzinfo=UTC)


@dataclass
class Story:
    """
    One case.

    Attributes:
        live: The case as the pipeline has it.
        now: When the next report is recorded; an hour later each time.
        outcomes: What each report did.
    """

    case_id: str = CASE_ID
    now: datetime = NOON
    live: LiveCase = field(init=False)
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.live = begin(self.case_id)

    def take(self, *reports: Report) -> Batch:
        """Take reports in and give the one batch that stores them all."""
        batch = Batch()
        expected = len(self.live.steps)
        for report in reports:
            outcome = advance(self.live, report, knowledge(), now=self.now)
            self.outcomes.append(outcome)
            self.live = outcome.case
            batch.messages.append(logged(report.message, self.case_id, now=self.now))
            version = outcome.version
            if version is not None:
                batch.versions.append(version)
                batch.created += [(version.version, duty) for duty in outcome.created]
                batch.superseded += [
                    (self.case_id, version.version, end) for end in outcome.superseded
                ]
                batch.submissions += [
                    (self.case_id, version.version, moved) for moved in outcome.submissions
                ]
                batch.sent += [(self.case_id, version.version, sent) for sent in outcome.sent]
                batch.answered += [
                    (self.case_id, version.version, answered) for answered in outcome.answered
                ]
                batch.alerts += outcome.alerts
                batch.outgoing.append(outgoing(f"{self.case_id}/{version.version}", now=self.now))
            self.now += timedelta(hours=1)
        batch.heads[self.case_id] = (expected, self.head)
        return batch

    @property
    def head(self) -> CaseHead:
        """The head of the case as the consumer would store it."""
        last = self.live.steps[-1]
        status = "valid" if last.assessment.validity.valid else "pending"
        return CaseHead(
            case_id=self.case_id,
            version=self.live.version,
            messages=len(self.live.steps),
            status="nullified" if last.state.nullified else status,
            digest=self.live.digest,
            chain=self.live.chain,
            synthetic=self.live.synthetic,
            obligations=self.live.obligations,
        )


def named(report: Report, message: str) -> Report:
    """Give the same report under another message's name."""
    return replace(report, message=message, order=(*report.order[:3], message))


def logged(
    message: str, subject: str, *, about: str = "case", now: datetime = NOON, text: str = "{}"
) -> LoggedMessage:
    """Give a message as it stands in the log; `message` is source and id, joined."""
    source, _, message_id = message.partition(" ")
    payload = text.encode()
    return LoggedMessage(
        source=source,
        message_id=message_id,
        type="pv.adverse-event.reported.v1",
        subject=subject,
        about=about,
        media_type="application/cloudevents+json",
        payload=payload,
        digest=hashlib.sha256(payload).hexdigest(),
        origin=Origin("pv.adverse-events", 0, 7, 0),
        recorded_at=now,
    )


def outgoing(
    message_id: str, *, topic: str = "pv.case-decisions", now: datetime = NOON
) -> Outgoing:
    """Give a message to publish."""
    return Outgoing(f"{topic}/{message_id}", topic, CASE_ID, b'{"data": {"kind": "x"}}', now)


def alert(alert_id: str, *, kind: str = "expedited") -> Alert:
    """Give an alert about nothing in particular."""
    return Alert(alert_id, kind, None, None, None, None, "somebody has to act")


def parked(quarantine_id: str, *, offset: int = 1, now: datetime = NOON) -> Quarantined:
    """Give a message that broke its contract."""
    payload = f"not json {quarantine_id}".encode()
    return Quarantined(
        quarantine_id=quarantine_id,
        reason="not_json",
        path="",
        advice="the value is not JSON",
        origin=Origin("pv.adverse-events", 0, offset, 0),
        key=None,
        headers={"ce_id": "1"},
        payload=payload,
        digest=hashlib.sha256(payload).hexdigest(),
        earliest_due=None,
        recorded_at=now,
    )


def subject_version(version: int = 1) -> SubjectVersion:
    """Give what the study records of subject 01-001 say, sealed."""
    said = SubjectVersion(
        study=BASE["study"]["study_id"],
        subject=BASE["study"]["subject_id"],
        version=version,
        caused_by="EDC lab-1",
        recorded_at=NOON,
        knowledge="k1",
        digest="d1",
        previous_chain="",
        chain="",
        liver="undecided",
        said={},
        findings=[],
        synthetic=True,
    )
    return replace(said, chain=seal_subject(said))


def study_record(
    record_id: str, message_id: str, *, order: str = "2026-03-01", now: datetime = NOON
) -> SubjectRecordRow:
    """Give a study record of subject 01-001."""
    return SubjectRecordRow(
        source="EDC",
        message_id=message_id,
        study=BASE["study"]["study_id"],
        subject=BASE["study"]["subject_id"],
        kind="pv.laboratory.recorded.v1",
        record_id=record_id,
        order=order,
        data={"test": "ALT", "told_by": message_id},
        synthetic=True,
        recorded_at=now,
    )
