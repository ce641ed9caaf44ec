"""`safety grade-labs`: CTCAE grades for a file of laboratory results."""

from pathlib import Path
from typing import Annotated

import typer

from consumers.laboratory_file import GradedFile, grade_file
from desk.cli.arguments import Json
from desk.cli.failures import UsageFault
from desk.cli.screen import hint, print_json, progress, screen, table
from safety.grading.criteria_file import VERSIONS, find_version


def grade_labs(
    path: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.csv",
            help="Results, one a row: term, value, unit, lln, uln, and more where known.",
        ),
    ],
    ctcae: Annotated[
        str,
        typer.Option(
            metavar="VERSION",
            help=f"Version of CTCAE: {' or '.join(VERSIONS)}.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="File to write.")],
    as_json: Json = False,
) -> None:
    """
    Grade laboratory results by CTCAE and write them with the columns grade and reason.

    All columns of the input come out unchanged and in order. A row that cannot be graded has a
    blank grade and says why: unknown unit, missing limit, missing baseline, not graded on value
    alone. A row that names a version in a column of that name is graded by it.
    """
    version = find_version(ctcae)
    if version is None:
        raise UsageFault(f"no laboratory criteria of CTCAE {ctcae}; have {' and '.join(VERSIONS)}")
    with progress("grading rows") as done:
        summary = grade_file(path, out, version, on_rows=done)
    if as_json:
        print_json(_as_json(summary, out))
        return
    _show(summary, out, version)


def _as_json(summary: GradedFile, out: Path) -> dict[str, object]:
    return {
        "out": str(out),
        "rows": summary.rows,
        "grades": dict(sorted(summary.grades.items())),
        "ungraded": {reason.value: count for reason, count in sorted(summary.ungraded.items())},
        "versions": dict(sorted(summary.versions.items())),
        "columns_absent": summary.absent,
    }


def _show(summary: GradedFile, out: Path, version: str) -> None:
    shown = table("outcome", "rows", right=("rows",))
    for grade, count in sorted(summary.grades.items()):
        shown.add_row(f"grade {grade}" if grade else "grade 0, no criterion met", f"{count:,}")
    for reason, count in sorted(summary.ungraded.items()):
        shown.add_row(f"no grade: {reason.value}", f"{count:,}")
    screen().print(shown)
    screen().print(f"{summary.rows:,} rows are in {out}.", soft_wrap=True)
    for other, count in sorted(summary.versions.items()):
        if other != version:
            hint(f"{count:,} rows name CTCAE {other} themselves and were graded by it.")
    if summary.absent:
        hint(f"Columns not in the file, taken as not given: {', '.join(summary.absent)}.")
