"""
Faults of an ICSR: each is one change to an example file that has none.

A row names the finding, the element, the file, what is changed, and into what;
`LARGER` has those that take more than one place.
"""

from collections.abc import Callable

from tests.unit.schemas.icsr.files import (
    DEATH,
    FOLLOW_UP,
    GERMANY,
    INTERACTION,
    STUDY,
    change,
)

LISTS = "2.16.840.1.113883.3.989.2.1.1."
SPACES = "2.16.840.1.113883.3.989.2.1.3."
MEDDRA = "2.16.840.1.113883.6.163"

# code, element, file, what is changed, into what
Row = tuple[str, str, str, str, str]


def observation(code: str, value: str) -> str:
    """An observation as the example files are laid out, for changes inside it."""
    return f'<code code="{code}" codeSystem="{LISTS}19"/>{value}'


REACTION_VALUE = (
    f'<value xsi:type="CE" code="10054524" codeSystem="{MEDDRA}" codeSystemVersion="20.1">'
)
ORIGINAL = '<originalText language="zho">手足皮肤反应 3级</originalText>'
OUTCOME = f'<value xsi:type="CE" code="3" codeSystem="{LISTS}11"/>'
WEIGHT = '<value xsi:type="PQ" value="64.5" unit="kg"/>'
BIRTH = '<birthTime value="19580304"/>'
DOSE = '<doseQuantity value="400" unit="mg"/>'
COUNTRY_OF_REACTION = '<code code="CN" codeSystem="1.0.3166.1.2.2"/></locatedPlace>'
COUNTRY_OF_PERSON = '<code code="CN" codeSystem="1.0.3166.1.2.2"/>'
HOSPITAL = (
    "</location></asLocatedEntity></assignedPerson>"
    '<representedOrganization classCode="ORG" determinerCode="INSTANCE"><name>Hepato'
)
INTERVAL = (
    '<pauseQuantity value="34" unit="d"/><actReference classCode="OBS" moodCode="EVN">'
    '<id root="51ec0e00-0000-4000-8000-000000000101"/>'
)
FIRST_REACTION = '<subjectOf2 typeCode="SBJ"><observation classCode="OBS" moodCode="EVN"><id'
ANOTHER_AGE = f"<subjectOf2><observation>{observation('3', '<value/>')}</observation></subjectOf2>"
TWO_CODES = '<code code="1" codeSystem="1.2.3"/><code code="2" codeSystem="1.2.4"/>'
NARRATIVE = "A man of 56 years took"

