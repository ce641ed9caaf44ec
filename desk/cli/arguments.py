"""Arguments that several commands share, and how what is typed is read."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, overload

import typer

from desk.cli.failures import UsageFault

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
        help="The version that was current then, such as 2014-06-01T12:00:00+08:00.",
        show_default=False,
    ),
]
Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files (.jsonl, .json, .xml) or folders of them."),
]


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
