"""Where a document goes: a file, a folder with one for each case, or standard output."""

import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from consumers.input_files import OutputFileError
from desk.cli.screen import progress, side_screen


def give_document(content: bytes, out: Path | None, what: str) -> None:
    """
    Write a document to a file, or to standard output.

    Raises:
        OutputFileError: It cannot be written.
    """
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    _save(out, content)
    side_screen().print(f"The {what} is in {out}.", soft_wrap=True)


def give_all(
    cases: Sequence[str], folder: Path, suffix: str, written: Callable[[str], bytes]
) -> None:
    """
    Write a document of each case into a folder, and show how far it is.

    Raises:
        OutputFileError: The folder cannot be made, or a file not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFileError(
            f"{folder} cannot be made ({error.strerror}); name another folder"
        ) from None
    with progress("writing forms") as done:
        for case in cases:
            _save(folder / f"{file_name(case)}.{suffix}", written(case))
            done(1)
    side_screen().print(f"{len(cases):,} forms are in {folder}.", soft_wrap=True)


def file_name(case_id: str) -> str:
    """Give a name for the file of a case; two cases never share one."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", case_id)
    if plain == case_id:
        return plain
    return f"{plain[:150]}-{hashlib.sha256(case_id.encode()).hexdigest()[:8]}"


def _save(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputFileError(
            f"{path} cannot be written ({error.strerror}); name another file"
        ) from None
