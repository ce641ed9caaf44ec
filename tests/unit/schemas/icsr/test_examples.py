"""
The project's own ICSR files arrive in the contract, value by value.

Expected values were taken from the XML by eye.
"""

from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from schemas.messages.clinical import RelatednessAnswer
from schemas.values import Code, Explicit, PartialDate, Precision, Quantity, Result
from schemas.vocabulary import (
    ActionTaken,
    AgeGroup,
    DrugRole,
    Highlight,
    Interpretation,
    NullFlavor,
    Outcome,
    Qualification,
    Rechallenge,
    ReportType,
    SenderType,
    Sex,
    StudyType,
)
from tests.unit.schemas.icsr.files import (
    BATCH,
    CHINA,
    DEATH,
    FOLLOW_UP,
    GERMANY,
    INTERACTION,
    NAMES,
    REPORTS,
    STUDY,
    findings,
    load_example,
    read_all,
    read_report,
)

NO_INFORMATION = Explicit(null=NullFlavor.NI)


def day(value: str) -> PartialDate:
    return PartialDate(value=value, precision=Precision.DAY)


class TestFiles:
    @pytest.mark.parametrize("name", NAMES)
    def test_are_valid_against_the_schema_of_the_standard(
        self, name: str, shared_data: Path
    ) -> None:
        schema = etree.XMLSchema(
            etree.parse(shared_data / "e2b/xsd/multicacheschemas/MCCI_IN200100UV01.xsd")
        )

        schema.assertValid(etree.fromstring(load_example(name)))

    @pytest.mark.parametrize("name", REPORTS)
    def test_say_nothing_that_the_contract_cannot_hold(self, name: str) -> None:
        report = read_report(load_example(name))

        assert [
            entry for entry in report.kept or [] if "asIdentifiedEntity" not in entry.path
        ] == []
        assert findings(report) <= {("identifier_rewritten", "D.1.1.3")}

    @pytest.mark.parametrize("name", REPORTS)
    def test_are_marked_as_being_about_nobody(self, name: str) -> None:
        assert b"SYNTHETIC" in load_example(name)
        assert read_report(load_example(name)).synthetic


