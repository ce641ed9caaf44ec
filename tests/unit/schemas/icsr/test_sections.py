"""What the examples do not show: rarer elements, put into the study case one at a time."""

from decimal import Decimal
from hashlib import sha256

import pytest

from schemas.messages.adverse_event import AdverseEventReport
from schemas.messages.clinical import Dose
from schemas.values import Code, Explicit, PartialDate, Precision, Quantity
from schemas.vocabulary import AgeGroup, NullFlavor, Sex
from tests.unit.schemas.icsr.files import (
    DEATH,
    STUDY,
    change,
    findings,
    kept,
    load_example,
    read_report,
)

LISTS = "2.16.840.1.113883.3.989.2.1.1."
SPACES = "2.16.840.1.113883.3.989.2.1.3."
MEDDRA = "2.16.840.1.113883.6.163"
END_OF_DRUG = '<inboundRelationship typeCode="RSON">'
REACTION_ID = "51ec0e00-0000-4000-8000-000000000101"


def day(value: str) -> PartialDate:
    return PartialDate(value=value, precision=Precision.DAY)


def observation(code: str, value: str) -> str:
    return (
        f'<observation classCode="OBS" moodCode="EVN"><code code="{code}" codeSystem="{LISTS}19"/>'
        f"{value}</observation>"
    )


WEIGHT_OF_60 = observation("7", '<value xsi:type="PQ" value="60" unit="kg"/>')
UNKNOWN_ROUTE = observation("28", '<value xsi:type="CE"><originalText nullFlavor="ASKU"/></value>')


def with_patient_fact(code: str, value: str) -> AdverseEventReport:
    """Put an observation beside the patient."""
    fact = f'<subjectOf2 typeCode="SBJ">{observation(code, value)}</subjectOf2>'
    anchor = '<subjectOf2 typeCode="SBJ"><organizer'
    xml = load_example(STUDY)
    return read_report(xml.replace(anchor.encode(), (fact + anchor).encode(), 1))


def with_drug_fact(code: str, value: str) -> AdverseEventReport:
    """Put an observation inside the drug."""
    fact = (
        f'<outboundRelationship2 typeCode="PERT">{observation(code, value)}</outboundRelationship2>'
    )
    return read_report(change(load_example(STUDY), END_OF_DRUG, fact + END_OF_DRUG))


def with_dose(inside: str) -> Dose:
    """Put a dose period in place of the drug's."""
    xml = load_example(STUDY).decode()
    start = xml.index('<outboundRelationship2 typeCode="COMP"><substanceAdministration')
    end = xml.index(END_OF_DRUG)
    dose = (
        '<outboundRelationship2 typeCode="COMP"><substanceAdministration classCode="SBADM"'
        f' moodCode="EVN">{inside}</substanceAdministration></outboundRelationship2>'
    )
    report = read_report((xml[:start] + dose + xml[end:]).encode())
    assert report.kept is None
    [only] = (report.drugs or [])[0].doses or []
    return only


def with_event(anchor: str, inside: str) -> AdverseEventReport:
    """Put something before an anchor of the case."""
    return read_report(change(load_example(STUDY), anchor, inside + anchor))


