"""What identifies an ICSR, when it counts as received, how a batch falls into messages."""

from datetime import UTC, date, datetime

import pytest
from lxml import etree

from schemas.errors import ContractError, Reason
from schemas.icsr.read import Icsr, parse_icsr_batch
from schemas.messages.adverse_event import Awareness
from schemas.vocabulary import Channel, ReportKind
from tests.unit.schemas.icsr.files import (
    BATCH,
    FOLLOW_UP,
    GERMANY,
    NAMES,
    STUDY,
    change,
    findings,
    kept,
    load_example,
    read_all,
    read_one,
    read_report,
    refusal,
)

NOON = datetime(2014, 5, 14, 12, tzinfo=UTC)
CASE_ID = 'root="2.16.840.1.113883.3.989.2.1.3.1" extension="CN-EXAMPLE-16621-0001"'
WORLDWIDE_ID = 'root="2.16.840.1.113883.3.989.2.1.3.2" extension="CN-EXAMPLE-16621-0001"'
BATCH_SENDER = 'root="2.16.840.1.113883.3.989.2.1.3.13" extension="EXAMPLECN"'
MESSAGE_SENDER = 'root="2.16.840.1.113883.3.989.2.1.3.11" extension="EXAMPLECN"'
BATCH_NUMBER = 'extension="EXAMPLECN-20140513-0001"'


def case_id_of_the_event(xml: bytes) -> tuple[bytes, bytes]:
    """Cut at the case, after the message id, which has the same namespace and value."""
    head, event, rest = xml.partition(b"<investigationEvent")
    return head, event + rest


class TestIdentity:
    def test_of_a_message_is_made_of_sender_batch_and_message(self) -> None:
        icsr = read_one(load_example(STUDY))

        assert icsr.source == "e2b:EXAMPLECN"
        assert icsr.message_id == "EXAMPLECN-20140513-0001/CN-EXAMPLE-16621-0001"
        assert icsr.subject == "CN-EXAMPLE-16621-0001"

    def test_of_a_case_is_the_worldwide_number(self) -> None:
        icsr = read_one(change(load_example(STUDY), WORLDWIDE_ID, WORLDWIDE_ID[:-1] + '/A"'))

        assert icsr.subject == "CN-EXAMPLE-16621-0001_x2F_A"
        assert icsr.data.case.worldwide_id == icsr.subject
        assert icsr.data.case.sender_case_id == "CN-EXAMPLE-16621-0001"
        assert icsr.data.case.sender == "EXAMPLECN"

    def test_of_a_case_without_one_is_the_sender_s_number(self) -> None:
        icsr = read_one(change(load_example(STUDY), f"<id {WORLDWIDE_ID}/>", ""))

        assert icsr.subject == "CN-EXAMPLE-16621-0001"
        assert icsr.data.case.worldwide_id is None
        assert ("missing_mandatory", "C.1.8.1") in findings(icsr.data)

    def test_a_rewritten_number_is_kept_as_it_was(self) -> None:
        report = read_report(change(load_example(STUDY), WORLDWIDE_ID, WORLDWIDE_ID[:-1] + '/A"'))

        assert ("identifier_rewritten", "C.1.8.1") in findings(report)
        assert kept(report) == ["CN-EXAMPLE-16621-0001/A"]

    def test_without_a_batch_number_the_bytes_identify_the_message(self) -> None:
        xml = change(load_example(STUDY), BATCH_NUMBER, "")

        icsr = read_one(xml)

        assert len(icsr.message_id) == 64
        assert icsr.message_id != read_one(change(xml, "A man of 56", "A man of 57")).message_id
        assert icsr == read_one(xml)
        assert ("message_id_missing", "N.1.2") in findings(icsr.data)

    def test_without_a_batch_sender_the_message_s_sender_counts(self) -> None:
        xml = change(load_example(STUDY), f"<id {BATCH_SENDER}/>", "")

        assert read_one(xml).source == "e2b:EXAMPLECN"

    def test_without_any_sender_it_is_unknown(self) -> None:
        xml = change(load_example(STUDY), f"<id {BATCH_SENDER}/>", "")
        report = read_report(change(xml, f"<id {MESSAGE_SENDER}/>", ""))

        assert report.case.sender == "unknown"
        assert ("sender_unknown", "N.1.3") in findings(report)