class TestStudyCase:
    def test_the_report(self) -> None:
        report = read_report(load_example(STUDY))

        assert report.report_type is ReportType.STUDY
        assert report.complete
        assert report.expedited_by_sender is True
        assert report.documents_available is False
        assert report.first_sender == "other"
        assert (report.narrative or "").endswith("had not resolved at the time of the report.")
        assert (report.sender_comments or "").startswith("Typical of the drug class")
        assert report.reporter_comments is None

    def test_the_study(self) -> None:
        study = read_report(load_example(STUDY)).study

        assert study is not None
        assert study.study_id == "NCT01751763"
        assert study.sponsor_study_number == "16621"
        assert study.study_type is StudyType.OTHER_STUDY
        assert study.subject_id == "1204-007"
        assert [(entry.number, entry.country) for entry in study.registrations or []] == [
            ("NCT01751763", "US")
        ]

    def test_the_people(self) -> None:
        report = read_report(load_example(STUDY))
        [reporter] = report.reporters or []
        sender = report.sender

        assert reporter.qualification is Qualification.PHYSICIAN
        assert reporter.primary is True
        assert reporter.country == "CN"
        assert reporter.given_name == Explicit(null=NullFlavor.MSK)
        assert reporter.organisation == "Example University Hospital"
        assert reporter.department == "Hepatobiliary surgery"
        assert (reporter.city, reporter.state) == ("Guangzhou", "Guangdong")
        assert sender is not None
        assert sender.type is SenderType.COMPANY
        assert (sender.organisation, sender.department) == (
            "Example Oncology China",
            "Pharmacovigilance",
        )
        assert (sender.telephone, sender.email) == ("+862155550100", "safety@example.com")
        assert (sender.given_name, sender.family_name, sender.country) == ("Wei", "Chen", "CN")

    def test_the_patient(self) -> None:
        patient = read_report(load_example(STUDY)).patient

        assert patient is not None
        assert patient.initials == "L.H."
        assert patient.investigation_number == "1204-007"
        assert patient.birth_date == day("1958-03-04")
        assert patient.age == Quantity(value=Decimal(56), unit="a")
        assert (patient.weight_kg, patient.height_cm) == (Decimal("64.5"), Decimal(170))
        assert patient.sex is Sex.MALE
        assert patient.concomitant_therapies is True
        assert str(patient.history_text).startswith("Liver resection")
        assert patient.death is None

    def test_the_history(self) -> None:
        patient = read_report(load_example(STUDY)).patient
        assert patient is not None
        [condition] = patient.history or []
        [past] = patient.past_drugs or []

        assert condition.condition is not None
        assert condition.condition.text == "乙型病毒性肝炎"
        assert condition.condition.coded == Code(system="MedDRA", code="10019799", version="20.1")
        assert condition.start == PartialDate(value="2003", precision=Precision.YEAR)
        assert condition.continuing is True
        assert condition.comments == "treated with entecavir since 2009"
        assert (past.name, past.start) == (
            "entecavir",
            PartialDate(value="2009", precision=Precision.YEAR),
        )

    def test_the_reaction(self) -> None:
        [reaction] = read_report(load_example(STUDY)).reactions or []

        assert reaction.reaction_id == "51ec0e00-0000-4000-8000-000000000101"
        assert reaction.term is not None
        assert (reaction.term.text, reaction.term.language) == ("手足皮肤反应 3级", "zho")
        assert reaction.term.coded == Code(system="MedDRA", code="10054524", version="20.1")
        assert reaction.english == "Hand-foot skin reaction grade 3"
        assert reaction.highlight is Highlight.YES_SERIOUS
        assert reaction.onset == day("2014-05-06")
        assert reaction.end is None
        assert reaction.outcome is Outcome.NOT_RECOVERED
        assert reaction.country == "CN"
        assert reaction.grade is None

    def test_its_seriousness_is_true_or_explicitly_not_known(self) -> None:
        [reaction] = read_report(load_example(STUDY)).reactions or []
        seriousness = reaction.seriousness

        assert seriousness is not None
        assert seriousness.hospitalisation is True
        assert {
            seriousness.death,
            seriousness.life_threatening,
            seriousness.disability,
            seriousness.congenital_anomaly,
            seriousness.other_important,
        } == {NO_INFORMATION}

    def test_the_drug(self) -> None:
        [drug] = read_report(load_example(STUDY)).drugs or []
        [substance] = drug.substances or []
        [indication] = drug.indications or []

        assert drug.role is DrugRole.SUSPECT
        assert drug.name == "索拉非尼片"
        assert (substance.name, substance.strength) == (
            "sorafenib tosylate",
            Quantity(value=Decimal(200), unit="mg"),
        )
        assert drug.obtained_in == "CN"
        assert (drug.authorisation_number, drug.authorisation_country) == ("H20110600", "CN")
        assert drug.authorisation_holder == "Example Oncology"
        assert drug.action_taken is ActionTaken.WITHDRAWN
        assert indication.term is not None
        assert indication.term.text == "hepatocellular carcinoma"

    def test_the_dose(self) -> None:
        [drug] = read_report(load_example(STUDY)).drugs or []
        [dose] = drug.doses or []

        assert dose.dose == Quantity(value=Decimal(400), unit="mg")
        assert dose.interval == Quantity(value=Decimal(12), unit="h")
        assert (dose.start, dose.end) == (day("2014-04-02"), day("2014-05-07"))
        assert (dose.batch, dose.form, dose.route) == ("BXH2K1", "film-coated tablet", "oral")
        assert dose.route_code == Code(system="EDQM route", code="20053000", version="2025-01")
        assert dose.text == "400 mg twice daily"

    def test_the_original_language(self) -> None:
        [summary] = read_report(load_example(STUDY)).summaries or []

        assert summary.language == "zho"
        assert summary.text == "患者服用索拉非尼后出现手足皮肤反应 3级，收入院治疗。"

    def test_the_follow_up_tells_the_end_the_lower_dose_and_the_rechallenge(self) -> None:
        report = read_report(load_example(FOLLOW_UP))
        [reaction] = report.reactions or []
        [drug] = report.drugs or []
        [pair] = report.drug_reactions or []

        assert reaction.outcome is Outcome.RECOVERED
        assert reaction.end == day("2014-05-23")
        assert [dose.interval for dose in drug.doses or []] == [
            Quantity(value=Decimal(12), unit="h"),
            Quantity(value=Decimal(1), unit="d"),
        ]
        assert drug.action_taken is ActionTaken.REDUCED
        assert pair.rechallenge is Rechallenge.DID_NOT_RECUR
        assert pair.from_first_dose == Quantity(value=Decimal(34), unit="d")
        assert pair.from_last_dose == Quantity(value=Decimal(0), unit="d")
        assert report.documents_available is True
        assert [document.title for document in report.documents or []] == [
            "Discharge letter, Chinese"
        ]

    def test_its_laboratory_values_have_limits_and_bounds(self) -> None:
        alt, afp = read_report(load_example(FOLLOW_UP)).tests or []

        assert alt.name == "丙氨酸氨基转移酶"
        assert alt.result == Result(value=Decimal(38), unit="U/L")
        assert (alt.low, alt.high) == (
            Result(value=Decimal(9), unit="U/L"),
            Result(value=Decimal(50), unit="U/L"),
        )
        assert afp.result == Result(value=Decimal(1210), unit="ng/mL", comparator=">")
        assert afp.date == PartialDate(value="2014-05", precision=Precision.MONTH)
        assert afp.comments == "above the upper limit of the assay"
        assert afp.coded is None


