"""
From the model to XML: one message a case, many in a batch.

The order of children is the schema's. A batch is written message by message, so that
its memory is that of one case, however many there are.
"""

import base64
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from typing import IO

from lxml import etree

from reports.e2b.clinical import write_answer, write_reaction, write_role, write_tests
from reports.e2b.drugs import write_drugs
from reports.e2b.identity import identifier_of
from reports.e2b.model import Icsr, Wrapper
from reports.e2b.parties import write_reporter, write_sender
from reports.e2b.patient import write_facts, write_player, write_regional_facts, write_study
from reports.e2b.profiles import Profile
from reports.e2b.xml import HL7_URI, XSI, Element, add, boolean, coded, term, text_or_null, walk
from schemas.icsr.vocabulary import (
    AMENDMENTS,
    AUTHORS,
    BATCH_NUMBER,
    BATCH_RECEIVER,
    BATCH_SENDER,
    CHARACTERISTICS,
    DOCUMENTS,
    FIRST_SENDERS,
    MESSAGE_RECEIVER,
    MESSAGE_SENDER,
    MESSAGE_TYPES,
    OBSERVATIONS,
    OTHER_CASE,
    RELATED_REPORTS,
    REPORT_TYPES,
    SAFETY_REPORT,
    WORLDWIDE_CASE,
    Author,
    Observation,
)
from schemas.messages.adverse_event import Document
from schemas.messages.people import Patient

_INTERACTIONS = "2.16.840.1.113883.1.6"
_NAMES: dict[str | None, str] = {None: HL7_URI, "xsi": XSI}
_LOCATION = f"{{{XSI}}}schemaLocation"


def render_batch(icsrs: Iterable[Icsr], wrapper: Wrapper, profile: Profile) -> bytes:
    """Write a batch as bytes."""
    out = BytesIO()
    write_batch(out, icsrs, wrapper, profile)
    return out.getvalue()


def write_batch(out: IO[bytes], icsrs: Iterable[Icsr], wrapper: Wrapper, profile: Profile) -> int:
    """
    Write a batch, one message at a time.

    Args:
        out: Where to.

        icsrs: The cases, at least one.

        wrapper: What stands around them.

        profile: Whom it is for.

    Returns:
        How many messages were written.
    """
    written = 0
    root = etree.Element("MCCI_IN200100UV01", nsmap=_NAMES)  # type: ignore[arg-type]
    attributes = {"ITSVersion": "XML_1.0", _LOCATION: f"{HL7_URI} MCCI_IN200100UV01.xsd"}
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        tag = f"{{{HL7_URI}}}{root.tag}"
        with file.element(tag, attributes, nsmap=_NAMES):
            for part in _head(wrapper):
                file.write(part)
            for icsr in icsrs:
                file.write(render_message(icsr, wrapper, profile))
                written += 1
            for part in _tail(wrapper):
                file.write(part)
    return written


def _fragment() -> Element:
    return etree.Element(f"{{{HL7_URI}}}fragment", nsmap=_NAMES)  # type: ignore[arg-type]


def _head(wrapper: Wrapper) -> list[Element]:
    head = _fragment()
    add(head, "id", root=BATCH_NUMBER, extension=wrapper.batch_number)
    add(head, "creationTime", value=write_instant(wrapper.created))
    add(head, "responseModeCode", code="D")
    add(head, "interactionId", root=_INTERACTIONS, extension="MCCI_IN200100UV01")
    add(head, "name", code="1", displayName="ichicsr", codeSystem=MESSAGE_TYPES)
    return list(head)


def _tail(wrapper: Wrapper) -> list[Element]:
    tail = _fragment()
    for tag, kind, root, value in (
        ("receiver", "RCV", BATCH_RECEIVER, wrapper.batch_receiver),
        ("sender", "SND", BATCH_SENDER, wrapper.sender),
    ):
        device = add(add(tail, tag, typeCode=kind), "device")
        add(device, "id", root=root, extension=value)
    return list(tail)


def write_instant(moment: datetime) -> str:
    """Write an instant to the second, with its offset."""
    return moment.strftime("%Y%m%d%H%M%S%z")[:19]


