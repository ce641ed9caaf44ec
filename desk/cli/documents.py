"""`safety narrative`: the case told in words, from stored facts only."""

import sys
from html import escape
from pathlib import Path
from typing import Annotated

import typer

from consumers.documents import narrate, narrative_text
from consumers.input_files import OutputFileError
from consumers.printable import printable, printable_json
from desk.cli.arguments import CaseId, Json, VersionNumber
from desk.cli.cases import wanted_version
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, side_screen
from reports.narrative import Narrative, render_html, render_json


def narrative(
    context: typer.Context,
    case_id: CaseId,
    version: VersionNumber = None,
    as_html: Annotated[bool, typer.Option("--html", help="Write an HTML page.")] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="Name under each sentence the fields it rests on.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write to this file.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """
    Write the CIOMS-style narrative of a case: eight parts, each sentence from stored facts.

    What nobody told is said to be missing, once. A text that would need a fact the case does not
    have is not written at all.
    """
    if as_html and as_json:
        raise UsageFault("choose --html or --json, not both")
    knowledge = knowledge_of(context)
    with opened_store(context) as store:
        found = wanted_version(store, case_id, version, None)
        told = narrate(store, found, knowledge)
    if found.knowledge != knowledge.digest:
        hint(
            f"Version {found.version} was decided with other knowledge than is installed now; the"
            " narrative gives the assessment of today."
        )
    text = _render(told, as_html=as_html, as_json=as_json, sources=sources)
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        return
    save_text(out, text)
    side_screen().print(f"The narrative is in {out}.", soft_wrap=True)


def save_text(out: Path, text: str) -> None:
    """
    Write a file in UTF-8.

    Raises:
        OutputFileError: It cannot be written.
    """
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written ({error.strerror}); name another file"
        ) from None


def _render(told: Narrative, *, as_html: bool, as_json: bool, sources: bool) -> str:
    if as_json:
        return printable_json(render_json(told))
    if as_html:
        return printable(_page(told))
    return printable(text_with_sources(told)) if sources else narrative_text(told)


def _page(told: Narrative) -> str:
    """Give a whole page: a browser has to be told the encoding, or Chinese words are lost."""
    title = escape(f"Narrative of case {told.case_id}, version {told.version}")
    return (
        f'<!doctype html>\n<html lang="{told.language}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body>\n{render_html(told)}\n</body>\n</html>\n"
    )


def text_with_sources(told: Narrative) -> str:
    """Give each sentence on a line of its own, with the fields it rests on below it."""
    paragraphs = []
    for part in told.paragraphs:
        lines = [part.title.upper()]
        for sentence in part.sentences:
            lines += [sentence.text, f"    [{', '.join(sentence.sources)}]"]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
