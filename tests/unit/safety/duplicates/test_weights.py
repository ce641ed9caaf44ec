"""A model with a faulty row is refused by name."""

from importlib.resources import files

import pytest

from safety.coding import load_dictionary
from safety.duplicates.weights import build_weights
from safety.errors import KnowledgeError

TEXT = (files("safety.duplicates") / "data" / "weights.toml").read_text(encoding="utf-8")


class TestBuildWeights:
    def test_every_term_of_a_band_is_in_the_dictionary(self) -> None:
        assert set(build_weights(TEXT).events) <= set(load_dictionary().by_name)

    def test_every_kindred_term_is_in_the_dictionary(self) -> None:
        assert set(build_weights(TEXT).kindred) <= set(load_dictionary().by_name)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("match = 0.97", "match = 1.97"),
            ("random = 1e-7", "random = 0"),
            ('field = "subject"\nlevel = "differs"', 'field = "subject"\nlevel = "same"'),
            ("threshold = 16.0", ""),
            ('"one sender" = 5.0', ""),
            ("[kin]", "[kith]"),
            ('"Alopecia",', '"Alopecia", "Alopecia",'),
            ("\n[event]\n", "\n[event\n"),
        ],
        ids=[
            "above one",
            "zero",
            "twice",
            "no threshold",
            "no floor",
            "no kin",
            "a term twice",
            "no TOML",
        ],
    )
    def test_a_fault_is_named(self, old: str, new: str) -> None:
        assert old in TEXT

        with pytest.raises(KnowledgeError, match=r"duplicates/data/weights\.toml"):
            build_weights(TEXT.replace(old, new, 1))
