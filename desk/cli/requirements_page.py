"""The page of the manual that traces each requirement to its tests, and names what is not met."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "docs" / "requirements.toml"

_PAGE = """\
# Requirements

Written by `python -m desk.cli.generate` from `docs/requirements.toml`; do not edit. R1 to R20 are
requirements of records and privacy, P1 to P6 what the system promises. The build fails where a
requirement has neither tests nor a named gap, and where a test named here does not exist. Software
can support compliance; it cannot be compliant by itself.

| id | requirement | source | shown by | not met |
| --- | --- | --- | --- | --- |
"""


@dataclass(frozen=True, slots=True)
class Requirement:
    """
    One requirement.

    Attributes:
        tests: Files of tests, or `file::Class`.
        gap: What of it is not met; empty if nothing.
    """

    number: str
    says: str
    source: str
    tests: tuple[str, ...]
    gap: str


def read_requirements(file: Path = FILE) -> Sequence[Requirement]:
    """Read the requirements in their order."""
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["requirement"]
    return [
        Requirement(row["id"], row["says"], row["source"], tuple(row["tests"]), row.get("gap", ""))
        for row in rows
    ]


def render_requirements(requirements: Sequence[Requirement]) -> str:
    """Write the page."""
    return _PAGE + "".join(f"{_row(each)}\n" for each in requirements)


def _row(each: Requirement) -> str:
    tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in each.tests) or "-"
    return f"| {each.number} | {each.says} | {each.source} | {tests} | {each.gap or '-'} |"
