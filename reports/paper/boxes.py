"""Of what a printed form is made: boxes of lines, and squares to tick."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace


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


def all_lines(boxes: Boxes) -> Iterator[tuple[str, Line]]:
    """Give every line with the number of its box, in the order of the form."""
    return ((box.number, line) for box in boxes.values() for line in box.lines)


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
