"""Coding with a release; the dictionary is made up, see `tests/support/meddra.py`."""

import pytest

from safety.coding import Coding, CodingMethod, code_verbatim, load_dictionary
from safety.coding.licensed import build_licensed_dictionary
from safety.coding.meddra import parse_meddra
from tests.support.meddra import licensed, release_files

MADE_UP = licensed()


def code(text: str) -> Coding:
    return code_verbatim(text, MADE_UP.dictionary)


class TestBuildLicensedDictionary:
    def test_a_verbatim_codes_to_lowest_level_and_preferred_term_with_the_version(self) -> None:
        coding = code("Watery zorbs")

        assert (coding.llt, coding.llt_code) == ("Watery zorbs", "90000201")
        assert (coding.term, coding.code) == ("Diarrhoea", "90000101")
        assert coding.dictionary == "MedDRA 99.0"

    def test_the_class_is_that_of_the_primary_path(self) -> None:
        assert code("gland puffing").soc == "Made-up skin disorders"

    def test_a_term_that_is_not_current_codes_to_its_preferred_term(self) -> None:
        assert code("zorbulous stools").llt_code == "90000101"

    @pytest.mark.parametrize(
        ("text", "code_of_pt", "method"),
        [
            ("Nausea", "90000102", CodingMethod.EXACT),
            ("DIARRHEA", "90000101", CodingMethod.NORMALISED),
            ("腹泻", "90000101", CodingMethod.SYNONYM),
            ("loose stools", "90000101", CodingMethod.SYNONYM),
            ("Itchy zorblat", "90000109", CodingMethod.FUZZY),
        ],
    )
    def test_the_methods_are_those_of_the_open_dictionary(
        self, text: str, code_of_pt: str, method: CodingMethod
    ) -> None:
        assert (code(text).code, code(text).method) == (code_of_pt, method)

    def test_a_name_for_two_events_is_one_term_where_the_release_has_it(self) -> None:
        assert code("nausea and vomiting").code == "90000108"
        assert [part.code for part in code("nausea; rash").parts] == ["90000102", "90000104"]

    def test_labels_know_a_term_by_its_open_name_in_either_spelling(self) -> None:
        assert code("Diarrhoea").known_as == "Diarrhea"
        assert code("Watery zorbs").known_as == "Diarrhea"
        assert MADE_UP.found["Diarrhea"].name == "Diarrhoea"

    def test_open_terms_that_the_release_lacks_are_told(self) -> None:
        # counted by hand: Diarrhea, Nausea, Vomiting, Rash, Fatigue, Death NOS are in the release
        assert len(MADE_UP.unmapped) == len(load_dictionary().terms) - 6
        assert "Alopecia" in MADE_UP.unmapped

    def test_an_open_term_is_found_by_its_code_too(self) -> None:
        # Alopecia of CTCAE v5.0 has the code 10001760
        files = release_files()
        files["llt.asc"] += b"10001760$Zorb of hair$90000109$$$$$$$Y$$\r\n"
        made_up = build_licensed_dictionary(parse_meddra(files))

        assert made_up.found["Alopecia"].llt == "Zorb of hair"
        assert code_verbatim("hair loss", made_up.dictionary).llt_code == "10001760"

    def test_a_name_of_two_preferred_terms_is_left_to_a_person(self) -> None:
        files = release_files()
        files["llt.asc"] += (
            b"90000301$Zorb spots$90000104$$$$$$$Y$$\r\n90000302$Zorb, spot$90000109$$$$$$$Y$$\r\n"
        )
        made_up = build_licensed_dictionary(parse_meddra(files)).dictionary

        coding = code_verbatim("zorb spot", made_up)
        assert coding.method is CodingMethod.UNCODED
        assert {c.code for c in coding.runners_up} >= {"90000104", "90000109"}

    def test_another_release_has_another_digest(self) -> None:
        assert MADE_UP.dictionary.digest != licensed("99.1").dictionary.digest
        assert MADE_UP.dictionary.digest == licensed("99.0").dictionary.digest
