"""
The narrative as text, HTML, PDF or JSON; nothing is left out, nothing added but a header.

No clock is read: whoever wants the time on the document passes it.
"""

from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

import orjson

from reports.narrative.model import Narrative, Part, Sentence
from reports.paper.press import print_pdf, printed_date
from reports.paper.typeface import printed

STYLE = """
.narrative { max-width: 46rem; margin: 1rem auto; line-height: 1.6;
  overflow-wrap: anywhere; unicode-bidi: plaintext; }
.narrative dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; font-size: .75rem; }
.narrative dd { margin: 0; }
.narrative h2 { font-size: 1rem; margin: 1.2rem 0 .2rem; break-after: avoid; }
.narrative p, .narrative ul { margin: 0; }
.narrative .comment { border: 1px solid; padding: 0 .8rem .8rem; margin-top: 1.2rem; }
.narrative span { position: relative; border-radius: 2px; white-space: pre-line; }
.narrative span:hover, .narrative span:focus { background: #fff3c4; outline: 1px solid #b08900; }
.narrative span:hover::after, .narrative span:focus::after { content: attr(data-fields);
  position: absolute; left: 0; top: 100%; z-index: 1; width: max-content; max-width: 40rem;
  background: #222; color: #fff; font: .75rem/1.4 monospace; padding: .2rem .5rem; }
@media print { .narrative span::after { content: none !important; }
  .narrative span { background: none !important; outline: none !important; } }
@page { size: A4; margin: 20mm; }
"""
_HEADINGS = {  # of the header, the title of the document last
    "en": ("case", "version", "knowledge", "templates", "written", "Narrative"),
    "zh": ("病例", "版本", "知识库", "模板", "编写时间", "病例叙述"),
}


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
    Render as an HTML article that a page can hold; `STYLE` says how it looks.

    Each sentence is a `span`; its attribute `data-sources` is the JSON list of the fields it was
    made from, and `data-fields` is what is shown of them when it is pointed at or in focus.
    """
    header = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
        for name, value in _header(narrative, written_at)
    )
    sections = "\n".join(_section(part, narrative) for part in narrative.paragraphs)
    return (
        f'<article class="narrative" lang="{escape(narrative.language)}">\n'
        f"<dl>{header}</dl>\n{sections}\n</article>\n"
    )


def render_page(narrative: Narrative, *, written_at: datetime | None = None) -> str:
    """Render as a whole page: a browser has to be told the encoding, or Chinese words are lost."""
    return (
        f'<!doctype html>\n<html lang="{escape(narrative.language)}">\n<head>'
        f'<meta charset="utf-8"><title>{escape(_title(narrative))}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n"
        f"{render_html(narrative, written_at=written_at)}</body>\n</html>\n"
    )


def render_pdf(narrative: Narrative, *, made_at: datetime, sources: bool = False) -> bytes:
    """
    Render as PDF/A-2b, tagged, A4; equal narratives give equal bytes.

    Args:
        narrative: The narrative.

        made_at: Instant on the document, with its offset.

        sources: Name under each sentence the fields it rests on.

    Raises:
        PrintError: If it cannot be set; never with a text of the case.
    """
    document = {
        "title": _title(narrative),
        "heading": _HEADINGS.get(narrative.language, _HEADINGS["en"])[-1],
        "language": narrative.language,
        "date": printed_date(made_at),
        "footer": f"{_title(narrative)} ({narrative.template_version[:16]})",
        "gap": narrative.gap,
        "sources": sources,
        "head": [(name, printed(value)) for name, value in _header(narrative, made_at)],
        "parts": [
            {
                "title": printed(part.title),
                "list": part is narrative.changes,
                "sentences": [
                    {
                        "lines": [printed(line) for line in sentence.text.splitlines()] or [""],
                        "sources": printed(", ".join(sentence.sources)),
                    }
                    for sentence in part.sentences
                ],
            }
            for part in narrative.paragraphs
        ],
    }
    return print_pdf(
        "reports.narrative", "templates/narrative.typ", document, what=_title(narrative)
    )


def render_json(narrative: Narrative, *, written_at: datetime | None = None) -> str:
    """Render as JSON: the whole model, with the value of every derived fact it names."""
    document = {
        "knowledge": narrative.knowledge,
        "templates": narrative.template_version,
        "topics": list(narrative.topics),
        "written": None if written_at is None else written_at.isoformat(),
        "case": narrative.case_id,
        "version": narrative.version,
        "language": narrative.language,
        "paragraphs": [_paragraph(part) for part in narrative.paragraphs],
        "derived": dict(narrative.derived),
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _title(narrative: Narrative) -> str:
    if narrative.language == "zh":
        return f"病例{narrative.case_id}第{narrative.version}版的叙述"
    return f"Narrative of case {narrative.case_id}, version {narrative.version}"


def _header(narrative: Narrative, written_at: datetime | None) -> Iterator[tuple[str, str]]:
    names = _HEADINGS.get(narrative.language, _HEADINGS["en"])
    values = (
        narrative.case_id,
        str(narrative.version),
        narrative.knowledge,
        narrative.template_version,
        "" if written_at is None else written_at.isoformat(),
    )
    return ((name, value) for name, value in zip(names, values, strict=False) if value)


def _section(part: Part, narrative: Narrative) -> str:
    spans = map(_span, part.sentences)
    body = (
        "<ul>" + "".join(f"<li>{span}</li>" for span in spans) + "</ul>"
        if part is narrative.changes
        else f"<p>{narrative.gap.join(spans)}</p>"
    )
    return f'<section class="{escape(part.name)}"><h2>{escape(part.title)}</h2>\n{body}</section>'


def _span(sentence: Sentence) -> str:
    sources = orjson.dumps(list(sentence.sources)).decode()
    shown = ", ".join(sentence.sources)
    return (
        f'<span tabindex="0" data-sources="{escape(sources)}" data-fields="{escape(shown)}">'
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