ROWS: list[Row] = [
    # The wrapper
    (
        "message_id_differs_from_case_id",
        "N.2.r.1",
        STUDY,
        f'<id root="{SPACES}1" extension="CN-EXAMPLE-16621-0001"/><creationTime',
        f'<id root="{SPACES}1" extension="CN-EXAMPLE-16621-0002"/><creationTime',
    ),
    (
        "message_id_missing",
        "N.2.r.1",
        STUDY,
        f'<id root="{SPACES}1" extension="CN-EXAMPLE-16621-0001"/><creationTime',
        "<creationTime",
    ),
    (
        "creation_time_differs",
        "C.1.2",
        STUDY,
        '<effectiveTime value="20140513092500+0800"/>',
        '<effectiveTime value="20140513092501+0800"/>',
    ),
    (
        "created_before_information",
        "N.2.r.4",
        STUDY,
        '<creationTime value="20140513092500+0800"/>',
        '<creationTime value="20140511092500+0800"/>',
    ),
    (
        "time_without_offset",
        "N.2.r.4",
        STUDY,
        '<creationTime value="20140513092500+0800"/>',
        '<creationTime value="20140513092500"/>',
    ),
    # Values
    (
        "missing_mandatory",
        "C.1.7",
        STUDY,
        observation("23", '<value xsi:type="BL" value="true"/>'),
        "",
    ),
    ("missing_mandatory", "N.1.1", STUDY, f'<name code="1" codeSystem="{LISTS}1"/>', ""),
    ("missing_mandatory", "N.1.4", STUDY, f'<id root="{SPACES}14" extension="EXAMPLEHQ"/>', ""),
    ("missing_mandatory", "C.1.4", STUDY, '<low value="20140512"/>', ""),
    ("missing_mandatory", "C.3.1", STUDY, f'<code code="1" codeSystem="{LISTS}7"/>', ""),
    ("missing_mandatory", "C.2.r.4[1]", STUDY, f'<code code="1" codeSystem="{LISTS}6"/>', ""),
    ("missing_mandatory", "D.1", STUDY, "<name>L.H.</name>", ""),
    ("missing_mandatory", "E.i.7[1]", STUDY, OUTCOME, ""),
    ("missing_mandatory", "E.i.2.1b[1]", STUDY, REACTION_VALUE, '<value xsi:type="CE">'),
    ("missing_mandatory", "G.k.2.2[1]", STUDY, "<name>索拉非尼片</name>", ""),
    (
        "missing_mandatory",
        "G.k.1[1]",
        STUDY,
        f'<value xsi:type="CE" code="1" codeSystem="{LISTS}13"/>',
        "",
    ),
    (
        "missing_mandatory",
        "E.i.3.2a[1]",
        STUDY,
        observation("34", '<value xsi:type="BL" nullFlavor="NI"/>'),
        "",
    ),
    ("missing_conditional", "E.i.1.1b[1]", STUDY, ' language="zho">手足', ">手足"),
    (
        "missing_conditional",
        "E.i.2.1a[1]",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace(' codeSystemVersion="20.1"', ""),
    ),
    (
        "missing_conditional",
        "G.k.3.2[1]",
        STUDY,
        '<code code="CN" codeSystem="1.0.3166.1.2.2"/></territory>',
        "</territory>",
    ),
    ("missing_conditional", "C.5.4", STUDY, f'<code code="3" codeSystem="{LISTS}8"/>', ""),
    (
        "missing_conditional",
        "C.2.r.3",
        STUDY,
        f"{COUNTRY_OF_PERSON}{HOSPITAL}",
        HOSPITAL,
    ),
    (
        "missing_conditional",
        "C.3.2",
        STUDY,
        "<name>Example Oncology China</name>",
        "",
    ),
    (
        "missing_conditional",
        "G.k.4.r.2[1.1]",
        STUDY,
        '<period value="12" unit="h"/>',
        '<period unit="h"/>',
    ),
    (
        "unit_missing",
        "G.k.4.r.3[1.1]",
        STUDY,
        '<period value="12" unit="h"/>',
        '<period value="12"/>',
    ),
    (
        "missing_conditional",
        "D.9.3",
        DEATH,
        '<value xsi:type="BL" value="true"/><outboundRelationship2 typeCode="DRIV">',
        '<outboundRelationship2 typeCode="DRIV">',
    ),
    (
        "missing_conditional",
        "C.1.6.1.r.1",
        STUDY,
        observation("1", '<value xsi:type="BL" value="false"/>'),
        observation("1", '<value xsi:type="BL" value="true"/>'),
    ),
    (
        "missing_conditional",
        "C.1.9.1.r.1",
        STUDY,
        observation("2", '<value xsi:type="BL" nullFlavor="NI"/>').replace(".19", ".23"),
        observation("2", '<value xsi:type="BL" value="true"/>').replace(".19", ".23"),
    ),
    ("missing_conditional", "F.r.1[1]", FOLLOW_UP, '<effectiveTime value="20140508"/>', ""),
    ("missing_conditional", "F.r.3[1]", FOLLOW_UP, '<center value="38" unit="U/L"/>', ""),
    (
        "missing_conditional",
        "H.5.r.1b[1]",
        STUDY,
        'value xsi:type="ED" language="zho"',
        'value xsi:type="ED"',
    ),
    (
        "value_with_null_flavor",
        "D.2.1",
        STUDY,
        BIRTH,
        '<birthTime value="19580304" nullFlavor="MSK"/>',
    ),
    ("null_flavor_not_allowed", "D.2.1", STUDY, BIRTH, '<birthTime nullFlavor="UNK"/>'),
    ("null_flavor_not_allowed", "D.1", STUDY, "<name>L.H.</name>", '<name nullFlavor="OTH"/>'),
    ("invalid_date", "D.2.1", STUDY, BIRTH, '<birthTime value="19580230"/>'),
    ("incomplete_date", "C.1.4", STUDY, '<low value="20140512"/>', '<low value="201405"/>'),
    (
        "date_detail_dropped",
        "E.i.4[1]",
        STUDY,
        '<low value="20140506"/>',
        '<low value="2014050614"/>',
    ),
    ("not_a_number", "D.3", STUDY, WEIGHT, WEIGHT.replace("64.5", "64,5")),
    ("unit_missing", "D.3", STUDY, WEIGHT, WEIGHT.replace(' unit="kg"', "")),
    ("unit_missing", "G.k.4.r.1b[1.1]", STUDY, DOSE, '<doseQuantity value="400"/>'),
    (
        "unit_missing",
        "F.r.3.3[1]",
        FOLLOW_UP,
        '<center value="38" unit="U/L"/>',
        '<center value="38"/>',
    ),
    ("unit_unexpected", "D.3", STUDY, WEIGHT, WEIGHT.replace("kg", "g")),
    ("not_in_code_list", "E.i.7[1]", STUDY, OUTCOME, OUTCOME.replace('"3"', '"8"')),
    (
        "not_in_code_list",
        "C.1.7",
        STUDY,
        observation("23", '<value xsi:type="BL" value="true"/>'),
        observation("23", '<value xsi:type="BL" value="yes"/>'),
    ),
    ("code_system_missing", "E.i.7[1]", STUDY, OUTCOME, '<value xsi:type="CE" code="3"/>'),
    (
        "code_system_as_text",
        "E.i.2.1b[1]",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace(MEDDRA, "MedDRA"),
    ),
    (
        "unexpected_code_system",
        "C.3.1",
        STUDY,
        f'<code code="1" codeSystem="{LISTS}7"/>',
        f'<code code="1" codeSystem="{LISTS}6"/>',
    ),
    (
        "coded_by_name_only",
        "E.i.7[1]",
        STUDY,
        OUTCOME,
        '<value xsi:type="CE" displayName="not recovered"/>',
    ),
    (
        "result_is_a_range",
        "F.r.3.2[1]",
        FOLLOW_UP,
        '<center value="38" unit="U/L"/>',
        '<low value="38" unit="U/L"/><high value="40" unit="U/L"/>',
    ),
    (
        "country_not_iso",
        "E.i.9[1]",
        STUDY,
        COUNTRY_OF_REACTION,
        COUNTRY_OF_REACTION.replace('"CN"', '"China"'),
    ),
    ("country_not_iso", "G.k.2.4[1]", STUDY, "<country>CN</country>", "<country>cn</country>"),
    ("language_not_iso", "E.i.1.1b[1]", STUDY, 'language="zho">手足', 'language="zh">手足'),
    (
        "meddra_code_malformed",
        "E.i.2.1b[1]",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace("10054524", "1005452400"),
    ),
    (
        "meddra_version_malformed",
        "E.i.2.1a[1]",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace("20.1", "v20"),
    ),
    (
        "several_meddra_versions",
        "E.i.2.1a",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace("20.1", "21.0"),
    ),
    (
        "placeholder_text",
        "E.i.2.1b[1]",
        STUDY,
        REACTION_VALUE,
        REACTION_VALUE.replace("10054524", "E.i.2.1b"),
    ),
    ("placeholder_text", "D.2.1", STUDY, BIRTH, '<birthTime value="D.2.1"/>'),
    (
        "longer_than_ich_allows",
        "D.1.1.4",
        STUDY,
        'extension="1204-007"',
        'extension="1204-007-1204-007-1204-007"',
    ),
    ("longer_than_the_model_holds", "H.1", STUDY, NARRATIVE, NARRATIVE + "!" * 100_000),
    (
        "true_or_absent",
        "C.1.9.1",
        STUDY,
        observation("2", '<value xsi:type="BL" nullFlavor="NI"/>').replace(".19", ".23"),
        observation("2", '<value xsi:type="BL" value="false"/>').replace(".19", ".23"),
    ),
    (
        "telecom_without_scheme",
        "C.3.4.6",
        STUDY,
        '<telecom value="tel:+862155550100"/>',
        '<telecom value="+862155550100"/>',
    ),
    ("identifier_rewritten", "D.1.1.4", STUDY, 'extension="1204-007"', 'extension="1204/007"'),
    (
        "several_codes",
        "E.i[1]",
        STUDY,
        observation("34", "<value"),
        observation("34", f'<code code="21" codeSystem="{LISTS}19"/><value'),
    ),
    (
        "repeated_element",
        "D",
        STUDY,
        FIRST_REACTION,
        f"{ANOTHER_AGE}{FIRST_REACTION}",
    ),
    (
        "two_product_codes",
        "G.k.2.1[1]",
        STUDY,
        "<name>索拉非尼片</name>",
        f"{TWO_CODES}<name>索拉非尼片</name>",
    ),
    # References
    (
        "missing_id",
        "E.i[1]",
        STUDY,
        '<id root="51ec0e00-0000-4000-8000-000000000101"/><code',
        "<code",
    ),
    (
        "repeated_id",
        "E.i[2]",
        GERMANY,
        '<id root="51ec0e00-0000-4000-8000-000000000202"/><code',
        '<id root="51ec0e00-0000-4000-8000-000000000201"/><code',
    ),
    (
        "dangling_reference",
        "G.k.9.i.2.r[2]",
        GERMANY,
        '<id root="51ec0e00-0000-4000-8000-000000000202"/><code',
        '<id root="51ec0e00-0000-4000-8000-000000000209"/><code',
    ),
    (
        "dangling_reference",
        "G.k.9.i.3.1[1]",
        STUDY,
        INTERVAL,
        INTERVAL.replace("101", "102"),
    ),
    (
        "assessment_without_result",
        "G.k.9.i.2.r.3[1]",
        DEATH,
        '<value xsi:type="ST">可能</value><author',
        "<author",
    ),
    (
        "assessor_not_recognised",
        "G.k.9.i.2.r.1[1]",
        STUDY,
        "<originalText>Investigator</originalText>",
        "<originalText>Somebody</originalText>",
    ),
    (
        "attachment_not_base64",
        "C.1.6.1.r.2[1]",
        FOLLOW_UP,
        "<title>Discharge letter, Chinese</title>",
        '<title>Letter</title><text mediaType="text/plain" representation="B64">not base64!</text>',
    ),
    # Case
    ("missing_verbatim", "E.i.1.1a[1]", STUDY, ORIGINAL, ""),
    (
        "no_suspect_drug",
        "G.k.1",
        STUDY,
        f'<value xsi:type="CE" code="1" codeSystem="{LISTS}13"/>',
        f'<value xsi:type="CE" code="2" codeSystem="{LISTS}13"/>',
    ),
    ("no_primary_source", "C.2.r.5", STUDY, '<priorityNumber value="1"/>', ""),
    (
        "seriousness_false",
        "E.i.3.2a[1]",
        STUDY,
        observation("34", '<value xsi:type="BL" nullFlavor="NI"/>'),
        observation("34", '<value xsi:type="BL" value="false"/>'),
    ),
    (
        "highlight_contradicts_seriousness",
        "E.i.3.1[1]",
        STUDY,
        f'<value xsi:type="CE" code="3" codeSystem="{LISTS}10"/>',
        f'<value xsi:type="CE" code="1" codeSystem="{LISTS}10"/>',
    ),
    ("fatal_without_death_criterion", "E.i.3.2a[1]", STUDY, OUTCOME, OUTCOME.replace('"3"', '"5"')),
    (
        "death_before_birth",
        "D.9.1",
        STUDY,
        BIRTH,
        BIRTH + '<deceasedTime value="19580303"/>',
    ),
    (
        "end_before_start",
        "E.i.5[1]",
        FOLLOW_UP,
        '<high value="20140523"/>',
        '<high value="201404"/>',
    ),
    (
        "end_before_start",
        "G.k.4.r.5[1.1]",
        STUDY,
        '<high value="20140507"/>',
        '<high value="20140401"/>',
    ),
    (
        "end_before_start",
        "D.8.r.5[1]",
        STUDY,
        '<low value="2009"/>',
        '<low value="2009"/><high value="2008"/>',
    ),
    (
        "end_before_start",
        "D.7.1.r.4[1]",
        STUDY,
        '<low value="2003"/>',
        '<low value="2003"/><high value="200212"/>',
    ),
    (
        "start_end_and_duration",
        "E.i.4[1]",
        FOLLOW_UP,
        '<high value="20140523"/>',
        '<high value="20140523"/><width value="17" unit="d"/>',
    ),
    (
        "dates_out_of_order",
        "C.1.5",
        FOLLOW_UP,
        'availabilityTime value="20140605"',
        'availabilityTime value="20140511"',
    ),
]


