"""The file of tests, units and thresholds."""

from decimal import Decimal
from importlib.resources import files

import pytest

from safety.errors import KnowledgeError
from safety.liver.criteria import build_liver_criteria, load_liver_criteria

SHIPPED = (files("safety.liver") / "data" / "liver.toml").read_text(encoding="utf-8")


class TestLoadLiverCriteria:
    def test_the_numbers_are_those_of_the_sources(self) -> None:
        known = load_liver_criteria()

        # FDA 2009: up to 30 days; IQ-DILI: mean of at least two values, raised from 1.5
        assert (known.window_days, known.baseline_values) == (30, 2)
        assert known.raised_from == Decimal("1.5")

    def test_every_criterion_names_how_well_it_is_known(self) -> None:
        tags = {row.id: row.evidence for row in load_liver_criteria().criteria}

        assert tags == {
            "FDA-2009": "V",
            "IQ-DILI-NORMAL": "M-med",
            "IQ-DILI-RAISED": "M-med",
        }


class TestBuildLiverCriteria:
    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('id = "DBL"', 'id = "TBL"', "each once"),
            ('{ at_least = "3", of = "uln" }', '{ of = "uln" }', "one of at_least"),
            ('{ below = "2", of', '{ below = "2", above = "1", of', "one of at_least"),
        ],
    )
    def test_a_faulty_file_is_refused(self, old: str, new: str, fault: str) -> None:
        assert old in SHIPPED

        with pytest.raises(KnowledgeError, match=fault):
            build_liver_criteria(SHIPPED.replace(old, new))
