"""
How does a sentence come to name the facts that it was made from?

The boundary of a sentence is a tag in the template. Between its begin and its end
every fact that is handed out is noted here as a source; outside of a sentence no
fact can be had. The source's own characters travel as tokens and are put in when
the sentence is done: no spacing, capital letter or template syntax can touch them.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateRuntimeError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from reports.narrative.model import ABSENT, Sentence
from safety.case import CaseState, Value

_OPEN, _CLOSE = "\ue000", "\ue001"  # around the number of a verbatim that is put in at the end
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_STRAY_SPACE = re.compile(r" (?=[.,;:)\]])|(?<=[(\[]) ")
_SECOND_STOP = re.compile(r'(?<=[.!?。！？]")\.$|(?<=[.!?。！？]”)。$')  # after a quoted sentence
_WHITE = re.compile(r"\s+")
_GLUE = {"zh": ""}  # Chinese is written without spaces
_SPACE = "␣"  # where one must stand all the same


class SentenceTag(Extension):
    """`{% sentence %}...{% endsentence %}`: the boundary of a sentence and of its sources."""

    tags = {"sentence"}  # noqa: RUF012  (Jinja's own way of naming tags)

    def parse(self, parser: Parser) -> nodes.Node:
        """Make a call of the scribe out of the tag."""
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endsentence",), drop_needle=True)
        call = nodes.Call(nodes.Name("write_sentence", "load"), [], [], None, None)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)


@lru_cache(maxsize=1)
def open_templates() -> Environment:
    """Give the environment of all templates; a name that is not there is an error."""
    return Environment(  # plain text: markup is escaped where HTML is rendered
        loader=PackageLoader("reports.narrative"),
        extensions=[SentenceTag, "jinja2.ext.do"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701
    )


@lru_cache
def template_version(language: str) -> str:
    """Digest of every template of a language."""
    environment = open_templates()
    names = sorted(n for n in environment.list_templates(["j2"]) if n.startswith(f"{language}/"))
    digest = hashlib.sha256()
    for name in names:
        digest.update(f"{name}\n".encode())
        digest.update((files("reports.narrative") / "templates" / name).read_bytes())
    return digest.hexdigest()


class Scribe:
    """Writes sentence after sentence, and notes for each which facts it used."""

    def __init__(
        self, state: CaseState, because: Mapping[str, tuple[str, ...]], language: str = "en"
    ) -> None:
        """
        Begin a narrative.

        Args:
            state: The case as it stands.

            because: For each derived fact the field paths it follows from.

            language: In which it is written; says how words are put together.
        """
        self._glue = _GLUE.get(language, " ")
        self.used: dict[str, Value] = {}  # derived facts named as sources, with their values
        self._state = state
        self._because = because
        self._written: list[Sentence] = []
        self._sources: dict[str, None] | None = None
        self._verbatim: list[str] = []
        self._expanded: set[str] = set()

    def is_first_use(self, abbreviation: str) -> bool:
        """Tell whether an abbreviation is used for the first time in this narrative."""
        first = abbreviation not in self._expanded
        self._expanded.add(abbreviation)
        return first

    def note(self, path: str, name: str, value: Value, as_of: str = "") -> None:
        """Note a source of the sentence being written; elsewhere facts have no place."""
        source = f"{path}.{name}"
        fact = self._state.entities.get(path, {}).get(name)
        if fact is None or fact.value != value:
            source = as_of + source
            self.used[source] = value
        self._add(source)
        for other in self._because.get(source, ()):
            self._add(other)

    def point(self, path: str, name: str, as_of: str = "") -> None:
        """Note a source without its value."""
        source = f"{path}.{name}"
        if name not in self._state.entities.get(path, {}):
            source = as_of + source
            self.used.setdefault(source, None)  # another sentence may show its value
        self._add(source)

    def note_absent(self, where: str, as_of: str = "") -> None:
        """Note that nothing stands there, or stood there."""
        source = as_of + ABSENT + where
        if as_of:
            self.used.setdefault(source, None)  # another sentence may show its value
        self._add(source)

    def _add(self, source: str) -> None:
        if self._sources is None:
            raise TemplateRuntimeError(f"{source} is used outside of a sentence")
        self._sources[source] = None

    def note_none_of(self, family: str, name: str = "") -> str:
        """Note that no entry of a list says this; without a name, that the list is empty."""
        self.note_absent(f"{family}{'.' if name else ''}{name}")
        return ""

    def keep(self, text: str) -> str:
        """Give a token that stands for the source's own characters until the sentence is done."""
        self._verbatim.append(text)
        return f"{_OPEN}{len(self._verbatim) - 1}{_CLOSE}"

    def in_plain(self, draft: str) -> str:
        """Give a draft as it will read, to compare it; nothing is noted."""
        plain = _TOKEN.sub(lambda token: self._verbatim[int(token[1])], draft)
        return _WHITE.sub(self._glue, plain.strip()).replace(_SPACE, " ")

    def write_sentence(self, caller: Callable[[], str]) -> str:
        """Write one sentence: the body of the `sentence` tag."""
        if self._sources is not None:
            raise TemplateRuntimeError("a sentence stands within a sentence")
        self._sources, self._verbatim = {}, []
        draft = _WHITE.sub(self._glue, caller().strip())
        text, spans = self._put_in_verbatim(_STRAY_SPACE.sub("", draft))
        if not text:
            raise TemplateRuntimeError("a sentence is empty")
        text = _SECOND_STOP.sub("", text)
        self._written.append(Sentence(text, tuple(self._sources), spans))
        self._sources = None
        return ""

    def collect(self) -> tuple[Sentence, ...]:
        """Hand over what was written since the last time."""
        written, self._written = tuple(self._written), []
        return written

    def _put_in_verbatim(self, draft: str) -> tuple[str, tuple[tuple[int, int], ...]]:
        pieces = _TOKEN.split((draft[:1].upper() + draft[1:]).replace(_SPACE, " "))
        text = ""
        spans = []
        for own, number in zip(pieces[::2], [*pieces[1::2], None], strict=True):
            text += own
            if number is not None:
                words = self._verbatim[int(number)]
                if not text and self._glue and words[:1].isascii():
                    words = words[:1].upper() + words[1:]
                spans.append((len(text), len(text) + len(words)))
                text += words
        return text, tuple(spans)