class TestKind:
    def test_is_initial_where_the_latest_information_is_the_first(self) -> None:
        assert read_report(load_example(STUDY)).kind is ReportKind.INITIAL

    def test_is_follow_up_where_it_is_later(self) -> None:
        assert read_report(load_example(FOLLOW_UP)).kind is ReportKind.FOLLOW_UP

    def test_is_correction_where_the_sender_amends(self) -> None:
        report = read_report(amended("2", "Wrong batch number"))

        assert report.kind is ReportKind.CORRECTION
        assert report.correction_reason == "Wrong batch number"

    def test_an_amendment_of_a_first_report_is_noted(self) -> None:
        assert ("amendment_on_initial", "C.1.11.1") in findings(
            read_report(amended("2", "Wrong batch number"))
        )


def amended(code: str, reason: str, xml: bytes | None = None) -> bytes:
    """Put C.1.11.1 and C.1.11.2 at the end of the case."""
    lists = "2.16.840.1.113883.3.989.2.1.1"
    extra = "".join(
        f'<subjectOf2 typeCode="SUBJ"><investigationCharacteristic classCode="OBS" moodCode="EVN">'
        f'<code code="{number}" codeSystem="{lists}.23"/>{value}'
        f"</investigationCharacteristic></subjectOf2>"
        for number, value in (
            ("3", f'<value xsi:type="CE" code="{code}" codeSystem="{lists}.5"/>'),
            ("4", f'<value xsi:type="CE"><originalText>{reason}</originalText></value>'),
        )
    )
    return change(
        load_example(STUDY) if xml is None else xml,
        "</investigationEvent>",
        f"{extra}</investigationEvent>",
    )


class TestTimes:
    def test_the_time_the_company_gives_is_the_receipt(self) -> None:
        assert read_one(load_example(STUDY), NOON).data.received_at == NOON

    def test_else_it_is_the_time_the_batch_was_sent(self) -> None:
        report = read_report(load_example(STUDY))

        assert report.received_at.isoformat() == "2014-05-13T09:30:00+08:00"
        assert report.office_zone == "UTC"

    def test_else_the_time_the_message_was_made(self) -> None:
        xml = change(load_example(STUDY), '<creationTime value="20140513093000+0800"/>', "")

        assert read_report(xml).received_at.isoformat() == "2014-05-13T09:25:00+08:00"

    def test_else_a_date_of_the_report(self) -> None:
        xml = change(load_example(STUDY), "20140513093000+0800", "yesterday")
        xml = change(xml, "20140513092500+0800", "yesterday", times=2)
        report = read_report(xml)

        assert report.received_at == datetime(2014, 5, 12, tzinfo=UTC)
        assert ("receipt_time_inferred", "N.2.r.4") in findings(report)

    def test_a_time_without_offset_is_taken_as_utc(self) -> None:
        report = read_report(change(load_example(STUDY), "20140513093000+0800", "20140513093000"))

        assert report.received_at == datetime(2014, 5, 13, 9, 30, tzinfo=UTC)
        assert ("time_without_offset", "N.1.5") in findings(report)

    def test_a_day_in_place_of_a_time_begins_at_midnight(self) -> None:
        report = read_report(change(load_example(STUDY), "20140513093000+0800", "20140513"))

        assert report.received_at == datetime(2014, 5, 13, tzinfo=UTC)
        assert ("incomplete_date", "N.1.5") in findings(report)

    def test_the_partner_was_aware_on_the_first_day_of_a_first_report(self) -> None:
        assert read_report(load_example(STUDY)).awareness == [
            Awareness(channel=Channel.PARTNER, day=date(2014, 5, 12))
        ]

    def test_and_on_the_latest_day_of_a_follow_up(self) -> None:
        report = read_report(load_example(FOLLOW_UP))

        assert [moment.day for moment in report.awareness] == [date(2014, 6, 5)]
        assert report.first_received == date(2014, 5, 12)
        assert report.most_recent_information == date(2014, 6, 5)

    def test_a_missing_latest_day_is_taken_from_the_first(self) -> None:
        report = read_report(
            change(load_example(STUDY), '<availabilityTime value="20140512"/>', "")
        )

        assert report.most_recent_information == date(2014, 5, 12)
        assert ("missing_mandatory", "C.1.5") in findings(report)

    def test_an_incomplete_latest_day_too_and_is_kept(self) -> None:
        report = read_report(
            change(
                load_example(STUDY),
                'availabilityTime value="20140512"',
                'availabilityTime value="201405"',
            )
        )

        assert report.most_recent_information == date(2014, 5, 12)
        assert ("incomplete_date", "C.1.5") in findings(report)
        assert kept(report) == ["201405"]

    def test_without_any_day_the_making_of_the_message_counts(self) -> None:
        xml = change(load_example(STUDY), '<availabilityTime value="20140512"/>', "")
        report = read_report(change(xml, '<low value="20140512"/>', '<low nullFlavor="NI"/>'))

        assert report.most_recent_information == date(2014, 5, 13)
        assert report.first_received is None
        assert report.awareness[0].day == date(2014, 5, 13)

    def test_a_time_of_day_of_first_receipt_is_kept(self) -> None:
        report = read_report(
            change(
                load_example(STUDY), '<low value="20140512"/>', '<low value="20140512083000+0800"/>'
            )
        )

        assert report.first_received == date(2014, 5, 12)
        assert kept(report) == ["20140512083000+0800"]


