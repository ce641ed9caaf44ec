"""What a report says of itself (C.1), whom it comes from (C.2, C.3), what lies with it (C.4)."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from schemas.icsr.node import Node
from schemas.icsr.parties import read_reporter, read_sender
from schemas.icsr.reader import Reader, belongs, read_code
from schemas.icsr.sorting import Sorted, sort_by_code
from schemas.icsr.vocabulary import (
    AMENDMENTS,
    AUTHORS,
    CHARACTERISTICS,
    DOCUMENTS,
    FIRST_SENDERS,
    OTHER_CASE,
    RELATED_REPORTS,
    REPORT_TYPES,
    WORLDWIDE_CASE,
    Amendment,
    Author,
    FirstSender,
    Observation,
)
from schemas.messages.adverse_event import Comment, Document, OtherIdentifier, SenderDiagnosis
from schemas.messages.people import Reporter, Sender
from schemas.vocabulary import ReportType

# Code list 22: what a related investigation is
_FIRST_REPORT = "1"  # C.1.8.2
_SOURCE = "2"  # C.2.r

# Code list 23: characteristics of the report
_TYPE = "1"  # C.1.3
_OTHER_CASES = "2"  # C.1.9.1
_AMENDED = "3"  # C.1.11.1
_REASON = "4"  # C.1.11.2

# Code list 27: which document it is
_HELD = "1"  # C.1.6.1.r
_LITERATURE = "2"  # C.4.r

_CAUSE = ("relatedInvestigation", "subjectOf2", "controlActEvent")


@dataclass(frozen=True, slots=True)
class Characteristics:
    """C.1.3 and C.1.11."""

    report_type: ReportType | None
    amendment: Amendment | None
    reason: str | None


def read_characteristics(reader: Reader, event: Node) -> Characteristics:
    """Read the type of the report and whether it amends or nullifies an earlier one."""
    found = sort_by_code(
        reader,
        [event],
        "subjectOf2",
        "C.1",
        tag="investigationCharacteristic",
        system=CHARACTERISTICS,
    )
    report_type = reader.coded(found.value(_TYPE), "C.1.3", REPORT_TYPES)
    amendment = reader.coded(found.value(_AMENDED), "C.1.11.1", AMENDMENTS)
    reason = reader.text(found.value(_REASON).find("originalText"), "C.1.11.2")
    reader.require(report_type, "C.1.3")
    if amendment is not None:
        reader.require(reason, "C.1.11.2", "missing_conditional")
    _check_other_cases(reader, event, found.value(_OTHER_CASES))
    return Characteristics(report_type, amendment, reason)


def _check_other_cases(reader: Reader, event: Node, value: Node) -> None:
    """C.1.9.1 only announces C.1.9.1.r; it is read when both agree."""
    listed = any(_case_ids(event))
    stated = value.get("value")
    absent = value.get("nullFlavor")
    if stated == "true" and listed:
        value.read("value")
    elif stated == "true":
        reader.note("missing_conditional", "C.1.9.1.r.1")
    elif stated is not None:
        reader.note("true_or_absent", "C.1.9.1")
    elif absent is None:
        reader.note("missing_mandatory", "C.1.9.1")
    else:
        reader.null(value, "C.1.9.1")
        if listed:
            reader.note("missing_conditional", "C.1.9.1")


def read_other_identifiers(reader: Reader, event: Node) -> list[OtherIdentifier]:
    """Read the numbers that others gave the case (C.1.9.1.r)."""
    identifiers = []
    for position, node in enumerate(_case_ids(event), start=1):
        here = reader.at(position)
        if node.get("assigningAuthorityName") is None or node.get("extension") is None:
            here.note("missing_conditional", "C.1.9.1.r")
            continue
        source = here.attribute(node, "C.1.9.1.r.1", "assigningAuthorityName")
        identifier = here.extension(node, "C.1.9.1.r.2")
        if source is not None and identifier is not None:
            identifiers.append(OtherIdentifier(source=source, identifier=identifier))
    return identifiers


def _case_ids(event: Node) -> Iterable[Node]:
    for relation in event.all("subjectOf1"):
        for act in relation.all("controlActEvent"):
            if node := act.id(OTHER_CASE):
                yield node


@dataclass(frozen=True, slots=True)
class Sources:
    """C.1.8.2, C.1.10.r and C.2.r."""

    first_sender: FirstSender | None
    linked_reports: list[str]
    reporters: list[Reporter]


def read_sources(reader: Reader, event: Node) -> Sources:
    """Read what the report refers to: its first sender, its reporters, linked reports."""
    first_sender: FirstSender | None = None
    linked: list[str] = []
    reporters: list[Reporter] = []
    for relation in event.all("outboundRelationship"):
        code = relation.find("relatedInvestigation", "code")
        is_ours = belongs(code, RELATED_REPORTS)
        if code.get("nullFlavor") == "NA":
            key = reader.at(len(linked) + 1).key(
                relation.find(*_CAUSE).id(WORLDWIDE_CASE), "C.1.10.r"
            )
            if key is not None:
                code.read("nullFlavor")
                linked.append(key)
        elif is_ours and code.get("code") == _SOURCE:
            read_code(code, RELATED_REPORTS)
            number = len(reporters) + 1
            reporters.append(read_reporter(reader.at(number), relation, number))
        elif is_ours and code.get("code") == _FIRST_REPORT and first_sender is None:
            read_code(code, RELATED_REPORTS)
            author = relation.find(*_CAUSE, "author", "assignedEntity", "code")
            first_sender = reader.coded(author, "C.1.8.2", FIRST_SENDERS)
    reader.require(first_sender, "C.1.8.2")
    return Sources(first_sender, linked, reporters)


def read_report_sender(reader: Reader, event: Node) -> Sender | None:
    """Read the sender of the report (C.3), the author that stands beside the case."""
    for relation in event.all("subjectOf1"):
        entity = relation.find("controlActEvent", "author", "assignedEntity")
        if entity:
            return read_sender(reader, entity)
    reader.note("missing_mandatory", "C.3.1")
    return None


def read_documents(reader: Reader, event: Node) -> list[Document]:
    """Read which documents are held or attached (C.1.6.1.r, C.4.r)."""
    documents = []
    for position, relation in enumerate(event.all("reference"), start=1):
        node = relation.find("document")
        code = reader.kind(node, DOCUMENTS, "C.1.6.1.r")
        if code.get("code") in {_HELD, _LITERATURE}:
            read_code(code, DOCUMENTS)
            element = "C.4.r" if code.get("code") == _LITERATURE else "C.1.6.1.r"
            documents.append(_read_document(reader.at(position), node, position, element))
    return documents


def _read_document(reader: Reader, node: Node, position: int, element: str) -> Document:
    literature = element == "C.4.r"
    title = node.find("bibliographicDesignationText" if literature else "title")
    text = node.find("text")
    media_type = reader.attribute(text, f"{element}.2", "mediaType")
    return Document(
        document_id=f"a{position}",
        title=reader.or_null(reader.text, title, f"{element}.1"),
        media_type=media_type,
        digest=_read_digest(reader, text, f"{element}.2"),
        literature=literature,
    )


def _read_digest(reader: Reader, node: Node, element: str) -> str | None:
    """Digest the content of an attachment, which itself remains in the message log."""
    if node.text is None:
        return None
    content = node.text.encode()
    if node.get("representation") == "B64":
        try:
            content = base64.b64decode(b"".join(content.split()), validate=True)
        except binascii.Error:
            reader.note("attachment_not_base64", element)
        node.read("representation")
    node.read_text()
    return f"sha256:{sha256(content).hexdigest()}"


def read_summaries(reader: Reader, own: Sorted) -> list[Comment]:
    """Read the case in the reporter's own language (H.5.r)."""
    summaries = []
    for position, node in enumerate(own.all(Observation.SUMMARY), start=1):
        here = reader.at(position)
        _read_author(node, Author.REPORTER)
        value = node.find("value")
        text = here.long_text(value, "H.5.r.1a")
        if text is None:
            continue
        language = here.language(value, "H.5.r.1b")
        here.require(language, "H.5.r.1b", "missing_conditional")
        summaries.append(Comment(summary_id=f"{position}", text=text, language=language))
    return summaries


