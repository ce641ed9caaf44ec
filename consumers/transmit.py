"""
What leaves the house: a batch in a file, and in the log that it left.

A case that a rule rejects stays out of the batch; the others are not held up by it.
Batches are written message by message, so that memory does not grow with them. The log
has the transmission before the file has its name: a process that is killed between the
two leaves one that is recorded and waits for an answer, never one that nobody knows of.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from consumers.backfill import process_records
from consumers.desk_message import Taken, desk_record
from consumers.e2b import Judged, Sending, judge
from consumers.handlers import Record
from consumers.input_files import OutputFileError
from consumers.record_submission import name_duty
from consumers.schema_gate import SchemaGate
from reports.e2b.model import Icsr, Wrapper
from reports.e2b.profiles import Answers
from reports.e2b.render import write_batch
from safety.deadlines import Obligation
from safety.errors import InvariantError, StoreUnavailableError
from safety.knowledge import Knowledge
from safety.rulebooks import Duty
from safety.store import SqlStore
from safety.store.queries import load_version
from safety.submissions import SETTLED

ATTEMPTS = 5  # while another writer changes the same cases
_NOT_BY_ICSR = frozenset({Duty.INVESTIGATION})  # an investigation report is another document


@dataclass(frozen=True, slots=True)
class Clerk:
    """
    Who records what leaves, where.

    Attributes:
        zone: IANA zone of the office, whose calendar counts.
        submitted: The duties count as submitted at once, not only when the receiver answers.
    """

    store: SqlStore
    knowledge: Knowledge
    by: str = "safety-e2b"
    zone: str = "UTC"
    reason: str = "written for transmission"
    submitted: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """One case in a batch, as it has to be recorded."""

    case_id: str
    version: int
    number: str
    worldwide: str
    synthetic: bool


@dataclass(slots=True)
class Dispatch:
    """
    What became of one call.

    Attributes:
        batch: N.1.2; the file is named by it.
        file: The batch; None if every case was rejected.
        judged: Each case with what the rules say of it.
        drafts: Files of rejected cases, where they were asked for.
    """

    batch: str
    file: Path | None = None
    judged: list[Judged] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)


def transmit_cases(
    icsrs: Iterable[Icsr],
    sending: Sending,
    folder: Path,
    gate: SchemaGate | None,
    clerk: Clerk,
    *,
    force_draft: bool = False,
    on_case: Callable[[], None] | None = None,
) -> Dispatch:
    """
    Judge cases, write those that may leave into one batch, and record that they left.

    Args:
        icsrs: As `consumers.e2b.icsr_of()` gives them; a generator keeps memory small.

        sending: For whom.

        folder: Where the file goes.

        gate: The ICH schema, if the user has it.

        clerk: Records it.

        force_draft: Write each rejected case to a file of its own, to look at.

        on_case: Called after each case.

    Raises:
        OutputFileError: The folder cannot be written to.
        StoreUnavailableError: It cannot be recorded; nothing has left.
    """
    wrapper = new_wrapper(clerk.store, sending)
    dispatch = Dispatch(wrapper.batch_number)
    part = folder / f"{wrapper.batch_number}.part"
    accepted: list[Sent] = []

    def passing() -> Iterator[Icsr]:
        for icsr in icsrs:
            xml, judged = judge(icsr, sending, gate)
            dispatch.judged.append(judged)
            if not judged.is_rejected:
                yield icsr
                accepted.append(sent_of(icsr))
            elif force_draft:
                number = len(dispatch.drafts) + 1
                draft = folder / f"{wrapper.batch_number}.{number}.rejected.xml"
                draft.write_bytes(xml)
                dispatch.drafts.append(draft)
            if on_case is not None:
                on_case()

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as out:
            written = write_batch(out, passing(), wrapper, sending.profile)
        if written:
            record_transmission(clerk, sending, wrapper, _digest(part), accepted)
            dispatch.file = part.rename(folder / f"{wrapper.batch_number}.xml")
    except OSError as error:
        raise OutputFileError(
            f"{folder} cannot be written to ({error.strerror}); name another folder"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink()  # there only if nothing was written, or not to the end
    return dispatch


def new_wrapper(store: SqlStore, sending: Sending) -> Wrapper:
    """
    Give a batch a number that no batch of this store has.

    Raises:
        InvariantError: The number is taken: the source of random numbers is broken.
    """
    wrapper = sending.wrapper()
    with store.transaction() as transaction:
        if transaction.cases_sent([wrapper.batch_number]):
            raise InvariantError("a new batch number is taken already; random numbers repeat here")
    return wrapper


def sent_of(icsr: Icsr) -> Sent:
    """Give what is recorded of a message."""
    identity = icsr.identity
    return Sent(
        icsr.case_id,
        icsr.version,
        identity.safety_report_id,
        identity.worldwide_id,
        icsr.report.synthetic,
    )


def record_transmission(
    clerk: Clerk,
    sending: Sending,
    wrapper: Wrapper,
    digest: str,
    sent: Sequence[Sent],
    documents: Sequence[Mapping[str, str]] = (),
) -> None:
    """
    Record that a batch leaves: one decision a case, through the pipeline.

    Args:
        clerk: Who records it, where.

        sending: How it is sent.

        wrapper: The batch.

        digest: sha256 of its file, hex.

        sent: The cases in it.

        documents: What goes with it: name, media type and digest of each file.

    Raises:
        StoreUnavailableError: It cannot be recorded.
    """
    records = [_decision(clerk, sending, wrapper, digest, one, documents) for one in sent]
    for attempt in range(1, ATTEMPTS + 1):
        try:
            tallies = process_records(
                records, clerk.store, clerk.knowledge, clock=lambda: sending.created
            )
        except StoreUnavailableError:
            if attempt == ATTEMPTS:
                raise
        else:
            refused = sum(tally.quarantined for tally in tallies.values())
            if refused:
                raise InvariantError(
                    f"{refused} transmissions break the contract of a desk decision and are in"
                    " quarantine; the batch is not given out (see: safety quarantine list)"
                )
            return


def _decision(
    clerk: Clerk,
    sending: Sending,
    wrapper: Wrapper,
    digest: str,
    sent: Sent,
    documents: Sequence[Mapping[str, str]],
) -> Record:
    answers = None if sending.is_test else sending.profile.answers
    duties = answered_duties(clerk, sent.case_id, answers)
    action = {
        "kind": "transmit",
        "batch_number": wrapper.batch_number,
        "message_number": sent.number,
        "worldwide_number": sent.worldwide,
        "profile": sending.profile.name,
        "receiver": wrapper.batch_receiver,
        "version": sent.version,
        "digest": digest,
        "at": sending.created,
        "test": sending.is_test,
        "submitted": clerk.submitted,
        "duties": [name_duty(duty) for duty in duties],
        "documents": list(documents),
    }
    taken = Taken(
        sent.case_id, by=clerk.by, zone=clerk.zone, reason=clerk.reason, synthetic=sent.synthetic
    )
    return desk_record(taken, action, now=sending.created)


def answered_duties(clerk: Clerk, case_id: str, answers: Answers | None) -> list[Obligation]:
    """Give the duties of a case that stand, are not settled, and that a receiver's report meets."""
    version = None if answers is None else load_version(clerk.store, case_id)
    if answers is None or version is None:
        return []
    with clerk.store.transaction() as transaction:
        standing = transaction.heads([case_id])[case_id].obligations
    contexts = {
        rule.rule_id: rule.contexts for book in clerk.knowledge.rulebooks for rule in book.rules
    }
    settled = {
        path.rpartition("/")[2]
        for path, facts in version.state.items()
        if path.startswith("submissions/") and facts["state"][0] in SETTLED
    }
    return [
        duty
        for duty in standing
        if duty.authority == answers.authority
        and duty.recipient in answers.recipients
        and (not answers.contexts or answers.contexts & contexts.get(duty.rule_id, frozenset()))
        and duty.duty not in _NOT_BY_ICSR
        and duty.ground not in settled
    ]


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, hashlib.sha256).hexdigest()
