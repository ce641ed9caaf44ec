"""
Which of the standard's elements does the writer write, and is none forgotten?

The paths are those of the ICH sheet. What they fix beside the place of an element (the code system
of one terminology, the shape of an interval, whose UUID it is) is left out of the question.
"""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from reports.e2b.build import Choices
from reports.e2b.view import without_namespaces
from safety.case import Report
from schemas.icsr.elements import Element, load_elements
from tests.unit.reports.e2b.messages import outgoing, sent
from tests.unit.reports.e2b.whole_case import (
    DATA,
    DAY,
    HISTORY,
    PAST,
    SERIOUS,
    TERM,
    YEAR,
    whole_case,
)

PAGE = Path(__file__).parents[4] / "docs" / "e2b.md"
CASE = "/MCCI_IN200100UV01/PORR_IN049016UV/controlActProcess/subject/investigationEvent"
ASSESSMENT = f"{CASE}/component/adverseEventAssessment"
SHORT = {"IE": CASE, "AEA": ASSESSMENT, "PR": f"{ASSESSMENT}/subject1/primaryRole"}
LOOSE = re.compile(
    r"\[(@xsi:type='[A-Z_]+'|[rik]|@root='UUID[^']*'|@cs='(TBD|MedDRA|0\.4\.0)[^']*'|@unit='[^']*')\]"
    r"|\[(subject\d|outboundRelationship1)/[^\[\]]*(\[[^\]]*\])?\]"
)
ROOTS = {"CL": "2.16.840.1.113883.3.989.2.1.1.", "NS": "2.16.840.1.113883.3.989.2.1.3."}

ROUTE = {"system": "ICH EDQM route", "code": "20053000", "version": "1"}
FORM = {"system": "ICH EDQM dose form", "code": "10219000", "version": "1"}
PRODUCT = {"system": "WHODrug", "code": "1", "version": "2026"}
TEST = {"name": "ALT", "date": DAY}
PERSON = {
    "title": "Dr",
    "given_name": "A",
    "middle_name": "B",
    "family_name": "C",
    "country": "CN",
    "organisation": "O",
    "department": "D",
    "street": "S",
    "city": "Y",
    "state": "Z",
    "postcode": "1",
    "telephone": "+861",
}
CONTENT = b"letter"
DIGEST = sha256(CONTENT).hexdigest()


def xpath(element: Element) -> str:
    place = re.sub(r"^substring\((.*),\d+\)$", r"\1", element.path)
    head, slash, rest = LOOSE.sub("", place).partition("/")
    path = f"{SHORT.get(head, head)}{slash}{rest}".replace("@cs", "@codeSystem")
    path = re.sub("effectiveTime/(comp/)?(low|high|width|period)", r"effectiveTime//\2", path)
    return re.sub(r"'(CL|NS)(\d+)'", lambda found: f"'{ROOTS[found[1]]}{found[2]}'", path)


def fullest() -> Report:
    """The whole case, with a value where it has a null flavour and with codes beside the words."""
    [drug], [reporter], patient, parent = (
        DATA["drugs"],
        DATA["reporters"],
        DATA["patient"],
        DATA["parent"],
    )
    first, *doses = drug["doses"]
    coded = {"route_code": ROUTE, "form_code": FORM, "parent_route_code": ROUTE}
    dose = first | coded | {"parent_route": "transplacental"}
    unii = {"system": "UNII", "code": "5T62Q3B36J", "version": "1"}
    substances = [one | {"coded": unii} for one in drug["substances"]]
    past = [one | {"end": YEAR, "product_code": PRODUCT} for one in PAST]
    history = [one | {"end": YEAR} for one in HISTORY]
    records = ("gp_record", "specialist_record", "hospital_record", "investigation_number")
    lived = {"history": history, "past_drugs": past}
    serious = dict.fromkeys(SERIOUS, True)
    return whole_case(
        drugs=[drug | {"doses": [dose, *doses], "substances": substances}],
        reporters=[reporter | PERSON],
        sender=DATA["sender"] | PERSON,
        patient=patient | dict.fromkeys(records, "N-1") | lived,
        parent=parent | {"initials": "P"} | lived,
        reactions=[one | {"seriousness": serious} for one in DATA["reactions"]],
        tests=[
            *DATA["tests"],
            TEST | {"test_id": "t2", "result": {"value": "5", "unit": "U/L"}},
            TEST | {"test_id": "t3", "result_text": "embolus"},
        ],
        sender_diagnoses=[{"diagnosis_id": "1", "term": TERM}],
        documents=[
            {"document_id": f"a{number}", "title": "letter", "media_type": "text/plain"}
            | {"literature": literature, "digest": f"sha256:{DIGEST}"}
            for number, literature in ((1, False), (2, True))
        ],
    )


@pytest.fixture(scope="module")
def missing() -> list[str]:
    """The elements with a place of their own that stand in no message about it."""
    held = {f"sha256:{DIGEST}": CONTENT}
    icsr = outgoing(fullest(), choices=Choices(amendment="a reason", attachments=held))
    root = without_namespaces(etree.fromstring(sent(icsr)))
    placed = [element for element in load_elements().values() if element.path]
    found = {element.number for element in placed if root.xpath(xpath(element))}
    return [element.number for element in placed if element.number not in found]


class TestElements:
    def test_all_of_the_standard_are_written_where_a_case_has_a_value(
        self, missing: list[str]
    ) -> None:
        assert missing == []

    def test_the_manual_names_their_number(self) -> None:
        elements = load_elements().values()
        placed = [element for element in elements if element.path]

        said = re.search(
            r"(\d+)\s+elements of the ICH sheet, of which (\d+) have", PAGE.read_text()
        )
        assert said is not None
        assert (int(said[1]), int(said[2])) == (len(elements), len(placed))