class TestBatch:
    def test_each_message_is_a_report_of_its_own(self) -> None:
        assert [
            icsr.subject for icsr in read_all(load_example(BATCH)) if isinstance(icsr, Icsr)
        ] == [
            "DE-EXAMPLE-2025-000131",
            "DE-EXAMPLE-2025-000133",
        ]

    def test_a_lone_message_is_its_own_payload(self) -> None:
        assert read_one(load_example(STUDY)).payload == load_example(STUDY)

    @pytest.mark.parametrize("name", NAMES)
    def test_each_payload_reads_as_the_same_report_again(self, name: str) -> None:
        for icsr in read_all(load_example(name), NOON):
            assert isinstance(icsr, Icsr)
            assert read_one(icsr.payload, NOON) == icsr

    def test_each_payload_has_the_order_of_the_batch(self) -> None:
        for icsr in read_all(load_example(BATCH)):
            assert isinstance(icsr, Icsr)
            assert [etree.QName(child).localname for child in etree.fromstring(icsr.payload)] == [
                "id",
                "creationTime",
                "responseModeCode",
                "interactionId",
                "name",
                "PORR_IN049016UV",
                "receiver",
                "sender",
            ]

    def test_so_it_does_with_prefixes_and_without_numbers(self) -> None:
        xml = prefixed(change(load_example(BATCH), 'extension="BEISPIELDE-2025-0140"', ""))

        icsrs = read_all(xml)

        assert [isinstance(icsr, Icsr) for icsr in icsrs] == [True, True]
        for icsr in icsrs:
            assert isinstance(icsr, Icsr)
            assert read_one(icsr.payload) == icsr
            assert b"DE-EXAMPLE-2025-000131" not in icsr.payload or b"000133" not in icsr.payload

    @pytest.mark.slow
    def test_a_batch_of_a_thousand_is_read(self) -> None:
        xml = load_example(BATCH)
        start, end = xml.rindex(b"<PORR_IN049016UV>"), xml.rindex(b"<receiver")
        many = b"".join(xml[start:end].replace(b"000133", b"%06d" % n) for n in range(1000, 2000))

        icsrs = read_all(xml[:start] + many + xml[end:])

        assert len({icsr.subject for icsr in icsrs if isinstance(icsr, Icsr)}) == 1001

    def test_a_wrapper_that_would_swell_every_payload_is_refused(self) -> None:
        comment = f"<batchComment>{'x' * 200_000}</batchComment>"
        xml = change(
            load_example(BATCH),
            '<responseModeCode code="D"/>',
            f'<responseModeCode code="D"/>{comment}',
        )

        with pytest.raises(ContractError) as caught:
            read_all(xml)

        assert caught.value.reason is Reason.TOO_LARGE

    def test_an_unusable_message_does_not_take_the_others_with_it(self) -> None:
        xml = load_example(BATCH).replace(b'extension="DE-EXAMPLE-2025-000131"', b"")

        first, second = read_all(xml)

        assert isinstance(first, ContractError)
        assert (first.reason, first.path) == (Reason.UNUSABLE_ICSR, "C.1.1")
        assert isinstance(second, Icsr)

    def test_unusual_content_of_the_batch_is_kept_with_each_message(self) -> None:
        xml = change(
            load_example(BATCH),
            '<responseModeCode code="D"/>',
            '<responseModeCode code="D"/><batchComment>urgent</batchComment>',
        )

        for icsr in read_all(xml):
            assert isinstance(icsr, Icsr)
            assert "urgent" in kept(icsr.data)  # type: ignore[arg-type]

    def test_a_message_without_a_batch_is_read_with_a_finding(self) -> None:
        xml = load_example(GERMANY)
        start, end = xml.index(b"<PORR_IN049016UV>"), xml.index(b"<receiver", xml.index(b"</PORR"))
        alone = xml[start:end].replace(
            b"<PORR_IN049016UV>",
            b'<PORR_IN049016UV xmlns="urn:hl7-org:v3"'
            b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
        )

        report = read_report(alone)

        assert ("batch_wrapper_missing", "N.1") in findings(report)
        assert report.case.sender == "BEISPIELDE"


