"""ICSRs out of the store: built from the log, and judged one by one. `transmit` sends them."""

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

from consumers.documents import narrate, steps_of
from consumers.logged import read_logged
from consumers.schema_gate import SchemaGate
from consumers.settings import Settings
from reports.e2b.build import Choices, build_icsr
from reports.e2b.model import Icsr, OwnSender, Wrapper
from reports.e2b.profiles import Profile
from reports.e2b.render import render_batch
from reports.e2b.validate import Broken, Verdict, notes_of, validate_batch
from safety.deadlines import AssessedStep
from safety.deadlines.evaluate import Answer
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.model import LoggedMessage
from safety.store.queries import case_messages
from safety.versions import Version
from schemas.icsr.document import parse_document

_XML = "application/xml"
_TEXT = "{urn:hl7-org:v3}reference/{urn:hl7-org:v3}document/{urn:hl7-org:v3}text"
_TRIAL_CONTEXTS = "nis"


@dataclass(frozen=True, slots=True)
class Sending:
    """
    How cases are sent.

    Attributes:
        is_test: To the receiver's test address.
        regional: Values of regional elements, by number.
        amendment: Why what was sent before is amended (C.1.11.2).
    """

    profile: Profile
    sender: OwnSender
    created: datetime
    is_test: bool = False
    regional: Mapping[str, str] = field(default_factory=dict)
    amendment: str | None = None

    def wrapper(self) -> Wrapper:
        """Give a new batch its number, which no other batch has."""
        profile = self.profile
        test = self.is_test
        return Wrapper(
            batch_number=f"{self.created.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex}",
            sender=self.sender.identifier,
            batch_receiver=profile.test_batch_receiver if test else profile.batch_receiver,
            message_receiver=profile.test_message_receiver if test else profile.message_receiver,
            created=self.created,
            processing_mode=profile.processing_mode,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what the rules say of its message."""

    case_id: str
    broken: tuple[Broken, ...]

    @property
    def is_rejected(self) -> bool:
        """It was not written into a batch."""
        return any(one.severity == "rejection" for one in self.broken)


def own_sender(settings: Settings) -> OwnSender:
    """Give who we are as the settings say."""
    return OwnSender(
        settings.e2b_sender_id, settings.e2b_sender_organisation, settings.e2b_sender_country
    )


def icsr_of(store: SqlStore, version: Version, knowledge: Knowledge, sending: Sending) -> Icsr:
    """Build the message about a case version from the log."""
    steps = steps_of(store, version, knowledge)
    messages = case_messages(store, version.case_id)
    last = steps[-1]
    narrative = None
    if last.state.case.known("narrative") is None:
        narrative = narrate(store, version, knowledge).body
    icsr = build_icsr(
        version.case_id,
        steps,
        read_logged(messages[0]),
        sending.profile,
        sending.sender,
        created=sending.created,
        choices=Choices(
            narrative=narrative,
            expedited=_is_expedited(last),
            amendment=sending.amendment,
            regional=sending.regional,
            attachments=_attachments(messages),
            study_type=_study_type(last, knowledge),
        ),
    )
    return replace(icsr, version=version.version)


def _is_expedited(step: AssessedStep) -> bool:
    return any(
        evaluation.answer is Answer.FIRED
        for evaluations in step.evaluations.values()
        for evaluation in evaluations
    )


def _study_type(step: AssessedStep, knowledge: Knowledge) -> str | None:
    """C.5.4 of a study whose profile we have: a trial, or a study without intervention."""
    told = step.state.study.known("study_id") or step.state.study.known("sponsor_study_number")
    study = knowledge.study(told)
    if study is None:
        return None
    return "other_study" if study.context.startswith(_TRIAL_CONTEXTS) else "clinical_trial"


def _attachments(messages: Iterable[LoggedMessage]) -> dict[str, bytes]:
    """Collect the documents that ICSRs of this case brought, by digest."""
    found: dict[str, bytes] = {}
    for message in messages:
        if message.media_type != _XML:
            continue
        for text in parse_document(message.payload).iterfind(f".//{_TEXT}"):
            content = (text.text or "").strip().encode()
            if text.get("representation") == "B64":
                try:
                    content = base64.b64decode(b"".join(content.split()), validate=True)
                except binascii.Error:
                    continue
            found[f"sha256:{sha256(content).hexdigest()}"] = content
    return found


def judge(icsr: Icsr, sending: Sending, gate: SchemaGate | None) -> tuple[bytes, Judged]:
    """Write a case alone, and judge what was written."""
    xml = render_batch([icsr], sending.wrapper(), sending.profile)
    [verdict] = check_file(xml, gate, now=sending.created, profile=sending.profile)
    return xml, Judged(icsr.case_id, (*verdict.broken, *notes_of(icsr)))


def check_file(
    value: bytes, gate: SchemaGate | None, *, now: datetime, profile: Profile | None = None
) -> Iterator[Verdict]:
    """
    Judge a file, message by message: schema, ICH's rules, and those of the receiver it names.

    Raises:
        ContractError: It is no batch of ICSRs.
    """
    faults = None if gate is None else gate.faults(parse_document(value))
    uncoded = "rejection" if profile is None else profile.uncoded
    return validate_batch(value, now=now, uncoded=uncoded, xsd_faults=faults)
