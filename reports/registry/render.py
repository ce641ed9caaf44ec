"""
The adverse-event module in the forms of the registries.

ClinicalTrials.gov: JSON with the field names of its API, version 2 (`adverseEventsModule`).
EudraCT, whose form CTIS takes over: the `adverseEvents` document of schema version 1.1.
"""

from typing import Any

import orjson
from lxml import etree

from reports.registry.model import Group, Occurrence, RegistryResults, TermRow
from reports.registry.organ_systems import find_organ_system

EUDRACT = "http://eudract.ema.europa.eu/schema/clinical_trial_result/adverse_events"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def render_clinicaltrials_gov(results: RegistryResults) -> bytes:
    """Render the module of ClinicalTrials.gov: all-cause mortality, serious, other."""
    at_risk = {group.group_id: group.at_risk for group in results.groups}
    return orjson.dumps(
        {
            "adverseEventsModule": {
                "frequencyThreshold": f"{results.threshold:g}",
                "timeFrame": results.time_frame,
                "description": results.description,
                "eventGroups": [_event_group(group) for group in results.groups],
                "seriousEvents": [_event(row, results, at_risk) for row in results.serious],
                "otherEvents": [_event(row, results, at_risk) for row in results.other],
            }
        },
        option=orjson.OPT_INDENT_2,
    )


def _event_group(group: Group) -> dict[str, Any]:
    return {
        "id": group.group_id,
        "title": group.title,
        "deathsNumAffected": group.deaths,
        "deathsNumAtRisk": group.at_risk,
        "seriousNumAffected": group.serious,
        "seriousNumAtRisk": group.at_risk,
        "otherNumAffected": group.other,
        "otherNumAtRisk": group.at_risk,
    }


def _event(row: TermRow, results: RegistryResults, at_risk: dict[str, int]) -> dict[str, Any]:
    system = find_organ_system(row.organ_system)
    told: dict[str, Any] = {"term": row.term}
    if system is not None:
        told["organSystem"] = system.name
    return told | {
        "sourceVocabulary": f"{results.vocabulary} {results.vocabulary_version}".strip(),
        "assessmentType": "SYSTEMATIC_ASSESSMENT"
        if results.systematic
        else "NON_SYSTEMATIC_ASSESSMENT",
        "stats": [
            {
                "groupId": group,
                "numEvents": found.events,
                "numAffected": found.affected,
                "numAtRisk": at_risk[group],
            }
            for group, found in row.occurrences.items()
        ],
    }


def render_eudract(results: RegistryResults) -> bytes:
    """Render the adverse-events document of EudraCT."""
    root = etree.Element(
        etree.QName(EUDRACT, "adverseEvents"), nsmap={"aev": EUDRACT, "xsi": _INSTANCE}
    )
    if results.description:
        _add(root, "description", results.description)
    _add(root, "nonSeriousEventFrequencyThreshold", f"{results.threshold:g}")
    _add(root, "timeFrame", results.time_frame)
    _assessment(root, results)
    _dictionary(root, results)
    groups = _add(root, "reportingGroups")
    for group in results.groups:
        _reporting_group(groups, group)
    at_risk = {group.group_id: group.at_risk for group in results.groups}
    others = _add(root, "nonSeriousAdverseEvents")
    for row in results.other:
        _adverse_event(others, "nonSeriousAdverseEvent", row, results, at_risk)
    serious = _add(root, "seriousAdverseEvents")
    for row in results.serious:
        _adverse_event(serious, "seriousAdverseEvent", row, results, at_risk)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: object = None) -> etree._Element:
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = str(text)
    return child


def _nil(parent: etree._Element, name: str) -> None:
    _add(parent, name).set(etree.QName(_INSTANCE, "nil"), "true")


def _assessment(parent: etree._Element, results: RegistryResults) -> None:
    kind = "systematic" if results.systematic else "non_systematic"
    _add(_add(parent, "assessmentMethod"), "value", f"ADV_EVT_ASSESS_TYPE.{kind}")


def _dictionary(parent: etree._Element, results: RegistryResults) -> None:
    is_meddra = results.vocabulary.casefold() == "meddra"
    found = _add(parent, "dictionary")
    if is_meddra:
        _nil(found, "otherName")
    else:
        _add(found, "otherName", results.vocabulary)
    _add(found, "version", results.vocabulary_version)
    name = "meddra" if is_meddra else "other"
    _add(_add(found, "name"), "value", f"ADV_EVT_DICTIONARY_NAME.{name}")


def _reporting_group(parent: etree._Element, group: Group) -> None:
    told = _add(parent, "reportingGroup")
    told.set("id", group.group_id)
    _add(told, "title", group.title)
    _nil(told, "description")
    _add(told, "subjectsAffectedByNonSeriousAdverseEvents", group.other)
    _add(told, "subjectsAffectedBySeriousAdverseEvents", group.serious)
    _add(told, "subjectsExposed", group.at_risk)
    _add(told, "deathsAllCauses", group.deaths)
    _add(told, "deathsResultingFromAdverseEvents", group.deaths_of_events)


def _adverse_event(
    parent: etree._Element,
    name: str,
    row: TermRow,
    results: RegistryResults,
    at_risk: dict[str, int],
) -> None:
    told = _add(parent, name)
    _add(told, "term", row.term)
    system = find_organ_system(row.organ_system)
    if system is not None:
        organ = _add(told, "organSystem")
        _add(organ, "eutctId", system.eutct_id)
        _add(organ, "version", system.version)
    _assessment(told, results)
    _add(told, "dictionaryOverridden", "false")
    values = _add(told, "values")
    for group, found in row.occurrences.items():
        value = _add(values, "value")
        value.set("reportingGroupId", group)
        _add(value, "occurrences", found.events)
        _add(value, "subjectsAffected", found.affected)
        _add(value, "subjectsExposed", at_risk[group])
        if name == "seriousAdverseEvent":
            _fatalities(value, found)


def _fatalities(value: etree._Element, found: Occurrence) -> None:
    _add(value, "occurrencesCausallyRelatedToTreatment", found.related)
    deaths = _add(value, "fatalities")
    _add(deaths, "deaths", found.deaths)
    _add(deaths, "deathsCausallyRelatedToTreatment", found.deaths_related)
