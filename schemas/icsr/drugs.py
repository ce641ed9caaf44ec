"""The drugs (G.k): product, authorisation, doses, indications, what was done, what followed."""

from schemas.icsr.doses import read_dose
from schemas.icsr.keys import key_of
from schemas.icsr.node import NOTHING, Node
from schemas.icsr.reader import Reader, belongs, read_code
from schemas.icsr.sorting import Sorted, sort_by_code
from schemas.icsr.vocabulary import (
    ACTIONS,
    ADDITIONAL_DRUG_INFORMATION,
    AUTHORISATION,
    AUTHORS,
    EVENTS_OF_SUPPLY,
    Author,
    Observation,
)
from schemas.messages.clinical import Drug, Indication, Substance
from schemas.values import Code
from schemas.vocabulary import DrugRole


def find_drugs(organizers: list[Node]) -> list[Node]:
    """Give the substanceAdministration of each drug."""
    return [
        administration
        for organizer in organizers
        for component in organizer.all("component")
        for administration in component.all("substanceAdministration")
    ]


def read_drugs(
    reader: Reader, nodes: list[Node], keys: list[str], roles: dict[str, DrugRole]
) -> list[Drug]:
    """
    Read the drugs.

    Args:
        reader: Reads.

        nodes: From `find_drugs()`.

        keys: The key of each.

        roles: G.k.1 by key.
    """
    return [
        _read_drug(reader.at(position), node, position, key, roles.get(key))
        for position, (node, key) in enumerate(zip(nodes, keys, strict=True), start=1)
    ]


def _read_drug(reader: Reader, node: Node, position: int, key: str, role: DrugRole | None) -> Drug:
    kind = node.find("consumable", "instanceOfKind")
    product = kind.find("kindOfProduct")
    approval = product.find("asManufacturedProduct", "subjectOf", "approval")
    inside = sort_by_code(reader, [node], "outboundRelationship2", "G.k")
    before = sort_by_code(reader, [node], "inboundRelationship", "G.k")
    name = reader.or_null(reader.text, product.find("name"), "G.k.2.2")
    number = reader.extension(approval.id(AUTHORISATION), "G.k.3.1")
    place = approval.find("author", "territorialAuthority", "territory", "code")
    country = reader.country(place, "G.k.3.2")
    reader.require(name, "G.k.2.2")
    reader.require(role, "G.k.1")
    if number is not None:
        reader.require(country, "G.k.3.2", "missing_conditional")
    return Drug(
        drug_id=key,
        role=role,
        name=name,
        product_code=_read_product_code(reader, product),
        substances=_read_substances(reader, product, position) or None,
        obtained_in=_read_origin(reader, kind),
        blinded=reader.true(inside.value(Observation.BLINDED), "G.k.2.5"),
        authorisation_number=number,
        authorisation_country=country,
        authorisation_holder=reader.name(
            approval.find("holder", "role", "playingOrganization", "name"), "G.k.3.3"
        ),
        doses=[
            read_dose(reader.at(position, number), dose, number)
            for number, dose in enumerate(_doses(node), start=1)
        ]
        or None,
        cumulative_dose=reader.quantity(inside.value(Observation.CUMULATIVE_DOSE), "G.k.5"),
        gestation_at_exposure=reader.quantity(inside.value(Observation.GESTATION), "G.k.6"),
        indications=_read_indications(reader, before, position) or None,
        action_taken=reader.coded(_action(node), "G.k.8", ACTIONS),
        additional_information_codes=_read_additional_codes(reader, inside) or None,
        additional_information=reader.text(
            inside.value(Observation.ADDITIONAL_DRUG_TEXT), "G.k.11"
        ),
    )


def _doses(node: Node) -> list[Node]:
    return [
        dose
        for relation in node.all("outboundRelationship2")
        for dose in relation.all("substanceAdministration")
    ]


def _action(node: Node) -> Node:
    for relation in node.all("inboundRelationship"):
        code = relation.find("act", "code")
        if code and belongs(code, ACTIONS.oid):
            return code
    return NOTHING


def _read_product_code(reader: Reader, product: Node) -> Code | None:
    codes = product.all("code")
    if len(codes) > 1:
        reader.note("two_product_codes", "G.k.2.1")
    return reader.terminology_code(codes[0], "G.k.2.1.1b") if codes else None


def _read_substances(reader: Reader, product: Node, drug: int) -> list[Substance]:
    substances = []
    for position, ingredient in enumerate(product.all("ingredient"), start=1):
        here = reader.at(drug, position)
        substance = ingredient.find("ingredientSubstance")
        quantity = ingredient.find("quantity")
        denominator = quantity.find("denominator")
        strength = here.quantity(quantity.find("numerator"), "G.k.2.3.r.3")
        if strength is not None and denominator.get("value") == "1":
            denominator.read("value")
            if denominator.get("unit") == "1":
                denominator.read("unit")
        substances.append(
            Substance(
                substance_id=f"{position}",
                name=here.text(substance.find("name"), "G.k.2.3.r.1"),
                coded=here.terminology_code(substance.find("code"), "G.k.2.3.r.2b"),
                strength=strength,
            )
        )
    return substances


def _read_origin(reader: Reader, kind: Node) -> str | None:
    for subject in kind.all("subjectOf"):
        event = subject.find("productEvent")
        code = event.find("code")
        if code.get("code") != "1" or not belongs(code, EVENTS_OF_SUPPLY):
            continue
        country = reader.country_name(
            event.find("performer", "assignedEntity", "representedOrganization", "addr", "country"),
            "G.k.2.4",
        )
        if country is not None:
            read_code(code, EVENTS_OF_SUPPLY)
            return country
    return None


def _read_indications(reader: Reader, before: Sorted, drug: int) -> list[Indication]:
    indications = []
    for position, node in enumerate(before.all(Observation.INDICATION), start=1):
        author = node.find("performer", "assignedEntity", "code")
        if author.get("code") == Author.SOURCE_REPORTER and belongs(author, AUTHORS):
            read_code(author, AUTHORS)
        term = reader.at(drug, position).term(node.find("value"), "G.k.7.r.1", "G.k.7.r.2")
        indications.append(Indication(indication_id=f"{position}", term=term))
    return indications


def _read_additional_codes(reader: Reader, inside: Sorted) -> list[str]:
    codes = []
    for observation in inside.all(Observation.ADDITIONAL_DRUG_CODE):
        code = reader.open_code(observation.find("value"), "G.k.10.r", ADDITIONAL_DRUG_INFORMATION)
        if code is not None:
            codes.append(key_of(code))
    return codes
