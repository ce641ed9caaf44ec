"""A case version laid out for reading: its reactions as judged, its facts with their sources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from desk.cli.clinical_view import render_clinical
from desk.cli.legend import Legend
from desk.cli.screen import table
from desk.values import ANSWER, spaced, value_text
from safety.case import OWNER
from safety.store.duplicates import ComparedPair
from safety.store.model import RaisedPair
from safety.versions import Version

MANY_CHANGES = 12  # a first version changes everything; its fields are in `case show`
LONGEST_VALUE = 300  # characters of a value in a list of changes; `case show` has all of it

SEVERITY = {"contradiction": "bold red", "query": "yellow", "note": "dim"}


def render_case(version: Version) -> RenderableType:
    """Lay out one version: what was judged, what to look at, what is known and from whom."""
    legend = Legend()
    parts: list[RenderableType] = [_title(version), Text()]
    parts += [_reactions(version.events), Text()]
    if version.findings:
        parts += [Text("To be looked at", style="bold cyan"), _findings(version.findings), Text()]
    parts += render_clinical(version.trace["clinical"])
    parts += _facts(version.state, legend)
    parts += [Text("Messages", style="bold cyan"), Padding(legend.render(), (0, 0, 0, 2))]
    return Group(*parts)


def render_history(
    versions: Sequence[Version], pairs: Sequence[ComparedPair] = (), *, everything: bool = False
) -> RenderableType:
    """
    Lay out what each version changed, and with which cases it may be one.

    Args:
        versions: In their order.

        pairs: With other cases that may tell of the same event.

        everything: Show all changes of versions that have many, the first above all.
    """
    parts = [part for version in versions for part in _step(version, everything=everything)]
    parts += [_pair(versions[-1].case_id, found.raised) for found in pairs]
    return Group(*parts)


def _pair(case_id: str, raised: RaisedPair) -> Text:
    """Tell of another case that may be the same; what became of the question."""
    ids = (raised.pair.case_id, raised.pair.other_id)
    other = next(each for each in ids if each != case_id)
    return Text(f"Possible duplicate of {other}: {raised.pair.state}; see safety case duplicates")


def _title(version: Version) -> RenderableType:
    mark = "   synthetic" if version.synthetic else ""
    return Text.assemble(
        (f"{version.case_id}   version {version.version}   {version.status}", "bold"),
        (f"   recorded {version.recorded_at:%Y-%m-%d %H:%M} UTC{mark}", "dim"),
    )


def _reactions(events: Sequence[Mapping[str, Any]]) -> Table:
    shown = table(
        "reaction",
        "as told",
        "term",
        "grade",
        "serious",
        "related",
        "expected",
        "outcome",
    )
    for event in events:
        expected = (
            f"{region.upper()} {ANSWER[event[f'expected_{region}']]}"
            for region in ("eu", "us", "cn", "ch")
        )
        shown.add_row(
            event["reaction"],
            event["verbatim"] or "-",
            event["term"] or Text("uncoded", style="yellow"),
            "-" if event["grade"] is None else str(event["grade"]),
            "\n".join(map(spaced, event["criteria"].split())) or ANSWER[event["serious"]],
            ANSWER[event["related"]],
            "\n".join(expected),
            spaced(value_text(event["outcome"])),
        )
    return shown


def _findings(findings: Sequence[Mapping[str, Any]]) -> Table:
    shown = table("finding", "where", "what to do")
    for found in findings:
        style = SEVERITY.get(found["severity"], "")
        shown.add_row(Text(found["code"], style=style), found["path"], found["message"])
    return shown


def _facts(
    state: Mapping[str, Mapping[str, Sequence[Any]]], legend: Legend
) -> Iterator[RenderableType]:
    for path in sorted(state):
        yield Text(path, style="bold cyan")
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=30, overflow="fold")
        grid.add_column(overflow="fold")
        for name, (value, message) in sorted(state[path].items()):
            if name != OWNER:  # bookkeeping of the fold
                told = Text(value_text(value)).append(f"  {legend.cite(message)}", style="dim")
                grid.add_row(name, told)
        yield Padding(grid, (0, 0, 1, 2))


def _step(version: Version, *, everything: bool) -> Iterator[RenderableType]:
    yield _title(version)
    yield Text(f"  caused by {version.caused_by}", style="dim")
    changes = version.changes
    if not changes:
        void = version.status == "nullified"
        yield Text("  the case is void" if void else "  no fact changed: it says nothing new")
    elif len(changes) > MANY_CHANGES and not everything:
        yield Text(f"  {len(changes)} fields changed; --all shows them")
    else:
        shown = table("field", "before", "after")
        for path, before, after in changes:
            shown.add_row(path, _cut(before), _cut(after))
        yield Padding(shown, (0, 0, 0, 2))
    yield Text()


def _cut(value: object) -> str:
    text = value_text(value)
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[:LONGEST_VALUE]}... ({len(text)} characters)"