def render_message(icsr: Icsr, wrapper: Wrapper, profile: Profile) -> Element:
    """Write one message."""
    message = etree.SubElement(_fragment(), f"{{{HL7_URI}}}PORR_IN049016UV")
    created = write_instant(icsr.created)
    add(message, "id", root=SAFETY_REPORT, extension=icsr.identity.safety_report_id)
    add(message, "creationTime", value=created)
    add(message, "interactionId", root=_INTERACTIONS, extension="PORR_IN049016UV")
    add(message, "processingCode", code="T" if icsr.report.synthetic else "P")
    add(message, "processingModeCode", code=wrapper.processing_mode)
    add(message, "acceptAckCode", code="AL")
    for tag, kind, root, value in (
        ("receiver", "RCV", MESSAGE_RECEIVER, wrapper.message_receiver),
        ("sender", "SND", MESSAGE_SENDER, wrapper.sender),
    ):
        device = add(add(message, tag, typeCode=kind), "device")
        add(device, "id", root=root, extension=value)
    act = add(message, "controlActProcess", classCode="CACT", moodCode="EVN")
    add(act, "code", code="PORR_TE049016UV", codeSystem="2.16.840.1.113883.1.18")
    add(act, "effectiveTime", value=created)
    _write_event(add(act, "subject", typeCode="SUBJ"), icsr, profile)
    return message


def _write_event(subject: Element, icsr: Icsr, profile: Profile) -> None:
    report = icsr.report
    event = add(subject, "investigationEvent", classCode="INVSTG", moodCode="EVN")
    add(event, "id", root=SAFETY_REPORT, extension=icsr.identity.safety_report_id)
    add(event, "id", root=WORLDWIDE_CASE, extension=icsr.identity.worldwide_id)
    add(event, "code", code="PAT_ADV_EVNT", codeSystem="2.16.840.1.113883.5.4")
    text_or_null(event, "text", report.narrative)
    add(event, "statusCode", code="active")
    add(add(event, "effectiveTime"), "low", value=f"{icsr.first_received:%Y%m%d}")
    add(event, "availabilityTime", value=f"{icsr.most_recent:%Y%m%d}")
    for document in report.documents or ():
        _write_document(event, document, icsr)
    _write_assessment(add(event, "component"), icsr, profile)
    boolean(_about(event, Observation.DOCUMENTS_AVAILABLE), report.documents_available)
    if report.expedited_by_sender is not None:
        boolean(_about(event, Observation.EXPEDITED), report.expedited_by_sender)
    for element in profile.regional:
        value = icsr.regional.get(element.number)
        if element.placement == "case" and value is not None:
            found = _about(event, element.code, element.system)
            if element.type == "BL":
                add(found, "value", xsi_type="BL", value=value)
            else:
                system = element.value_system or None
                add(found, "value", xsi_type="CE", code=value, codeSystem=system)
    for summary in report.summaries or ():
        found = _about(event, Observation.SUMMARY)
        add(found, "value", summary.text, xsi_type="ED", language=summary.language)
        _write_author(found, Author.REPORTER)
    _write_relations(event, icsr)
    _write_subjects(event, icsr)


def _about(event: Element, code: str, system: str = OBSERVATIONS) -> Element:
    found = walk(event, "component", "observationEvent")
    add(found, "code", code=code, codeSystem=system)
    return found


def _write_author(place: Element, author: str) -> None:
    add(walk(place, "author", "assignedEntity"), "code", code=author, codeSystem=AUTHORS)


def _write_document(event: Element, document: Document, icsr: Icsr) -> None:
    place = add(
        add(event, "reference", typeCode="REFR"), "document", classCode="DOC", moodCode="EVN"
    )
    add(place, "code", code="2" if document.literature else "1", codeSystem=DOCUMENTS)
    if not document.literature:
        text_or_null(place, "title", document.title)
    content = icsr.attachments.get(document.digest or "")
    if content is not None:
        words = base64.b64encode(content).decode("ascii")
        kind = document.media_type
        add(place, "text", words, mediaType=kind, representation="B64")
    if document.literature:
        text_or_null(place, "bibliographicDesignationText", document.title)


