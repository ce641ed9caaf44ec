"""
Safety reports in E2B(R2), written by hand after ICH's DTD; expected values stand in the text.

Unit codes: 003 mg, 801 year, 804 day; route 048 oral; format 102 a day, 610 a month, 602 a
year.
"""

import re
from datetime import date
from decimal import Decimal

import pytest

from schemas.errors import ContractError
from schemas.icsr.read import Icsr, parse_icsr_batch
from schemas.messages.adverse_event import AdverseEventReport, Nullification
from schemas.parse import Message, parse_record

DOCTYPE = '<!DOCTYPE ichicsr SYSTEM "http://eudravigilance.ema.europa.eu/dtd/icsr21xml.dtd">'
HEADER = """<ichicsrmessageheader><messagetype>ichicsr</messagetype>
<messageformatversion>2.1</messageformatversion><messageformatrelease>2.0</messageformatrelease>
<messagenumb>MSG-1</messagenumb><messagesenderidentifier>PARTNER</messagesenderidentifier>
<messagereceiveridentifier>OURS</messagereceiveridentifier>
<messagedateformat>204</messagedateformat><messagedate>20140512093000</messagedate>
</ichicsrmessageheader>"""
REPORT = """<safetyreport><safetyreportversion>2</safetyreportversion>
<safetyreportid>CN-PARTNER-7</safetyreportid><primarysourcecountry>CN</primarysourcecountry>
<occurcountry>CN</occurcountry><transmissiondateformat>102</transmissiondateformat>
<transmissiondate>20140512</transmissiondate><reporttype>2</reporttype><serious>1</serious>
<seriousnessdeath>2</seriousnessdeath><seriousnesslifethreatening>1</seriousnesslifethreatening>
<seriousnesshospitalization>1</seriousnesshospitalization>
<receivedateformat>102</receivedateformat><receivedate>20140507</receivedate>
<receiptdateformat>102</receiptdateformat><receiptdate>20140510</receiptdate>
<additionaldocument>1</additionaldocument><documentlist>Discharge letter</documentlist>
<fulfillexpeditecriteria>1</fulfillexpeditecriteria><companynumb>CN-PARTNER-7</companynumb>
<duplicate>1</duplicate><medicallyconfirm>1</medicallyconfirm>
<reportduplicate><duplicatesource>CDR</duplicatesource><duplicatenumb>99</duplicatenumb>
</reportduplicate>
<linkedreport><linkreportnumb>CN-PARTNER-3</linkreportnumb></linkedreport>
<primarysource><reportergivename>Li</reportergivename><qualification>1</qualification>
<studyname>SECURE</studyname><sponsorstudynumb>16621</sponsorstudynumb>
<observestudytype>3</observestudytype></primarysource>
<sender><sendertype>1</sendertype><senderorganization>Partner Pharma</senderorganization>
<sendertel>12345</sendertel><sendertelcountrycode>86</sendertelcountrycode></sender>
<receiver><receivertype>1</receivertype></receiver>
<patient><patientinitial>LW</patientinitial><patientonsetage>58</patientonsetage>
<patientonsetageunit>801</patientonsetageunit><patientsex>2</patientsex>
<patientmedicalhistorytext>乙型肝炎</patientmedicalhistorytext>
<resultstestsprocedures>CT: no bleeding</resultstestsprocedures>
<medicalhistoryepisode><patientepisodename>Hepatitis B</patientepisodename>
<patientmedicalstartdateformat>602</patientmedicalstartdateformat>
<patientmedicalstartdate>2003</patientmedicalstartdate>
<patientmedicalcontinue>3</patientmedicalcontinue></medicalhistoryepisode>
<reaction><primarysourcereaction>肺栓塞</primarysourcereaction>
<reactionmeddraversionllt>16.1</reactionmeddraversionllt><reactionmeddrallt>10099999</reactionmeddrallt>
<termhighlighted>3</termhighlighted><reactionstartdateformat>610</reactionstartdateformat>
<reactionstartdate>201405</reactionstartdate><reactionduration>3</reactionduration>
<reactiondurationunit>804</reactiondurationunit><reactionoutcome>6</reactionoutcome></reaction>
<reaction><primarysourcereaction>头痛</primarysourcereaction><termhighlighted>2</termhighlighted>
<reactionoutcome>1</reactionoutcome></reaction>
<test><testdateformat>102</testdateformat><testdate>20140506</testdate><testname>ALT</testname>
<testresult>&gt;500</testresult><testunit>U/L</testunit><hightestrange>40</hightestrange></test>
<test><testname>CT</testname><testresult>embolus</testresult></test>
<drug><drugcharacterization>1</drugcharacterization><medicinalproduct>多吉美</medicinalproduct>
<drugbatchnumb>L1</drugbatchnumb><drugstructuredosagenumb>400</drugstructuredosagenumb>
<drugstructuredosageunit>003</drugstructuredosageunit><drugseparatedosagenumb>2</drugseparatedosagenumb>
<drugintervaldosageunitnumb>1</drugintervaldosageunitnumb>
<drugintervaldosagedefinition>804</drugintervaldosagedefinition>
<drugadministrationroute>048</drugadministrationroute>
<drugstartdateformat>102</drugstartdateformat><drugstartdate>20140401</drugstartdate>
<actiondrug>1</actiondrug><drugrecurreadministration>2</drugrecurreadministration>
<activesubstance><activesubstancename>sorafenib tosylate</activesubstancename></activesubstance>
<drugrecurrence><drugrecuractionmeddraversion>16.1</drugrecuractionmeddraversion>
<drugrecuraction>10099999</drugrecuraction></drugrecurrence>
<drugreactionrelatedness><drugreactionassesmeddraversion>16.1</drugreactionassesmeddraversion>
<drugreactionasses>10099999</drugreactionasses><drugassessmentsource>Investigator</drugassessmentsource>
<drugassessmentmethod>global</drugassessmentmethod><drugresult>possible</drugresult>
</drugreactionrelatedness></drug>
<summary><narrativeincludeclinical>患者出现肺栓塞。</narrativeincludeclinical>
<reportercomment>可能相关</reportercomment><sendercomment>agreed</sendercomment></summary>
</patient></safetyreport>"""


