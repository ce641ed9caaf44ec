"""
What is a narrative made of: parts of sentences, each sentence with the fields it was made from.

The eight parts and their order: ICH E3 12.3.2, ICH E2D 5.4, CIOMS V. The company's
comment is the last part and stands apart, as E2B(R3) keeps H.4 apart from H.1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from safety.case import Value
from safety.errors import SafetyError

PARTS = (
    "source",
    "patient",
    "history",
    "drug",
    "event",
    "outcome",
    "assessment",
    "comment",
)
LANGUAGES = ("en", "zh")
ABSENT = "absent/"  # source of a sentence that says a fact is missing: absent/patient.weight_kg

_GAPS = {"zh": ""}  # Chinese sentences stand without a space between them
_COLONS = {"zh": "："}


class UnresolvedPlaceholderError(SafetyError):
    """A template asks for a fact that the case does not have; the document is not made."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """
    One sentence.

    Attributes:
        sources: Field paths as `reactions/r1.onset`, names of derived facts as
            `assessment/r1.term`, or a path after `absent/` where the sentence says
            that nothing is there.
        verbatim: Spans of `text`, start and end, that are the source's own characters:
            quoted words, names, numbers with their units.
    """

    text: str
    sources: tuple[str, ...]
    verbatim: tuple[tuple[int, int], ...] = ()

    @property
    def own_words(self) -> str:
        """The text with every verbatim span masked: what the templates wrote."""
        edges = (0, *(edge for span in self.verbatim for edge in span), len(self.text))
        ours = [self.text[a:b] for a, b in pairwise(edges)][::2]
        return "\N{REPLACEMENT CHARACTER}".join(ours)

    def quoted(self) -> Iterator[str]:
        """Each verbatim span."""
        return (self.text[start:end] for start, end in self.verbatim)


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, with the name of its template and its title in the reader's language."""

    name: str
    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class SubjectContext:
    """
    What the study recorded of the subject beside the event; facts only, as recorded.

    Attributes:
        diagnosis: Diagnosis, verbatim.
        surgery_date: Date of the resection as a partial date, `{"value", "precision"}`.
        characteristics: Name and value of each baseline characteristic, in order.
        history: Other conditions, verbatim.
    """

    diagnosis: str | None = None
    surgery_date: Mapping[str, str] | None = None
    characteristics: tuple[tuple[str, str], ...] = ()
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Narrative:
    """
    The narrative of one version of a case.

    Attributes:
        parts: The eight parts, in the order of `PARTS`.
        source_words: What the source told in free text, quoted; follows part five.
        follow_ups: One paragraph for each later report, saying what it changed.
        changes: What changed since an earlier version, a line for each field, if it was asked for.
        topics: What kind of report it is, by which its templates were chosen.
        derived: Every derived fact that a sentence names as its source, with its value.
        template_version: Digest of the templates it was written with.
        knowledge: Digest of the knowledge that the assessments rest on.
    """

    case_id: str
    version: int
    language: str
    parts: tuple[Part, ...]
    source_words: Part | None
    follow_ups: tuple[Part, ...]
    template_version: str
    knowledge: str
    topics: tuple[str, ...]
    changes: Part | None = None
    derived: Mapping[str, Value] = field(default_factory=dict)

    @property
    def company_comment(self) -> Part:
        """The last part: the company's opinion, apart from the facts."""
        return self.parts[-1]

    @property
    def paragraphs(self) -> tuple[Part, ...]:
        """All paragraphs in reading order; the company's comment and the changes come last."""
        told = self.parts[: PARTS.index("event") + 1]
        words = () if self.source_words is None else (self.source_words,)
        rest = self.parts[len(told) : -1]
        changes = () if self.changes is None else (self.changes,)
        return (*told, *words, *rest, *self.follow_ups, self.company_comment, *changes)

    @property
    def body(self) -> str:
        """Everything but the company's comment: E2B(R3) H.1."""
        comment = self.paragraphs.index(self.company_comment)
        return "\n\n".join(self.text_of(part) for part in self.paragraphs[:comment])

    @property
    def text(self) -> str:
        """The whole narrative; a blank line between paragraphs."""
        return "\n\n".join(map(self.text_of, self.paragraphs))

    def text_of(self, part: Part) -> str:
        """One paragraph; the comment is headed by its title, and each change has a line."""
        if part is self.changes:
            return "\n".join((part.title, *(sentence.text for sentence in part.sentences)))
        told = self.gap.join(sentence.text for sentence in part.sentences)
        if part is not self.company_comment:
            return told
        return f"{part.title}{_COLONS.get(self.language, ': ')}{told}"

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return _GAPS.get(self.language, " ")

    def __repr__(self) -> str:
        return f"Narrative({self.case_id}, version {self.version})"
