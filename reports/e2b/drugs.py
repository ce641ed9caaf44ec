"""Write the drugs (G.k): product, authorisation, doses, indications, what was done and followed."""

from collections.abc import Sequence

from reports.e2b.identity import identifier_of
from reports.e2b.patient import write_organizer
from reports.e2b.xml import (
    Element,
    add,
    boolean,
    coded,
    country,
    entry_id,
    interval,
    observation,
    open_code,
    quantity,
    term,
    text_or_null,
    walk,
)
from schemas.icsr.doses import TOTAL
from schemas.icsr.vocabulary import (
    ACTIONS,
    ADDITIONAL_DRUG_INFORMATION,
    AUTHORISATION,
    AUTHORS,
    EVENTS_OF_SUPPLY,
    RECHALLENGES,
    Author,
    Category,
    Observation,
)
from schemas.messages.clinical import Dose, Drug, DrugReaction
from schemas.values import Code, Explicit, Quantity


def write_drugs(role: Element, drugs: Sequence[Drug], pairs: Sequence[DrugReaction]) -> None:
    """Write all drugs into their organizer."""
    if not drugs:
        return
    organizer = write_organizer(role, Category.DRUGS)
    for drug in drugs:
        own = [pair for pair in pairs if pair.drug_id == drug.drug_id]
        _write_drug(add(add(organizer, "component"), "substanceAdministration"), drug, own)


def _write_drug(place: Element, drug: Drug, pairs: Sequence[DrugReaction]) -> None:
    entry_id(place, drug.drug_id)
    _write_product(walk(place, "consumable", "instanceOfKind"), drug)
    for pair in pairs:
        for kind, value in (("SAS", pair.from_first_dose), ("SAE", pair.from_last_dose)):
            if value is not None:
                relation = add(place, "outboundRelationship1", typeCode=kind)
                quantity(relation, "pauseQuantity", value)
                entry_id(add(relation, "actReference"), pair.reaction_id)
    for dose in drug.doses or ():
        relation = add(place, "outboundRelationship2", typeCode="COMP")
        _write_dose(add(relation, "substanceAdministration"), dose)
    _write_parts(place, drug, pairs)
    for indication in drug.indications or ():
        reason = observation(place, "inboundRelationship", "RSON", Observation.INDICATION)
        term(reason, "value", indication.term)
        performer = walk(reason, "performer", "assignedEntity")
        add(performer, "code", code=Author.SOURCE_REPORTER, codeSystem=AUTHORS)
    if drug.action_taken is not None:
        act = add(add(place, "inboundRelationship", typeCode="CAUS"), "act")
        coded(act, "code", ACTIONS, drug.action_taken)


def _write_parts(place: Element, drug: Drug, pairs: Sequence[DrugReaction]) -> None:
    if drug.blinded:
        boolean(_part(place, "PERT", Observation.BLINDED), value=True)
    if drug.cumulative_dose is not None:
        part = _part(place, "SUMM", Observation.CUMULATIVE_DOSE)
        quantity(part, "value", drug.cumulative_dose, "PQ")
    if drug.gestation_at_exposure is not None:
        part = _part(place, "PERT", Observation.GESTATION)
        quantity(part, "value", drug.gestation_at_exposure, "PQ")
    for pair in pairs:
        if pair.rechallenge is not None:
            part = _part(place, "PERT", Observation.RECHALLENGE)
            coded(part, "value", RECHALLENGES, pair.rechallenge)
            relation = add(part, "outboundRelationship1", typeCode="REFR")
            entry_id(add(relation, "actReference"), pair.reaction_id)
    for code in drug.additional_information_codes or ():
        part = _part(place, "REFR", Observation.ADDITIONAL_DRUG_CODE)
        own = identifier_of(code)
        add(part, "value", xsi_type="CE", code=own, codeSystem=ADDITIONAL_DRUG_INFORMATION)
    if drug.additional_information is not None:
        part = _part(place, "REFR", Observation.ADDITIONAL_DRUG_TEXT)
        add(part, "value", drug.additional_information, xsi_type="ST")


