"""What may not leave the house: ICH's rules, consistency, and the faults of public samples."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.e2b.profiles import load_profile
from reports.e2b.render import render_batch
from reports.e2b.validate import SchemaFault, Severity, notes_of, validate_batch
from schemas.errors import ContractError
from tests.support.reports import reaction, report
from tests.unit.reports.e2b.messages import outgoing, sent, wrapper
from tests.unit.reports.e2b.whole_case import DATA, DAY, whole_case

NOW = datetime(2026, 6, 2, tzinfo=UTC)


def rules(xml: bytes, *, uncoded: Severity = "rejection") -> dict[str, str]:
    return {
        f"{one.rule_id} {one.element}": one.severity
        for verdict in validate_batch(xml, now=NOW, uncoded=uncoded)
        for one in verdict.broken
    }


class TestValidateBatch:
    def test_a_faultless_case_breaks_no_rule(self) -> None:
        assert rules(sent(outgoing(whole_case()))) == {}

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            # facts of the sample pack: message and case number differ, no words of the reporter
            (
                "FAERS2022Scenario1",
                {"ICH-MESSAGE-ID-DIFFERS-FROM-CASE-ID", "ICH-MISSING-VERBATIM"}
                | {"ICH-CREATED-BEFORE-INFORMATION"},
            ),
            (
                "FAERS2022Scenario3",
                {"ICH-MESSAGE-ID-DIFFERS-FROM-CASE-ID", "ICH-MISSING-VERBATIM"}
                | {"ICH-CREATED-BEFORE-INFORMATION"},
            ),
            (
                "FAERS2022Scenario8",
                {"ICH-MESSAGE-ID-DIFFERS-FROM-CASE-ID", "ICH-MISSING-VERBATIM"},
            ),
            ("sorafenib-study-case-synthetic", set()),
        ],
    )
    def test_the_known_faults_of_the_samples_are_found(
        self, shared_data: Path, name: str, found: set[str]
    ) -> None:
        xml = (shared_data / "e2b" / "samples" / f"{name}.xml").read_bytes()

        assert {rule.partition(" ")[0] for rule in rules(xml)} == found

    @pytest.mark.parametrize(
        ("rule", "changes"),
        [
            ("ICH-FATAL-WITHOUT-DEATH-CRITERION E.i.3.2a[1]", {"seriousness": {}}),
            ("ICH-END-BEFORE-START E.i.5[1]", {"end": {"value": "2019", "precision": "year"}}),
            ("ICH-LONGER-THAN-ICH-ALLOWS E.i.1.2[1]", {"english": "x" * 251}),
        ],
    )
    def test_a_reaction_that_contradicts_itself_is_rejected(
        self, rule: str, changes: dict[str, object]
    ) -> None:
        [told] = DATA["reactions"]

        found = rules(sent(outgoing(whole_case(reactions=[told | changes]))))

        assert found[rule] == "rejection"

    def test_two_meddra_versions_are_rejected(self) -> None:
        other = {"coded": {"system": "MedDRA", "code": "10099998", "version": "27.0"}}
        diagnoses = [{"diagnosis_id": "1", "term": other}]

        found = rules(sent(outgoing(whole_case(sender_diagnoses=diagnoses))))

        assert found["ICH-SEVERAL-MEDDRA-VERSIONS E.i.2.1a"] == "rejection"

    def test_a_date_in_the_future_is_rejected(self) -> None:
        [told] = DATA["reactions"]
        late = told | {"onset": DAY | {"value": "2026-06-03"}, "end": None, "duration": None}

        found = rules(sent(outgoing(whole_case(reactions=[late]))))

        assert found["ICH-FUTURE-DATE low"] == "rejection"

    def test_a_year_that_has_begun_is_not_in_the_future(self) -> None:
        [told] = DATA["reactions"]
        this_year = {"value": "2026", "precision": "year"}
        begun = told | {"onset": this_year, "end": None, "duration": None}

        assert rules(sent(outgoing(whole_case(reactions=[begun])))) == {}

    @pytest.mark.parametrize("severity", ["warning", "rejection"])
    def test_a_reaction_without_a_meddra_code_is_what_the_receiver_makes_of_it(
        self, severity: Severity
    ) -> None:
        found = rules(sent(outgoing(report(reactions=reaction()))), uncoded=severity)

        assert found["ICH-UNCODED-REACTION E.i.2.1b[1]"] == severity

    def test_a_unit_in_words_is_rejected(self) -> None:
        patient = DATA["patient"] | {"age": {"value": "58", "unit": "full years"}}

        assert rules(sent(outgoing(whole_case(patient=patient)))) == {
            "ICH-UNIT-NOT-UCUM value": "rejection"
        }

    def test_a_case_twice_in_a_batch_is_rejected(self) -> None:
        icsr = outgoing(whole_case())

        found = rules(render_batch([icsr, icsr], wrapper(), load_profile("ich")))

        assert found["ICH-REPEATED-CASE C.1.1"] == "rejection"

    def test_a_fault_of_the_schema_is_a_rejection(self) -> None:
        faults = {1: SchemaFault("id, line 3", "a value is not of the type")}

        [verdict] = validate_batch(sent(outgoing(whole_case())), now=NOW, xsd_faults=faults)

        assert [(one.rule_id, one.element) for one in verdict.broken] == [("XSD", "id, line 3")]
        assert verdict.is_rejected

    def test_fdas_rules_are_asked_where_fda_is_the_receiver(self) -> None:
        xml = sent(outgoing(whole_case(), profile="fda-ind"), "fda-ind")

        assert rules(xml)["FDA-R0024 FDA.C.5.5a"] == "rejection"  # no IND number was given

    def test_a_file_that_is_no_batch_is_refused(self) -> None:
        with pytest.raises(ContractError):
            list(validate_batch(b"<a/>", now=NOW))


def test_notes_are_warnings_with_a_sentence() -> None:
    icsr = outgoing(report(reactions=reaction(treatment="heparin")))

    [note] = [one for one in notes_of(icsr) if one.element == "reactions.treatment"]

    assert (note.rule_id, note.severity) == ("NOTE-NO-ELEMENT", "warning")
    assert "heparin" not in note.message
