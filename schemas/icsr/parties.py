"""
People and organisations: reporters (C.2.r) and sender (C.3).

The organisation is nested: the outer name is the department, the inner one the
organisation itself.
"""

from collections.abc import Mapping
from typing import Any

from schemas.icsr.node import Node
from schemas.icsr.reader import Reader
from schemas.icsr.vocabulary import QUALIFICATIONS, SENDER_TYPES
from schemas.messages.people import Reporter, Sender

# Field of the contract: number of the element
_REPORTER = {
    "title": "C.2.r.1.1",
    "given_name": "C.2.r.1.2",
    "middle_name": "C.2.r.1.3",
    "family_name": "C.2.r.1.4",
    "organisation": "C.2.r.2.1",
    "department": "C.2.r.2.2",
    "street": "C.2.r.2.3",
    "city": "C.2.r.2.4",
    "state": "C.2.r.2.5",
    "postcode": "C.2.r.2.6",
    "telephone": "C.2.r.2.7",
    "country": "C.2.r.3",
}
_SENDER = {
    "title": "C.3.3.2",
    "given_name": "C.3.3.3",
    "middle_name": "C.3.3.4",
    "family_name": "C.3.3.5",
    "organisation": "C.3.2",
    "department": "C.3.3.1",
    "street": "C.3.4.1",
    "city": "C.3.4.2",
    "state": "C.3.4.3",
    "postcode": "C.3.4.4",
    "telephone": "C.3.4.6",
    "country": "C.3.4.5",
}


def read_reporter(reader: Reader, source: Node, number: int) -> Reporter:
    """
    Read one reporter.

    Args:
        reader: At the position of this source.

        source: The outboundRelationship.

        number: Position of this source, counted from 1.
    """
    entity = source.find(
        "relatedInvestigation", "subjectOf2", "controlActEvent", "author", "assignedEntity"
    )
    qualified = entity.find("assignedPerson", "asQualifiedEntity", "code")
    qualification = reader.coded_or_null(qualified, "C.2.r.4", QUALIFICATIONS)
    reader.require(qualification, "C.2.r.4")
    priority = source.find("priorityNumber")
    primary = priority.get("value") == "1"
    if primary:
        priority.read("value")
    return Reporter(
        reporter_id=f"s{number}",
        qualification=qualification,
        primary=primary or None,
        email=reader.telecom(entity.all("telecom"), "mailto:", "C.2.r.2.7"),  # a regional element
        **_person(reader, entity, _REPORTER),
    )


def read_sender(reader: Reader, entity: Node) -> Sender:
    """Read the sender from its assignedEntity."""
    kind = reader.coded(entity.find("code"), "C.3.1", SENDER_TYPES)
    reader.require(kind, "C.3.1")
    telecoms = entity.all("telecom")
    return Sender(
        type=kind,
        fax=reader.telecom(telecoms, "fax:", "C.3.4.7"),
        email=reader.telecom(telecoms, "mailto:", "C.3.4.8"),
        **_person(reader, entity, _SENDER),
    )


def _person(reader: Reader, entity: Node, numbers: Mapping[str, str]) -> dict[str, Any]:
    person = entity.find("assignedPerson")
    name = person.find("name")
    address = entity.find("addr")
    outer = entity.find("representedOrganization")
    givens = name.all("given")
    places = {
        "title": name.find("prefix"),
        "given_name": givens[0] if givens else None,
        "middle_name": givens[1] if len(givens) > 1 else None,
        "family_name": name.find("family"),
        "organisation": outer.find("assignedEntity", "representedOrganization", "name"),
        "department": outer.find("name"),
        "street": address.find("streetAddressLine"),
        "city": address.find("city"),
        "state": address.find("state"),
        "postcode": address.find("postalCode"),
    }
    fields: dict[str, Any] = {
        field: reader.or_null(reader.name, node, numbers[field])
        for field, node in places.items()
        if node
    }
    fields["country"] = reader.or_null(
        reader.country, person.find("asLocatedEntity", "location", "code"), numbers["country"]
    )
    telecoms = entity.all("telecom")
    fields["telephone"] = reader.telecom(telecoms, "tel:", numbers["telephone"])
    for telecom in telecoms:
        fields["telephone"] = fields["telephone"] or reader.null(telecom, numbers["telephone"])
    return fields