def without(first: str, last: str) -> Callable[[bytes], bytes]:
    """Give a change that cuts everything from one text to another."""

    def cut(xml: bytes) -> bytes:
        start = xml.index(first.encode())
        end = xml.index(last.encode(), start) + len(last.encode())
        return xml[:start] + xml[end:]

    return cut


def prefixed(xml: bytes) -> bytes:
    text = xml.decode().partition("-->")[2]
    text = text.replace("</", "</ns0:").replace("<", "<ns0:").replace("<ns0:/ns0:", "</ns0:")
    return text.replace('xmlns="', 'xmlns:ns0="').encode()


def with_the_sender_first(xml: bytes) -> bytes:
    start = xml.index(b"<receiver", xml.index(b"</PORR_IN049016UV>"))
    end = xml.index(b"</MCCI")
    return xml[:start].replace(b"<PORR", xml[start:end] + b"<PORR") + xml[end:]


def alone(xml: bytes) -> bytes:
    start, end = (
        xml.index(b"<PORR_IN"),
        xml.index(b"</PORR_IN049016UV>") + len("</PORR_IN049016UV>"),
    )
    names = b' xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    return xml[start:end].replace(b">", names, 1)


def without_sender(xml: bytes) -> bytes:
    for number in (b"11", b"13"):
        xml = xml.replace(b'3.%b" extension="EXAMPLECN"' % number, b'3.%b"' % number)
    return xml


