"""
What the store keeps and what the pipeline asks of it.

One `Transaction` holds everything that a batch of messages changes, the stream
offset included: it is stored whole or not at all. Two implementations share one
behavioural suite: `memory` for tests and dry runs, `sql` for SQLite and PostgreSQL.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from safety.alerts import Alert
from safety.coding import Learned
from safety.deadlines import Obligation, Superseded
from safety.duplicates import Fingerprint, Pair
from safety.subjects import SubjectVersion
from safety.submissions import Submission
from safety.versions import Version

MessageKey = tuple[str, str]  # CloudEvents source and id
SubjectKey = tuple[str, str]  # study and subject
PairKey = tuple[str, str]  # two cases, the id that sorts first before the other
About = Literal["case", "subject"]
Partition = tuple[str, int]  # topic and partition


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from; partition -1 for files, the offset is then the line."""

    topic: str
    partition: int
    offset: int
    part: int


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """
    One accepted message as it stands in the log, for ever.

    Attributes:
        subject: Case key or study subject key.
        about: `case` or `subject`.
        payload: Bytes the message can be read from again, alone.
        digest: sha256 of the payload, hex.
        recorded_at: When we stored it (UTC); decides nothing.
        learned: How much of what people taught the dictionary it was decided with.
    """

    source: str
    message_id: str
    type: str
    subject: str
    about: str
    media_type: str
    payload: bytes
    digest: str
    origin: Origin
    recorded_at: datetime
    learned: int = 0


@dataclass(frozen=True, slots=True)
class CaseHead:
    """
    The head of a case: its latest version and the duties that stand.

    Attributes:
        messages: How many messages are folded in; a store refuses a head whose
            predecessor is not the one it has (`expected` of `Batch.heads`).
    """

    case_id: str
    version: int
    messages: int
    status: str
    digest: str
    chain: str
    synthetic: bool
    obligations: tuple[Obligation, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """
    What of a case is compared with others.

    Attributes:
        places: Keys of its blocks, each with its place in the block; see the table.
    """

    told: Fingerprint
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RaisedPair:
    """Two cases that may be one, and since when we have said so."""

    pair: Pair
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class SubjectRecordRow:
    """One study record; append-only, the newest of a record id counts."""

    source: str
    message_id: str
    study: str
    subject: str
    kind: str
    record_id: str
    order: str  # recorded_at of the study database in UTC, then the message: newest is greatest
    data: Mapping[str, Any]
    synthetic: bool
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """How far a subject of a study has come: its records, and the newest of its assessments."""

    study: str
    subject: str
    records: int
    version: int
    digest: str
    chain: str
    synthetic: bool

    @property
    def key(self) -> SubjectKey:
        """Study and subject."""
        return self.study, self.subject


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish; `message_id` is made from its ground, so it is the same every time."""

    message_id: str
    topic: str
    key: str
    payload: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that broke its contract, as received."""

    quarantine_id: str
    reason: str
    path: str
    advice: str
    origin: Origin
    key: str | None
    headers: Mapping[str, str]
    payload: bytes
    digest: str
    earliest_due: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """
    How far a partition is read, and what became of what was read.

    `messages` = accepted + repeated + quarantined; a record may hold several messages.
    """

    topic: str
    partition: int
    next_offset: int
    records: int
    accepted: int
    repeated: int
    quarantined: int

    @property
    def messages(self) -> int:
        """Logical messages read."""
        return self.accepted + self.repeated + self.quarantined


@dataclass(slots=True)
class Batch:
    """Everything one transaction stores, in the order it was decided."""

    messages: list[LoggedMessage] = field(default_factory=list)
    heads: dict[str, tuple[int, CaseHead]] = field(default_factory=dict)  # expected messages, head
    versions: list[Version] = field(default_factory=list)
    created: list[tuple[int, Obligation]] = field(default_factory=list)  # version, obligation
    superseded: list[tuple[str, int, Superseded]] = field(default_factory=list)  # case, version
    submissions: list[tuple[str, int, Submission]] = field(default_factory=list)  # case, version
    sent: list[tuple[str, int, Mapping[str, Any]]] = field(default_factory=list)  # case, version
    answered: list[tuple[str, int, Mapping[str, Any]]] = field(default_factory=list)
    records: list[SubjectRecordRow] = field(default_factory=list)
    subjects: dict[SubjectKey, tuple[int, SubjectHead]] = field(default_factory=dict)  # as `heads`
    assessments: list[SubjectVersion] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    outgoing: list[Outgoing] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    learned: list[Learned] = field(default_factory=list)
    compared: dict[str, tuple[Compared | None, Compared]] = field(default_factory=dict)  # old, new
    pairs: dict[PairKey, RaisedPair | None] = field(default_factory=dict)  # None: no pair any more


class Transaction(Protocol):
    """One unit of work; leaving it normally commits, an exception rolls back."""

    def known_messages(self, keys: Collection[MessageKey]) -> Mapping[MessageKey, str]:
        """Which of these messages are in the log already, with the digest of their payload."""

    def heads(self, case_ids: Collection[str]) -> Mapping[str, CaseHead]:
        """The heads of the cases that exist, with the obligations that stand."""

    def log_of(
        self, case_ids: Collection[str], *, about: About = "case"
    ) -> Mapping[str, Sequence[LoggedMessage]]:
        """All messages of these cases, or study subjects, in the order they were recorded."""

    def subject_heads(self, keys: Collection[SubjectKey]) -> Mapping[SubjectKey, SubjectHead]:
        """The heads of the subjects that exist."""

    def records_of(
        self, keys: Collection[SubjectKey]
    ) -> Mapping[SubjectKey, Sequence[SubjectRecordRow]]:
        """The records of these subjects, of the kinds that are assessed, in any order."""

    def cases_sent(self, batches: Collection[str]) -> Mapping[str, Mapping[str, str]]:
        """Which cases went out in these batches: batch number to message number to case."""

    def progress(self, partitions: Collection[Partition]) -> Mapping[Partition, Progress]:
        """How far these partitions are read; absent where never read."""

    def learned(self, *, after: int) -> tuple[Learned, ...]:
        """What people taught the dictionary, in order, behind this number."""

    def compared(self, case_ids: Collection[str]) -> Mapping[str, Compared]:
        """What of these cases is compared with others; absent where nothing is known."""

    def blocks(self, keys: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """The cases of these blocks, each with its place; absent where a block is empty."""

    def pairs(self, case_ids: Collection[str]) -> Mapping[PairKey, RaisedPair]:
        """The pairs that one of these cases is in."""

    def save(self, batch: Batch, *, now: datetime) -> None:
        """
        Store a batch.

        Raises:
            StoreUnavailableError: Another writer changed one of the cases first; try again.
        """

    def advance(self, before: Progress | None, after: Progress) -> None:
        """
        Move a partition's offset by compare-and-set.

        Raises:
            OffsetConflictError: It is not at `before` any more: another consumer owns it.
        """


class Store(Protocol):
    """Where everything is kept."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begin a unit of work."""

    def keep_knowledge(self, digest: str, parts: Mapping[str, str], *, now: datetime) -> None:
        """Record once which knowledge a digest stands for."""

    def close(self) -> None:
        """Give back all connections."""
