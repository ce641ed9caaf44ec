"""
What does a one-page CIOMS form cost, beside the same page by WeasyPrint and by ReportLab?

The same boxes with the same words at the same places, each time under another control number, one
process, in turns; the first page of a new process is measured too. WeasyPrint renders boxes placed
by CSS as PDF/A-2b, with its font configuration kept; ReportLab draws boxes and lines in one font,
and writes neither PDF/A nor tags. Neither looks whether a text fits.
`python -m benchmarks.documents [PAGES]` prints the table; needs requirements/bench.txt.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from importlib.resources import files
from io import BytesIO
from statistics import quantiles
from time import perf_counter, process_time

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from rich.console import Console
from rich.table import Table
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from reports.cioms import CiomsForm, build_cioms, render_pdf
from reports.cioms.layout import lay_out
from reports.cioms.model import BANDS
from reports.narrative import build_narrative
from reports.narrative import render_pdf as render_narrative
from reports.paper.form import A4
from reports.paper.typeface import font_files
from safety.assessment import assess_case
from safety.case import Case, fold
from safety.deadlines import AssessedStep, assess_steps
from safety.intake import read_report
from safety.knowledge import load_knowledge
from schemas.icsr.read import Icsr, parse_icsr_batch

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PAGES = 100
EXAMPLE = "icsr/study-follow-up.xml"
LETTER, LEADING, INSET, MARGIN = 7, 8, 3, 28
STYLE = """@page { size: A4; margin: 28pt } body, html { margin: 0 } p { margin: 0 0 1pt }
div { position: absolute; box-sizing: border-box; border: .5pt solid; padding: 2pt;
overflow: hidden; font: 7pt/8pt "DejaVu Sans" } h1 { font: 10pt "DejaVu Sans"; margin: 0 }"""
FIRST_PAGE = "from benchmarks.documents import first_page; print(first_page())"


def main() -> None:
    """Measure in turns, and print a table."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    table = Table("one page", "ms p50", "ms p95", "CPU ms p50", "CPU ms p95", "kB")
    steps = history()
    form = build_cioms("benchmark", 1, steps, made_at=NOW)
    contestants = dict(_contestants(steps, form))
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    sizes = {name: len(make(0)) for name, make in contestants.items()}
    for number in range(1, pages + 1):
        for name, make in contestants.items():
            wall, cpu = perf_counter(), process_time()
            make(number)
            times[name].append((1_000 * (perf_counter() - wall), 1_000 * (process_time() - cpu)))
    for name, found in times.items():
        cells = [
            f"{quantiles(column, n=20)[cut]:.1f}"
            for column in zip(*found, strict=True)
            for cut in (9, 18)
        ]
        table.add_row(name, *cells, f"{sizes[name] / 1_000:.0f}")
    Console().print(table)
    asked = [sys.executable, "-c", FIRST_PAGE]
    cold = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603
    Console().print(f"The first page of a new process, its code loaded: {cold.stdout.strip()} ms")


def _contestants(
    steps: tuple[AssessedStep, ...], form: CiomsForm
) -> Iterator[tuple[str, Callable[[int], bytes]]]:
    def build_and_print(number: int) -> bytes:
        built = build_cioms(f"benchmark-{number}", 1, steps, made_at=NOW)
        return render_pdf(replace(built, control_number=f"CN-{number}"))

    def narrative(number: int) -> bytes:
        return render_narrative(build_narrative(f"benchmark-{number}", 1, steps), made_at=NOW)

    yield "CIOMS, PDF", lambda number: render_pdf(replace(form, control_number=f"CN-{number}"))
    yield "CIOMS, built and PDF", build_and_print
    yield "narrative, built and PDF", narrative
    yield "the form by WeasyPrint", lambda number: _by_weasyprint(form, f"CN-{number}")
    yield "the form by ReportLab", lambda number: _by_reportlab(form, f"CN-{number}")


def history() -> tuple[AssessedStep, ...]:
    """Assess a packaged study case."""
    [icsr] = parse_icsr_batch((files("schemas") / "examples" / EXAMPLE).read_bytes())
    assert isinstance(icsr, Icsr)  # noqa: S101 - a packaged example can be read
    knowledge = load_knowledge()
    case = fold(Case("benchmark"), read_report("benchmark", icsr.data))
    return assess_steps(case.steps, (), lambda state: assess_case(state, knowledge), lambda _: ())


def first_page() -> str:
    """Print one page in this process, and tell how long it took."""
    form = build_cioms("benchmark", 1, history(), made_at=NOW)
    before = perf_counter()
    render_pdf(form)
    return f"{1_000 * (perf_counter() - before):.0f}"


def _by_weasyprint(form: CiomsForm, control: str) -> bytes:
    boxes = "".join(
        f'<div style="left:{x}pt;top:{y}pt;width:{wide}pt;height:{high}pt">'
        + "".join(f"<p>{escape(line)}</p>" for line in _words_of(form, number))
        + "</div>"
        for number, x, y, wide, high in lay_out("portrait", form.variant)
    )
    title = f"<title>CIOMS I</title><style>{STYLE}</style>"
    head = f"<h1>SUSPECT ADVERSE REACTION REPORT {control}</h1>"
    page = f'<html lang="en">{title}{head}{boxes}</html>'
    made = HTML(string=page).write_pdf(pdf_variant="pdf/a-2b", font_config=_fonts())
    return bytes(made)


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    return FontConfiguration()


def _by_reportlab(form: CiomsForm, control: str) -> bytes:
    if "form" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("form", str(font_files()[1])))
    out = BytesIO()
    width, height = A4["portrait"]
    canvas = Canvas(out, pagesize=(width, height))
    canvas.setFont("form", LETTER)
    canvas.drawString(MARGIN, height - MARGIN, f"SUSPECT ADVERSE REACTION REPORT {control}")
    for number, x, y, wide, high in lay_out("portrait", form.variant):
        top = height - MARGIN - y
        canvas.rect(MARGIN + x, top - high, wide, high)
        canvas.setFont("form", LETTER)
        for place, line in enumerate(_lines_of(form, number, wide), start=1):
            canvas.drawString(MARGIN + x + INSET, top - place * LEADING, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _lines_of(form: CiomsForm, number: str, width: float) -> Iterator[str]:
    for words in _words_of(form, number):
        yield from simpleSplit(words, "form", LETTER, width - 2 * INSET)


def _words_of(form: CiomsForm, number: str) -> Iterator[str]:
    if number in BANDS:
        yield BANDS[number]
    elif number in form.boxes:
        box = form.boxes[number]
        yield box.title
        yield from (f"[{'X' if tick.ticked else ' '}] {tick.label}" for tick in box.ticks)
        yield from (line.text for line in box.lines)


if __name__ == "__main__":
    main()
