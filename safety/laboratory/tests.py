"""Which laboratory test is meant by a name or code? Names as data: `data/laboratory-tests.toml`."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from safety.errors import KnowledgeError
from safety.grading import load_criteria
from safety.grading.criteria import TermCriteria, fold_term
from safety.grading.criteria_file import VERSIONS

_FILE = "laboratory/data/laboratory-tests.toml"


@dataclass(frozen=True, slots=True)
class LaboratoryTest:
    """
    One test.

    Attributes:
        id: CDISC short name.
        terms: CTCAE terms that its figures are graded for, folded.
    """

    id: str
    names: tuple[str, ...]
    coded: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LaboratoryTests:
    """All tests of the file, by folded name, short name or code; see `find_test()`."""

    by_name: Mapping[str, LaboratoryTest]
    by_code: Mapping[str, LaboratoryTest]
    graded: frozenset[str]  # folded terms that any test is graded for


def find_test(name: str | None, coded: str | None = None) -> LaboratoryTest | None:
    """
    Give the test that a name and a code stand for; the code decides. None if neither is known.

    Args:
        name: As the laboratory writes it, English or Chinese, or the CDISC short name.

        coded: LOINC number or CDISC short name.
    """
    tests = load_tests()
    if coded is not None and (found := tests.by_code.get(fold_test(coded))) is not None:
        return found
    return None if name is None else tests.by_name.get(fold_test(name))


@lru_cache(maxsize=1)
def load_tests() -> LaboratoryTests:
    """Load the tests; see `build_tests()`."""
    return build_tests(
        (files("safety.laboratory") / "data" / "laboratory-tests.toml").read_text(encoding="utf-8")
    )


def build_tests(text: str) -> LaboratoryTests:
    """
    Build the tests from the text of their file.

    Raises:
        KnowledgeError: If a name or code stands for two tests, or no version of CTCAE grades a
            term by figures.
    """
    tests = [
        LaboratoryTest(
            id=row["id"],
            names=tuple(row["names"]),
            coded=tuple(row["coded"]),
            terms=tuple(fold_term(_known(term)) for term in row["terms"]),
        )
        for row in tomllib.loads(text)["test"]
    ]
    by_name: dict[str, LaboratoryTest] = {}
    by_code: dict[str, LaboratoryTest] = {}
    for test in tests:
        for name in (test.id, *test.names):
            _put(by_name, name, test)
        for code in (test.id, *test.coded):
            _put(by_code, code, test)
    return LaboratoryTests(by_name, by_code, frozenset(t for each in tests for t in each.terms))


def _put(index: dict[str, LaboratoryTest], told: str, test: LaboratoryTest) -> None:
    if index.setdefault(fold_test(told), test) is not test:
        raise KnowledgeError(f"{_FILE}: {told!r} stands for two tests")


def _known(term: str) -> str:
    if not any(isinstance(load_criteria(each).find(term), TermCriteria) for each in VERSIONS):
        raise KnowledgeError(f"{_FILE}: no version of CTCAE grades {term!r} by figures")
    return term


@lru_cache(maxsize=4096)
def fold_test(name: str) -> str:
    """Give the name or code of a test in the form in which they are compared."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c if c.isalnum() or c == "-" else " " for c in text).split())