def written(*reports: str, doctype: str = DOCTYPE) -> bytes:
    told = "".join(reports or (REPORT,))
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}\n{doctype}\n<ichicsr lang="zh">{HEADER}{told}</ichicsr>'.encode()


def read(content: bytes) -> AdverseEventReport:
    [found] = parse_icsr_batch(content)
    assert isinstance(found, Icsr), found
    assert isinstance(found.data, AdverseEventReport)
    return found.data


def changed(old: str, new: str) -> AdverseEventReport:
    assert old in REPORT
    return read(written(REPORT.replace(old, new)))


def codes(report: AdverseEventReport) -> set[str]:
    return {found.code for found in report.reading_findings or ()}


class TestReport:
    report = read(written())

    def test_numbers_days_and_kind(self) -> None:
        told = self.report

        assert told.case.model_dump(exclude_none=True) == {
            "sender": "PARTNER",
            "sender_case_id": "CN-PARTNER-7",
            "worldwide_id": "CN-PARTNER-7",
            "sender_version": 2,
        }
        assert (told.first_received, told.most_recent_information) == (
            date(2014, 5, 7),
            date(2014, 5, 10),
        )
        assert (told.kind, told.report_type, told.expedited_by_sender) == (
            "follow_up",
            "study",
            True,
        )
        assert told.received_at.isoformat() == "2014-05-12T09:30:00+00:00"

    def test_sources_sender_and_study(self) -> None:
        told = self.report

        assert told.reporters is not None
        assert (told.reporters[0].qualification, told.reporters[0].country) == ("physician", "CN")
        assert told.reporters[0].primary is True
        assert told.sender is not None
        assert told.sender.telephone == "+86 12345"
        assert told.study is not None
        assert (told.study.study_id, told.study.title, told.study.study_type) == (
            "16621",
            "SECURE",
            "other_study",
        )
        assert told.linked_reports == ["CN-PARTNER-3"]
        assert told.other_identifiers is not None
        assert told.other_identifiers[0].identifier == "99"

    def test_patient(self) -> None:
        patient = self.report.patient

        assert patient is not None
        assert patient.age is not None
        assert patient.age.model_dump() == {"value": Decimal(58), "unit": "a"}
        assert patient.sex == "female"
        assert patient.history_text == "乙型肝炎"
        assert patient.history is not None
        assert patient.history[0].start is not None
        assert patient.history[0].start.model_dump() == {"value": "2003", "precision": "year"}
        assert patient.history[0].continuing is not None

    def test_what_the_case_says_of_seriousness_is_taken_for_what_is_not_marked_otherwise(
        self,
    ) -> None:
        assert self.report.reactions is not None
        first, second = self.report.reactions

        assert first.seriousness is not None
        assert first.seriousness.life_threatening is True
        assert first.seriousness.hospitalisation is True
        assert first.seriousness.death is not True
        assert second.seriousness is not None
        assert True not in second.seriousness.model_dump().values()
        assert "seriousness_of_the_case" in codes(self.report)

    def test_reactions(self) -> None:
        assert self.report.reactions is not None
        first, second = self.report.reactions

        assert first.term is not None
        assert (first.term.text, first.term.language) == ("肺栓塞", "zh")
        assert first.term.coded is not None
        assert (first.term.coded.code, first.term.coded.version) == ("10099999", "16.1")
        assert first.onset is not None
        assert first.onset.model_dump() == {"value": "2014-05", "precision": "month"}
        assert first.duration is not None
        assert first.duration.unit == "d"
        assert (first.outcome, second.outcome) == ("unknown", "recovered")  # R2: 6 and 1
        assert (first.country, first.medically_confirmed) == ("CN", True)

    def test_tests_and_results_in_free_text(self) -> None:
        assert self.report.tests is not None
        alt, ct, free = self.report.tests

        assert alt.result is not None
        assert alt.result.model_dump() == {
            "value": Decimal(500),
            "unit": "U/L",
            "comparator": ">",
        }
        assert alt.high is not None
        assert alt.high.value == 40
        assert (ct.result, ct.result_text) == (None, "embolus")
        assert free.result_text == "CT: no bleeding"

    def test_drug_with_two_doses_a_day_every_twelve_hours(self) -> None:
        assert self.report.drugs is not None
        [drug] = self.report.drugs

        assert (drug.name, drug.role, drug.action_taken) == ("多吉美", "suspect", "withdrawn")
        assert drug.doses is not None
        [dose] = drug.doses
        assert dose.dose is not None
        assert dose.dose.model_dump() == {"value": Decimal(400), "unit": "mg"}
        assert dose.interval is not None
        assert dose.interval.model_dump() == {"value": Decimal(12), "unit": "h"}
        assert dose.route_code is not None
        assert (dose.route_code.system, dose.route_code.code) == ("ICH route", "048")
        assert dose.batch == "L1"

    def test_opinions_and_rechallenge_name_the_reaction_by_its_code(self) -> None:
        assert self.report.relatedness is not None
        [answer] = self.report.relatedness
        assert (answer.reaction_id, answer.assessor, answer.result) == (
            "r1",
            "investigator",
            "possible",
        )
        assert self.report.drug_reactions is not None
        [pair] = self.report.drug_reactions
        assert (pair.reaction_id, pair.rechallenge) == ("r1", "did_not_recur")

    def test_words_of_reporter_and_sender(self) -> None:
        assert self.report.narrative == "患者出现肺栓塞。"
        assert self.report.reporter_comments == "可能相关"
        assert self.report.sender_comments == "agreed"

    def test_everything_was_read(self) -> None:
        assert self.report.kept is None


