"""
FDA's published samples and a synthetic study case, where they lie beside the repository.

Expected values were read in the XML, not computed. The samples are not faultless:
message and case number differ, the reporter's words are missing, and two of them
were made years before the information they hold.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from schemas.errors import ContractError, Reason
from schemas.icsr.read import parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport
from schemas.values import Code, PartialDate, Precision, Quantity, Result
from schemas.vocabulary import (
    ActionTaken,
    AgeGroup,
    DrugRole,
    Outcome,
    Qualification,
    Rechallenge,
    ReportKind,
    ReportType,
    SenderType,
    StudyType,
)
from tests.unit.schemas.icsr.files import findings, kept, read_one, read_report

DRUG_A = "68d6f5ce-3b3b-45c7-92dd-69e06730c3a9"
DRUG_B = "59d6f5ce-3b3b-45c7-92dd-69e06730c2b7"
ENDS_IN_4657F = "154eb889-958b-45f2-a02f-42d4d6f4657f"
ENDS_IN_4555F = "154eb889-958b-45f2-a02f-42d4d6f4555f"
SCENARIOS = ("FAERS2022Scenario1", "FAERS2022Scenario3", "FAERS2022Scenario8")


@pytest.fixture
def samples(shared_data: Path) -> Path:
    return shared_data / "e2b" / "samples"


def scenario(samples: Path, name: str) -> AdverseEventReport:
    return read_report((samples / f"{name}.xml").read_bytes())


class TestEveryScenario:
    @pytest.mark.parametrize("name", SCENARIOS)
    def test_is_one_case_with_two_reactions_and_three_drugs(self, samples: Path, name: str) -> None:
        report = scenario(samples, name)

        assert report.case.worldwide_id == "US-APHARMA-8744554B"
        assert report.case.sender == "4567AB89012"
        assert {reaction.reaction_id for reaction in report.reactions or []} == {
            ENDS_IN_4657F,
            ENDS_IN_4555F,
        }
        assert [drug.role for drug in report.drugs or []] == [
            DrugRole.SUSPECT,
            DrugRole.SUSPECT,
            DrugRole.CONCOMITANT,
        ]

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_has_its_known_faults_as_findings(self, samples: Path, name: str) -> None:
        assert findings(scenario(samples, name)) - {("created_before_information", "N.2.r.4")} == {
            ("message_id_differs_from_case_id", "N.2.r.1"),
            ("missing_verbatim", "E.i.1.1a[1]"),
            ("missing_verbatim", "E.i.1.1a[2]"),
        }

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_keeps_what_only_fda_asks_for(self, samples: Path, name: str) -> None:
        content = kept(scenario(samples, name))

        assert content.count("requiredIntervention") == 2
        assert "15-Day" in content
        assert "Combination Product Report Indicator" in content


class TestScenario1:
    def test_the_report(self, samples: Path) -> None:
        report = scenario(samples, "FAERS2022Scenario1")

        assert report.kind is ReportKind.INITIAL
        assert report.report_type is ReportType.SPONTANEOUS
        assert report.received_at.isoformat() == "2022-06-14T10:10:10-05:00"
        assert report.most_recent_information == date(2022, 6, 14)
        assert report.expedited_by_sender is True
        assert report.documents_available is False
        assert report.first_sender == "regulator"
        assert report.study is None
        assert (report.narrative or "").startswith("Case Narrative Including Clinical Course")
        assert report.reporter_comments == "Repoeter Comments"
        assert report.sender_comments == "Sender Comments"

    def test_sender_and_reporter(self, samples: Path) -> None:
        report = scenario(samples, "FAERS2022Scenario1")
        sender, [reporter] = report.sender, report.reporters or []

        assert sender is not None
        assert sender.type is SenderType.COMPANY
        assert (sender.title, sender.given_name, sender.family_name) == (
            "Mr",
            "Charles Castile",
            "Conner",
        )
        assert (sender.organisation, sender.department) == ("Big Pharma Drug", "Management")
        assert (sender.street, sender.city, sender.state, sender.postcode, sender.country) == (
            "49 Main St. Building 2030A",
            "Anytown",
            "CT",
            "23456",
            "US",
        )
        assert (sender.telephone, sender.fax, sender.email) == (
            "6108887766",
            "6109991122",
            "emailAddress@company.com",
        )
        assert reporter.qualification is Qualification.PHYSICIAN
        assert reporter.primary is True
        assert (reporter.given_name, reporter.family_name) == ("Roger", "Robertson")
        assert (reporter.telephone, reporter.email) == ("6102227777", "alladdresses@site.com")

    def test_the_patient_with_race_and_ethnicity(self, samples: Path) -> None:
        patient = scenario(samples, "FAERS2022Scenario1").patient

        assert patient is not None
        assert patient.initials == "JD"
        assert patient.birth_date == PartialDate(value="2001-06-15", precision=Precision.DAY)
        assert patient.age == Quantity(value=Decimal(48), unit="a")
        assert patient.age_group is AgeGroup.ADULT
        assert patient.race == ("C41260 Asian; C41219 Native Hawaiian or Other Pacific Islander")
        assert patient.ethnicity == "C41222 Not Hispanic or Latino"
        assert patient.history_text == "None"
        assert [past.name for past in patient.past_drugs or []] == ["CureAll"]
        assert (patient.past_drugs or [])[0].product_code == Code(
            system="NDC", code="59762-2858", version="201411011202"
        )

    def test_the_reactions(self, samples: Path) -> None:
        first, second = scenario(samples, "FAERS2022Scenario1").reactions or []

        assert first.reaction_id == ENDS_IN_4657F
        assert first.english == "THROMBOSE VEINEUSE PROFONDE"
        assert first.term is not None
        assert first.term.text is None
        assert first.term.coded == Code(system="MedDRA", code="10027940", version="25.0")
        assert first.seriousness is not None
        assert (first.seriousness.disability, first.seriousness.other_important) == (True, True)
        assert first.outcome is Outcome.NOT_RECOVERED
        assert second.english == "COLITE ISCHEMIQUE"
        assert second.seriousness is not None
        assert second.seriousness.other_important is True
        assert second.seriousness.disability is not True
        assert second.outcome is Outcome.RECOVERED

    def test_the_first_drug(self, samples: Path) -> None:
        drug, *_ = scenario(samples, "FAERS2022Scenario1").drugs or []
        [dose] = drug.doses or []
        [indication] = drug.indications or []

        assert drug.drug_id == DRUG_A
        assert drug.name == "Drug A"
        assert drug.product_code == Code(system="NDC", code="59762-2858", version="201411011202")
        assert drug.authorisation_number == "NDA012345"
        assert drug.authorisation_holder == "Big Pharma A Drug"
        assert drug.obtained_in == "US"
        assert drug.action_taken is ActionTaken.UNKNOWN
        assert (dose.route, dose.batch) == ("Oral", "UNKNOWN")
        assert indication.term is not None
        assert indication.term.text == "Embolism venous"

    def test_the_matrix(self, samples: Path) -> None:
        rows = scenario(samples, "FAERS2022Scenario1").relatedness or []

        assert [(row.drug_id, row.reaction_id, row.assessor, row.result) for row in rows] == [
            (DRUG_A, ENDS_IN_4657F, "sponsor", "Not Suspected"),
            (DRUG_A, ENDS_IN_4555F, "reporter", "Suspected"),
            (DRUG_B, ENDS_IN_4555F, "sponsor", "Not Suspected"),
            (DRUG_B, ENDS_IN_4657F, "reporter", "Not Suspected"),
        ]
        assert {row.method for row in rows} == {"Global Introspection"}
        assert [row.source for row in rows][:2] == [
            "PHARMACEUTICAL COMPANY",
            "PRIMARY SOURCE REPORTER",
        ]


class TestScenario3:
    def test_the_study_and_its_regional_numbers(self, samples: Path) -> None:
        report = scenario(samples, "FAERS2022Scenario3")
        study = report.study

        assert report.report_type is ReportType.STUDY
        assert study is not None
        assert study.sponsor_study_number == "CT-00-00"
        assert study.study_type is StudyType.CLINICAL_TRIAL
        assert study.title == "Study ID$Abbreviated Trial Name"
        assert [(one.number, one.country) for one in study.registrations or []] == [
            ("STUDY-US-001", "US")
        ]
        assert {"123456", "222222", "333333"} <= set(kept(report))

    def test_assessors_of_the_trial(self, samples: Path) -> None:
        rows = scenario(samples, "FAERS2022Scenario3").relatedness or []

        assert [(row.assessor, row.result, row.method) for row in rows] == [
            ("sponsor", "Suspected", "FDA"),
            ("investigator", "Suspected", "FDA"),
            ("sponsor", "Suspected", "FDA"),
            ("investigator", "Not Suspected", "FDA"),
        ]


class TestScenario8:
    def test_a_spontaneous_case_that_names_a_study(self, samples: Path) -> None:
        report = scenario(samples, "FAERS2022Scenario8")

        assert report.report_type is ReportType.SPONTANEOUS
        assert report.study is not None
        assert report.study.study_type is None
        assert [row.result for row in report.relatedness or []] == [
            "Related",
            "Related",
            "Related",
            "Not Related",
        ]


class TestSyntheticStudyCase:
    @pytest.fixture
    def report(self, samples: Path) -> AdverseEventReport:
        return scenario(samples, "sorafenib-study-case-synthetic")

    def test_nothing_is_left_over_or_wrong(self, report: AdverseEventReport) -> None:
        assert report.kept is None
        assert report.reading_findings is None

    def test_the_reactions(self, report: AdverseEventReport) -> None:
        skin, bleeding = report.reactions or []

        assert skin.term is not None
        assert skin.term.text == "手足皮肤反应3级"
        assert skin.outcome is Outcome.RECOVERING
        assert bleeding.duration == Quantity(value=Decimal(5), unit="d")
        assert bleeding.seriousness is not None
        assert bleeding.seriousness.life_threatening is True
        assert bleeding.seriousness.hospitalisation is True

    def test_the_tests(self, report: AdverseEventReport) -> None:
        haemoglobin, fetoprotein, stool = report.tests or []

        assert haemoglobin.result == Result(value=Decimal(62), unit="g/L")
        assert fetoprotein.result == Result(value=Decimal(1210), unit="ng/mL", comparator=">")
        assert stool.result_text == "strongly positive"

    def test_the_matrix_and_the_intervals(self, report: AdverseEventReport) -> None:
        assert [(row.assessor, row.result) for row in report.relatedness or []] == [
            ("investigator", "Related"),
            ("sponsor", "Related"),
            ("investigator", "Possibly related"),
            ("sponsor", "Related"),
        ]
        assert [
            (pair.rechallenge, str(pair.from_first_dose and pair.from_first_dose.value))
            for pair in report.drug_reactions or []
        ] == [(Rechallenge.NOT_DONE, "14"), (None, "22")]

    def test_dates_and_kind(self, report: AdverseEventReport) -> None:
        assert report.kind is ReportKind.FOLLOW_UP
        assert report.first_received == date(2025, 3, 19)
        assert report.most_recent_information == date(2025, 3, 26)


class TestInvalidSample:
    """FDA's full instance, run together and with unresolvable types: not valid, still read."""

    @pytest.fixture
    def report(self, samples: Path) -> AdverseEventReport:
        return scenario(samples, "invalid-unresolvable-xsi-type")

    def test_its_faults_are_found(self, report: AdverseEventReport) -> None:
        assert {
            ("xsi_type_unresolved", "N.2.r"),
            ("several_codes", "D"),
            ("several_meddra_versions", "E.i.2.1a"),
            ("death_before_birth", "D.9.1"),
            ("country_not_iso", "E.i.9[2]"),
            ("attachment_not_base64", "C.1.6.1.r.2[2]"),
            ("highlight_contradicts_seriousness", "E.i.3.1[2]"),
        } <= findings(report)

    def test_the_parent_is_read(self, report: AdverseEventReport) -> None:
        parent = report.parent

        assert parent is not None
        assert parent.initials == "Mr. John Doe Jr."
        assert parent.age == Quantity(value=Decimal(33), unit="a")
        assert (parent.weight_kg, parent.height_cm) == (Decimal(50), Decimal(160))
        assert parent.history_text == "Systems Review."
        assert [
            entry.condition.coded.code
            for entry in parent.history or []
            if entry.condition and entry.condition.coded
        ] == ["10000621", "10010538", "10060747", "10023637"]
        assert [past.name for past in parent.past_drugs or []] == [
            "Molds, Rusts and Smuts, Penicillium notatum",
            "Guaifenesin, Dextromethorphan",
            "Guaifenesin, Dextromethorphan",
            "Guaifenesin, Dextromethorphan",
        ]

    def test_the_records_and_the_causes_of_death(self, report: AdverseEventReport) -> None:
        patient = report.patient

        assert patient is not None
        assert (
            patient.gp_record,
            patient.specialist_record,
            patient.hospital_record,
            patient.investigation_number,
        ) == ("83444908", "8999-B", "3333444A32", "09233347580934")
        assert patient.death is not None
        assert [
            cause.cause.text for cause in patient.death.reported_causes or [] if cause.cause
        ] == [
            "Progressive multifocal leukoencephalopathy",
            "Excessive Fibrosis",
        ]
        assert [
            cause.cause.text for cause in patient.death.autopsy_causes or [] if cause.cause
        ] == [
            "What we learned during the autopsy",
            "Metabolic Abnormality",
        ]

    def test_bounds_of_results(self, report: AdverseEventReport) -> None:
        assert [
            test.result.comparator for test in report.tests or [] if isinstance(test.result, Result)
        ] == [None, "<", "<=", ">", ">="]

    def test_attachments_are_digested_and_not_kept(self, report: AdverseEventReport) -> None:
        documents = report.documents or []

        assert [(one.media_type, one.literature) for one in documents] == [
            ("text/plain", False),
            ("text/plain", False),
            ("application/pdf", True),
        ]
        assert documents[0].title == "Sample Autopsy Report"
        assert str(documents[2].title).startswith('Author (last name first), "Article Title."')
        assert all((one.digest or "").startswith("sha256:") for one in documents)
        assert max(len(content) for content in kept(report)) < 1000
        assert "dosingReport.txt" in kept(report)

    def test_it_reads_the_same_again(self, samples: Path) -> None:
        xml = (samples / "invalid-unresolvable-xsi-type.xml").read_bytes()

        assert read_one(read_one(xml).payload) == read_one(xml)


class TestAcknowledgements:
    @pytest.mark.parametrize("name", ["R3ack-negative.ack", "R3ack-positive.ack"])
    def test_are_no_reports(self, samples: Path, name: str) -> None:
        with pytest.raises(ContractError) as caught:
            list(parse_icsr_batch((samples / name).read_bytes()))

        assert caught.value.reason is Reason.NOT_AN_ICSR
