"""
The registry of topics: what each carries, who writes it, who reads it, how it may change.

Everything that lists topics or message kinds reads this table: the parser, the
consumer, the generated JSON Schema and AsyncAPI documents, and the tests.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from schemas.envelope import Event
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.messages.decision import DeskDecision
from schemas.messages.outgoing import AlertRaised, CaseDecided, MessageQuarantined
from schemas.messages.study_record import (
    ConcomitantRecorded,
    DiseaseAssessed,
    ExposureRecorded,
    LaboratoryRecorded,
    SubjectEnrolled,
)
from schemas.values import Closed

Model = type[Closed]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: its CloudEvents type, the model of its data, what it says."""

    type: str
    data: Model
    says: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic."""

    name: str
    direction: Literal["in", "out"]
    media_type: Literal["application/json", "application/xml"]
    kinds: tuple[Kind, ...]
    version: int
    compatibility: str
    producers: tuple[str, ...]
    consumers: tuple[str, ...]
    partitions: int  # by default; see the operations guide
    says: str


_BACKWARD = "backward: a new version may add optional fields, nothing else"

ADVERSE_EVENTS = Topic(
    name="pv.adverse-events",
    direction="in",
    media_type="application/json",
    kinds=(
        Kind("pv.adverse-event.reported.v1", AdverseEventReport, "An adverse event was reported."),
        Kind("pv.adverse-event.nullified.v1", Nullification, "A case was declared void."),
        Kind("pv.decision.recorded.v1", DeskDecision, "A person decided something about a case."),
    ),
    version=1,
    compatibility=_BACKWARD,
    producers=("study database", "call centre", "partners", "desk"),
    consumers=("safety consume",),
    partitions=4,
    says="Adverse events as reported, corrected, nullified, and decided upon at the desk.",
)

ICSR = Topic(
    name="pv.icsr",
    direction="in",
    media_type="application/xml",
    kinds=(),
    version=1,
    compatibility="ICH E2B(R3), message MCCI_IN200100UV01",
    producers=("partners", "authorities"),
    consumers=("safety consume",),
    partitions=4,
    says="ICH E2B(R3) XML as received: one or many ICSRs in a batch.",
)

ACKNOWLEDGEMENTS = Topic(
    name="pv.acknowledgements",
    direction="in",
    media_type="application/xml",
    kinds=(),
    version=1,
    compatibility="ICH E2B(R3), message MCCI_IN200101UV01",
    producers=("gateways of authorities and partners",),
    consumers=("safety consume", "safety ack"),
    partitions=4,
    says="ICH acknowledgements as received: what became of a batch that we sent.",
)

STUDY_RECORDS = Topic(
    name="pv.study-records",
    direction="in",
    media_type="application/json",
    kinds=(
        Kind("pv.subject.enrolled.v1", SubjectEnrolled, "A subject entered the study."),
        Kind("pv.exposure.recorded.v1", ExposureRecorded, "A dose period was recorded."),
        Kind("pv.disease.assessed.v1", DiseaseAssessed, "Disease or survival was assessed."),
        Kind("pv.concomitant.recorded.v1", ConcomitantRecorded, "Other treatment was recorded."),
        Kind("pv.laboratory.recorded.v1", LaboratoryRecorded, "A laboratory result was recorded."),
    ),
    version=1,
    compatibility=_BACKWARD,
    producers=("study database",),
    consumers=("safety consume",),
    partitions=4,
    says="What a study records of its subjects beside adverse events.",
)

CASE_DECISIONS = Topic(
    name="pv.case-decisions",
    direction="out",
    media_type="application/json",
    kinds=(Kind("pv.case.decided.v1", CaseDecided, "A case has a new version."),),
    version=1,
    compatibility=_BACKWARD,
    producers=("safety consume",),
    consumers=("downstream systems",),
    partitions=4,
    says="Each case version with its assessment and its duties to report.",
)

ALERTS = Topic(
    name="pv.alerts",
    direction="out",
    media_type="application/json",
    kinds=(Kind("pv.alert.raised.v1", AlertRaised, "Somebody has to act."),),
    version=1,
    compatibility=_BACKWARD,
    producers=("safety consume", "safety watch"),
    consumers=("desk", "downstream systems"),
    partitions=4,
    says="What must be told to a person now.",
)

DEAD_LETTERS = Topic(
    name="pv.dead-letters",
    direction="out",
    media_type="application/json",
    kinds=(
        Kind("pv.message.quarantined.v1", MessageQuarantined, "A message was put in quarantine."),
    ),
    version=1,
    compatibility=_BACKWARD,
    producers=("safety consume",),
    consumers=("operations",),
    partitions=4,
    says="Messages that break their contract, with reason, origin and the payload as received.",
)

TOPICS: tuple[Topic, ...] = (
    ADVERSE_EVENTS,
    ICSR,
    ACKNOWLEDGEMENTS,
    STUDY_RECORDS,
    CASE_DECISIONS,
    ALERTS,
    DEAD_LETTERS,
)
INCOMING: tuple[Topic, ...] = tuple(topic for topic in TOPICS if topic.direction == "in")
BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}


@cache
def event_model(kind: Kind) -> type[Event[Any, Any]]:
    """The whole message of a kind: the envelope with this type and this data."""
    model: type[Event[Any, Any]] = Event[Literal[kind.type], kind.data]  # type: ignore[name-defined]
    return model
