"""
The cases counted by hand that say when something is due, and their page of the manual.

One CSV file a chapter in `tests/data/deadlines/`. The tests run every case against the rules; the
page is written from the same rows, so that it cannot say what was not tested.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).resolve().parents[2] / "tests" / "data" / "deadlines"

CHAPTERS = {
    "counting": "Calendar days: leap years, ends of months and years",
    "midnight": "Midnight and the change of the clocks in Shanghai, Berlin, New York",
    "who-is-told": "Who is told, by the law of which day",
    "trials": "Interventional trials",
    "undecidable": "What cannot be decided yet",
    "later-reports": "Follow-up, upgrade, downgrade, correction, nullification",
}

_HEAD = ("report", "then", "to", "duty", "rule", "day zero", "due", "counted by hand")

_INTRODUCTION = """\
# Due dates counted by hand

Written by `python -m desk.cli.generate`; do not edit. Every row is run as a test against the
rules and the code that decide; the dates were counted by hand from the provisions, not computed.
Where no time is given, the report came at 09:00 in Shanghai. The two answers about the relation are
the investigator's and the sponsor's. "Conservative" means that a fact is missing and the duty is
held until it is known."""


@dataclass(frozen=True, slots=True)
class DeadlineCase:
    """
    One report, what followed it, and one duty that is expected of it.

    Attributes:
        told: The columns that describe the reports, by name.
        to: Authority, or authority and recipient with a stroke between them.
        rule: The rule the duty rests on; `none` where no such duty may stand.
        state: `decided` or `conservative`; empty where there is no duty.
    """

    chapter: str
    line: int
    told: dict[str, str]
    to: str
    duty: str
    rule: str
    day_zero: str
    due: str
    state: str
    counted: str


def read_cases(folder: Path = CASES) -> Iterator[DeadlineCase]:
    """Read all cases; a row that expects the same of several authorities is a case for each."""
    for chapter in CHAPTERS:
        with (folder / f"{chapter}.csv").open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                for expected in row["expect"].split():
                    to, _, rule = expected.partition(":")
                    yield DeadlineCase(
                        chapter,
                        line,
                        row,
                        to,
                        row["duty"],
                        rule,
                        row["day_zero"],
                        row["due"],
                        row["state"],
                        row["counted"],
                    )


def render_deadline_cases(cases: Sequence[DeadlineCase]) -> str:
    """Write the page: a chapter a file, a line a case."""
    parts = [_INTRODUCTION, f"There are {len(cases)} cases."]
    for chapter, title in CHAPTERS.items():
        lines = [_HEAD, ("---",) * len(_HEAD)]
        lines += [_line(case) for case in cases if case.chapter == chapter]
        parts += [f"## {title}", "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    return "\n\n".join(parts) + "\n"


def _line(case: DeadlineCase) -> tuple[str, ...]:
    told = case.told
    report = (
        f"{told['context']} {told['country']}, {told['event']}, {told['criteria']}, related"
        f" {told['views']}; {told['received']} {told['zone']}"
    )
    absent = case.rule == "none"
    held = ", conservative" if case.state == "conservative" else ""
    return (
        report.replace("_", " "),
        told["then"] or "-",
        case.to.replace("/", " "),
        case.duty.replace("_", " ") + held,
        "none" if absent else case.rule,
        case.day_zero or "-",
        case.due or "-",
        case.counted,
    )
