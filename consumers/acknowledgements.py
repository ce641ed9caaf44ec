"""
Which cases is an acknowledgement about? It names a batch; what was sent says the rest.

An acknowledgement becomes one message a case of the batch, each with what the receiver
said of that case's message, else with what it said of the batch alone. A batch or a
message that was not sent from here goes to quarantine: it can be redriven when the
transmission is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from safety.store.model import Transaction
from schemas.errors import ContractError, Reason
from schemas.icsr.acknowledgement import divide
from schemas.messages.acknowledgement import Acknowledgement
from schemas.messages.decision import DeskDecision, Transmit
from schemas.parse import CONTENT, Message, Refused, parse_logged
from schemas.topics import ACKNOWLEDGEMENTS

Item = Message | Refused
Carrier = TypeVar("Carrier")  # what a message came in

UNKNOWN_BATCH = ContractError(
    Reason.UNKNOWN_TRANSMISSION,
    "ACK.A.1",
    "no batch of this number was sent from here; if it was sent otherwise, record that by hand",
)
UNKNOWN_MESSAGE = ContractError(
    Reason.UNKNOWN_TRANSMISSION,
    "ACK.B.r.1",
    "the batch was sent from here, but no message of this number was in it; ask the receiver",
)


def match_acknowledgements(
    transaction: Transaction, parsed: Sequence[tuple[Carrier, Item]]
) -> list[tuple[Carrier, Item]]:
    """
    Give what was read with each acknowledgement in the place of the messages it stands for.

    Args:
        transaction: To look up what was sent.

        parsed: As it was read; one that is matched already stays as it is.
    """
    wanted = {told.batch_number for _, item in parsed if (told := _unmatched(item)) is not None}
    if not wanted:
        return list(parsed)
    sent: dict[str, dict[str, str]] = {
        batch: dict(cases) for batch, cases in transaction.cases_sent(wanted).items()
    }
    for _, item in parsed:
        if isinstance(item, Message) and isinstance(data := item.data, DeskDecision):
            action = data.action
            if isinstance(action, Transmit):
                sent.setdefault(action.batch_number, {})[action.message_number] = item.subject
    return [(carrier, each) for carrier, item in parsed for each in _expand(item, sent)]


def _unmatched(item: Item) -> Acknowledgement | None:
    if isinstance(item, Refused) or item.subject:
        return None
    return item.data if isinstance(item.data, Acknowledgement) else None


def _expand(item: Item, sent: Mapping[str, Mapping[str, str]]) -> Iterator[Item]:
    data = _unmatched(item)
    if isinstance(item, Refused) or data is None:
        yield item
        return
    cases = sent.get(data.batch_number)
    if cases is None:
        yield Refused(0, UNKNOWN_BATCH, item.payload)
        return
    of_batch, parts = divide(item.payload)
    named = {number for number, _ in parts}
    parts += [(number, of_batch) for number in sorted(cases.keys() - named)]
    for position, (number, payload) in enumerate(parts):
        if number in cases:
            yield _about(item, cases[number], f"{data.batch_number}/{number}", payload, position)
        else:
            yield Refused(position, UNKNOWN_MESSAGE, item.payload)


def _about(message: Message, case_id: str, meant: str, payload: bytes, position: int) -> Message:
    return replace(
        message,
        message_id=f"{meant}{CONTENT}{sha256(payload).hexdigest()[:16]}",
        subject=case_id,
        part=position,
        data=parse_logged(ACKNOWLEDGEMENTS.name, payload, message.media_type)[1],
        payload=payload,
    )
