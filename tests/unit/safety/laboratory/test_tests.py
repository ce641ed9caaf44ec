"""Names of laboratory tests; short names as CDISC publishes them, codes as LOINC does."""

import pytest

from safety.errors import KnowledgeError
from safety.laboratory import find_test
from safety.laboratory.tests import build_tests

ROW = '[[test]]\nid = "ALT"\nnames = ["gpt"]\ncoded = ["1742-6"]\nterms = []\n'


class TestFindTest:
    @pytest.mark.parametrize(
        ("name", "coded", "found"),
        [
            ("ALT", None, "ALT"),
            ("Alanine Aminotransferase", None, "ALT"),
            ("谷丙转氨酶", None, "ALT"),
            ("Haemoglobin", None, "HGB"),
            ("血小板计数", None, "PLAT"),
            ("Bilirubin, total", None, "BILI"),
            ("something", "777-3", "PLAT"),
            ("something", "NEUT", "NEUT"),
            ("ALT", "1920-8", "AST"),  # the code decides
            ("ALT", "no such code", "ALT"),
            ("something", None, None),
            (None, None, None),
        ],
    )
    def test_reads_names_and_codes(
        self, name: str | None, coded: str | None, found: str | None
    ) -> None:
        test = find_test(name, coded)

        assert (None if test is None else test.id) == found


class TestBuildTests:
    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            (ROW + ROW.replace('"ALT"', '"AST"').replace("1742-6", "1"), "'gpt' stands for two"),
            (ROW + ROW.replace('"ALT"', '"AST"').replace("gpt", "got"), "'1742-6' stands for two"),
            (ROW.replace("terms = []", 'terms = ["Cough"]'), "grades 'Cough' by figures"),
        ],
    )
    def test_a_faulty_file_is_refused(self, text: str, fault: str) -> None:
        with pytest.raises(KnowledgeError, match=fault):
            build_tests(text)
