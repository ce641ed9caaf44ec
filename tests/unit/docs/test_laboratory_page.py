"""The page about laboratory grading names every term that is graded and every reason."""

from pathlib import Path

import pytest

from safety.grading.criteria_file import VERSIONS, load_criteria
from safety.grading.reasons import Reason

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "laboratory-grading.md").read_text(
    encoding="utf-8"
)


class TestLaboratoryPage:
    @pytest.mark.parametrize("reason", list(Reason))
    def test_every_reason_has_a_row(self, reason: Reason) -> None:
        assert f"\n| `{reason.value}` |" in PAGE

    @pytest.mark.parametrize("version", VERSIONS)
    def test_every_graded_term_is_named(self, version: str) -> None:
        terms = [criteria.term for criteria in load_criteria(version).terms.values()]

        assert [term for term in terms if term not in PAGE] == []