@dataclass(frozen=True, slots=True)
class Comments:
    """H.2, H.3.r and H.4."""

    reporter: str | None
    sender: str | None
    diagnoses: list[SenderDiagnosis]


def read_comments(reader: Reader, observations: Sorted) -> Comments:
    """Read what reporter and sender thought of the case; the author tells the two apart."""
    by_author: dict[str, str] = {}
    for node in observations.all(Observation.COMMENT):
        for author, element in ((Author.SOURCE_REPORTER, "H.2"), (Author.SENDER, "H.4")):
            if author not in by_author and _is_by(node, author):
                text = reader.long_text(node.find("value"), element)
                if text is not None:
                    _read_author(node, author)
                    by_author[author] = text
    diagnoses = []
    for position, node in enumerate(observations.all(Observation.DIAGNOSIS), start=1):
        _read_author(node, Author.SENDER)
        term = reader.at(position).term(node.find("value"), "H.3.r.1", "H.3.r.1")
        if term is not None:
            diagnoses.append(SenderDiagnosis(diagnosis_id=f"{position}", term=term))
    return Comments(by_author.get(Author.SOURCE_REPORTER), by_author.get(Author.SENDER), diagnoses)


def _author(node: Node) -> Node:
    return node.find("author", "assignedEntity", "code")


def _is_by(node: Node, author: str) -> bool:
    return _author(node).get("code") == author


def _read_author(node: Node, author: str) -> None:
    if _is_by(node, author):
        read_code(_author(node), AUTHORS)
