"""Of what a printed form is made: boxes of lines, and squares to tick."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime

import orjson


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a box; `new` if the previous report of the case did not give it."""

    text: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A square with its label."""

    label: str
    ticked: bool
    new: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box: number, title, squares to tick, and lines."""

    number: str
    title: str
    lines: tuple[Line, ...] = ()
    ticks: tuple[Tick, ...] = ()


Boxes = Mapping[str, Box]


def paragraphs(texts: Iterable[str]) -> tuple[Line, ...]:
    """Make a line of each paragraph."""
    return tuple(Line(part) for text in texts for part in text.splitlines() if part.strip())


def mark_new(box: Box, earlier: Box, known: Sequence[str] = ()) -> Box:
    """
    Mark what the earlier form did not give.

    Args:
        box: As it is now.

        earlier: As it was.

        known: Texts never marked: a narrative tells its follow-ups itself.
    """
    said = {line.text for line in earlier.lines}
    said.update(part for text in known for part in text.splitlines())
    was = {tick.label: tick.ticked for tick in earlier.ticks}
    return replace(
        box,
        lines=tuple(
            replace(line, new=bool(line.text) and line.text not in said) for line in box.lines
        ),
        ticks=tuple(
            replace(tick, new=tick.ticked and not was.get(tick.label, False)) for tick in box.ticks
        ),
    )


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """
    What every form of one version of a case has.

    Attributes:
        boxes: By number, in the order of the form.
        made_at: Instant the document was made, with its offset; nothing else reads a clock.
        draft: Not approved, or changed since it was.
        marks_new: It is a follow-up, and what is new on it is underlined.
        policy: Name of the masking policy.
        knowledge: Digest of the knowledge the assessment was made with.
    """

    case_id: str
    version: int
    control_number: str
    made_at: datetime
    draft: bool
    nullified: bool
    synthetic: bool
    marks_new: bool
    policy: str
    knowledge: str
    boxes: Boxes

    @property
    def digest(self) -> str:
        """Digest of everything the form says; equal for equal forms."""
        names = (field.name for field in fields(self) if field.name != "boxes")
        content = {name: getattr(self, name) for name in names}
        content["boxes"] = [asdict(box) for box in self.boxes.values()]
        return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()

    @property
    def watermark(self) -> str:
        """What stands across each page; empty for an approved form of a case that stands."""
        marks = ("NULLIFIED" if self.nullified else "", "DRAFT" if self.draft else "")
        return " - ".join(filter(None, marks))

    @property
    def notices(self) -> tuple[str, ...]:
        """Short sentences for the head of each page."""
        said = (
            ("INVENTED DATA: no real patient", self.synthetic),
            ("Underlined: new or changed since the previous report", self.marks_new),
        )
        return tuple(words for words, applies in said if applies)

    def lines(self) -> Iterator[tuple[str, Line]]:
        """Every line with the number of its box, in the order of the form."""
        return ((box.number, line) for box in self.boxes.values() for line in box.lines)

    def footer(self, form: str, template: str) -> str:
        """Give the foot of each page: what form it is, and by which templates."""
        return (
            f"Case {self.case_id}, version {self.version}. Made {self.made_at.isoformat()};"
            f" {form}; rules {self.knowledge[:16] or '-'}; template {template[:16]};"
            f" digest {self.digest[:32]}"
        )
