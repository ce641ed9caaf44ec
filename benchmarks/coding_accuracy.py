"""
How many of the hand-made verbatims are coded as a person would?

`python -m benchmarks.coding_accuracy` prints the table that stands in docs/coding.md.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from safety.coding import CodingMethod, code_verbatim, load_dictionary

DATA = Path(__file__).parents[1] / "tests" / "data" / "coding"
FILES = ("verbatims.csv", "later-verbatims.csv")
WITHOUT_TERM = {CodingMethod.UNCODED: "uncoded", CodingMethod.NOT_AN_EVENT: "not_an_event"}
KINDS = {
    "clean": ("clean",),
    "noisy": ("noisy",),
    "no event, or no term": ("negation", "indication", "history", "uncoded"),
}
LANGUAGES = {"en": "English", "zh": "Chinese"}
HALVES = ("tuning", "untouched", "later")


def main() -> None:
    """Print the table."""
    for line in table_lines():
        sys.stdout.write(f"{line}\n")


def table_lines() -> Iterator[str]:
    """Give the table, line by line, in Markdown."""
    rows = load_verbatims()
    yield "| verbatims | half used for tuning | half left untouched | written later |"
    yield "| --- | --- | --- | --- |"
    for language, spoken in LANGUAGES.items():
        for name, kinds in KINDS.items():
            chosen = [r for r in rows if r["language"] == language and r["kind"] in kinds]
            yield _line(f"{spoken}, {name}", chosen)
    yield _line("all", rows)


def load_verbatims() -> list[dict[str, str]]:
    """Read the hand-made verbatims, each with what a person made of it."""
    rows: list[dict[str, str]] = []
    for name in FILES:
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return rows


def is_right(row: dict[str, str]) -> bool:
    """Tell whether a verbatim is coded as the person did."""
    coding = code_verbatim(row["verbatim"], load_dictionary())
    outcome = WITHOUT_TERM.get(coding.method, "coded")
    return (outcome, coding.term or "") == (row["expected_outcome"], row["expected_term"])


def _line(name: str, rows: Sequence[dict[str, str]]) -> str:
    halves = ([row for row in rows if row["half"] == half] for half in HALVES)
    return f"| {name} | {' | '.join(map(_share, halves))} |"


def _share(rows: Sequence[dict[str, str]]) -> str:
    right = sum(map(is_right, rows))
    return f"{right} of {len(rows)} ({right / len(rows):.1%})" if rows else "-"


if __name__ == "__main__":
    main()