def prefixed(xml: bytes) -> bytes:
    """Write every element with a prefix, as serialisers do that know no default namespace."""
    text = xml.decode().partition("-->")[2]
    text = text.replace("</", "</ns0:").replace("<", "<ns0:").replace("<ns0:/ns0:", "</ns0:")
    return text.replace('xmlns="', 'xmlns:ns0="').encode()


class TestUnusable:
    def test_a_message_that_names_no_case(self) -> None:
        head, event = case_id_of_the_event(load_example(STUDY))
        event = change(event, f"<id {CASE_ID}/>", "")

        error = refusal(head + change(event, f"<id {WORLDWIDE_ID}/>", ""))

        assert (error.reason, error.path) == (Reason.UNUSABLE_ICSR, "C.1.1")

    def test_a_worldwide_number_alone_names_the_case(self) -> None:
        head, event = case_id_of_the_event(load_example(STUDY))

        report = read_report(head + change(event, f"<id {CASE_ID}/>", ""))

        assert report.case.sender_case_id == "CN-EXAMPLE-16621-0001"
        assert ("missing_mandatory", "C.1.1") in findings(report)

    def test_a_message_with_two_cases(self) -> None:
        xml = load_example(STUDY).decode()
        start = xml.index('<subject typeCode="SUBJ">')
        end = xml.index("</controlActProcess>")

        error = refusal((xml[:end] + xml[start:end] + xml[end:]).encode())

        assert error.reason is Reason.UNUSABLE_ICSR
        assert "a message of its own" in error.advice

    def test_a_message_without_a_case(self) -> None:
        xml = load_example(STUDY).decode()
        start = xml.index('<subject typeCode="SUBJ">')
        end = xml.index("</controlActProcess>")

        assert refusal((xml[:start] + xml[end:]).encode()).reason is Reason.UNUSABLE_ICSR

    def test_a_message_without_any_date(self) -> None:
        xml = load_example(STUDY)
        for value in ("20140513093000+0800", "20140513092500+0800", "20140512"):
            xml = xml.replace(f'value="{value}"'.encode(), b'value="soon"')

        error = refusal(xml)

        assert (error.reason, error.path) == (Reason.UNUSABLE_ICSR, "C.1.5")

    def test_a_report_with_more_entries_than_the_contract_holds(self) -> None:
        xml = load_example(STUDY).decode()
        start = xml.index('<outboundRelationship typeCode="SPRT"><priorityNumber')
        end = xml.index("</outboundRelationship>", start) + len("</outboundRelationship>")

        error = refusal((xml[:start] + xml[start:end] * 1001 + xml[end:]).encode())

        assert (error.reason, error.path) == (Reason.UNUSABLE_ICSR, "reporters")

    def test_a_report_with_more_faults_than_can_be_listed(self) -> None:
        row = '<component typeCode="COMP"><causalityAssessment classCode="OBS" moodCode="EVN">'
        row += '<code code="39" codeSystem="2.16.840.1.113883.3.989.2.1.1.19"/>'
        row += "</causalityAssessment></component>"

        error = refusal(
            change(
                load_example(STUDY),
                "</adverseEventAssessment>",
                row * 10_001 + "</adverseEventAssessment>",
            )
        )

        assert error.path == "reading_findings"

    def test_a_report_with_more_unknown_content_than_can_be_listed(self) -> None:
        xml = change(
            load_example(STUDY), "<statusCode", '<extra value="1"/>' * 10_001 + "<statusCode"
        )

        assert refusal(xml).path == "kept"