def without_times(xml: bytes) -> bytes:
    return xml.replace(b"creationTime value", b"creationTime other")


def twice_primary(xml: bytes) -> bytes:
    second = b'<relatedInvestigation classCode="INVSTG" moodCode="EVN"><code code="2"'
    assert xml.count(second) == 2
    return xml.replace(second, b'<priorityNumber value="1"/>' + second)


def amended(xml: bytes) -> bytes:
    row = (
        '<subjectOf2 typeCode="SUBJ"><investigationCharacteristic>'
        f'<code code="3" codeSystem="{LISTS}23"/>'
        f'<value xsi:type="CE" code="2" codeSystem="{LISTS}5"/>'
        "</investigationCharacteristic></subjectOf2>"
    )
    return change(xml, "</investigationEvent>", f"{row}</investigationEvent>")


LARGER: list[tuple[str, str, str, Callable[[bytes], bytes]]] = [
    ("batch_wrapper_missing", "N.1", STUDY, alone),
    ("wrapper_order", "N.1", STUDY, with_the_sender_first),
    ("sender_unknown", "N.1.3", STUDY, without_sender),
    ("receipt_time_inferred", "N.2.r.4", STUDY, without_times),
    ("xsi_type_unresolved", "N.2.r", STUDY, prefixed),
    ("missing_narrative", "H.1", STUDY, without("<text>", "</text>")),
    (
        "missing_reaction",
        "E.i",
        DEATH,
        lambda xml: xml.replace(b'<code code="29"', b'<code code="99"'),
    ),
    (
        "missing_drug",
        "G.k",
        STUDY,
        lambda xml: xml.replace(f'code="4" codeSystem="{LISTS}20"'.encode(), b'code="9"'),
    ),
    ("several_primary_sources", "C.2.r.5", GERMANY, twice_primary),
    ("amendment_on_initial", "C.1.11.1", STUDY, amended),
    ("missing_conditional", "C.1.11.2", STUDY, amended),
    ("dangling_reference", "G.k.1[2]", INTERACTION, lambda xml: xml.replace(b"412", b"413", 1)),
    (
        "missing_mandatory",
        "C.2.r",
        STUDY,
        lambda xml: xml.replace(
            b'code="2" codeSystem="2.16.840.1.113883.3.989.2.1.1.22"', b'code="9"'
        ),
    ),
]
