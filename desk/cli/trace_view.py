"""
The trace of a case version, laid out for reading in 100 columns.

For each authority every rule that was considered, for each reaction; under it each
condition: what the case says, what the rule asks for, the field that says it and the
message it came from. Then each duty with the arithmetic of its date.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from desk.cli.clinical_view import render_grades
from desk.cli.legend import Legend
from safety.versions import Version

ANSWERS = {
    "fired": ("● fired", "bold green"),
    "undecidable": ("? undecidable", "bold yellow"),
    "not_fired": ("○ not fired", "dim"),
}
MET = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}
CALLED = {"in_force": "law day"}  # conditions whose name needs another word for a reader
LAWYER = frozenset({"M-med", "M-low"})  # rows a lawyer should read before anybody relies on them

SECTION = "bold cyan"
LABEL = 13  # width of the first column; conditions have four more columns of these widths
CONDITION = (25, 10, 16, 39)


def render_trace(version: Version, *, brief: bool = False) -> RenderableType:
    """
    Lay out why a case version has the duties it has.

    Args:
        version: The stored version.

        brief: Of a rule that did not fire show only the conditions that stopped it, and only
            name those that were not in force.
    """
    trace, legend = version.trace, Legend()
    rules: list[dict[str, Any]] = trace["rules"]
    parts: list[RenderableType] = [_head(version, legend), Text()]
    for authority, group in groupby(rules, key=lambda rule: rule["authority"]):
        found = list(group)
        parts.append(Text(f"{authority}   rulebook of {found[0]['rulebook']}", style=SECTION))
        idle = [rule for rule in found if brief and _not_in_force(rule)]
        asked = [rule for rule in found if rule not in idle]
        if asked:
            parts.append(_indented(_indented(_heading())))
        parts += [_rule(rule, legend, brief=brief) for rule in asked]
        if idle:
            named = ", ".join(dict.fromkeys(rule["rule"] for rule in idle))
            parts.append(_indented(Text(f"Not law on the day that counts: {named}", style="dim")))
        parts.append(Text())
    if not rules:
        parts += [Text("No rule was considered: the case has no reaction."), Text()]
    if trace["out_of_context"]:
        silent = f"Not asked in this context ({trace['context'][0]}): "
        parts += [Text(silent + ", ".join(trace["out_of_context"]), style="dim"), Text()]
    parts += _duties(trace, legend)
    parts += render_grades(trace["clinical"])
    parts += [Text("Messages", style=SECTION), _indented(legend.render())]
    return Group(*parts)


def _not_in_force(rule: Mapping[str, Any]) -> bool:
    return any(name == "in_force" and met is False for name, _, _, met, *_ in rule["conditions"])


def _head(version: Version, legend: Legend) -> RenderableType:
    trace = version.trace
    kind, path = trace["context"]
    lines = _grid()
    mark = "   synthetic" if version.synthetic else ""
    lines.add_row("case", Text(f"{version.case_id}   version {version.version}", style="bold"))
    lines.add_row("status", f"{version.status}{mark}")
    lines.add_row("recorded", f"{version.recorded_at:%Y-%m-%d %H:%M:%S} UTC")
    lines.add_row("caused by", legend.cite(version.caused_by))
    lines.add_row("knowledge", version.knowledge[:16])
    lines.add_row("context", f"{kind}, by {path}")
    for criterion, met_by in trace["validity"].items():
        lines.add_row(criterion, met_by or Text("missing: ask for it", style="yellow"))
    return lines


def _heading() -> Table:
    grid = _columns()
    grid.add_row("", "condition", "it says", "rule asks", "where it says so", style="dim")
    return grid


def _rule(rule: Mapping[str, Any], legend: Legend, *, brief: bool) -> RenderableType:
    word, style = ANSWERS[rule["answer"]]
    evidence = rule["evidence"]
    doubt = ", a lawyer should read this row first" if evidence in LAWYER else ""
    head = _grid()
    head.add_row(
        Text(word, style=style),
        Text.assemble(
            (rule["rule"], "bold"),
            f"   reaction {rule['reaction']}   ",
            (f"evidence {evidence}{doubt}", "dim"),
        ),
    )
    head.add_row("", Text(rule["provision"], style="italic"))
    conditions = rule["conditions"]
    if brief and rule["answer"] == "not_fired":
        conditions = [each for each in conditions if each[3] is False]
    grid = _columns()
    for name, wanted, value, met, path, message in conditions:
        mark, style = MET[met]
        called = CALLED.get(name, _spaced(name))
        said = "" if path == called else _named(path)
        source = _broken(f"{said} {legend.cite(message)}" if message else said)
        grid.add_row(
            Text(mark, style=style),
            called,
            _said(value),
            _asked(name, wanted),
            source,
        )
    return _indented(Group(head, _indented(grid)))


def _duties(trace: Mapping[str, Any], legend: Legend) -> Iterator[RenderableType]:
    duties: Sequence[Mapping[str, Any]] = trace["obligations"]
    yield Text(f"Duties to report: {len(duties)}", style=SECTION)
    if trace["nullified"]:
        yield _indented(Text("The case was nullified: nothing is due."))
    if trace.get("merged_into"):
        into = trace["merged_into"]
        yield _indented(Text(f"The case was merged into {into}: what is due stands there."))
    elif not duties:
        yield _indented(Text("No rule applies: nothing is due."))
    known = {rule["rule"]: rule for rule in trace["rules"]}
    for duty in duties:
        yield Padding(_duty(duty, known.get(duty["rule"]), legend), (0, 0, 1, 2))
    if not duties:
        yield Text()


def _duty(
    duty: Mapping[str, Any], rule: Mapping[str, Any] | None, legend: Legend
) -> RenderableType:
    lines = _grid()
    missing = duty["missing"]
    mark = Text("? if decided", style="bold yellow") if missing else Text("● due", "bold green")
    named = duty["recipient"]
    if rule is not None and rule["authority"] != named:
        named = f"{rule['authority']} {named}"
    lines.add_row(
        mark,
        Text.assemble(
            (named, "bold"),
            f"   {_spaced(duty['duty'])} under {duty['rule']}",
        ),
    )
    if rule is not None:
        lines.add_row("provision", Text(rule["provision"], style="italic"))
    lines.add_row("arithmetic", Text(duty["arithmetic"], style="bold"))
    lines.add_row("because", duty["reason"])
    lines.add_row("started by", legend.cite(duty["trigger"]))
    if missing:
        lines.add_row("to decide it", Text("\n".join(missing), style="yellow"))
    if duty["also"]:
        lines.add_row("also asked by", ", ".join(duty["also"]))
    return lines


def _grid() -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=LABEL)
    grid.add_column(overflow="fold")
    return grid


def _columns() -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    for width in CONDITION:
        grid.add_column(width=width, overflow="fold")
    return grid


def _indented(content: RenderableType) -> RenderableType:
    return Padding(content, (0, 0, 0, 2))


def _spaced(name: str) -> str:
    return name.replace("_", " ")


_ANSWER = re.compile(
    r"relatedness/(?P<drug>[^|;]+)\|(?P<reaction>[^|;]+)\|(?P<assessor>[^|;]+)\|[^;. ]*\.result"
)


def _named(path: str) -> str:
    """Call an answer on relatedness by who gave it on what; its key is for machines."""
    return _ANSWER.sub(r"\g<assessor>'s answer on \g<drug> x \g<reaction>", path)


def _broken(path: str) -> str:
    """Break a long path behind a dot or slash, so that no name in it is cut."""
    lines = [""]
    for piece in re.split(r"(?<=[./;|])", path):
        if len(lines[-1]) + len(piece) > CONDITION[-1]:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.strip() for line in lines if line)


def _asked(name: str, wanted: str) -> str:
    if name != "in_force":
        return _spaced(wanted)
    return "any day" if wanted == str(date.min) else f"since {wanted}"


def _said(value: object) -> str:
    if value is None:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else str(value)
