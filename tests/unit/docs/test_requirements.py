"""Every requirement is traced to tests that exist, or says what is not met."""

import ast
from pathlib import Path

import pytest

from desk.cli.requirements_page import Requirement, read_requirements, render_requirements

ROOT = Path(__file__).resolve().parents[3]
REQUIREMENTS = read_requirements()
NUMBERS = [f"R{n}" for n in range(1, 21)] + [f"P{n}" for n in range(1, 7)]

each_requirement = pytest.mark.parametrize(
    "requirement", REQUIREMENTS, ids=lambda each: each.number
)


def holds_tests(name: str) -> bool:
    """Tell whether a file of tests, or a class in it, exists and has a test."""
    path, _, wanted = name.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    body: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    if wanted:
        body = next(
            (node.body for node in body if isinstance(node, ast.ClassDef) and node.name == wanted),
            [],
        )
    return any(
        isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        for each in body
        for node in ast.walk(each)
    )


class TestRequirements:
    def test_all_are_there_once_and_in_order(self) -> None:
        assert [each.number for each in REQUIREMENTS] == NUMBERS

    @each_requirement
    def test_is_tested_or_says_what_is_not_met(self, requirement: Requirement) -> None:
        assert requirement.tests or requirement.gap

    @each_requirement
    def test_names_tests_that_exist(self, requirement: Requirement) -> None:
        assert [test for test in requirement.tests if not holds_tests(test)] == []

    def test_the_page_has_a_row_for_each(self) -> None:
        page = render_requirements(REQUIREMENTS)

        assert [line.split(" ")[1] for line in page.splitlines() if line[:3] in {"| R", "| P"}] == (
            NUMBERS
        )


class TestHoldsTests:
    """The check can fail."""

    @pytest.mark.parametrize(
        "name",
        [
            "tests/unit/docs/test_none.py",
            "tests/unit/docs/test_requirements.py::TestNone",
            "tests/support/streams.py",
        ],
    )
    def test_refuses_what_holds_no_test(self, name: str) -> None:
        assert not holds_tests(name)

    def test_finds_a_class_with_tests(self) -> None:
        assert holds_tests("tests/unit/docs/test_requirements.py::TestRequirements")
