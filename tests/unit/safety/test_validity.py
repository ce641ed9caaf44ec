"""The four minimum criteria: ICH E2D 4.2, EU GVP VI.B.2."""

from typing import Any

import pytest

from safety.validity import Validity, assess_validity
from tests.support.reports import fold_all, reaction, report


def judged(**changes: Any) -> Validity:
    return assess_validity(fold_all(report(**changes)).state)


class TestAssessValidity:
    def test_the_complete_report_is_valid_and_names_what_meets_each_criterion(self) -> None:
        found = judged()

        assert found.valid
        assert found.missing == ()
        assert found.event == "reactions/r1.term.text"
        assert found.reporter == "reporters/1.qualification"
        assert found.product == "drugs/d1.name"

    @pytest.mark.parametrize(
        ("change", "missing"),
        [
            ({"patient": None, "study": None}, "identifiable_patient"),
            ({"reporters": None}, "identifiable_reporter"),
            ({"drugs": None}, "suspect_product"),
            ({"reactions": None, "relatedness": None}, "suspected_event"),
        ],
    )
    def test_each_absent_criterion_is_named(self, change: dict[str, Any], missing: str) -> None:
        assert judged(**change).missing == (missing,)

    def test_a_masked_patient_is_somebody(self) -> None:
        assert judged(patient={"initials": {"null": "MSK"}}, study=None).valid

    def test_an_unknown_patient_is_nobody(self) -> None:
        found = judged(patient={"initials": {"null": "UNK"}}, study=None)

        assert found.missing == ("identifiable_patient",)

    def test_a_concomitant_drug_is_not_a_suspect(self) -> None:
        found = judged(drugs=[{"drug_id": "d1", "role": "concomitant", "name": "sorafenib"}])

        assert found.missing == ("suspect_product",)

    def test_a_reaction_without_words_is_no_event(self) -> None:
        assert judged(reactions=reaction(term=None)).missing == ("suspected_event",)
