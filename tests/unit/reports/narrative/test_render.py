"""Text, HTML and JSON of a narrative: the same words in each, and the sources with them."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from reports.narrative import render_html, render_json, render_text
from tests.support.reports import report
from tests.unit.reports.narrative.cases import reaction, tell

WRITTEN = datetime(2026, 4, 1, 12, 30, tzinfo=UTC)
HOSTILE = "</span><script>alert('x')</script> & \"quotes\"\nsecond  line"


def hostile() -> str:
    return render_html(tell(report(reactions=[reaction(text=HOSTILE)])))


class Spans(HTMLParser):
    """Collects text and sources of every span, and the names of all tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.found: list[tuple[str, list[str]]] = []
        self._sources: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "span":
            self._sources = json.loads(dict(attrs)["data-sources"] or "[]")
            self.found.append(("", self._sources or []))

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._sources = None

    def handle_data(self, data: str) -> None:
        if self._sources is not None:
            text, sources = self.found[-1]
            self.found[-1] = (text + data, sources)


class TestRenderText:
    def test_begins_with_case_version_and_digests(self) -> None:
        narrative = tell(report(), knowledge="abc")

        assert render_text(narrative).startswith(
            "case: CASE-1\nversion: 1\nknowledge: abc\n"
            f"templates: {narrative.template_version}\n\nThis serious solicited report"
        )

    def test_reads_no_clock(self) -> None:
        narrative = tell(report())

        assert render_text(narrative) == render_text(narrative)
        assert "\nwritten: 2026-04-01T12:30:00+00:00\n" in render_text(
            narrative, written_at=WRITTEN
        )

    @pytest.mark.parametrize("width", [20, 72, 200])
    def test_wrapping_changes_nothing_but_spaces_into_line_ends(self, width: int) -> None:
        narrative = tell(report(narrative="One  two.\n\nThree" + " long" * 100))

        plain, wrapped = render_text(narrative), render_text(narrative, width)

        assert len(plain) == len(wrapped)
        assert wrapped.replace("\n", " ") == plain.replace("\n", " ")

    def test_wrapped_lines_are_no_wider_than_asked(self) -> None:
        lines = render_text(tell(report()), 72).partition("\n\n")[2].splitlines()

        assert max(map(len, lines)) <= 72


class TestRenderHtml:
    def test_every_sentence_is_a_span_with_its_sources(self) -> None:
        narrative = tell(report())
        spans = Spans()

        spans.feed(render_html(narrative))

        assert spans.found == [
            (sentence.text, list(sentence.sources))
            for part in narrative.paragraphs
            for sentence in part.sentences
        ]

    def test_the_words_of_the_source_cannot_break_out(self) -> None:
        spans = Spans()

        spans.feed(hostile())

        assert "script" not in spans.tags
        assert any(HOSTILE in text for text, _ in spans.found)

    def test_names_the_language(self) -> None:
        assert '<article class="narrative" lang="en"' in hostile()


class TestRenderJson:
    def test_holds_every_sentence_with_its_sources_and_the_derived_values(self) -> None:
        narrative = tell(report(), knowledge="abc")

        document = json.loads(render_json(narrative, written_at=WRITTEN))

        assert document["case"] == "CASE-1"
        assert document["version"] == 1
        assert document["written"] == "2026-04-01T12:30:00+00:00"
        assert document["derived"]["report/1.received"] == {
            "value": "2026-03-02",
            "precision": "day",
        }
        assert [part["name"] for part in document["paragraphs"]][-1] == "comment"
        first = document["paragraphs"][0]["sentences"][0]
        assert first["text"] == narrative.parts[0].sentences[0].text
        assert "report/1.received" in first["sources"]
