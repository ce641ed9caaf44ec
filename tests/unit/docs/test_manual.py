"""
Everything a user can name has its place in the manual.

The pages that are generated are compared with the software by `make check`; here it is
asked whether a reader finds each thing, in whichever page.
"""

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from importlib.resources import files
from io import StringIO
from pathlib import Path

import pytest

from consumers import bounds, embedded_broker, input_files, settings
from consumers.settings import Settings
from desk.cli.app import run
from desk.cli.failures import ExitCode
from desk.cli.manual import command_names
from safety import errors
from safety.rulebooks import load_rulebooks
from schemas.errors import Reason
from schemas.topics import TOPICS

ROOT = Path(__file__).resolve().parents[3]
GENERATED = ROOT / "docs" / "reference" / "generated"
ERROR_MODULES = (errors, bounds, embedded_broker, input_files, settings)
CASE = "SECURE-EDC:16621-03-012-AE04"  # the demo explains it
NOT_SHOWN = frozenset({"SafetyError"})  # the base of all; nobody meets it


def headings(page: Path) -> set[str]:
    """Give the headings of a page, without their marks."""
    text = page.read_text(encoding="utf-8")
    return {line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")}


def first_cells(page: Path) -> set[str]:
    """Give what stands in the first column of a page's tables."""
    rows = re.findall(r"^\| `?([^|`]+?)`? \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    return set(rows)


def error_names() -> Iterator[str]:
    """Give the names of our own errors."""
    for module in ERROR_MODULES:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, errors.SafetyError):
                yield name


class TestManual:
    @pytest.mark.parametrize("command", list(command_names()))
    def test_every_command_has_a_heading(self, command: str) -> None:
        assert command in headings(GENERATED / "cli.md")

    @pytest.mark.parametrize("setting", list(Settings.model_fields))
    def test_every_setting_has_a_heading(self, setting: str) -> None:
        assert f"SAFETY_{setting.upper()}" in headings(GENERATED / "settings.md")

    @pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
    def test_every_topic_has_a_heading(self, topic: str) -> None:
        assert topic in headings(GENERATED / "topics.md")

    @pytest.mark.parametrize(
        "rule", [rule.rule_id for book in load_rulebooks() for rule in book.rules]
    )
    def test_every_rule_has_a_heading(self, rule: str) -> None:
        assert rule in headings(GENERATED / "rulebooks.md")

    @pytest.mark.parametrize("code", list(ExitCode))
    def test_every_exit_code_has_a_row(self, code: ExitCode) -> None:
        assert str(code.value) in first_cells(GENERATED / "exit-codes.md")

    @pytest.mark.parametrize("reason", list(Reason))
    def test_every_reason_for_quarantine_has_a_row(self, reason: Reason) -> None:
        assert reason.value in first_cells(GENERATED / "exit-codes.md")

    @pytest.mark.parametrize("name", sorted(set(error_names()) - NOT_SHOWN))
    def test_every_error_is_on_the_page_of_errors(self, name: str) -> None:
        assert f"`{name}`" in (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")


class TestReadme:
    def test_fits_on_one_screen(self) -> None:
        assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 66

    def test_every_command_that_a_page_tells_to_type_exists(self) -> None:
        known = set(command_names())
        for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
            for line in re.findall(
                r"^(?:\.venv/bin/)?(safety .*)$", page.read_text(encoding="utf-8"), re.MULTILINE
            ):
                words = line.split()
                assert {" ".join(words[:2]), " ".join(words[:3])} & known, f"{page.name}: {line}"

    def test_what_the_demo_explains_is_what_the_program_prints_today(self, tmp_path: Path) -> None:
        """Numbers and what people said differ from run to run; columns, rules and law do not."""
        excerpt = (ROOT / "README.md").read_text(encoding="utf-8").split("```")[3].splitlines()
        printed = _explained_today(tmp_path)

        for line in excerpt[1:]:
            if line.startswith(("pv.", "all ", "──")) or not line.strip():
                continue
            assert _without_citation(line) in printed, line


def _without_citation(line: str) -> str:
    return re.sub(r" ?\[\d+\]$", "", line.rstrip())


def _explained_today(folder: Path) -> set[str]:
    """Give the lines of the tables' heads, and of the trace of the case the demo explains."""
    examples = Path(str(files("schemas"))) / "examples"
    told = sorted([*examples.glob("adverse-event.[if]*.json"), *examples.glob("decision.*.json")])
    database = ["--database", f"sqlite:///{folder / 'examples.db'}"]
    for arguments in (["migrate"], ["process", *map(str, told)]):
        assert run([*database, *arguments]) == 0
    printed = StringIO()
    with redirect_stdout(printed):
        assert run([*database, "process", str(told[0])]) == 0
        assert run([*database, "case", "trace", CASE]) == 0
    return {_without_citation(line) for line in printed.getvalue().splitlines()}
