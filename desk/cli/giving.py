"""Where a document goes: a file, a folder with one for each case, or standard output."""

import hashlib
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from consumers.input_files import OutputFileError
from desk.cli.arguments import save_file
from desk.cli.cases import wanted_version
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, progress, side_screen
from reports.cioms import POLICIES
from safety.knowledge import Knowledge
from safety.store import SqlStore
from safety.store.queries import case_ids
from safety.versions import Version

OneCase = Annotated[
    str | None,
    typer.Argument(metavar="[CASE]", help="Case id, as `case list` shows it.", show_default=False),
]
Mask = Annotated[
    str, typer.Option(metavar="POLICY", help=f"What is withheld: {', '.join(POLICIES)}.")
]
MadeAt = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT",
        help="Instant on the document, now unless given: the same instant, the same bytes.",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write to this file.", show_default=False)
]
AllInto = Annotated[
    Path | None,
    typer.Option(
        "--all", metavar="DIR", help="Write every case into this folder.", show_default=False
    ),
]


def check_choice(
    case_id: str | None, version: int | None, mask: str, out: Path | None, all_into: Path | None
) -> None:
    """
    See that one case is named or all are asked for, and that the policy is one.

    Raises:
        UsageFault: If not.
    """
    if (case_id is None) == (all_into is None):
        raise UsageFault("name one case, or a folder for all with --all DIR")
    if all_into is not None and (out is not None or version is not None):
        raise UsageFault(
            "--all writes the latest version of every case; leave out --out, --version"
        )
    if mask not in POLICIES:
        raise UsageFault(f"there is no masking policy {mask}; there are {', '.join(POLICIES)}")


def give_forms(
    context: typer.Context,
    case_id: str | None,
    version: int | None,
    suffix: str,
    out: Path | None,
    all_into: Path | None,
    made: Callable[[SqlStore, Version, Knowledge], bytes],
) -> None:
    """
    Make the form of one case, or of all cases, and give it out.

    Raises:
        UsageFault: A PDF would go to a terminal.
        OutputFileError: It cannot be written.
    """
    if case_id is not None and out is None and suffix == "pdf" and sys.stdout.isatty():
        raise UsageFault("a PDF is not for a terminal; name a file with --out")
    knowledge = knowledge_of(context)
    with opened_store(context) as store:

        def written(case: str) -> bytes:
            found = wanted_version(store, case, version, None)
            if found.knowledge != knowledge.digest and all_into is None:
                hint(
                    f"Version {found.version} was decided with other knowledge than is installed"
                    " now; the form gives the assessment of today."
                )
            return made(store, found, knowledge)

        if case_id is not None:
            give_document(written(case_id), out, "form")
            return
        give_all(list(case_ids(store)), all_into or Path(), suffix, written)


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
    save_file(out, content)
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
            save_file(folder / f"{file_name(case)}.{suffix}", written(case))
            done(1)
    side_screen().print(f"{len(cases):,} forms are in {folder}.", soft_wrap=True)


def file_name(case_id: str) -> str:
    """Give a name for the file of a case; two cases never share one."""
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", case_id)
    if plain == case_id:
        return plain
    return f"{plain[:150]}-{hashlib.sha256(case_id.encode()).hexdigest()[:8]}"
