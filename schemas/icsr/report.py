"""From the case in a message to the contract: a report, or a nullification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schemas.errors import ContractError, Reason
from schemas.icsr.checks import check_report
from schemas.icsr.drugs import find_drugs, read_drugs
from schemas.icsr.header import (
    Characteristics,
    read_comments,
    read_documents,
    read_other_identifiers,
    read_report_sender,
    read_sources,
    read_summaries,
)
from schemas.icsr.keys import key_of
from schemas.icsr.leftovers import keep_leftovers
from schemas.icsr.node import NOTHING, Node
from schemas.icsr.nullification import decide_nullification_reason, find_case_number
from schemas.icsr.patient import read_parent, read_patient, sort_facts
from schemas.icsr.reactions import read_reactions
from schemas.icsr.reader import Reader
from schemas.icsr.references import References
from schemas.icsr.relatedness import read_drug_reactions, read_relatedness, read_roles
from schemas.icsr.results import read_tests
from schemas.icsr.sorting import sort_by_code
from schemas.icsr.study import read_study
from schemas.icsr.vocabulary import Category, Observation
from schemas.messages.adverse_event import AdverseEventReport, Awareness, Nullification
from schemas.messages.parts import CaseReference, Many
from schemas.vocabulary import Channel, ReportKind, ReportType

MAX_FINDINGS = 10 * Many
ZONE = "UTC"  # an ICSR does not say in which office it arrived


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of the case before its contents are read."""

    reference: CaseReference
    characteristics: Characteristics
    first_received: date | None  # C.1.4
    most_recent: date  # C.1.5, or what stands for it
    received_at: datetime
    synthetic: bool


def build_report(
    reader: Reader, event: Node, case: Case, trees: Sequence[Node]
) -> AdverseEventReport:
    """
    Read the contents of the case.

    Args:
        reader: Reads.

        event: The investigationEvent.

        case: What is known of it.

        trees: The batch and the message, for what nothing has read once everything has been.

    Raises:
        ContractError: UNUSABLE_ICSR if more is left over, or wrong, than can be listed.
    """
    assessments = (part.find("adverseEventAssessment") for part in event.all("component"))
    assessment = next(filter(None, assessments), NOTHING)
    role = assessment.find("subject1", "primaryRole")
    facts = sort_facts(reader, role, "D")
    drugs, reactions = References("d"), References("r")
    drug_nodes = find_drugs(facts.organizers.all(Category.DRUGS))
    drug_keys = [
        drugs.add(reader.at(position), node, "G.k")
        for position, node in enumerate(drug_nodes, start=1)
    ]
    patient = read_patient(reader, role, facts)
    own = sort_by_code(reader, [event], "component", "C.1", tag="observationEvent")
    sources = read_sources(reader, event)
    comments = read_comments(
        reader, sort_by_code(reader, [assessment], "component1", "H", tag="observationEvent")
    )
    documents = read_documents(reader, event)
    expedited = reader.or_null(reader.boolean, own.value(Observation.EXPEDITED), "C.1.7")
    available = reader.boolean(own.value(Observation.DOCUMENTS_AVAILABLE), "C.1.6.1")
    reader.require(expedited, "C.1.7")
    reader.require(available, "C.1.6.1")
    report = AdverseEventReport(
        kind=_kind(reader, case),
        case=case.reference,
        report_type=case.characteristics.report_type or ReportType.NOT_AVAILABLE,
        received_at=case.received_at,
        office_zone=ZONE,
        most_recent_information=case.most_recent,
        first_received=case.first_received,
        awareness=[_awareness(case)],
        complete=True,
        synthetic=case.synthetic,
        correction_reason=case.characteristics.reason,
        literature=any(document.literature for document in documents) or None,
        expedited_by_sender=expedited,
        documents_available=available,
        first_sender=sources.first_sender,
        study=read_study(reader, role, patient.investigation_number),
        sender=read_report_sender(reader, event),
        reporters=sources.reporters or None,
        patient=patient,
        parent=read_parent(reader, role),
        reactions=read_reactions(reader, facts.observations.all(Observation.REACTION), reactions)
        or None,
        tests=read_tests(reader, facts.organizers.all(Category.TESTS)) or None,
        drugs=read_drugs(reader, drug_nodes, drug_keys, read_roles(reader, assessment, drugs))
        or None,
        relatedness=read_relatedness(reader, assessment, drugs, reactions) or None,
        drug_reactions=read_drug_reactions(reader, drug_nodes, drug_keys, reactions) or None,
        narrative=reader.long_text(event.find("text"), "H.1"),
        reporter_comments=comments.reporter,
        sender_diagnoses=comments.diagnoses or None,
        sender_comments=comments.sender,
        summaries=read_summaries(reader, own) or None,
        documents=documents or None,
        other_identifiers=read_other_identifiers(reader, event) or None,
        linked_reports=sources.linked_reports or None,
    )
    check_report(reader, report)
    found = reader.gathered.findings.all()
    if len(found) > MAX_FINDINGS:
        raise ContractError(
            Reason.UNUSABLE_ICSR, "reading_findings", f"the report has over {MAX_FINDINGS} faults"
        )
    kept = keep_leftovers(trees, reader.gathered.rewritten)
    return report.model_copy(update={"kept": kept or None, "reading_findings": found or None})


def _kind(reader: Reader, case: Case) -> ReportKind:
    """First report, follow-up or correction; an amendment has no new information."""
    is_first = case.first_received in {None, case.most_recent}
    if case.characteristics.amendment == "amendment":
        if is_first:
            reader.note("amendment_on_initial", "C.1.11.1")
        return ReportKind.CORRECTION
    return ReportKind.INITIAL if is_first else ReportKind.FOLLOW_UP


def _awareness(case: Case) -> Awareness:
    """The partner knew from the first day of a first report, the latest day of any other."""
    is_first = case.first_received == case.most_recent
    day = case.first_received if is_first else case.most_recent
    return Awareness(channel=Channel.PARTNER, day=day)


def build_nullification(reader: Reader, event: Node, case: Case) -> Nullification:
    """
    Read why the case is void.

    Raises:
        ContractError: UNUSABLE_ICSR if the words are missing or not understood. A case is
            not voided for a reason nobody understands; a person decides at the desk.
    """
    words = case.characteristics.reason or ""
    reason = decide_nullification_reason(words)
    if reason is None:
        raise ContractError(
            Reason.UNUSABLE_ICSR,
            "C.1.11.2",
            "the reason for the nullification is missing or not understood; read it and, if it"
            " holds, nullify the case at the desk",
        )
    linked = read_sources(reader, event).linked_reports
    reference = case.reference
    own = frozenset({reference.sender_case_id, reference.worldwide_id or ""})
    survivor = find_case_number(words, own) or (linked[0] if len(linked) == 1 else None)
    return Nullification(
        case=reference,
        reason=reason,
        explanation=words,
        received_at=case.received_at,
        office_zone=ZONE,
        most_recent_information=case.most_recent,
        surviving_case=key_of(survivor) if survivor is not None else None,
        synthetic=case.synthetic,
        reading_findings=reader.gathered.findings.all() or None,
    )