def _part(place: Element, kind: str, code: str) -> Element:
    return observation(place, "outboundRelationship2", kind, code)


def _write_product(kind: Element, drug: Drug) -> None:
    product = add(kind, "kindOfProduct")
    open_code(product, "code", drug.product_code)
    text_or_null(product, "name", drug.name)
    told = (drug.authorisation_number, drug.authorisation_country, drug.authorisation_holder)
    if any(value is not None for value in told):
        made = add(product, "asManufacturedProduct", classCode="MANU")
        approval = add(
            add(made, "subjectOf", typeCode="SBJ"), "approval", classCode="CNTRCT", moodCode="EVN"
        )
        if drug.authorisation_number is not None:
            add(approval, "id", root=AUTHORISATION, extension=drug.authorisation_number)
        if drug.authorisation_holder is not None:
            holder = add(add(approval, "holder", typeCode="HLD"), "role", classCode="HLD")
            add(add(holder, "playingOrganization"), "name", drug.authorisation_holder)
        if drug.authorisation_country is not None:
            territory = walk(approval, "author", "territorialAuthority")
            nation = add(territory, "territory", classCode="NAT", determinerCode="INSTANCE")
            country(nation, drug.authorisation_country)
    for substance in drug.substances or ():
        ingredient = add(product, "ingredient", classCode="ACTI")
        if substance.strength is not None:
            amount = add(ingredient, "quantity")
            quantity(amount, "numerator", substance.strength)
            add(amount, "denominator", value="1", unit="1")
        inner = add(ingredient, "ingredientSubstance", classCode="MMAT", determinerCode="KIND")
        open_code(inner, "code", substance.coded)
        if substance.name is not None:
            add(inner, "name", substance.name)
        elif substance.coded is None:
            add(inner, "name")  # the schema wants a child
    if drug.obtained_in is not None:
        event = add(
            add(kind, "subjectOf", typeCode="SBJ"), "productEvent", classCode="ACT", moodCode="EVN"
        )
        add(event, "code", code="1", codeSystem=EVENTS_OF_SUPPLY)
        where = walk(event, "performer", "assignedEntity", "representedOrganization", "addr")
        add(where, "country", drug.obtained_in)


def _write_dose(place: Element, dose: Dose) -> None:
    if dose.text is not None:
        add(place, "text", dose.text)
    every = dose.interval if isinstance(dose.interval, Quantity) else None
    amount = dose.dose if isinstance(dose.dose, Quantity) else None
    is_total = every is not None and every.unit == TOTAL and amount is not None
    interval(place, dose.start, dose.end, dose.duration, None if is_total else every)
    _write_named_code(place, "routeCode", dose.route, dose.route_code)
    if is_total:
        check = add(place, "doseCheckQuantity")
        quantity(check, "numerator", amount, "PQ")  # the types of a ratio are abstract here
        add(check, "denominator", xsi_type="PQ", nullFlavor="UNK")
    else:
        quantity(place, "doseQuantity", amount)
    if dose.batch is not None or dose.form is not None or dose.form_code is not None:
        kind = walk(place, "consumable", "instanceOfKind")
        if isinstance(dose.batch, str):
            instance = add(
                kind, "productInstanceInstance", classCode="MMAT", determinerCode="INSTANCE"
            )
            add(instance, "lotNumberText", dose.batch)
        if dose.form is not None or dose.form_code is not None:
            _write_named_code(add(kind, "kindOfProduct"), "formCode", dose.form, dose.form_code)
    if dose.parent_route is not None or dose.parent_route_code is not None:
        found = observation(place, "inboundRelationship", "REFR", Observation.PARENT_ROUTE)
        _write_named_code(found, "value", dose.parent_route, dose.parent_route_code)


def _write_named_code(
    place: Element, tag: str, text: str | Explicit | None, code: Code | None
) -> None:
    if text is None and code is None:
        return
    found = open_code(place, tag, code)
    if found is None:
        found = add(place, tag)
    if tag == "value":
        found.set("{http://www.w3.org/2001/XMLSchema-instance}type", "CE")
    text_or_null(found, "originalText", text)
