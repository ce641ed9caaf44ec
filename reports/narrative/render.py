"""
The narrative as text, HTML or JSON; nothing is left out, nothing added but a header.

No clock is read: whoever wants the time on the document passes it.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

import orjson

from reports.narrative.model import Narrative, Part, Sentence


def render_text(
    narrative: Narrative, width: int | None = None, *, written_at: datetime | None = None
) -> str:
    """
    Render as plain text.

    Args:
        narrative: The narrative.

        width: Longest line in characters, broken at spaces only; None leaves each
            paragraph on one line.

        written_at: When the document was made, with its offset, for the header.
    """
    header = "\n".join(f"{name}: {value}" for name, value in _header(narrative, written_at))
    paragraphs = (narrative.text_of(part) for part in narrative.paragraphs)
    wrapped = (text if width is None else _wrap(text, width) for text in paragraphs)
    return "\n\n".join((header, *wrapped)) + "\n"


def render_html(narrative: Narrative, *, written_at: datetime | None = None) -> str:
    """
    Render as an HTML article that a page can hold.

    Each sentence is a `span`; its attribute `data-sources` is the JSON list of the fields it was
    made from, and its title shows them.
    """
    header = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in _header(narrative, written_at)
    )
    sections = "\n".join(_section(part) for part in narrative.paragraphs)
    return (
        f'<article class="narrative" lang="{escape(narrative.language)}"'
        f' style="white-space: pre-line">\n<dl>{header}</dl>\n{sections}\n</article>\n'
    )


def render_json(narrative: Narrative, *, written_at: datetime | None = None) -> str:
    """Render as JSON: the whole model, with the value of every derived fact it names."""
    document = {
        **dict(_header(narrative, written_at)),
        "case": narrative.case_id,
        "version": narrative.version,
        "language": narrative.language,
        "paragraphs": [_paragraph(part) for part in narrative.paragraphs],
        "derived": dict(narrative.derived),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _header(narrative: Narrative, written_at: datetime | None) -> Iterator[tuple[str, str]]:
    yield "case", narrative.case_id
    yield "version", str(narrative.version)
    if narrative.knowledge:
        yield "knowledge", narrative.knowledge
    yield "templates", narrative.template_version
    if written_at is not None:
        yield "written", written_at.isoformat()


def _section(part: Part) -> str:
    spans = " ".join(_span(sentence) for sentence in part.sentences)
    return (
        f'<section class="{escape(part.name)}"><h2>{escape(part.title)}</h2>\n'
        f"<p>{spans}</p></section>"
    )


def _span(sentence: Sentence) -> str:
    sources = orjson.dumps(list(sentence.sources)).decode()
    title = "\n".join(sentence.sources)
    return (
        f'<span data-sources="{escape(sources)}" title="{escape(title)}">'
        f"{escape(sentence.text)}</span>"
    )


def _paragraph(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "title": part.title,
        "sentences": [
            {"text": sentence.text, "sources": list(sentence.sources)}
            for sentence in part.sentences
        ],
    }


def _wrap(text: str, width: int) -> str:
    """Break at single spaces; unlike the standard library's, never touch another character."""
    lines: list[str] = []
    line = ""
    for place, word in enumerate(text.split(" ")):
        longer = word if place == 0 else f"{line} {word}"
        if place and len(longer.rpartition("\n")[2]) > width:
            lines.append(line)
            longer = word
        line = longer
    return "\n".join((*lines, line))
