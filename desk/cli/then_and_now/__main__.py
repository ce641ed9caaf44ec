"""
The page about the study question: SECURE's simulated history by the law of its time and of today.

    python -m desk.cli.then_and_now [--check]     write docs/secure-then-and-now.md and its picture

It does what the commands on the page do: it simulates the study, takes it into a store, and asks
`what_if` for every duty by both laws. With `--check` it only compares the page.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from desk.cli.failures import ExitCode
from desk.cli.then_and_now.build import compare_laws
from desk.cli.then_and_now.page import render_page
from desk.cli.then_and_now.picture import render_picture

PAGE = Path(__file__).resolve().parents[3] / "docs" / "secure-then-and-now.md"


def main(arguments: Sequence[str]) -> int:
    """Write page and picture, or compare them; gives the exit code."""
    with TemporaryDirectory() as folder:
        found = compare_laws(Path(folder))
    page = render_page(found)
    if list(arguments) == ["--check"]:
        stale = PAGE.read_text(encoding="utf-8") != page
        sys.stderr.write(f"stale: {PAGE.name}; run: make then-and-now\n" if stale else "")
        return ExitCode.FOUND if stale else ExitCode.OK
    PAGE.write_text(page, encoding="utf-8")
    (PAGE.parent / "images" / "secure-then-and-now.svg").write_bytes(render_picture(found))
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
