"""
Results for registries, from the public samples.

Counts are made here from the CSV files by another way than the product's. The structure is checked
against the order and the limits of the published definitions: EudraCT, adverse events schema 1.1;
ClinicalTrials.gov, API version 2, `adverseEventsModule`.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from consumers.cdisc import Receipt, Standard, import_folder
from consumers.study_report import load_study
from reports.registry import (
    RegistryResults,
    build_results,
    render_clinicaltrials_gov,
    render_eudract,
    render_upload,
    validate_results,
)
from safety.store import migrate, open_store
from tests.support.decisions import knowledge

FRAME = "From the first dose until 30 days after the last."

# Each element with its children in the order of the schema; those in brackets may be absent.
ORDER = {
    "adverseEvents": "[description] nonSeriousEventFrequencyThreshold timeFrame assessmentMethod"
    " dictionary reportingGroups nonSeriousAdverseEvents seriousAdverseEvents",
    "dictionary": "otherName version name",
    "reportingGroup": "title description subjectsAffectedByNonSeriousAdverseEvents"
    " subjectsAffectedBySeriousAdverseEvents subjectsExposed deathsAllCauses"
    " deathsResultingFromAdverseEvents",
    "nonSeriousAdverseEvent": "term [organSystem] assessmentMethod dictionaryOverridden values",
    "seriousAdverseEvent": "term [organSystem] assessmentMethod dictionaryOverridden values",
    "organSystem": "eutctId version",
    "value": "occurrences subjectsAffected subjectsExposed [occurrencesCausallyRelatedToTreatment]"
    " [fatalities]",
    "fatalities": "deaths deathsCausallyRelatedToTreatment",
}

# The same for the upload to ClinicalTrials.gov: schema 2017.04.18 of its PRS.
UPLOAD_ORDER = {
    "result": "outcomeMeasures reportedEvents",
    "reportedEvents": "[allCauseMortComment] [assessmentType] [frequencyReportingThreshold]"
    " frequentAdverseEvents interventionGroups [notes] seriousAdverseEvents [sourceVocabulary]"
    " [timeFrame]",
    "interventionGroup": "[description] [numDeaths] [numSubjectsFrequentEvents]"
    " [numSubjectsSeriousEvents] [partAtRiskAllCauseMort] [partAtRiskFrequentEvents]"
    " [partAtRiskSeriousEvents] [title]",
    "frequentEvent": "adverseEventStats [assessmentType] [notes] [organSystemName]"
    " [sourceVocabulary] [term]",
    "seriousEvent": "adverseEventStats [assessmentType] [notes] [organSystemName]"
    " [sourceVocabulary] [term]",
    "eventStats": "reportingGroupId [numEvents] [numSubjectsAffected] [numSubjects]",
}


@pytest.fixture(scope="module")
def pilot(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegistryResults]:
    """The results of the CDISC pilot study, other events above 5 per cent."""
    url = f"sqlite:///{tmp_path_factory.mktemp('pilot') / 'safety.db'}"
    migrate(url)
    store = open_store(url)
    now = datetime(2026, 4, 1, tzinfo=UTC)
    folder = shared_data / "cdisc-pilot"
    import_folder(folder, Standard.ADAM, store, knowledge(), Receipt(now))
    data = load_study(store, knowledge(), "CDISCPILOT01")
    yield build_results(
        data, threshold=5, time_frame=FRAME, systematic=True, vocabulary="MedDRA 8.0"
    )
    store.close()


@pytest.fixture(scope="module")
def emergent(shared_data: Path) -> list[dict[str, str]]:
    """The rows of ADAE that the study itself calls treatment-emergent."""
    with (shared_data / "cdisc-pilot" / "adae.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["TRTEMFL"] == "Y"]


def assert_in_order(root: etree._Element, order: dict[str, str]) -> None:
    """Each element of a document has the children that its schema asks for, in their order."""
    for element in root.iter():
        name = etree.QName(element).localname
        if name in order and len(element):  # a `value` of words has no children
            allowed = [part.strip("[]") for part in order[name].split()]
            needed = [part for part in order[name].split() if not part.startswith("[")]
            children = [etree.QName(child).localname for child in element]
            assert children == [part for part in allowed if part in children]
            assert set(needed) <= set(children)


class TestCounts:
    def test_arms_and_who_is_at_risk(self, pilot: RegistryResults) -> None:
        # ADSL: SAFFL = Y by TRT01A, in the order of TRT01AN
        assert [(group.title, group.at_risk) for group in pilot.groups] == [
            ("Placebo", 86),
            ("Xanomeline Low Dose", 84),
            ("Xanomeline High Dose", 84),
        ]

    def test_serious_events_are_those_that_the_study_calls_serious(
        self, pilot: RegistryResults, emergent: list[dict[str, str]]
    ) -> None:
        rows = [row for row in emergent if row["AESER"] == "Y"]

        assert {row.term for row in pilot.serious} == {row["AEDECOD"] for row in rows}
        assert sum(o.events for row in pilot.serious for o in row.occurrences.values()) == len(rows)

    def test_other_events_are_those_above_the_threshold_in_any_arm(
        self, pilot: RegistryResults, emergent: list[dict[str, str]]
    ) -> None:
        sizes = {group.title: group.at_risk for group in pilot.groups}
        affected: dict[tuple[str, str], set[str]] = {}
        for row in emergent:
            if row["AESER"] != "Y":
                affected.setdefault((row["AEDECOD"], row["TRTA"]), set()).add(row["USUBJID"])
        terms = {t for (t, arm), who in affected.items() if 20 * len(who) > sizes[arm]}

        assert {row.term for row in pilot.other} == terms
        titles = {group.group_id: group.title for group in pilot.groups}
        found = {
            (row.term, titles[group]): o.affected
            for row in pilot.other
            for group, o in row.occurrences.items()
            if o.affected
        }
        assert found == {key: len(who) for key, who in affected.items() if key[0] in terms}

    def test_deaths_are_those_of_the_arm(
        self, pilot: RegistryResults, emergent: list[dict[str, str]]
    ) -> None:
        # three events with AEOUT = FATAL, two under placebo and one under the low dose
        assert [group.deaths for group in pilot.groups] == [2, 1, 0]
        assert sum(row["AEOUT"] == "FATAL" for row in emergent) == 3


class TestClinicalTrialsGov:
    def test_has_the_fields_of_the_registry(self, pilot: RegistryResults) -> None:
        module = json.loads(render_clinicaltrials_gov(pilot))["adverseEventsModule"]

        assert module["frequencyThreshold"] == "5"
        assert module["eventGroups"][1] == {
            "id": "EG001",
            "title": "Xanomeline Low Dose",
            "deathsNumAffected": 1,
            "deathsNumAtRisk": 84,
            "seriousNumAffected": 1,
            "seriousNumAtRisk": 84,
            "otherNumAffected": module["eventGroups"][1]["otherNumAffected"],
            "otherNumAtRisk": 84,
        }
        for event in (*module["seriousEvents"], *module["otherEvents"]):
            assert set(event) == {
                *("term", "organSystem", "sourceVocabulary", "assessmentType", "stats")
            }
            assert event["assessmentType"] == "SYSTEMATIC_ASSESSMENT"
            assert [stat["groupId"] for stat in event["stats"]] == ["EG000", "EG001", "EG002"]


class TestUpload:
    def test_elements_stand_in_the_order_of_the_schema(self, pilot: RegistryResults) -> None:
        for described in ("", "Asked at each visit."):
            root = etree.fromstring(render_upload(replace(pilot, description=described)))

            assert root.tag == "{http://clinicaltrials.gov/rrs}result"
            assert root.get("partialUpload") == "true"  # else PRS throws away what is not in it
            assert_in_order(root, UPLOAD_ORDER)

    def test_says_what_the_registry_shows(self, pilot: RegistryResults) -> None:
        root = etree.fromstring(render_upload(pilot))
        shown = json.loads(render_clinicaltrials_gov(pilot))["adverseEventsModule"]

        for kind, events in (("seriousEvent", "seriousEvents"), ("frequentEvent", "otherEvents")):
            told = [
                (
                    event.findtext("term"),
                    event.findtext("organSystemName"),
                    [tuple(int(n.text or "") for n in list(stats)[1:]) for stats in event[0]],
                )
                for event in root.iter(kind)
            ]
            assert told == [
                (
                    event["term"],
                    event["organSystem"],
                    [(s["numEvents"], s["numAffected"], s["numAtRisk"]) for s in event["stats"]],
                )
                for event in shown[events]
            ]
        groups = [[child.text for child in group] for group in root.iter("interventionGroup")]
        assert groups == [
            [
                *(str(g[f"{of}NumAffected"]) for of in ("deaths", "other", "serious")),
                *(str(g[f"{of}NumAtRisk"]) for of in ("deaths", "other", "serious")),
                g["title"],
            ]
            for g in shown["eventGroups"]
        ]

    def test_every_group_that_is_referred_to_is_there(self, pilot: RegistryResults) -> None:
        root = etree.fromstring(render_upload(pilot))

        ids = {group.get("id") for group in root.iter("interventionGroup")}
        assert {each.text for each in root.iter("reportingGroupId")} == ids


class TestEudract:
    def test_elements_stand_in_the_order_of_the_schema(self, pilot: RegistryResults) -> None:
        assert_in_order(etree.fromstring(render_eudract(pilot)), ORDER)

    def test_arms_are_referred_to_by_id_and_organ_systems_by_number(
        self, pilot: RegistryResults
    ) -> None:
        root = etree.fromstring(render_eudract(pilot))
        ids = {group.get("id") for group in root.iter("reportingGroup")}

        assert {value.get("reportingGroupId") for value in root.iter("value") if len(value)} == ids
        numbers = {int(each.text or 0) for each in root.iter("eutctId")}
        assert numbers <= {*range(100000004848, 100000004874), 100000167503}
        assert root.findtext("dictionary/version") == "8.0"


class TestValidate:
    def test_the_pilot_study_would_be_taken(self, pilot: RegistryResults) -> None:
        assert list(validate_results(pilot)) == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"threshold": 6.0}, "threshold"),
            ({"time_frame": ""}, "time frame"),
            ({"time_frame": "x" * 256}, "time frame"),
            ({"groups": ()}, "no arm"),
            ({"vocabulary": "y" * 21}, "dictionary"),
        ],
    )
    def test_what_a_registry_refuses_is_said(
        self, pilot: RegistryResults, changes: dict[str, object], said: str
    ) -> None:
        faulty = replace(pilot, **changes)  # type: ignore[arg-type]
        if not faulty.groups:
            faulty = replace(faulty, serious=(), other=())

        assert any(said in fault for fault in validate_results(faulty))

    def test_a_term_without_an_organ_system_of_the_list_is_said(
        self, pilot: RegistryResults
    ) -> None:
        odd = replace(pilot.serious[0], organ_system="cl D.1")

        assert any(
            "organ system" in fault for fault in validate_results(replace(pilot, serious=(odd,)))
        )
