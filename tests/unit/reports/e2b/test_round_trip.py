"""
What is written is read back as the same case.

The reader is older than the writer and was tested against messages that others wrote,
so that it is a witness of its own. XSD: the ICH schema files, where they are at hand.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from consumers.simulation import simulate_secure
from reports.e2b.model import OwnSender
from reports.e2b.profiles import profile_names
from safety.case import Report
from safety.intake import read_report
from schemas.icsr.read import parse_icsr_batch
from schemas.json_schema import build_schema
from schemas.messages.adverse_event import AdverseEventReport
from schemas.parse import Message, parse_record
from schemas.topics import ADVERSE_EVENTS
from tests.support.from_schema import events
from tests.unit.reports.e2b.messages import (
    Entities,
    entities_of,
    outgoing,
    read_back,
    sent,
)
from tests.unit.reports.e2b.whole_case import whole_case
from tests.unit.schemas.icsr.files import REPORTS, load_file

SAMPLES = (
    "FAERS2022Scenario1",
    "FAERS2022Scenario3",
    "FAERS2022Scenario8",
    "sorafenib-study-case-synthetic",
)
KIND = ADVERSE_EVENTS.kinds[0]


@cache
def load_schema(folder: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(folder / "e2b/xsd/multicacheschemas/MCCI_IN200100UV01.xsd"))


def told(xml: bytes) -> list[AdverseEventReport]:
    found = []
    for icsr in parse_icsr_batch(xml):
        assert not isinstance(icsr, Exception)
        assert isinstance(icsr.data, AdverseEventReport)
        found.append(icsr.data)
    return found


def there_and_back(data: AdverseEventReport, profile: str = "ich") -> tuple[bytes, Entities]:
    sender = OwnSender(data.case.sender)
    xml = sent(outgoing(read_report("m", data), profile=profile, sender=sender), profile, sender)
    back = read_back(xml).data
    assert isinstance(back, AdverseEventReport)
    return xml, entities_of(back)


class TestFiles:
    @pytest.mark.parametrize("name", REPORTS)
    def test_a_packaged_example_comes_back_as_the_same_case(self, name: str) -> None:
        for data in told(load_file(name)):
            _, back = there_and_back(data)

            assert back == entities_of(data)

    @pytest.mark.parametrize("name", SAMPLES)
    def test_a_public_sample_comes_back_as_the_same_case(
        self, shared_data: Path, name: str
    ) -> None:
        profile = "fda-ind" if name.startswith("FAERS") else "ich"
        [data] = told((shared_data / "e2b" / "samples" / f"{name}.xml").read_bytes())

        xml, back = there_and_back(data, profile)

        assert back == entities_of(data)
        load_schema(shared_data).assertValid(etree.fromstring(xml))

    @pytest.mark.parametrize("name", REPORTS)
    def test_what_is_written_of_an_example_is_valid(self, shared_data: Path, name: str) -> None:
        for data in told(load_file(name)):
            xml, _ = there_and_back(data)

            load_schema(shared_data).assertValid(etree.fromstring(xml))


@cache
def drawn_reports() -> st.SearchStrategy[AdverseEventReport]:
    """Any report that the contract admits, with what the schema alone lets through repaired."""
    return events(build_schema(KIND, ())).map(lambda event: sound(event["data"]))


def sound(data: dict[str, Any]) -> AdverseEventReport:
    """Make a drawn report one that the contract admits: real years, bounded numbers, own keys."""
    repaired = repair(data | {"awareness": []})
    for name, key in (
        ("reporters", "reporter_id"),
        ("reactions", "reaction_id"),
        ("drugs", "drug_id"),
        ("tests", "test_id"),
    ):
        for number, entry in enumerate(repaired.get(name) or ()):
            entry[key] = f"{entry[key]}{number}"
    for name, key in (("drugs", "drug_id"), ("reactions", "reaction_id")):
        known = [entry[key] for entry in repaired.get(name) or ()]
        for rows in ("relatedness", "drug_reactions"):
            for row in repaired.get(rows) or ():
                row[key] = known[0] if known else row[key]
    return AdverseEventReport.model_validate(repaired, strict=False)


def repair(value: Any) -> Any:
    match value:
        case {"precision": _}:
            return value | {"value": value["value"].replace("0001-", "1901-")}
        case dict():
            return {name: repair(one) for name, one in value.items() if one is not None}
        case list():
            return [repair(one) for one in value]
        case "1E+20" | 99999999999999999999:
            return "1E+2"
        case _:
            return value


class TestWholeCase:
    """A case with a value for every element that the contract has a field for."""

    def test_comes_back_as_it_is(self) -> None:
        report = whole_case()
        back = read_back(sent(outgoing(report))).data

        assert isinstance(back, AdverseEventReport)
        assert unnamed(entities_of(back)) == unnamed(report.entities)
        # a record number that our keys cannot spell is kept beside the key
        assert [entry.content for entry in back.kept or ()] == ["住院1"]

    def test_is_valid_for_every_receiver(self, shared_data: Path) -> None:
        for profile in profile_names():
            xml = sent(outgoing(whole_case(), profile=profile), profile)

            load_schema(shared_data).assertValid(etree.fromstring(xml))

    def test_a_strength_of_an_unnamed_substance_is_valid_too(self, shared_data: Path) -> None:
        strength = {"value": "200", "unit": "mg"}
        drugs = [{"drug_id": "d1", "substances": [{"substance_id": "1", "strength": strength}]}]
        report = whole_case(drugs=drugs, relatedness=None, drug_reactions=None)

        xml = sent(outgoing(report))

        load_schema(shared_data).assertValid(etree.fromstring(xml))

    def test_children_stand_in_the_order_of_the_standard(self) -> None:
        # ICH child order: text before the time, the route before the dose
        [dose] = etree.fromstring(sent(outgoing(whole_case()))).findall(
            ".//{*}substanceAdministration[{*}text]"
        )

        assert [etree.QName(child).localname for child in dose] == [
            *("text", "effectiveTime", "routeCode", "doseQuantity", "consumable"),
            "inboundRelationship",
        ]


def unnamed(entities: Entities) -> list[tuple[str, dict[str, Any]]]:
    """Entities without what the writer names anew: reactions and drugs get UUIDs."""
    found = [
        (
            re.sub(r"^(reactions|drugs|relatedness|drug_reactions)/[^/]+", r"\1/*", path),
            {name: one for name, one in fields.items() if name not in {"drug_id", "reaction_id"}},
        )
        for path, fields in entities.items()
    ]
    return sorted(found, key=repr)


class TestSimulatedCases:
    def test_a_whole_history_comes_back_as_the_case_it_led_to(self) -> None:
        histories: dict[str, list[Report]] = {}
        for record in simulate_secure(5, 40):
            for message in parse_record(record.topic, record.value, key=record.key):
                if isinstance(message, Message) and isinstance(message.data, AdverseEventReport):
                    name = f"{message.source} {message.message_id}"
                    report = read_report(name, message.data)
                    histories.setdefault(message.subject, []).append(report)
        assert len(histories) > 20

        for reports in histories.values():
            icsr = outgoing(*reports)
            back = read_back(sent(icsr)).data

            assert isinstance(back, AdverseEventReport)
            assert entities_of(back) == entities_of(icsr.report)


class TestAnyCase:
    @settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
    @given(drawn_reports())
    def test_what_a_message_says_is_what_our_reader_finds_in_it(
        self, data: AdverseEventReport
    ) -> None:
        icsr = outgoing(read_report("m", data))

        back = read_back(sent(icsr)).data

        assert isinstance(back, AdverseEventReport)
        assert entities_of(back) == entities_of(icsr.report)
        assert not back.kept

    @settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
    @given(drawn_reports())
    def test_no_value_of_the_case_is_lost_without_a_note(self, data: AdverseEventReport) -> None:
        icsr = outgoing(read_report("m", data))

        noted = {one.path.rpartition(".")[2] for one in icsr.left_out}
        noted |= {part for one in icsr.left_out for part in one.path.split(".")}
        said = texts_of(entities_of(icsr.report))
        for path, fields in read_report("m", data).entities.items():
            if "void" in fields:
                continue  # a reaction that is none is not sent
            family = set(path.split("/"))
            for name, value in fields.items():
                if isinstance(value, str) and value.strip() and name not in RENAMED:
                    parts = set(name.split(".")) | family
                    assert value.strip() in said or parts & noted, (path, name)


# Ids, which become positions and UUIDs; words of a closed list; what the standard spells otherwise.
RENAMED = frozenset(
    {
        *("owner", "drug_id", "reaction_id", "sender_case_id", "worldwide_id", "first_received"),
        *("term.language", "condition.language", "language", "subject_id", "study_id"),
        *("indication.language", "reaction.language", "cause.language", "action_taken", "source"),
        *("weight_kg", "height_cm", "void"),
    }
)


def texts_of(entities: Entities) -> frozenset[str]:
    return frozenset(
        value for fields in entities.values() for value in fields.values() if isinstance(value, str)
    )
