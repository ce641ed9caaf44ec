"""
Which pages of the manual follow from the software, and are they current?

    python -m desk.cli.generate           write them
    python -m desk.cli.generate --check   name those that are stale or missing

Written are the pages of the commands, the settings, the exit codes, the metrics, the rulebooks,
of the due dates that were counted by hand, and the description of the desk's API.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from desk.cli.deadline_cases import read_cases, render_deadline_cases
from desk.cli.failures import ExitCode
from desk.cli.manual import render_commands, render_exit_codes, render_rulebooks, render_settings
from desk.cli.metrics_page import render_metrics
from desk.cli.requirements_page import read_requirements, render_requirements
from desk.web.api.session import describe_api

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path("docs/reference/generated")


def main(arguments: Sequence[str], project: Path = PROJECT) -> int:
    """Write the pages, or with `--check` compare them; give the exit code."""
    pages = render_pages()
    if list(arguments) == ["--check"]:
        faults = find_faults(pages, project)
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        if faults:
            sys.stderr.write("run: python -m desk.cli.generate\n")
        return ExitCode.FOUND if faults else ExitCode.OK
    if arguments:
        sys.stderr.write("usage: python -m desk.cli.generate [--check]\n")
        return ExitCode.USAGE
    for path, text in pages.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text, encoding="utf-8")
    return ExitCode.OK


def render_pages() -> dict[Path, str]:
    """Give the text of every page, by its path in the project."""
    return {
        FOLDER / "cli.md": render_commands(),
        FOLDER / "deadline-cases.md": render_deadline_cases(tuple(read_cases())),
        FOLDER / "exit-codes.md": render_exit_codes(),
        FOLDER / "metrics.md": render_metrics(),
        FOLDER / "openapi.json": render_api(),
        FOLDER / "requirements.md": render_requirements(read_requirements()),
        FOLDER / "rulebooks.md": render_rulebooks(),
        FOLDER / "settings.md": render_settings(),
    }


def render_api() -> str:
    """Give the description of the desk's API."""
    return json.dumps(describe_api(), indent=1, ensure_ascii=False) + "\n"


def find_faults(pages: Mapping[Path, str], project: Path) -> list[str]:
    """Say of each page that is not as it would be written what is wrong with it."""
    faults = []
    for path, text in pages.items():
        found = project / path
        if not found.exists():
            faults.append(f"missing: {path}")
        elif found.read_text(encoding="utf-8") != text:
            faults.append(f"stale: {path}")
    return faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
