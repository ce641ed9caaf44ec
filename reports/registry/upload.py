"""
The adverse events as ClinicalTrials.gov takes them: an XML file for upload into its PRS.

The registry shows results as JSON and takes them as XML. Written is a partial upload: it replaces
the reported events of the record and leaves its other results. Its form asks for the list of
outcome measures all the same; it is empty.

Source: Results portion of clinical trial data to be uploaded into the PRS, schema version
2017.04.18, type `ReportedEvents`; National Library of Medicine.
"""

from lxml import etree

from reports.registry.model import Group, RegistryResults, TermRow
from reports.registry.organ_systems import find_organ_system

PRS = "http://clinicaltrials.gov/rrs"
_ASSESSMENTS = {True: "Systematic Assessment", False: "Non-systematic Assessment"}


def render_upload(results: RegistryResults) -> bytes:
    """Render the file for upload."""
    root = etree.Element(etree.QName(PRS, "result"), nsmap={"tns": PRS}, partialUpload="true")
    _add(root, "outcomeMeasures")
    told = _add(root, "reportedEvents")
    _add(told, "assessmentType", _ASSESSMENTS[results.systematic])
    _add(told, "frequencyReportingThreshold", f"{results.threshold:g}")
    at_risk = {group.group_id: group.at_risk for group in results.groups}
    others = _add(told, "frequentAdverseEvents")
    for row in results.other:
        _event(_add(others, "frequentEvent"), row, results, at_risk)
    groups = _add(told, "interventionGroups")
    for group in results.groups:
        _group(groups, group)
    if results.description:
        _add(told, "notes", results.description)
    serious = _add(told, "seriousAdverseEvents")
    for row in results.serious:
        _event(_add(serious, "seriousEvent"), row, results, at_risk)
    _add(told, "sourceVocabulary", _vocabulary(results))
    _add(told, "timeFrame", results.time_frame)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, name: str, text: object = None) -> etree._Element:
    child = etree.SubElement(parent, name)
    if text is not None:
        child.text = str(text)
    return child


def _vocabulary(results: RegistryResults) -> str:
    return f"{results.vocabulary} {results.vocabulary_version}".strip()


def _group(parent: etree._Element, group: Group) -> None:
    told = _add(parent, "interventionGroup")
    told.set("id", group.group_id)
    _add(told, "numDeaths", group.deaths)
    _add(told, "numSubjectsFrequentEvents", group.other)
    _add(told, "numSubjectsSeriousEvents", group.serious)
    for of in ("AllCauseMort", "FrequentEvents", "SeriousEvents"):
        _add(told, f"partAtRisk{of}", group.at_risk)
    _add(told, "title", group.title)


def _event(
    told: etree._Element, row: TermRow, results: RegistryResults, at_risk: dict[str, int]
) -> None:
    stats = _add(told, "adverseEventStats")
    for group, found in row.occurrences.items():
        of_group = _add(stats, "eventStats")
        _add(of_group, "reportingGroupId", group)
        _add(of_group, "numEvents", found.events)
        _add(of_group, "numSubjectsAffected", found.affected)
        _add(of_group, "numSubjects", at_risk[group])
    _add(told, "assessmentType", _ASSESSMENTS[results.systematic])
    system = find_organ_system(row.organ_system)
    if system is not None:
        _add(told, "organSystemName", system.name)
    _add(told, "sourceVocabulary", _vocabulary(results))
    _add(told, "term", row.term)