class TestDates:
    @pytest.mark.parametrize(
        ("told", "value"),
        [
            ("602</reactionstartdateformat>\n<reactionstartdate>2014", "2014"),
            ("102</reactionstartdateformat>\n<reactionstartdate>20140506", "2014-05-06"),
            ("203</reactionstartdateformat>\n<reactionstartdate>201405061430", "2014-05-06T14:30"),
        ],
    )
    def test_are_as_precise_as_their_format(self, told: str, value: str) -> None:
        report = changed("610</reactionstartdateformat>\n<reactionstartdate>201405", told)

        assert report.reactions is not None
        assert report.reactions[0].onset is not None
        assert report.reactions[0].onset.model_dump()["value"] == value

    @pytest.mark.parametrize(
        "told",
        [
            "102</reactionstartdateformat>\n<reactionstartdate>201405",
            "610</reactionstartdateformat>\n<reactionstartdate>201413",
            "999</reactionstartdateformat>\n<reactionstartdate>201405",
        ],
    )
    def test_that_do_not_fit_their_format_are_kept_as_written(self, told: str) -> None:
        report = changed("610</reactionstartdateformat>\n<reactionstartdate>201405", told)

        assert report.reactions is not None
        assert report.reactions[0].onset is None
        assert "invalid_date" in codes(report)
        assert report.kept is not None
        assert any("reactionstartdate" in kept.path for kept in report.kept)


