"""XML from outside: what is refused before or while it is parsed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import ContractError, Reason
from schemas.icsr.document import MAX_DEPTH, parse_document
from schemas.icsr.read import parse_icsr_batch
from tests.unit.schemas.icsr.files import STUDY, change, load_example, read_report

ENCODING = 'encoding="UTF-8"'


def refuse(xml: bytes) -> ContractError:
    with pytest.raises(ContractError) as caught:
        list(parse_icsr_batch(xml))
    return caught.value


def declared(name: str, codec: str) -> bytes:
    text = load_example(STUDY).decode()
    assert ENCODING in text
    return text.replace(ENCODING, f'encoding="{name}"').encode(codec)


class TestForbidden:
    @pytest.mark.parametrize(
        "prolog",
        [
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE a SYSTEM "http://example.com/a.dtd">',
            "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;'>]>",
            "<!-- a comment --><?a b?>\n<!DOCTYPE a>",
            "<!DOCTYPE a [<!ENTITY",  # refused before it is parsed, so its faults do not count
        ],
    )
    def test_a_document_type_declaration(self, prolog: str) -> None:
        body = load_example(STUDY).decode().partition("?>")[2]

        assert (
            refuse(f'<?xml version="1.0"?>{prolog}{body}'.encode()).reason is Reason.FORBIDDEN_XML
        )

    def test_one_that_is_hidden_in_another_encoding(self) -> None:
        xml = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'

        assert refuse(xml.encode("utf-16")).reason is Reason.FORBIDDEN_XML
        assert refuse(xml.encode("utf-16-le")).reason is Reason.FORBIDDEN_XML

    def test_a_reference_to_an_entity_that_nobody_declared(self) -> None:
        xml = change(load_example(STUDY), "A man of 56", "&name; of 56")

        assert refuse(xml).reason is Reason.FORBIDDEN_XML

    def test_the_word_in_a_comment_or_in_a_narrative_is_none(self) -> None:
        xml = change(load_example(STUDY), "A man of 56", "&lt;!DOCTYPE a&gt; A man of 56")
        xml = change(xml, "SYNTHETIC:", "<!DOCTYPE a>")

        assert (read_report(xml).narrative or "").startswith("<!DOCTYPE a> A man")

    def test_an_inclusion_is_not_followed(self) -> None:
        include = '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'
        xml = change(load_example(STUDY), "A man of 56", f"{include}A man of 56")

        assert (read_report(xml).narrative or "").startswith("A man of 56")
        assert [entry.content for entry in read_report(xml).kept or []] == ["/etc/hostname"]

    def test_a_schema_location_is_not_followed(self) -> None:
        xml = change(
            load_example(STUDY),
            'ITSVersion="XML_1.0"',
            'ITSVersion="XML_1.0" xsi:schemaLocation="urn:hl7-org:v3 http://example.com/a.xsd"',
        )

        assert read_report(xml) == read_report(load_example(STUDY))


class TestSize:
    def test_nesting_has_a_limit(self) -> None:
        depth = MAX_DEPTH + 50
        xml = change(load_example(STUDY), "A man of 56", "<a>" * depth + "</a>" * depth)

        assert [error.reason for error in parse_icsr_batch(xml)] == [Reason.TOO_DEEP]  # type: ignore[union-attr]

    def test_deeper_nesting_does_not_even_parse(self) -> None:
        assert refuse(b"<a>" * 100_000 + b"</a>" * 100_000).reason is Reason.TOO_DEEP

    def test_one_value_has_a_limit(self) -> None:
        assert refuse(b"<a>" + b"x" * 10_500_000 + b"</a>").reason is Reason.TOO_LARGE


class TestEncoding:
    @pytest.mark.parametrize(
        ("name", "codec"),
        [
            ("UTF-8", "utf-8"),
            ("utf-8", "utf-8-sig"),
            ("UTF-16", "utf-16"),
            ("UTF-16LE", "utf-16-le"),
            ("UTF-16BE", "utf-16-be"),
            ("GB18030", "gb18030"),
            ("GBK", "gbk"),
            ("gb2312", "gb2312"),
        ],
    )
    def test_chinese_text_arrives_in_every_encoding(self, name: str, codec: str) -> None:
        reactions = read_report(declared(name, codec)).reactions or []

        assert reactions[0].term is not None
        assert reactions[0].term.text == "手足皮肤反应 3级"

    def test_without_a_declaration_it_is_utf_8(self) -> None:
        xml = load_example(STUDY).partition(b"?>")[2].lstrip()

        assert read_report(xml) == read_report(load_example(STUDY))

    def test_bytes_that_are_not_in_the_declared_encoding(self) -> None:
        assert refuse(declared("UTF-8", "gb18030")).reason is Reason.NOT_UTF8

    @pytest.mark.parametrize("name", ["utf-7", "no-such-thing", "rot13", "idna"])
    def test_an_encoding_that_is_not_accepted(self, name: str) -> None:
        assert refuse(declared(name, "utf-8")).reason is Reason.NOT_UTF8


class TestUnreadable:
    @pytest.mark.parametrize("xml", [b"", b" \n\t ", b"\xef\xbb\xbf"])
    def test_nothing_at_all(self, xml: bytes) -> None:
        assert refuse(xml).reason is Reason.EMPTY

    @pytest.mark.parametrize(
        "xml", [b'{"specversion": "1.0"}', b"<a><b></a>", b"<a>\x01</a>", b"<x:a/>", b"<a b=c/>"]
    )
    def test_something_else_than_xml(self, xml: bytes) -> None:
        assert refuse(xml).reason is Reason.NOT_XML

    @given(st.floats(min_value=0.05, max_value=0.999))
    def test_a_file_that_ends_early(self, share: float) -> None:
        xml = load_example(STUDY)

        cut = xml[: int(len(xml) * share)].rstrip()

        assert refuse(cut).reason is Reason.TRUNCATED

    def test_a_file_that_ends_inside_a_character(self) -> None:
        xml = load_example(STUDY)

        assert refuse(xml[: xml.index("手".encode()) + 1]).reason is Reason.TRUNCATED

    def test_the_place_is_named_and_no_value(self) -> None:
        error = refuse(change(load_example(STUDY), "<name>L.H.</name>", "<name>L.H.</nam>"))

        assert error.path.startswith("line ")
        assert "L.H." not in str(error)

    def test_a_parsed_document_has_its_root(self) -> None:
        assert parse_document(b"<?a b?><!-- c --><d/>").tag == "d"
