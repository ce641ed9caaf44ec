"""What supports the reviewer of a case version, laid out for reading: `case show`, `case trace`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from desk.cli.screen import table
from safety.clinical import build_liver_trace
from safety.subjects import BesideCase

SECTION = "bold cyan"
_SIDES = (("for", "+", "green"), ("against", "-", "red"), ("open", "?", "yellow"))
_ACTIONS = {"observe": "observe closely", "interrupt": "interrupt, evaluate"}
_DERIVED = {True: "met", False: "not met", None: "undecided"}


def render_grades(clinical: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Show the grades of each reaction side by side; nothing where no grade is known."""
    graded = [row for row in clinical["grades"] if _any_grade(row)]
    if not graded:
        return
    shown = table("reaction", "reported", "from tests", "confirmed", "proposed", "computed by")
    for row in graded:
        by = row["computed_by"]
        shown.add_row(
            row["reaction"],
            _number(row["reported"]),
            _number(row["computed"], at_least=bool(by and by["at_least"])),
            _number(row["confirmed"]),
            _number(row["proposed"]),
            "-" if by is None else f"{by['source']}: CTCAE {by['ctcae']}, {by['reason']}",
        )
    yield Text("Grades, kept apart", style=SECTION)
    yield shown
    yield Text()


def render_clinical(clinical: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Show drug and reaction in time with the proposals, filled forms, and the liver."""
    yield from render_grades(clinical)
    if clinical["pairs"]:
        yield Text("Drug and reaction in time", style=SECTION)
        yield _pairs(clinical["pairs"])
        yield Text()
    for pair in clinical["pairs"]:
        if pair["proposal"] is not None:
            yield _proposal(pair)
            yield Text()
    if clinical["forms"]:
        yield Text("Causality forms", style=SECTION)
        yield _forms(clinical["forms"])
        yield Text()
    if clinical["liver"] is not None:
        yield Text("Liver", style=SECTION)
        yield render_liver(clinical["liver"])
        yield Text()


def beside_json(beside: BesideCase) -> dict[str, Any]:
    """Give what the study's records say beside a case as JSON."""
    return {
        "grades": [
            {
                "reaction": grade.reaction,
                "computed": grade.computed.grade,
                "at_least": grade.computed.at_least,
                "ctcae": grade.computed.ctcae,
                "source": grade.computed.source,
                "reason": grade.computed.reason,
                "differs": grade.differs,
            }
            for grade in beside.grades
        ],
        "liver": None if beside.liver is None else build_liver_trace(beside.liver),
    }


def render_beside(beside: BesideCase) -> Iterator[RenderableType]:
    """Show what the study's records of the subject say beside a case, and not in it."""
    if not beside.grades and (beside.liver is None or beside.liver.ground is None):
        return
    yield Text("Study records of the subject, beside the case and not in it", style=SECTION)
    if beside.grades:
        shown = table("reaction", "reported", "confirmed", "from the study's laboratory", "by")
        for grade in beside.grades:
            computed = grade.computed
            number = _number(computed.grade, at_least=computed.at_least)
            shown.add_row(
                grade.reaction,
                _number(grade.reported),
                _number(grade.confirmed),
                Text(
                    f"{number}: ask which holds" if grade.differs else number,
                    style="yellow" if grade.differs else "",
                ),
                f"{computed.source}: CTCAE {computed.ctcae}, {computed.reason}",
            )
        yield shown
    if beside.liver is not None and beside.liver.ground is not None:
        yield render_liver(build_liver_trace(beside.liver))
    yield Text()


def _any_grade(row: Mapping[str, Any]) -> bool:
    return any(row[name] is not None for name in ("reported", "computed", "confirmed", "proposed"))


def _number(grade: int | None, *, at_least: bool = False) -> str:
    if grade is None:
        return "-"
    return f"at least {grade}" if at_least else str(grade)


def _pairs(pairs: Sequence[Mapping[str, Any]]) -> Table:
    shown = table(
        "drug", "reaction", "first dose", "last dose", "dose at onset", "dechallenge", "rechallenge"
    )
    for pair in pairs:
        again = pair["rechallenge"]["answer"]
        shown.add_row(
            pair["drug"],
            pair["reaction"],
            _days(pair["from_first_dose"]),
            _days(pair["from_last_dose"]),
            _dose(pair["dose_at_onset"]),
            _spaced(pair["dechallenge"]["answer"]),
            "unknown" if again is None else _spaced(again),
        )
    return shown


def _proposal(pair: Mapping[str, Any]) -> RenderableType:
    proposal = pair["proposal"]
    head = Text.assemble(
        ("Proposal for the sponsor: ", SECTION),
        f"{pair['drug']} x {pair['reaction']}   ",
        (proposal["category"], "bold"),
        f", {proposal['reason']}",
    )
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for side, mark, style in _SIDES:
        for _, path, text in proposal[side]:
            said = Text(text).append(f"   {_named(path)}", style="dim")
            grid.add_row(Text(mark, style=style), said)
    note = Text("It decides nothing; a person's assessment does.", style="dim")
    return Group(head, Padding(Group(grid, note), (0, 0, 0, 2)))


def _named(path: str) -> str:
    """Call an answer by who gave it; its key is for machines."""
    family, _, key = path.partition("/")
    parts = key.split("|")
    return f"{parts[2]}'s answer" if family == "relatedness" and len(parts) > 2 else path  # noqa: PLR2004


def _forms(forms: Sequence[Mapping[str, Any]]) -> Table:
    shown = table("form", "drug", "reaction", "score", "category", "points")
    for form in forms:
        points = ", ".join(f"{item} {points:+d}" for item, points, _ in form["items"])
        shown.add_row(
            form["form"],
            form["drug"],
            form["reaction"],
            "-" if form["score"] is None else str(form["score"]),
            _spaced(form["category"]) if form["category"] else "; ".join(form["refused"]),
            points or "-",
        )
    return shown


def render_liver(liver: Mapping[str, Any]) -> RenderableType:
    """Show the liver screen of a case or a subject."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=22)
    grid.add_column(overflow="fold")
    met = _DERIVED[liver["met"]]
    by = f" by {liver['criterion']} (evidence {liver['evidence']})" if liver["criterion"] else ""
    grid.add_row("potential Hy's law", f"{met}{by}")
    if liver["results"]:
        grid.add_row("results", ", ".join(liver["results"]))
    if liver["missing"]:
        grid.add_row("to decide it", Text("; ".join(liver["missing"]), style="yellow"))
    for action in liver["actions"]:
        open_ = f", if {'; '.join(action['missing'])}" if action["missing"] else ""
        by = f"{action['row']} (evidence {action['evidence']}), {action['result']}"
        grid.add_row(_ACTIONS[action["proposed"]], f"{by}{open_}")
    peaks = ", ".join(f"{test} {times}" for test, times in liver["peaks"].items())
    grid.add_row("peaks, times ULN", peaks or "-")
    if liver["r_value"] is not None:
        grid.add_row("R value", f"{liver['r_value']}, {liver['pattern']}")
    for note in liver["notes"]:
        grid.add_row("", Text(note, style="dim"))
    return Padding(grid, (0, 0, 0, 2))


def _days(days: Sequence[int] | None) -> str:
    if days is None:
        return "unknown"
    fewest, most = days
    return f"{fewest} d" if fewest == most else f"{fewest} to {most} d"


def _dose(dose: Mapping[str, Any] | None) -> str:
    if dose is None:
        return "unknown"
    low, high = dose["lowest_mg"], dose["highest_mg"]
    return f"{low} mg a day" if low == high else f"{low} to {high} mg a day"


def _spaced(name: str) -> str:
    return name.replace("_", " ")
