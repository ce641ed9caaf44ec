"""
How results look: tables for people on stdout, JSON for machines, progress on stderr.

Nothing here knows what it prints. What looks like markup in a verbatim term is not
markup, and a control character in it is shown and not obeyed.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from consumers.handlers import Tally
from consumers.printable import printable, printable_json

PIPE_COLUMNS = 100  # width where no terminal says one

INDENTED = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS


class _PlainConsole(Console):
    """A console to which control characters of a text are characters without meaning."""

    def render_str(self, text: str, **options: Any) -> Text:  # noqa: ANN401 - rich's own
        """Make text of a string, before its width is measured."""
        return super().render_str(printable(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Make segments; each text passes here, also those inside tables."""
        if isinstance(renderable, Text):
            renderable = renderable.copy()
            renderable.plain = printable(renderable.plain)
        return super().render(renderable, options)


def screen() -> Console:
    """Give the console for results."""
    return _console(terminal=sys.stdout.isatty(), stderr=False)


def side_screen() -> Console:
    """Give the console for what is not the result: hints, progress, errors."""
    return _console(terminal=sys.stderr.isatty(), stderr=True)


def _console(*, terminal: bool, stderr: bool) -> Console:
    width = None if terminal else PIPE_COLUMNS
    return _PlainConsole(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def print_json(content: object) -> None:
    """Print one JSON document."""
    sys.stdout.write(json_text(content))


def json_text(content: object) -> str:
    """Give content as JSON, indented, other scripts as they are, with a line feed at the end."""
    return printable_json(orjson.dumps(content, default=str, option=INDENTED).decode()) + "\n"


def hint(text: str) -> None:
    """Say something to the person at the terminal that is no part of the result."""
    side_screen().print(text, style="dim", soft_wrap=True)


WHOLE = frozenset(
    {
        "id",
        "case",
        "rule",
        "due",
        "digest",
        "reason",
        "serious",
        "to",
        "variable",
        "target",
        "was due",
        "is due",
    }
)


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """
    Begin a table; what is copied into the next command is never broken over two lines.

    Args:
        columns: Their headings.

        right: Those that hold numbers and align right.
    """
    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        made.add_column(
            column,
            justify="right" if column in right else "left",
            overflow="fold",
            no_wrap=column in WHOLE,
        )
    return made


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """
    Show progress on stderr while the block runs, if somebody looks.

    Yields:
        What to call with the number of things done since the last call.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=side_screen(), transient=True, disable=not sys.stderr.isatty()
    ) as bars:
        task = bars.add_task(label, total=total)
        yield lambda count: bars.advance(task, count)


def tally_table(tallies: Mapping[str, Tally]) -> Table:
    """Show by topic what became of the messages; each line adds up, and so does the last."""
    numbers = ("records", "messages", "accepted", "repeated", "quarantined")
    shown = table("topic", *numbers, "why in quarantine", right=numbers)
    whole = Tally()
    for topic in sorted(tallies):
        whole.add(tallies[topic])
        shown.add_row(topic, *_numbers(tallies[topic]), _reasons(tallies[topic]))
    shown.add_section()
    shown.add_row("all", *_numbers(whole), "", style="bold")
    return shown


def tally_json(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Give the same for machines."""
    return {
        topic: {
            "records": tally.records,
            "messages": tally.messages,
            "accepted": tally.accepted,
            "repeated": tally.repeated,
            "quarantined": tally.quarantined,
            "reasons": dict(sorted(tally.reasons.items())),
        }
        for topic, tally in sorted(tallies.items())
    }


def _numbers(tally: Tally) -> tuple[str, ...]:
    counts = (
        tally.records,
        tally.messages,
        tally.accepted,
        tally.repeated,
        tally.quarantined,
    )
    return tuple(f"{count:,}" for count in counts)


def _reasons(tally: Tally) -> str:
    return "\n".join(f"{count:,} {reason}" for reason, count in sorted(tally.reasons.items()))