class TestSpontaneousCase:
    def test_two_reporters_of_whom_one_is_primary(self) -> None:
        reporters = read_report(load_example(GERMANY)).reporters or []

        assert [(one.qualification, one.primary) for one in reporters] == [
            (Qualification.OTHER_HEALTH_PROFESSIONAL, True),
            (Qualification.CONSUMER, None),
        ]

    def test_two_reactions_one_of_them_serious(self) -> None:
        diarrhoea, hypertension = read_report(load_example(GERMANY)).reactions or []

        assert diarrhoea.highlight is Highlight.YES_NOT_SERIOUS
        assert diarrhoea.seriousness is not None
        assert diarrhoea.seriousness.other_important == NO_INFORMATION
        assert diarrhoea.medically_confirmed is True
        assert hypertension.seriousness is not None
        assert hypertension.seriousness.other_important is True
        assert hypertension.onset == PartialDate(value="2025-02", precision=Precision.MONTH)
        assert hypertension.outcome is Outcome.NOT_RECOVERED

    def test_roles_belong_to_the_drugs_they_name(self) -> None:
        drugs = read_report(load_example(GERMANY)).drugs or []

        assert [(drug.name, drug.role) for drug in drugs] == [
            ("Nexavar 200 mg Filmtabletten", DrugRole.SUSPECT),
            ("Levothyroxin 75", DrugRole.CONCOMITANT),
        ]
        assert drugs[0].authorisation_number == "EU/1/06/342/001"

    def test_the_age_group(self) -> None:
        patient = read_report(load_example(GERMANY)).patient

        assert patient is not None
        assert (patient.age_group, patient.sex) == (AgeGroup.ELDERLY, Sex.FEMALE)

    def test_the_reporter_s_comment(self) -> None:
        report = read_report(load_example(GERMANY))

        assert report.reporter_comments == "The patient wishes to continue treatment."
        assert report.sender_comments is None

    def test_almost_nothing_known_stays_explicitly_unknown(self) -> None:
        _, icsr = read_all(load_example(BATCH))
        report = icsr.data  # type: ignore[union-attr]
        unknown = Explicit(null=NullFlavor.UNK)

        assert report.patient.initials == unknown  # type: ignore[union-attr]
        assert report.patient.history_text == unknown  # type: ignore[union-attr]
        assert report.reactions[0].onset == Explicit(null=NullFlavor.ASKU)  # type: ignore[union-attr,index]
        assert report.drugs[0].doses[0].start == Explicit(null=NullFlavor.ASKU)  # type: ignore[union-attr,index]
        assert report.drugs[0].action_taken is ActionTaken.UNKNOWN  # type: ignore[union-attr,index]


class TestDeath:
    def test_date_and_causes(self) -> None:
        patient = read_report(load_example(DEATH)).patient
        assert patient is not None
        assert patient.death is not None
        [reported] = patient.death.reported_causes or []
        [found] = patient.death.autopsy_causes or []

        assert patient.death.date == day("2025-06-27")
        assert patient.death.autopsy is True
        assert reported.cause is not None
        assert reported.cause.text == "上消化道出血"
        assert found.cause is not None
        assert found.cause.text == "食管静脉曲张破裂出血"
        assert found.cause.coded == Code(system="MedDRA", code="10015453", version="20.1")

    def test_a_fatal_reaction_with_its_three_criteria(self) -> None:
        [reaction] = read_report(load_example(DEATH)).reactions or []

        assert reaction.outcome is Outcome.FATAL
        assert reaction.seriousness is not None
        assert reaction.seriousness.death is True
        assert reaction.seriousness.life_threatening is True
        assert reaction.seriousness.hospitalisation is True
        assert reaction.seriousness.other_important == NO_INFORMATION

    def test_a_result_in_words(self) -> None:
        haemoglobin, inr = read_report(load_example(DEATH)).tests or []

        assert haemoglobin.more_available is False
        assert inr.result is None
        assert inr.result_text == "1.9, before transfusion"

    def test_the_sender_s_diagnosis(self) -> None:
        [diagnosis] = read_report(load_example(DEATH)).sender_diagnoses or []

        assert diagnosis.term.coded == Code(system="MedDRA", code="10015453", version="20.1")


