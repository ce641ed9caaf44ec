"""From one `safetyreport` of E2B(R2) to the contract: a report, or a nullification."""

from dataclasses import dataclass
from datetime import date, datetime

from schemas.errors import ContractError, Reason
from schemas.icsr.checks import check_report
from schemas.icsr.keys import key_of
from schemas.icsr.leftovers import keep_leftovers
from schemas.icsr.node import Node
from schemas.icsr.nullification import decide_nullification_reason, find_case_number
from schemas.icsr.report import MAX_FINDINGS, ZONE
from schemas.icsr.texts import TEXT, Gathered
from schemas.icsr.vocabulary import REPORT_TYPES
from schemas.icsr2.drugs import read_drugs, read_of_the_case, read_reactions, read_tests
from schemas.icsr2.people import (
    read_parent,
    read_patient,
    read_reporters,
    read_sender,
    read_study,
)
from schemas.icsr2.values import R2Reader
from schemas.icsr2.vocabulary import YES_NO
from schemas.messages.adverse_event import (
    AdverseEventReport,
    Awareness,
    Document,
    Nullification,
    OtherIdentifier,
    SenderDiagnosis,
)
from schemas.messages.parts import CaseReference, Term
from schemas.vocabulary import Channel, ReportKind, ReportType


@dataclass(frozen=True, slots=True)
class Head:
    """
    What is around a report.

    Attributes:
        sender: Identifier of the sender, as a key.
        sent: When the message was sent.
        language: Of the words in it, ISO 639.
        received: When our company took it in.
    """

    sender: str
    sent: datetime | None
    language: str | None
    received: datetime | None


def read_safety_report(
    report: Node, around: Node, head: Head, gathered: Gathered
) -> AdverseEventReport | Nullification:
    """
    Read one report.

    Args:
        report: The safetyreport.

        around: The message header, of which what is not read is kept, too.

        head: What it says.

        gathered: Findings so far.

    Raises:
        ContractError: UNUSABLE_ICSR: no number, no date, or a nullification without a reason.
    """
    reader = R2Reader(gathered)
    reference = _reference(reader, report, head)
    first = reader.day(report, "receivedate", "C.1.4")
    stated = reader.day(report, "receiptdate", "C.1.5")
    made = reader.day(report, "transmissiondate", "C.1.2")
    reader.require(first, "C.1.4")
    reader.require(stated, "C.1.5")
    latest = stated or first or made or (None if head.sent is None else head.sent.date())
    received = head.received or head.sent
    if latest is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "C.1.5", "the report has no usable date; give A.1.6 and A.1.7"
        )
    if received is None:
        reader.note("receipt_time_inferred", "N.1.5")
        received = datetime.fromisoformat(f"{latest}T00:00:00+00:00")
    if reader.choice(report, "casenullification", "C.1.11.1", YES_NO):
        return _nullification(reader, report, reference, latest, received)
    return _report(reader, report, around, head, (reference, first, latest, received))


def _reference(reader: R2Reader, report: Node, head: Head) -> CaseReference:
    own = reader.identifier(report, "safetyreportid", "C.1.1")
    numbers = [
        reader.identifier(report, tag, "C.1.8.1") for tag in ("authoritynumb", "companynumb")
    ]
    worldwide = next((number for number in numbers if number is not None), None)
    reader.require(own, "C.1.1")
    if own is None and worldwide is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "C.1.1", "the report names no case; give A.1.0.1 and A.1.10"
        )
    version = report.find("safetyreportversion")
    number = version.text or ""
    is_number = number.isascii() and number.isdigit() and len(number) <= 6  # noqa: PLR2004
    if is_number:
        version.read_text()
    return CaseReference(
        sender=head.sender,
        sender_case_id=own or worldwide or "",
        worldwide_id=worldwide or own,
        sender_version=int(number) if is_number else None,
    )


def _nullification(
    reader: R2Reader, report: Node, reference: CaseReference, latest: date, received: datetime
) -> Nullification:
    words = reader.line(report, "nullificationreason", "C.1.11.2")
    reason = None if words is None else decide_nullification_reason(words)
    if words is None or reason is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR,
            "C.1.11.2",
            "the reason of the nullification is missing or not understood; a person must decide",
        )
    own = frozenset({reference.sender_case_id, reference.worldwide_id or ""})
    survivor = find_case_number(words, own)
    return Nullification(
        case=reference,
        reason=reason,
        explanation=words,
        received_at=received,
        office_zone=ZONE,
        most_recent_information=latest,
        surviving_case=None if survivor is None else key_of(survivor),
        reading_findings=reader.gathered.findings.all() or None,
    )