def _write_assessment(component: Element, icsr: Icsr, profile: Profile) -> None:
    report = icsr.report
    assessment = add(component, "adverseEventAssessment", classCode="INVSTG", moodCode="EVN")
    role = add(add(assessment, "subject1", typeCode="SBJ"), "primaryRole", classCode="INVSBJ")
    patient = report.patient or Patient()
    write_player(role, patient, report.parent)
    if report.study is not None:
        write_study(role, report.study, icsr, profile.regional)
    write_regional_facts(role, patient, icsr, profile.regional)
    write_facts(role, patient)
    for reaction in report.reactions or ():
        write_reaction(role, reaction)
    write_tests(role, report.tests or ())
    write_drugs(role, report.drugs or (), report.drug_reactions or ())
    for drug in report.drugs or ():
        write_role(assessment, drug)
    for answer in report.relatedness or ():
        write_answer(assessment, answer)
    _write_comment(assessment, report.reporter_comments, Author.SOURCE_REPORTER)
    for diagnosis in report.sender_diagnoses or ():
        found = walk(assessment, "component1", "observationEvent")
        add(found, "code", code=Observation.DIAGNOSIS, codeSystem=OBSERVATIONS)
        term(found, "value", diagnosis.term)
        _write_author(found, Author.SENDER)
    _write_comment(assessment, report.sender_comments, Author.SENDER)


def _write_comment(assessment: Element, text: str | None, author: str) -> None:
    if text is not None:
        found = walk(assessment, "component1", "observationEvent")
        add(found, "code", code=Observation.COMMENT, codeSystem=OBSERVATIONS)
        add(found, "value", text, xsi_type="ED")
        _write_author(found, author)


def _write_relations(event: Element, icsr: Icsr) -> None:
    report = icsr.report
    if report.first_sender is not None:
        related = add(add(event, "outboundRelationship", typeCode="SPRT"), "relatedInvestigation")
        add(related, "code", code="1", codeSystem=RELATED_REPORTS)
        act = add(add(related, "subjectOf2", typeCode="SUBJ"), "controlActEvent")
        entity = walk(act, "author", "assignedEntity")
        coded(entity, "code", FIRST_SENDERS, report.first_sender)
    for linked in report.linked_reports or ():
        related = add(add(event, "outboundRelationship", typeCode="SPRT"), "relatedInvestigation")
        add(related, "code", nullFlavor="NA")
        act = add(add(related, "subjectOf2", typeCode="SUBJ"), "controlActEvent")
        add(act, "id", root=WORLDWIDE_CASE, extension=identifier_of(linked))
    for reporter in report.reporters or ():
        write_reporter(event, reporter)


def _write_subjects(event: Element, icsr: Icsr) -> None:
    report = icsr.report
    if report.sender is not None:
        act = add(add(event, "subjectOf1", typeCode="SUBJ"), "controlActEvent")
        write_sender(walk(act, "author", "assignedEntity"), report.sender)
    for other in report.other_identifiers or ():
        act = add(add(event, "subjectOf1", typeCode="SUBJ"), "controlActEvent")
        add(
            act,
            "id",
            root=OTHER_CASE,
            extension=other.identifier,
            assigningAuthorityName=other.source,
        )
    coded(_characteristic(event, "1"), "value", REPORT_TYPES, report.report_type)
    others = _characteristic(event, "2")
    if report.other_identifiers:
        add(others, "value", xsi_type="BL", value="true")
    else:
        add(others, "value", xsi_type="BL", nullFlavor="NI")
    if icsr.amendment is not None:
        coded(_characteristic(event, "3"), "value", AMENDMENTS, icsr.amendment.kind)
        reason = add(_characteristic(event, "4"), "value", xsi_type="CE")
        add(reason, "originalText", icsr.amendment.reason)


def _characteristic(event: Element, code: str) -> Element:
    found = add(add(event, "subjectOf2", typeCode="SUBJ"), "investigationCharacteristic")
    add(found, "code", code=code, codeSystem=CHARACTERISTICS)
    return found
