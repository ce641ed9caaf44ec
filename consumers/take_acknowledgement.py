"""Acknowledgements from files: taken in as from the topic, and told case by case."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from consumers.backfill import FILE_PARTITION, process_records
from consumers.handlers import Record, Tally
from consumers.input_files import MAX_FILE_BYTES, InputFileError
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.transmissions import SentMessage, sent_messages
from schemas.errors import ContractError
from schemas.icsr.acknowledgement import parse_acknowledgement
from schemas.topics import ACKNOWLEDGEMENTS


@dataclass(frozen=True, slots=True)
class Taken:
    """
    What became of one acknowledgement.

    Attributes:
        batch: The batch it names; None if it cannot be read.
        tally: Its messages: accepted by us, repeated, in quarantine with the reasons.
        messages: What was sent in that batch, each with the answer that counts now.
    """

    file: Path
    batch: str | None
    tally: Tally
    messages: Sequence[SentMessage]


def take_acknowledgement(
    store: SqlStore,
    knowledge: Knowledge,
    file: Path,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Taken:
    """
    Take one acknowledgement file into the store.

    Args:
        store: Where the cases are.

        knowledge: What to decide with.

        file: As the gateway gave it.

        clock: Gives the instant it is recorded at; replaceable for tests.

    Raises:
        InputFileError: The file cannot be read.
    """
    content = read_file(file)
    record = Record(ACKNOWLEDGEMENTS.name, FILE_PARTITION, 0, None, {}, content)
    tallies = process_records([record], store, knowledge, clock=clock)
    try:
        batch = parse_acknowledgement(content).batch_number
    except ContractError:
        batch = None
    sent = sent_messages(store, batch=batch) if batch is not None else []
    return Taken(file, batch, tallies[ACKNOWLEDGEMENTS.name], sent)


def read_file(file: Path) -> bytes:
    """
    Give the bytes of a file that is one record.

    Raises:
        InputFileError: It cannot be read, or is too large for one.
    """
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise InputFileError(
                f"{file} has more than the {MAX_FILE_BYTES:,} bytes of one record; split it"
            )
        return file.read_bytes()
    except OSError as error:
        raise InputFileError(f"{file} cannot be read ({error.strerror})") from None