class TestInteraction:
    SORAFENIB = "51ec0e00-0000-4000-8000-000000000411"
    WARFARIN = "51ec0e00-0000-4000-8000-000000000412"
    INR = "51ec0e00-0000-4000-8000-000000000401"
    NOSEBLEED = "51ec0e00-0000-4000-8000-000000000402"

    def test_the_whole_matrix_with_both_opinions(self) -> None:
        answers = read_report(load_example(INTERACTION)).relatedness or []

        assert [(row.drug_id, row.reaction_id, row.assessor, row.result) for row in answers] == [
            (self.SORAFENIB, self.INR, "investigator", "Related"),
            (self.SORAFENIB, self.INR, "sponsor", "Not related"),
            (self.SORAFENIB, self.NOSEBLEED, "investigator", "Related"),
            (self.SORAFENIB, self.NOSEBLEED, "sponsor", "Related"),
            (self.WARFARIN, self.INR, "investigator", "Related"),
            (self.WARFARIN, self.INR, "sponsor", "Related"),
            (self.WARFARIN, self.NOSEBLEED, "investigator", "Not related"),
            (self.WARFARIN, self.NOSEBLEED, "sponsor", "Related"),
        ]
        assert answers[0] == RelatednessAnswer(
            drug_id=self.SORAFENIB,
            reaction_id=self.INR,
            assessor="investigator",
            source="Investigator",
            method="Global introspection",
            result="Related",
        )

    def test_roles_and_rechallenges(self) -> None:
        report = read_report(load_example(INTERACTION))

        assert [drug.role for drug in report.drugs or []] == [
            DrugRole.SUSPECT,
            DrugRole.INTERACTING,
        ]
        assert [
            (pair.drug_id, pair.reaction_id, pair.rechallenge)
            for pair in report.drug_reactions or []
        ] == [
            (self.SORAFENIB, self.INR, Rechallenge.DID_NOT_RECUR),
            (self.SORAFENIB, self.NOSEBLEED, Rechallenge.DID_NOT_RECUR),
            (self.WARFARIN, self.INR, Rechallenge.NOT_DONE),
            (self.WARFARIN, self.NOSEBLEED, Rechallenge.NOT_DONE),
        ]

    def test_an_onset_to_the_minute_and_a_duration(self) -> None:
        _, nosebleed = read_report(load_example(INTERACTION)).reactions or []

        assert nosebleed.onset == PartialDate(value="2015-09-05T14:30", precision=Precision.MINUTE)
        assert nosebleed.duration == Quantity(value=Decimal(2), unit="d")

    def test_what_is_said_of_the_second_drug(self) -> None:
        _, warfarin = read_report(load_example(INTERACTION)).drugs or []

        assert warfarin.cumulative_dose == Quantity(value=Decimal("4.7"), unit="g")
        assert (warfarin.additional_information or "").startswith("Dose unchanged")


class TestChineseCase:
    def test_everything_chinese_arrives(self) -> None:
        report = read_report(load_example(CHINA))

        assert (report.narrative or "").startswith("患者男，48岁")
        assert report.sender is not None
        assert report.sender.type is SenderType.HEALTH_PROFESSIONAL
        assert report.sender.organisation == "示例省人民医院"
        assert report.sender.street == "示例路 1 号"
        assert report.patient is not None
        assert report.patient.history_text == "慢性乙型肝炎病史10年。"
        assert [reaction.term.text for reaction in report.reactions or [] if reaction.term] == [
            "丙氨酸氨基转移酶升高",
            "血胆红素升高",
        ]

    def test_two_chinese_reporters_and_their_opinions(self) -> None:
        answers = read_report(load_example(CHINA)).relatedness or []

        assert [(row.assessor, row.source, row.result) for row in answers] == [
            ("reporter", "报告人评价", "很可能"),
            ("reporter", "报告人评价", "很可能"),
            ("reporter", "报告单位评价", "可能"),
            ("reporter", "报告单位评价", "可能"),
        ]

    def test_a_hospital_number_becomes_a_key_and_is_kept(self) -> None:
        report = read_report(load_example(CHINA))

        assert report.patient is not None
        assert report.patient.hospital_record == "_x4F4F__x9662__x53F7__x20_0098123"
        assert [entry.content for entry in report.kept or []] == ["住院号 0098123"]

    def test_a_test_without_a_date_and_a_negative_result(self) -> None:
        *_, virus = read_report(load_example(CHINA)).tests or []

        assert virus.date == Explicit(null=NullFlavor.UNK)
        assert virus.interpretation is Interpretation.NEGATIVE
        assert virus.result_text == "未检出"