class TestPatient:
    def test_gestation_and_age_group(self) -> None:
        gestation = with_patient_fact("16", '<value xsi:type="PQ" value="10" unit="wk"/>')
        group = with_patient_fact("4", f'<value xsi:type="CE" code="5" codeSystem="{LISTS}9"/>')

        assert gestation.patient is not None
        assert gestation.patient.gestation == Quantity(value=Decimal(10), unit="wk")
        assert group.patient is not None
        assert group.patient.age_group is AgeGroup.ADULT

    def test_last_menstrual_period(self) -> None:
        report = with_patient_fact("22", '<value xsi:type="TS" value="201404"/>')

        assert report.patient is not None
        assert report.patient.last_menstrual_period == PartialDate(
            value="2014-04", precision=Precision.MONTH
        )

    def test_a_second_age_is_kept(self) -> None:
        report = with_patient_fact("3", '<value xsi:type="PQ" value="57" unit="a"/>')

        assert report.patient is not None
        assert report.patient.age == Quantity(value=Decimal(56), unit="a")
        assert kept(report) == ["3", f"{LISTS}19", "57", "a"]
        assert ("repeated_element", "D") in findings(report)

    def test_a_sex_that_is_masked(self) -> None:
        report = read_report(
            change(
                load_example(STUDY),
                '<administrativeGenderCode code="1" codeSystem="1.0.5218"/>',
                '<administrativeGenderCode nullFlavor="MSK"/>',
            )
        )

        assert report.patient is not None
        assert report.patient.sex == Explicit(null=NullFlavor.MSK)

    def test_a_masked_record_number(self) -> None:
        report = read_report(
            change(load_example(STUDY), 'extension="1204-007"', 'nullFlavor="MSK"')
        )

        assert report.patient is not None
        assert report.patient.investigation_number == Explicit(null=NullFlavor.MSK)
        assert report.study is not None
        assert report.study.subject_id is None
        assert report.kept is None

    def test_family_history(self) -> None:
        family = (
            '<outboundRelationship2 typeCode="EXPL">'
            + observation("38", '<value xsi:type="BL" value="true"/>')
            + "</outboundRelationship2>"
        )
        report = with_event('<inboundRelationship typeCode="REFR">', family)

        assert report.patient is not None
        assert (report.patient.history or [])[0].family_history is True

    def test_a_past_drug_with_indication_and_reaction(self) -> None:
        term = (
            f'<value xsi:type="CE" code="10019799" codeSystem="{MEDDRA}" codeSystemVersion="20.1"/>'
        )
        inside = (
            f"<outboundRelationship2>{observation('19', term)}</outboundRelationship2>"
            f"<outboundRelationship2>{observation('29', term)}</outboundRelationship2>"
        )
        report = read_report(
            change(
                load_example(STUDY),
                "<name>entecavir</name></kindOfProduct></instanceOfKind></consumable>",
                f"<name>entecavir</name></kindOfProduct></instanceOfKind></consumable>{inside}",
            )
        )
        code = Code(system="MedDRA", code="10019799", version="20.1")

        assert report.patient is not None
        [past] = report.patient.past_drugs or []
        assert past.indication is not None
        assert past.indication.coded == code
        assert past.reaction is not None
        assert past.reaction.coded == code
        assert len(report.reactions or []) == 1

    def test_an_autopsy_of_which_nobody_knows(self) -> None:
        xml = change(
            load_example(DEATH),
            f'<code code="5" codeSystem="{LISTS}19"/><value xsi:type="BL" value="true"/>',
            f'<code code="5" codeSystem="{LISTS}19"/><value xsi:type="BL" nullFlavor="UNK"/>',
        )
        patient = read_report(xml).patient

        assert patient is not None
        assert patient.death is not None
        assert patient.death.autopsy == Explicit(null=NullFlavor.UNK)

    def test_a_parent(self) -> None:
        parent = (
            '<role classCode="PRS"><code code="PRN" codeSystem="2.16.840.1.113883.5.111"/>'
            '<associatedPerson classCode="PSN" determinerCode="INSTANCE"><name>M.H.</name>'
            '<administrativeGenderCode code="2" codeSystem="1.0.5218"/><birthTime value="1990"/>'
            "</associatedPerson>"
            f'<subjectOf2 typeCode="SBJ">{WEIGHT_OF_60}'
            "</subjectOf2></role></player1>"
        )
        report = read_report(change(load_example(STUDY), "</player1>", parent))

        assert report.parent is not None
        assert report.parent.initials == "M.H."
        assert report.parent.sex is Sex.FEMALE
        assert report.parent.birth_date == PartialDate(value="1990", precision=Precision.YEAR)
        assert report.parent.weight_kg == Decimal(60)
        assert report.kept is None


class TestDose:
    def test_an_interval_alone(self) -> None:
        dose = with_dose(
            '<effectiveTime xsi:type="PIVL_TS"><period value="3" unit="wk"/></effectiveTime>'
        )

        assert dose.interval == Quantity(value=Decimal(3), unit="wk")
        assert dose.start is None

    def test_dates_alone(self) -> None:
        dose = with_dose(
            '<effectiveTime xsi:type="IVL_TS"><low value="2014"/><high nullFlavor="ASKU"/>'
            "</effectiveTime>"
        )

        assert dose.start == PartialDate(value="2014", precision=Precision.YEAR)
        assert dose.end == Explicit(null=NullFlavor.ASKU)

    def test_interval_dates_and_duration_in_their_own_components(self) -> None:
        dose = with_dose(
            '<effectiveTime xsi:type="SXPR_TS">'
            '<comp xsi:type="PIVL_TS"><period value="8" unit="h"/></comp>'
            '<comp xsi:type="IVL_TS" operator="A"><low value="20140402"/><high value="20140404"/>'
            '</comp><comp xsi:type="IVL_TS" operator="A"><width value="3" unit="d"/></comp>'
            "</effectiveTime>"
        )

        assert dose.interval == Quantity(value=Decimal(8), unit="h")
        assert (dose.start, dose.end) == (day("2014-04-02"), day("2014-04-04"))
        assert dose.duration == Quantity(value=Decimal(3), unit="d")

    def test_a_total_dose(self) -> None:
        dose = with_dose(
            '<doseCheckQuantity><numerator value="2.4" unit="g"/><denominator nullFlavor="UNK"/>'
            "</doseCheckQuantity>"
        )

        assert dose.dose == Quantity(value=Decimal("2.4"), unit="g")
        assert dose.interval == Quantity(value=Decimal(1), unit="{total}")

    def test_form_and_routes_as_codes(self) -> None:
        dose = with_dose(
            '<routeCode code="048" codeSystem="2.16.840.1.113883.3.989.2.1.1.14"/>'
            '<consumable typeCode="CSM"><instanceOfKind classCode="INST"><kindOfProduct>'
            '<formCode code="10219000" codeSystem="0.4.0.127.0.16.1.1.2.1" codeSystemVersion="1"/>'
            "</kindOfProduct></instanceOfKind></consumable>"
            f'<inboundRelationship typeCode="REFR">{UNKNOWN_ROUTE}'
            "</inboundRelationship>"
        )

        assert dose.route_code == Code(system="ICH route", code="048")
        assert dose.route is None
        assert dose.form_code == Code(system="EDQM dose form", code="10219000", version="1")
        assert dose.parent_route == Explicit(null=NullFlavor.ASKU)


