"""`safety narrative`: the case told in words, from stored facts only."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from consumers.documents import narrate, narrative_text
from consumers.input_files import OutputFileError
from consumers.printable import printable, printable_json
from desk.cli.arguments import CaseId, Json, VersionNumber
from desk.cli.cases import wanted_version
from desk.cli.failures import UsageFault
from desk.cli.giving import give_document
from desk.cli.opening import knowledge_of, opened_store
from desk.cli.screen import hint, side_screen
from reports.narrative import Narrative, render_json, render_page, render_pdf


class Language(StrEnum):
    """In which language a narrative is written."""

    ENGLISH = "en"
    CHINESE = "zh"


def narrative(  # noqa: PLR0913, PLR0917  (options of a command)
    context: typer.Context,
    case_id: CaseId,
    version: VersionNumber = None,
    language: Annotated[
        Language, typer.Option(help="English, or Simplified Chinese.")
    ] = Language.ENGLISH,
    changes_since: Annotated[
        int | None,
        typer.Option(
            metavar="VERSION",
            min=1,
            help="List what changed since this version, field by field.",
            show_default=False,
        ),
    ] = None,
    as_html: Annotated[bool, typer.Option("--html", help="Write an HTML page.")] = False,
    as_pdf: Annotated[bool, typer.Option("--pdf", help="Write a PDF/A; needs --out.")] = False,
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
    have is not written at all. Deaths, cases of the liver, and reports from studies, literature
    and spontaneous reporters each have templates of their own.
    """
    if as_html + as_json + as_pdf > 1:
        raise UsageFault("choose one of --html, --pdf and --json")
    if as_pdf and out is None and sys.stdout.isatty():
        raise UsageFault("a PDF is not for a terminal; name a file with --out")
    knowledge = knowledge_of(context)
    with opened_store(context) as store:
        found = wanted_version(store, case_id, version, None)
        since = changes_since and wanted_version(store, case_id, changes_since, None)
        if since and since.version >= found.version:
            raise UsageFault("--changes-since names a version before the one that is written")
        told = narrate(store, found, knowledge, language=language.value, since=since or None)
    if found.knowledge != knowledge.digest:
        hint(
            f"Version {found.version} was decided with other knowledge than is installed now; the"
            " narrative gives the assessment of today."
        )
    if as_pdf:
        made_at = datetime.now(UTC).replace(microsecond=0)
        give_document(render_pdf(told, made_at=made_at, sources=sources), out, "narrative")
        return
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
        return printable(render_page(told))
    return printable(text_with_sources(told)) if sources else narrative_text(told)


def text_with_sources(told: Narrative) -> str:
    """Give each sentence on a line of its own, with the fields it rests on below it."""
    paragraphs = []
    for part in told.paragraphs:
        lines = [part.title.upper()]
        for sentence in part.sentences:
            lines += [sentence.text, f"    [{', '.join(sentence.sources)}]"]
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)
