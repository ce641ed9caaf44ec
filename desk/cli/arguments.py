"""Arguments that several commands share, and how what is typed is read."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, overload

import typer

from consumers.input_files import OutputFileError
from desk.cli.failures import UsageFault
from safety.rulebooks import load_rulebooks

Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
CaseId = Annotated[str, typer.Argument(metavar="CASE", help="Case id, as `case list` shows it.")]
VersionNumber = Annotated[
    int | None,
    typer.Option(
        "--version", min=1, help="This version; the latest unless given.", show_default=False
    ),
]
KnownAt = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        "--as-known-at",
        metavar="INSTANT",
        help="As it was known at this instant, such as 2014-06-01T12:00:00+08:00.",
        show_default=False,
    ),
]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files (.jsonl, .json, .xml) or folders of them."),
]


def make_folder(path: Path) -> None:
    """
    Make a folder for results, if need be.

    Raises:
        OutputFileError: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFileError(
            f"{path} cannot be made ({error.strerror}); name another folder"
        ) from None


def save_file(path: Path, content: bytes) -> None:
    """
    Write a file that was asked for.

    Raises:
        OutputFileError: It cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OutputFileError(
            f"{path} cannot be written ({error.strerror}); name another file"
        ) from None


def authority_named(name: str | None) -> str | None:
    """
    Give the name of an authority as it was typed, if there is one.

    Raises:
        UsageFault: There is no rulebook of that name.
    """
    known = [book.name for book in load_rulebooks()]
    if name not in {None, *known}:
        raise UsageFault(f"there is no authority {name}; there are {', '.join(known)}")
    return name


def parse_day(text: str | None) -> date | None:
    """
    Read a calendar day.

    Raises:
        UsageFault: It is none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"{text} is no date; write it as 2014-05-06") from None


@overload
def parse_instant(text: str) -> datetime: ...


@overload
def parse_instant(text: None) -> None: ...


def parse_instant(text: str | None) -> datetime | None:
    """
    Read an instant with its UTC offset.

    Raises:
        UsageFault: It is none, or has no offset.
    """
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageFault(f"{text} is no instant; write it as 2014-05-06T12:00:00+08:00") from None
    if instant.tzinfo is None:
        raise UsageFault(f"{text} has no UTC offset; write it as {text}+00:00")
    return instant