class TestNotAnIcsr:
    @pytest.mark.parametrize(
        ("xml", "advice"),
        [
            (b"<ichicsr lang='en'><ichicsrmessageheader/></ichicsr>", "no safety report"),
            (b"<ichicsr xmlns='urn:hl7-org:v3'><safetyreport/></ichicsr>", "E2B(R2)"),
            (b"<MCCI_IN200101UV01 xmlns='urn:hl7-org:v3'/>", "acknowledgement"),
            (b"<MCCI_IN200100UV01/>", "urn:hl7-org:v3"),
            (b"<html/>", "MCCI_IN200100UV01"),
        ],
    )
    def test_is_refused_with_advice(self, xml: bytes, advice: str) -> None:
        with pytest.raises(ContractError) as caught:
            list(parse_icsr_batch(xml))

        assert caught.value.reason is Reason.NOT_AN_ICSR
        assert advice in caught.value.advice

    def test_a_batch_without_messages_is_none(self) -> None:
        with pytest.raises(ContractError) as caught:
            list(parse_icsr_batch(b"<MCCI_IN200100UV01 xmlns='urn:hl7-org:v3'/>"))

        assert caught.value.reason is Reason.NOT_AN_ICSR


class TestSynthetic:
    def test_a_message_for_training_is_about_nobody(self) -> None:
        assert read_report(load_example(STUDY)).synthetic

    def test_a_message_of_production_is_about_somebody(self) -> None:
        xml = change(
            load_example(STUDY), '<processingCode code="T"/>', '<processingCode code="P"/>'
        )

        assert not read_report(xml).synthetic


class TestDatesThatNobodyCanMean:
    """Dates at the ends of the calendar are findings; the report comes through."""

    @pytest.mark.parametrize("year", ["0001", "1899", "2101", "9999"])
    @pytest.mark.parametrize(
        ("element", "old"),
        [
            ("C.1.4", '<low value="{}0512"/></effectiveTime><availability'),
            ("C.1.5", '<availabilityTime value="{}0512"/>'),
            ("N.1.5", '<creationTime value="{}0513093000+0800"/>'),
            ("N.2.r.4", '<creationTime value="{}0513092500+0800"/>'),
            ("E.i.4", '<low value="{}0506"/>'),
        ],
    )
    def test_such_a_date_is_a_finding_and_kept_as_written(
        self, element: str, old: str, year: str
    ) -> None:
        xml = change(load_example(STUDY), old.format("2014"), old.format(year))

        report = read_report(xml)

        found = {(each.code, each.path or "") for each in report.reading_findings or []}
        assert any(code == "invalid_date" and path.startswith(element) for code, path in found)
        assert any(each.content.startswith(year) for each in report.kept or [])
