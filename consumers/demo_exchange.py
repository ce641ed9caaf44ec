"""
The demo's correspondence with an authority: sent, refused in part, sent again, accepted.

A few cases with a duty to EMA go out as one batch of E2B messages. The gateway that
`consumers.simulation.gateway` plays refuses every other one, and its duties are open again; those
are sent once more and accepted. Nothing leaves the machine. A rule keeps back what has no MedDRA
code: the open dictionary has none, so only what its sender coded can go.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consumers.e2b import Sending, icsr_of, judge
from consumers.simulation.gateway import Manner, answer
from consumers.take_acknowledgement import take_acknowledgement
from consumers.transmit import Clerk, transmit_cases
from reports.e2b.model import Icsr, OwnSender
from reports.e2b.profiles import load_profile
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import due, load_version
from safety.store.submissions import open_duties
from schemas.vocabulary import SubmissionState

AUTHORITY, RECEIVER = "EMA", "ema-post"
SENDER = OwnSender("DEMO")
CASES = 4


@dataclass(frozen=True, slots=True)
class Exchange:
    """
    One batch, and what came back.

    Attributes:
        accepted: Messages that the gateway took.
        refused: Messages it did not take.
        reopened: Duties that are open again for it, once the answer was taken in.
    """

    batch: str
    accepted: int
    refused: int
    reopened: int


def exchange_messages(
    store: SqlStore, knowledge: Knowledge, folder: Path, done: Callable[[int], None]
) -> tuple[Exchange, ...]:
    """
    Send, be refused in part, and send that again.

    Args:
        store: The demo's cases.

        knowledge: What they were judged with.

        folder: Where batches and acknowledgements go.

        done: Told the number of batches done since the last call.
    """
    with_duty = dict.fromkeys(duty.case_id for duty in due(store, authority=AUTHORITY))
    sending = Sending(load_profile(RECEIVER), SENDER, datetime.now(UTC))
    sendable: list[str] = []
    for case_id in with_duty:
        for icsr in _icsrs(store, knowledge, sending, [case_id]):
            if len(sendable) < CASES and not judge(icsr, sending, None)[1].is_rejected:
                sendable.append(case_id)
    made: list[Exchange] = []
    for manner in (Manner.PARTIAL, Manner.ACCEPT):
        if sendable:
            exchange, sendable = _send(store, knowledge, folder, sendable, manner)
            made.append(exchange)
            done(1)
    return tuple(made)


def _icsrs(
    store: SqlStore, knowledge: Knowledge, sending: Sending, wanted: Sequence[str]
) -> list[Icsr]:
    versions = filter(None, (load_version(store, case_id) for case_id in wanted))
    return [icsr_of(store, version, knowledge, sending) for version in versions]


def _send(
    store: SqlStore, knowledge: Knowledge, folder: Path, wanted: Sequence[str], manner: Manner
) -> tuple[Exchange, list[str]]:
    """Send one batch and take in its answer; give what was refused."""
    now = datetime.now(UTC)
    sending = Sending(load_profile(RECEIVER), SENDER, now)
    clerk = Clerk(store, knowledge, by="safety-demo")
    icsrs = _icsrs(store, knowledge, sending, wanted)
    dispatch = transmit_cases(icsrs, sending, folder, None, clerk)
    batch = folder / f"{dispatch.batch}.xml"
    acknowledgement = batch.with_suffix(".ack")
    acknowledgement.write_bytes(answer(batch.read_bytes(), manner, now=now))
    taken = take_acknowledgement(store, knowledge, acknowledgement)
    answers = [(one.case_id, one.answer) for one in taken.messages if one.answer is not None]
    refused = [case_id for case_id, told in answers if not told.accepted]
    standing = open_duties(store, authority=AUTHORITY)
    exchange = Exchange(
        batch=dispatch.batch,
        accepted=len(answers) - len(refused),
        refused=len(refused),
        reopened=sum(duty.state == SubmissionState.REJECTED for duty in standing),
    )
    return exchange, refused
