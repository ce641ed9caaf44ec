"""
Which records do these files hold?

- `.jsonl`: Kafka records, one a line (see `recordfile`);
- `.json`: one CloudEvents event;
- `.xml`: one E2B batch for `pv.icsr`, or one acknowledgement for `pv.acknowledgements`.

A folder stands for all files of these kinds below it, in the order of their names.
Everything is looked at before the first record is given, so that a mistyped name
does not come to light half-way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from consumers.backfill import FILE_PARTITION
from consumers.handlers import Record
from consumers.recordfile import FileRecord, parse_line, read_jsonl
from safety.errors import SafetyError
from schemas.icsr.acknowledgement import is_acknowledgement
from schemas.topics import ACKNOWLEDGEMENTS, ICSR

SUFFIXES = (".json", ".jsonl", ".xml")
MAX_FILE_BYTES = 64 * 1024 * 1024  # of a file that is one record; no broker takes a larger one


class OutputFileError(SafetyError):
    """A file or folder for results cannot be written; the message says which and why."""


class InputFileError(SafetyError):
    """A file that was named cannot be used; the message says which and why."""


def find_files(paths: Sequence[Path]) -> list[Path]:
    """
    Give the files that the paths stand for, each once.

    Raises:
        InputFileError: A path does not exist, cannot be read or is of another kind, or a
            folder holds no file of our kinds.
    """
    found: dict[Path, None] = {}
    for path in paths:
        for file in _files_below(path) if path.is_dir() else [path]:
            _check(file)
            found[file] = None
    return list(found)


def read_records(files: Sequence[Path], *, topic: str | None = None) -> Iterator[Record]:
    """
    Give the records of files, in their order, in constant memory.

    Args:
        files: As `find_files()` gives them.

        topic: Put all of them on this topic, whatever the files say.
    """
    for file in files:
        for found in _read(file):
            record = found if topic is None else replace(found, topic=topic)
            yield Record(
                topic=record.topic,
                partition=FILE_PARTITION,
                offset=record.line,
                key=record.key,
                headers=record.headers,
                value=record.value,
            )


def _files_below(folder: Path) -> list[Path]:
    files = sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()
    )
    if not files:
        raise InputFileError(
            f"{folder} holds no file ending in {', '.join(SUFFIXES)}; name another folder"
        )
    return files


def _check(file: Path) -> None:
    if not file.is_file():
        raise InputFileError(f"{file} does not exist; check the name")
    if file.suffix.lower() not in SUFFIXES:
        raise InputFileError(
            f"{file} is of a kind we do not read; name a file ending in {', '.join(SUFFIXES)}"
        )
    try:
        with file.open("rb"):
            size = file.stat().st_size
    except OSError as error:
        raise InputFileError(
            f"{file} cannot be read ({error.strerror}); check its rights"
        ) from None
    if file.suffix.lower() != ".jsonl" and size > MAX_FILE_BYTES:
        raise InputFileError(
            f"{file} has {size:,} bytes, more than the {MAX_FILE_BYTES:,} of a record; split it"
        )


def _read(file: Path) -> Iterator[FileRecord]:
    match file.suffix.lower():
        case ".jsonl":
            yield from read_jsonl(file)
        case ".json":
            yield parse_line(file.read_bytes(), 1)
        case _:
            content = file.read_bytes()
            topic = ACKNOWLEDGEMENTS if is_acknowledgement(content) else ICSR
            yield FileRecord(topic.name, None, content, {}, 1)
