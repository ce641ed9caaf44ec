"""
The page about mutation testing, from the results of one or several runs of `tests.support.mutants`.

`python -m tests.support.mutants_page RESULT.json... > docs/mutation-testing.md`. A later result of
a run with `--again` takes away from the survivors of an earlier one what it killed. Why a survivor
may live stands in `tests/data/mutants/reasons.toml`; one without a reason is listed as open.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mutmut.utils.format_utils import orig_function_and_class_names_from_key

REASONS = Path(__file__).resolve().parents[1] / "data" / "mutants" / "reasons.toml"

_WORDS = """\
# Mutation testing

Would a test notice if the fold or a clock were a little wrong? `make mutants` changes one small
thing at a time (a comparison, a number, a text, an argument) in `safety/case/` and
`safety/deadlines/`, and runs the tests that reach it until one fails. A change that no test notices
has survived.

**The figures are of a sample**: every second to eighth mutant of a module, each with a few seconds
of tests, the quick ones first. With all tests more of these can be killed, none fewer; what the
mutants outside the sample would do is not known. The page was written by
`python -m tests.support.mutants_page` from the results."""

Results = dict[str, dict[str, Any]]


def main() -> None:
    """Write the page to standard output."""
    runs = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8")) if REASONS.exists() else {}
    sys.stdout.write(render(merge(runs), reasons.get("reason", [])))


def merge(runs: Iterable[Results]) -> Results:
    """Put runs together; of mutants that were tried again the last answer counts."""
    merged: Results = {}
    for run in runs:
        for module, told in run.items():
            known = merged.setdefault(module, {"tried": 0, "survivors": {}})
            if told.get("again"):
                tried = set(told["again"])
                left = {n: c for n, c in known["survivors"].items() if n not in tried}
                known["survivors"] = left | told["survivors"]
            else:
                known["tried"] += told["tried"]
                known["survivors"] |= told["survivors"]
    return merged


def render(results: Results, reasons: list[dict[str, str]]) -> str:
    """Give the page, as Markdown."""
    tried = sum(told["tried"] for told in results.values())
    lived = sum(len(told["survivors"]) for told in results.values())
    parts = [
        _WORDS,
        _table(results),
        f"In all {tried - lived} of {tried} were killed, {_share(tried, lived)}.",
        "## The survivors",
    ]
    for module, told in results.items():
        lines = [
            line
            for name, change in told["survivors"].items()
            for line in _survivor(name, change, reasons)
        ]
        if lines:
            parts += [f"### `{module}`", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _table(results: Results) -> str:
    lines = ["| module | tried | killed | share |", "| --- | ---: | ---: | ---: |"]
    for module, told in results.items():
        tried, lived = told["tried"], len(told["survivors"])
        lines.append(f"| `{module}` | {tried} | {tried - lived} | {_share(tried, lived)} |")
    return "\n".join(lines)


def _share(tried: int, lived: int) -> str:
    return f"{100 * (tried - lived) / tried:.0f} %"


def _survivor(name: str, change: list[str], reasons: list[dict[str, str]]) -> Iterator[str]:
    function, owner = orig_function_and_class_names_from_key(name)
    place = f"{owner}.{function}" if owner else function
    text = "\n".join(change)
    why = next(
        (r["why"] for r in reasons if r["function"] == place and r["change"] in text), "open"
    )
    yield f"- `{place}`: {why}"
    yield ""
    yield "  ```diff"
    yield from (f"  {line}" for line in change)
    yield "  ```"


if __name__ == "__main__":
    main()
