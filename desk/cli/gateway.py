"""`safety simulate gateway`: acknowledgements as a receiver's gateway would send them."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from consumers.input_files import InputFileError, OutputFileError, find_files
from consumers.simulation.gateway import Manner, answer
from desk.cli.screen import screen
from schemas.errors import ContractError

MAX_DELAY = 3600.0


def simulate_gateway(
    batches: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="Batches as `safety e2b` wrote them, or folders."),
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the acknowledgements.")],
    manner: Annotated[
        Manner, typer.Option("--answer", help="How the gateway answers.")
    ] = Manner.ACCEPT,
    delay: Annotated[
        float,
        typer.Option(min=0, max=MAX_DELAY, help="Seconds before each answer: a slow gateway."),
    ] = 0.0,
) -> None:
    """
    Answer batches as a receiver's gateway would; nothing is sent anywhere.

    Writes one acknowledgement a batch for `safety ack`: accept takes all, reject none, partial
    every other message, silent refuses the batch without a word on its messages, garbage breaks
    off in the middle.
    """
    for file in find_files(batches):
        try:
            written = answer(file.read_bytes(), manner, now=datetime.now(UTC))
        except ContractError as error:
            raise InputFileError(f"{file} is no batch of ICSRs: {error.advice}") from None
        time.sleep(delay)
        target = out / f"{file.stem}.ack"
        try:
            out.mkdir(parents=True, exist_ok=True)
            target.write_bytes(written)
        except OSError as error:
            raise OutputFileError(
                f"{target} cannot be written ({error.strerror}); name another folder"
            ) from None
        screen().print(f"{target}", soft_wrap=True)
