"""ICH acknowledgements as gateways write them; the samples are FDA's."""

from pathlib import Path

import pytest

from schemas.errors import ContractError
from schemas.icsr.acknowledgement import divide, parse_acknowledgement
from schemas.parse import Message, Refused, parse_record

TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<MCCI_IN200101UV01 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0">
<creationTime value="20260321020000+0000"/><interactionId extension="MCCI_IN200101UV01"/>
{messages}<acknowledgement typeCode="AA"><targetBatch>
<id extension="B1" root="2.16.840.1.113883.3.989.2.1.3.22"/></targetBatch></acknowledgement>
</MCCI_IN200101UV01>"""
MESSAGE = """<MCCI_IN000002UV01><acknowledgement typeCode="{code}"><targetMessage>
<id extension="{number}" root="2.16.840.1.113883.3.989.2.1.3.1"/></targetMessage>
<acknowledgementDetail><text>已接收 {number}</text></acknowledgementDetail>
</acknowledgement></MCCI_IN000002UV01>"""


def written(*messages: tuple[str, str]) -> bytes:
    told = "".join(MESSAGE.format(number=number, code=code) for number, code in messages)
    return TEMPLATE.format(messages=told).encode()


class TestParseAcknowledgement:
    def test_reads_fdas_positive_sample(self, shared_data: Path) -> None:
        told = parse_acknowledgement((shared_data / "e2b/samples/R3ack-positive.ack").read_bytes())

        assert (told.batch_number, told.code, told.sender, told.local_number) == (
            "FAERS2022Scenario1-4069-a2dd-08002b30309d",
            "AA",
            "ZZFDA",
            "427032",
        )
        assert told.created.isoformat() == "2022-08-11T13:50:30-04:00"
        [message] = told.messages
        assert message.number == "21ec1492-3aea-4069-a2ab-08002b30309d US-APHARMA-8744554B"
        assert (message.code, message.local_number) == ("CA", "19426648")
        assert message.texts == ["Report Loaded Successfully"]

    def test_reads_fdas_negative_sample(self, shared_data: Path) -> None:
        told = parse_acknowledgement((shared_data / "e2b/samples/R3ack-negative.ack").read_bytes())

        assert told.code == "AE"
        assert told.texts == ["some ICSR message(s) need further action"]
        [message] = told.messages
        assert message.code == "CR"
        assert message.texts[0].startswith("Element value for SafetyCasePriority")

    def test_other_prefixes_encodings_comments_and_missing_numbers_are_no_matter(self) -> None:
        text = written(("N1", "CA")).decode().replace("<?xml version", "\ufeff<?xml version")
        text = text.replace("UTF-8", "UTF-16").replace("<interactionId", "<!-- x --><interactionId")
        prefixed = text.replace('xmlns="', 'xmlns:h="').replace("</", "</h:")
        prefixed = prefixed.replace("<", "<h:").replace("<h:/h:", "</h:")
        for mark in ("?", "!"):
            prefixed = prefixed.replace(f"<h:{mark}", f"<{mark}")

        for each in (text, prefixed):
            told = parse_acknowledgement(each.encode("utf-16-le"))
            assert told.messages[0].texts == ["已接收 N1"]
            assert told.messages[0].local_number is None

    @pytest.mark.parametrize(
        ("old", "new", "path"),
        [
            ('typeCode="AA"', 'typeCode="AB"', "code"),
            ('typeCode="AA"', "", "code"),
            ('extension="B1"', "", "ACK.A.1"),
            ("creationTime", "creationTimes", "ACK.M.4"),
            ('value="20260321020000+0000"', 'value="2026"', "ACK.M.4"),
            ('extension="N1"', 'extension=" "', "ACK.B.r.1"),
            ('typeCode="CA"', 'typeCode="AA"', "messages.0.code"),
            ("acknowledgement typeCode", "acknowledgements typeCode", ""),
        ],
    )
    def test_what_does_not_say_what_became_of_what_is_refused(
        self, old: str, new: str, path: str
    ) -> None:
        content = written(("N1", "CA")).decode().replace(old, new)

        with pytest.raises(ContractError) as refused:
            parse_acknowledgement(content.encode())

        expected = "not_xml" if "acknowledgements" in new else "not_an_acknowledgement"
        assert refused.value.reason.value == expected
        assert refused.value.path == path or expected == "not_xml"

    def test_case_reports_are_told_where_they_belong(self) -> None:
        with pytest.raises(ContractError, match=r"pv\.icsr"):
            parse_acknowledgement(b"<MCCI_IN200100UV01 xmlns='urn:hl7-org:v3'/>")

    def test_a_document_type_is_refused_before_any_entity_is_read(self) -> None:
        bomb = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + written()[38:]

        with pytest.raises(ContractError) as refused:
            parse_acknowledgement(bomb)

        assert refused.value.reason.value == "forbidden_xml"


class TestDivide:
    def test_each_piece_can_be_read_alone(self) -> None:
        of_batch, parts = divide(written(("N1", "CA"), ("N2", "CR")))

        assert parse_acknowledgement(of_batch).messages == []
        assert [number for number, _ in parts] == ["N1", "N2"]
        for (number, piece), code in zip(parts, ("CA", "CR"), strict=True):
            told = parse_acknowledgement(piece)
            assert told.batch_number == "B1"
            assert [(one.number, one.code) for one in told.messages] == [(number, code)]


class TestOnTheTopic:
    def test_an_acknowledgement_is_one_message_until_it_is_matched(self) -> None:
        [found] = parse_record("pv.acknowledgements", written(("N1", "CA"), ("N2", "CR")))

        assert isinstance(found, Message)
        assert found.subject == ""

    def test_an_icsr_does_not_belong_there(self) -> None:
        [found] = parse_record("pv.acknowledgements", b"<ichicsr/>")

        assert isinstance(found, Refused)