class TestWhatIsNotClear:
    def test_a_serious_case_without_a_reason_rules_nothing_out(self) -> None:
        report = changed(">1</seriousnesslifethreatening>", ">2</seriousnesslifethreatening>")
        none = read(
            written(
                REPORT.replace("hospitalization>1<", "hospitalization>2<").replace(
                    "lifethreatening>1<", "lifethreatening>2<"
                )
            )
        )

        assert report.reactions is not None
        assert none.reactions is not None
        assert none.reactions[0].seriousness is not None
        assert none.reactions[0].seriousness.model_dump(exclude_none=True) == {}

    def test_an_opinion_on_a_reaction_that_is_not_there_is_kept(self) -> None:
        report = changed("<drugreactionasses>10099999<", "<drugreactionasses>10088888<")

        assert report.relatedness is None
        assert "dangling_reference" in codes(report)
        assert report.kept is not None
        assert any("drugresult" in kept.path for kept in report.kept)

    def test_seven_doses_a_day_are_kept_as_written(self) -> None:
        report = changed("<drugseparatedosagenumb>2<", "<drugseparatedosagenumb>7<")

        assert report.drugs is not None
        assert report.drugs[0].doses is not None
        assert report.drugs[0].doses[0].interval is None
        assert "interval_not_even" in codes(report)

    def test_elements_of_no_standard_are_kept(self) -> None:
        report = changed("<patient>", "<patient><regionalextra>seen</regionalextra>")

        assert report.kept is not None
        assert [kept.content for kept in report.kept] == ["seen"]


class TestFile:
    def test_several_reports_stand_alone(self) -> None:
        second = REPORT.replace("CN-PARTNER-7", "CN-PARTNER-8")
        found = list(parse_icsr_batch(written(REPORT, second)))

        ids = []
        for one in found:
            assert isinstance(one, Icsr)
            [again] = parse_icsr_batch(one.payload)
            assert isinstance(again, Icsr)
            assert again.data == one.data
            assert again.message_id == one.message_id
            ids.append((one.source, one.message_id, one.subject))
        assert ids == [
            ("e2b:PARTNER", "MSG-1/CN-PARTNER-7", "CN-PARTNER-7"),
            ("e2b:PARTNER", "MSG-1/CN-PARTNER-8", "CN-PARTNER-8"),
        ]

    def test_on_the_topic_it_is_an_adverse_event_report(self) -> None:
        [found] = parse_record("pv.icsr", written())

        assert isinstance(found, Message)
        assert found.type == "pv.adverse-event.reported.v1"

    def test_a_nullification_is_one(self) -> None:
        void = REPORT.replace(
            "<medicallyconfirm>",
            "<casenullification>1</casenullification><nullificationreason>Duplicate of"
            " CN-PARTNER-3</nullificationreason><medicallyconfirm>",
        )
        [found] = parse_icsr_batch(written(void))

        assert isinstance(found, Icsr)
        assert isinstance(found.data, Nullification)
        assert (found.data.reason, found.data.surviving_case) == ("duplicate", "CN-PARTNER-3")

    def test_one_report_that_cannot_be_used_does_not_take_the_others_with_it(self) -> None:
        nameless = re.sub("<(safetyreportid|companynumb)>.*?</\\1>", "", REPORT)
        first, second = parse_icsr_batch(written(nameless, REPORT))

        assert isinstance(first, ContractError)
        assert first.path == "C.1.1"
        assert isinstance(second, Icsr)

    def test_other_encodings(self) -> None:
        text = written().decode().replace("UTF-8", "GB18030")

        assert read(text.encode("gb18030")) == read(written())

    @pytest.mark.parametrize(
        "doctype",
        [
            "",
            DOCTYPE,
            '<!DOCTYPE ichicsr PUBLIC "-//ICHM2//DTD ICH ICSR Vers. 2.1//EN" "ich-icsr.dtd">',
            "<!-- a comment --><!DOCTYPE ichicsr SYSTEM 'file:///etc/passwd'>",
        ],
    )
    def test_a_document_type_is_never_fetched(self, doctype: str) -> None:
        assert read(written(doctype=doctype)) == read(written())

    @pytest.mark.parametrize(
        "doctype",
        [
            '<!DOCTYPE ichicsr [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE ichicsr SYSTEM "x.dtd" [<!ENTITY a "b">]>',
            '<!DOCTYPE safetyreport SYSTEM "x.dtd">',
            f"{DOCTYPE}{DOCTYPE}",
        ],
    )
    def test_anything_that_could_declare_an_entity_is_refused(self, doctype: str) -> None:
        with pytest.raises(ContractError) as refused:
            list(parse_icsr_batch(written(doctype=doctype)))

        assert refused.value.reason.value == "forbidden_xml"

    def test_a_file_without_a_report_is_refused(self) -> None:
        with pytest.raises(ContractError) as refused:
            list(parse_icsr_batch(b"<ichicsr/>"))

        assert refused.value.reason.value == "not_an_icsr"