class TestDrug:
    def test_blinded(self) -> None:
        drug, *_ = with_drug_fact("6", '<value xsi:type="BL" value="true"/>').drugs or []

        assert drug.blinded is True

    def test_gestation_at_exposure(self) -> None:
        drug, *_ = with_drug_fact("16", '<value xsi:type="PQ" value="8" unit="wk"/>').drugs or []

        assert drug.gestation_at_exposure == Quantity(value=Decimal(8), unit="wk")

    def test_additional_information_in_codes(self) -> None:
        report = with_drug_fact("9", f'<value xsi:type="CE" code="11" codeSystem="{LISTS}17"/>')

        assert (report.drugs or [])[0].additional_information_codes == ["11"]

    def test_a_product_code_and_a_substance_code(self) -> None:
        xml = change(
            load_example(STUDY),
            "<name>索拉非尼片</name>",
            '<code code="MP-1" codeSystem="1.2.3" codeSystemVersion="4"/><name>索拉非尼片</name>',
        )
        xml = change(
            xml,
            "<name>sorafenib tosylate</name>",
            '<code code="5T62Q3B36J" codeSystem="2.16.840.1.113883.4.9"/>'
            "<name>sorafenib tosylate</name>",
        )
        drug, *_ = read_report(xml).drugs or []

        assert drug.product_code == Code(system="1.2.3", code="MP-1", version="4")
        assert (drug.substances or [])[0].coded == Code(system="UNII", code="5T62Q3B36J")

    def test_a_strength_in_something_else_than_one_unit_keeps_its_denominator(self) -> None:
        report = read_report(
            change(
                load_example(STUDY),
                '<denominator value="1" unit="1"/>',
                '<denominator value="5" unit="mL"/>',
            )
        )

        assert kept(report) == ["5", "mL"]

    def test_a_second_rechallenge_of_the_same_pair_is_kept(self) -> None:
        answer = (
            f'<value xsi:type="CE" code="%s" codeSystem="{LISTS}16"/>'
            '<outboundRelationship1 typeCode="REFR"><actReference classCode="OBS" moodCode="EVN">'
            f'<id root="{REACTION_ID}"/></actReference></outboundRelationship1>'
        )
        twice = "".join(
            f'<outboundRelationship2 typeCode="PERT">{observation("31", answer % code)}'
            "</outboundRelationship2>"
            for code in "12"
        )
        report = read_report(change(load_example(STUDY), END_OF_DRUG, twice + END_OF_DRUG))
        [pair] = report.drug_reactions or []

        assert pair.rechallenge == "recurred"
        assert ("repeated_id", "G.k.9.i.4[1]") in findings(report)
        assert "2" in kept(report)
        assert REACTION_ID in kept(report)

    def test_a_second_interval_of_the_same_pair_is_kept(self) -> None:
        interval = (
            '<outboundRelationship1 typeCode="SAS"><pauseQuantity value="35" unit="d"/>'
            f'<actReference><id root="{REACTION_ID}"/></actReference></outboundRelationship1>'
        )
        anchor = '<outboundRelationship2 typeCode="COMP"><substanceAdministration'
        report = read_report(change(load_example(STUDY), anchor, interval + anchor))
        [pair] = report.drug_reactions or []

        assert pair.from_first_dose == Quantity(value=Decimal(34), unit="d")
        assert kept(report) == ["SAS", "35", "d", REACTION_ID]