Dated = tuple[CaseReference, date | None, date, datetime]


def _report(
    reader: R2Reader, report: Node, around: Node, head: Head, dated: Dated
) -> AdverseEventReport:
    reference, first, latest, received = dated
    patient = report.find("patient")
    who = read_patient(reader, patient)
    reactions = read_reactions(reader, patient, read_of_the_case(reader, report, head.language))
    drugs = read_drugs(reader, patient, reactions)
    summary = patient.find("summary")
    diagnosis = reader.term(summary, "senderdiagnosis", "senderdiagnosismeddraversion", "H.3.r.1b")
    documents = _documents(reader, report)
    told = AdverseEventReport(
        kind=ReportKind.INITIAL if first in {None, latest} else ReportKind.FOLLOW_UP,
        case=reference,
        report_type=reader.choice(report, "reporttype", "C.1.3", REPORT_TYPES.values)
        or ReportType.NOT_AVAILABLE,
        received_at=received,
        office_zone=ZONE,
        most_recent_information=latest,
        first_received=first,
        awareness=[Awareness(channel=Channel.PARTNER, day=latest)],
        complete=True,
        literature=any(document.literature for document in documents) or None,
        expedited_by_sender=reader.choice(report, "fulfillexpeditecriteria", "C.1.7", YES_NO),
        documents_available=reader.choice(report, "additionaldocument", "C.1.6.1", YES_NO),
        first_sender="regulator" if report.find("authoritynumb") else "other",
        study=read_study(reader, report, who.investigation_number),
        sender=read_sender(reader, report),
        reporters=read_reporters(reader, report) or None,
        patient=who,
        parent=read_parent(reader, patient),
        reactions=reactions or None,
        tests=read_tests(reader, patient) or None,
        drugs=drugs.drugs or None,
        relatedness=drugs.relatedness or None,
        drug_reactions=drugs.drug_reactions or None,
        narrative=reader.line(summary, "narrativeincludeclinical", "H.1", TEXT),
        reporter_comments=reader.free(summary, "reportercomment", "H.2"),
        sender_diagnoses=None if diagnosis is None else [_diagnosis(diagnosis)],
        sender_comments=reader.free(summary, "sendercomment", "H.4"),
        documents=documents or None,
        other_identifiers=_duplicates(reader, report) or None,
        linked_reports=[
            key
            for node in report.all("linkedreport")
            if (key := reader.identifier(node, "linkreportnumb", "C.1.10.r")) is not None
        ]
        or None,
    )
    check_report(reader, told)
    found = reader.gathered.findings.all()
    if len(found) > MAX_FINDINGS:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "reading_findings", f"the report has over {MAX_FINDINGS} faults"
        )
    kept = keep_leftovers((around, report), reader.gathered.rewritten)
    return told.model_copy(update={"kept": kept or None, "reading_findings": found or None})


def _diagnosis(term: Term) -> SenderDiagnosis:
    return SenderDiagnosis(diagnosis_id="1", term=term)


def _documents(reader: R2Reader, report: Node) -> list[Document]:
    """The list of documents is one text; each source may name a publication."""
    found: list[Document] = []
    titles = [
        (reader.line(report, "documentlist", "C.1.6.1.r.1"), False),
        *(
            (reader.line(node, "literaturereference", "C.4.r.1"), True)
            for node in report.all("primarysource")
        ),
    ]
    for title, literature in titles:
        if title is not None:
            number = f"a{len(found) + 1}"
            found.append(Document(document_id=number, title=title, literature=literature))
    return found


def _duplicates(reader: R2Reader, report: Node) -> list[OtherIdentifier]:
    reader.choice(report, "duplicate", "C.1.9.1", YES_NO)  # only announces what follows
    found: list[OtherIdentifier] = []
    for position, node in enumerate(report.all("reportduplicate"), start=1):
        here = reader.at(position)
        source, number = node.find("duplicatesource").text, node.find("duplicatenumb").text
        if source is None or number is None:
            here.note("missing_conditional", "C.1.9.1.r")
            continue
        told = here.named(node, "duplicatesource", "C.1.9.1.r.1")
        own = here.named(node, "duplicatenumb", "C.1.9.1.r.2")
        if told is not None and own is not None:
            found.append(OtherIdentifier(source=told, identifier=own))
    return found
