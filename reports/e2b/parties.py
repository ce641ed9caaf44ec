"""Write people and organisations: reporters (C.2.r) and sender (C.3); nested, as ICH has them."""

from reports.e2b.xml import Element, add, coded, country, text_or_null, walk
from schemas.icsr.vocabulary import QUALIFICATIONS, RELATED_REPORTS, SENDER_TYPES
from schemas.messages.people import Person, Reporter, Sender
from schemas.values import Explicit

_SOURCE = "2"


def write_reporter(event: Element, reporter: Reporter) -> None:
    """Write one source of information."""
    relation = add(event, "outboundRelationship", typeCode="SPRT")
    if reporter.primary:
        add(relation, "priorityNumber", value="1")
    related = add(relation, "relatedInvestigation")
    add(related, "code", code=_SOURCE, codeSystem=RELATED_REPORTS)
    act = add(add(related, "subjectOf2", typeCode="SUBJ"), "controlActEvent")
    entity = walk(act, "author", "assignedEntity")
    _write_contact(entity, reporter, {"tel": reporter.telephone, "mailto": reporter.email})
    person = _write_person(entity, reporter)
    if reporter.qualification is not None:
        qualified = add(person, "asQualifiedEntity", classCode="QUAL")
        coded(qualified, "code", QUALIFICATIONS, reporter.qualification)
    _write_country(person, reporter)
    _write_organisation(entity, reporter)


def write_sender(entity: Element, sender: Sender) -> None:
    """Write the sender of the report into its assignedEntity."""
    coded(entity, "code", SENDER_TYPES, sender.type)
    telecoms = {"tel": sender.telephone, "fax": sender.fax, "mailto": sender.email}
    _write_contact(entity, sender, telecoms)
    if _has_person(sender):
        _write_country(_write_person(entity, sender), sender)
    _write_organisation(entity, sender)


def _has_person(person: Person) -> bool:
    named = (person.title, person.given_name, person.middle_name, person.family_name)
    return any(value is not None for value in (*named, person.country))


def _write_contact(
    entity: Element, person: Person, telecoms: dict[str, str | Explicit | None]
) -> None:
    parts = {
        "streetAddressLine": person.street,
        "city": person.city,
        "state": person.state,
        "postalCode": person.postcode,
    }
    if any(value is not None for value in parts.values()):
        address = add(entity, "addr")
        for tag, value in parts.items():
            text_or_null(address, tag, value)
    for scheme, value in telecoms.items():
        if isinstance(value, Explicit):
            add(entity, "telecom", nullFlavor=value.null.value)
        elif value is not None:
            add(entity, "telecom", value=f"{scheme}:{value}")


def _write_person(entity: Element, person: Person) -> Element:
    place = add(entity, "assignedPerson")
    names = (person.title, person.given_name, person.middle_name, person.family_name)
    if any(value is not None for value in names):
        name = add(place, "name")
        text_or_null(name, "prefix", person.title)
        text_or_null(name, "given", person.given_name)
        if person.middle_name is not None:
            if person.given_name is None:
                add(name, "given")  # the middle name is the second one
            text_or_null(name, "given", person.middle_name)
        text_or_null(name, "family", person.family_name)
    return place


def _write_country(place: Element, person: Person) -> None:
    if person.country is not None:
        location = add(
            add(place, "asLocatedEntity", classCode="LOCE"),
            "location",
            classCode="COUNTRY",
            determinerCode="INSTANCE",
        )
        country(location, person.country)


def _write_organisation(entity: Element, person: Person) -> None:
    if person.organisation is None and person.department is None:
        return
    outer = add(entity, "representedOrganization")
    text_or_null(outer, "name", person.department)
    if person.organisation is not None:
        inner = walk(outer, "assignedEntity", "representedOrganization")
        text_or_null(inner, "name", person.organisation)