class TestReportHeader:
    def test_numbers_that_others_gave(self) -> None:
        number = (
            '<subjectOf1 typeCode="SUBJ"><controlActEvent classCode="CACT" moodCode="EVN">'
            f'<id root="{SPACES}3" assigningAuthorityName="Example registry" extension="A/17"/>'
            "</controlActEvent></subjectOf1>"
        )
        xml = change(
            load_example(STUDY),
            f'<code code="2" codeSystem="{LISTS}23"/><value xsi:type="BL" nullFlavor="NI"/>',
            f'<code code="2" codeSystem="{LISTS}23"/><value xsi:type="BL" value="true"/>',
        )
        xml = change(xml, '<subjectOf1 typeCode="SUBJ">', number + '<subjectOf1 typeCode="SUBJ">')
        report = read_report(xml)

        [other] = report.other_identifiers or []
        assert (other.source, other.identifier) == ("Example registry", "A/17")
        assert report.sender is not None
        assert report.kept is None
        assert report.reading_findings is None

    def test_linked_reports(self) -> None:
        link = (
            '<outboundRelationship typeCode="SPRT"><relatedInvestigation><code nullFlavor="NA"/>'
            f'<subjectOf2><controlActEvent><id root="{SPACES}2" extension="CN-OTHER-1"/>'
            "</controlActEvent></subjectOf2></relatedInvestigation></outboundRelationship>"
        )
        xml = load_example(STUDY).replace(
            b'<outboundRelationship typeCode="SPRT">',
            link.encode() + b'<outboundRelationship typeCode="SPRT">',
            1,
        )
        report = read_report(xml)

        assert report.linked_reports == ["CN-OTHER-1"]
        assert report.kept is None

    def test_literature_with_an_attachment(self) -> None:
        reference = (
            '<reference typeCode="REFR"><document classCode="DOC" moodCode="EVN">'
            f'<code code="2" codeSystem="{LISTS}27"/>'
            '<text mediaType="application/pdf" representation="B64">aGVs\nbG8=</text>'
            "<bibliographicDesignationText>Example et al. 2014</bibliographicDesignationText>"
            "</document></reference>"
        )
        report = with_event('<component typeCode="COMP"><adverseEventAssessment', reference)
        [document] = report.documents or []

        assert report.literature is True
        assert document.title == "Example et al. 2014"
        assert document.media_type == "application/pdf"
        assert document.digest == f"sha256:{sha256(b'hello').hexdigest()}"
        assert report.kept is None

    def test_a_comment_without_an_author_is_kept(self) -> None:
        xml = change(
            load_example(STUDY),
            f'<code code="1" codeSystem="{LISTS}21"/>',
            "",
        )
        report = read_report(xml)

        assert report.sender_comments is None
        assert any(content.startswith("Typical of the drug class") for content in kept(report))

    def test_a_report_whose_expedition_is_not_known(self) -> None:
        xml = change(
            load_example(STUDY),
            f'<code code="23" codeSystem="{LISTS}19"/><value xsi:type="BL" value="true"/>',
            f'<code code="23" codeSystem="{LISTS}19"/><value xsi:type="BL" nullFlavor="NI"/>',
        )

        assert read_report(xml).expedited_by_sender == Explicit(null=NullFlavor.NI)

    @pytest.mark.parametrize(
        ("code", "system"),
        [("CN-6", f"{LISTS}19"), ("C156384", "2.16.840.1.113883.3.26.1.1")],
    )
    def test_regional_elements_are_kept_with_their_code(self, code: str, system: str) -> None:
        regional = (
            '<component typeCode="COMP"><observationEvent classCode="OBS" moodCode="EVN">'
            f'<code code="{code}" codeSystem="{system}"/><value xsi:type="CE" code="3"/>'
            "</observationEvent></component>"
        )
        report = with_event('<outboundRelationship typeCode="SPRT"><priorityNumber', regional)

        assert [(entry.path.split("/", 3)[-1], entry.content) for entry in report.kept or []] == [
            (
                f"investigationEvent/component[5]/observationEvent[code/@code='{code}']/code/@code",
                code,
            ),
            (
                f"investigationEvent/component[5]/observationEvent[code/@code='{code}']/code/@codeSystem",
                system,
            ),
            (
                f"investigationEvent/component[5]/observationEvent[code/@code='{code}']/value/@code",
                "3",
            ),
        ]

    def test_masked_telephone_and_the_reporter_s_fax(self) -> None:
        xml = change(
            load_example(STUDY),
            "<state>Guangdong</state></addr>",
            '<state>Guangdong</state></addr><telecom nullFlavor="MSK"/><telecom value="fax:123"/>',
        )
        report = read_report(xml)
        [reporter] = report.reporters or []

        assert reporter.telephone == Explicit(null=NullFlavor.MSK)
        assert kept(report) == ["fax:123"]

    def test_a_middle_name_and_a_third_one(self) -> None:
        xml = change(
            load_example(STUDY),
            "<given>Wei</given>",
            "<given>Wei</given><given>B.</given><given>C.</given>",
        )
        report = read_report(xml)

        assert report.sender is not None
        assert (report.sender.given_name, report.sender.middle_name) == ("Wei", "B.")
        assert kept(report) == ["C."]
