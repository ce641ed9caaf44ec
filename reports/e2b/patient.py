"""Write the patient (D), the parent (D.10) and the study (C.5) into the primaryRole."""

from collections.abc import Sequence
from decimal import Decimal

from reports.e2b.identity import identifier_of
from reports.e2b.model import Icsr
from reports.e2b.profiles import Regional
from reports.e2b.xml import (
    Element,
    add,
    boolean,
    coded,
    country,
    identifier,
    interval,
    measure,
    moment,
    observation,
    open_code,
    quantity,
    term,
    text_or_null,
    walk,
)
from schemas.icsr.vocabulary import (
    AGE_GROUPS,
    CATEGORIES,
    GP_RECORD,
    HOSPITAL_RECORD,
    INVESTIGATION_NUMBER,
    MEDDRA,
    RECORD_KINDS,
    ROLES,
    SEXES,
    SPECIALIST_RECORD,
    SPONSOR_STUDY,
    STUDY_REGISTRATION,
    STUDY_TYPES,
    Category,
    Observation,
)
from schemas.messages.people import (
    CauseOfDeath,
    Death,
    HistoryEntry,
    Parent,
    PastDrug,
    Patient,
    Study,
)
from schemas.values import Explicit, PartialDate, Quantity

_NULL = "null:"


def write_player(role: Element, patient: Patient, parent: Parent | None) -> None:
    """Write the person: name, sex, birth, death, record numbers, and the parent inside."""
    player = add(role, "player1", classCode="PSN", determinerCode="INSTANCE")
    text_or_null(player, "name", patient.initials)
    coded(player, "administrativeGenderCode", SEXES, patient.sex)
    moment(player, "birthTime", patient.birth_date)
    if patient.death is not None:
        moment(player, "deceasedTime", patient.death.date)
    records = (
        (GP_RECORD, patient.gp_record),
        (SPECIALIST_RECORD, patient.specialist_record),
        (HOSPITAL_RECORD, patient.hospital_record),
        (INVESTIGATION_NUMBER, patient.investigation_number),
    )
    for kind, (root, value) in enumerate(records, start=1):
        if value is not None:
            entity = add(player, "asIdentifiedEntity", classCode="IDENT")
            own = identifier_of(value) if isinstance(value, str) else value
            identifier(entity, root, own)
            add(entity, "code", code=str(kind), codeSystem=RECORD_KINDS)
    if parent is not None:
        _write_parent(add(player, "role", classCode="PRS"), parent)


def _write_parent(role: Element, parent: Parent) -> None:
    add(role, "code", code="PRN", codeSystem=ROLES)
    person = add(role, "associatedPerson", classCode="PSN", determinerCode="INSTANCE")
    text_or_null(person, "name", parent.initials)
    coded(person, "administrativeGenderCode", SEXES, parent.sex)
    moment(person, "birthTime", parent.birth_date)
    _write_body(role, parent.age, parent.weight_kg, parent.height_cm, parent.last_menstrual_period)
    _write_history(role, parent.history, parent.history_text, None)
    _write_past_drugs(role, parent.past_drugs)


def write_facts(role: Element, patient: Patient) -> None:
    """Write what stands beside the patient, in the order of the standard."""
    _write_body(
        role, patient.age, patient.weight_kg, patient.height_cm, patient.last_menstrual_period
    )
    if isinstance(patient.gestation, Quantity):
        found = observation(role, "subjectOf2", "SBJ", Observation.GESTATION)
        quantity(found, "value", patient.gestation, "PQ")
    if patient.age_group is not None:
        found = observation(role, "subjectOf2", "SBJ", Observation.AGE_GROUP)
        coded(found, "value", AGE_GROUPS, patient.age_group)
    _write_history(role, patient.history, patient.history_text, patient.concomitant_therapies)
    _write_past_drugs(role, patient.past_drugs)
    if patient.death is not None:
        _write_death(role, patient.death)


def _write_body(
    role: Element,
    age: Quantity | Explicit | None,
    weight: Decimal | Explicit | None,
    height: Decimal | Explicit | None,
    last_period: PartialDate | Explicit | None,
) -> None:
    if isinstance(age, Quantity):
        quantity(observation(role, "subjectOf2", "SBJ", Observation.AGE), "value", age, "PQ")
    if isinstance(weight, Decimal):
        measure(observation(role, "subjectOf2", "SBJ", Observation.WEIGHT), weight, "kg")
    if isinstance(height, Decimal):
        measure(observation(role, "subjectOf2", "SBJ", Observation.HEIGHT), height, "cm")
    if last_period is not None:
        found = observation(role, "subjectOf2", "SBJ", Observation.LAST_MENSTRUAL_PERIOD)
        if isinstance(last_period, Explicit):
            add(found, "value", xsi_type="TS", nullFlavor=last_period.null.value)
        else:
            moment(found, "value", last_period)
            found[-1].set("{http://www.w3.org/2001/XMLSchema-instance}type", "TS")


def _write_history(
    role: Element,
    entries: Sequence[HistoryEntry] | None,
    text: str | Explicit | None,
    concomitant: bool | None,  # noqa: FBT001
) -> None:
    if not entries and text is None and concomitant is None:
        return
    organizer = write_organizer(role, Category.HISTORY)
    for entry in entries or ():
        found = add(add(organizer, "component"), "observation")
        term(found, "code", entry.condition)
        if entry.condition is None:
            add(found, "code", codeSystem=MEDDRA)
        interval(found, entry.start, entry.end)
        if isinstance(entry.comments, str):
            inner = observation(found, "outboundRelationship2", "COMP", Observation.COMMENT)
            add(inner, "value", entry.comments, xsi_type="ED")
        if entry.family_history is not None:
            inner = observation(found, "outboundRelationship2", "EXPL", Observation.FAMILY_HISTORY)
            boolean(inner, entry.family_history)
        if entry.continuing is not None:
            inner = observation(found, "inboundRelationship", "REFR", Observation.CONTINUING)
            boolean(inner, entry.continuing)
    if text is not None:
        found = observation(organizer, "component", "COMP", Observation.HISTORY_TEXT)
        if isinstance(text, Explicit):
            add(found, "value", xsi_type="ED", nullFlavor=text.null.value)
        else:
            add(found, "value", text, xsi_type="ED")
    if concomitant is not None:
        found = observation(organizer, "component", "COMP", Observation.CONCOMITANT_THERAPIES)
        boolean(found, concomitant)


def _write_past_drugs(role: Element, drugs: Sequence[PastDrug] | None) -> None:
    if not drugs:
        return
    organizer = write_organizer(role, Category.PAST_DRUGS)
    for drug in drugs:
        found = add(add(organizer, "component"), "substanceAdministration")
        interval(found, drug.start, drug.end)
        product = walk(found, "consumable", "instanceOfKind", "kindOfProduct")
        open_code(product, "code", drug.product_code)
        text_or_null(product, "name", drug.name)
        for value, kind, code in (
            (drug.indication, "RSON", Observation.INDICATION),
            (drug.reaction, "CAUS", Observation.REACTION),
        ):
            if value is not None:
                inner = observation(found, "outboundRelationship2", kind, code)
                term(inner, "value", value)


def _write_death(role: Element, death: Death) -> None:
    for cause in death.reported_causes or ():
        _write_cause(role, "subjectOf2", "SBJ", Observation.REPORTED_CAUSE, cause)
    if death.autopsy is None and not death.autopsy_causes:
        return
    autopsy = observation(role, "subjectOf2", "SBJ", Observation.AUTOPSY)
    boolean(autopsy, death.autopsy)
    for cause in death.autopsy_causes or ():
        _write_cause(autopsy, "outboundRelationship2", "DRIV", Observation.AUTOPSY_CAUSE, cause)


def _write_cause(
    parent: Element, relation: str, type_code: str, code: str, cause: CauseOfDeath
) -> None:
    term(observation(parent, relation, type_code, code), "value", cause.cause)


def write_organizer(role: Element, category: str) -> Element:
    """Add the organizer of one category of entries."""
    organizer = add(add(role, "subjectOf2", typeCode="SBJ"), "organizer")
    add(organizer, "code", code=category, codeSystem=CATEGORIES)
    return organizer


def write_study(role: Element, study: Study, icsr: Icsr, regional: Sequence[Regional]) -> None:
    """Write the study and, behind its registrations, the receiver's own numbers."""
    place = add(
        add(role, "subjectOf1", typeCode="SBJ"),
        "researchStudy",
        classCode="CLNTRL",
        moodCode="EVN",
    )
    if study.sponsor_study_number is not None:
        identifier(place, SPONSOR_STUDY, study.sponsor_study_number)
    coded(place, "code", STUDY_TYPES, study.study_type)
    text_or_null(place, "title", study.title)
    for entry in study.registrations or ():
        registration = _registration(place)
        if entry.number is not None:
            identifier(registration, STUDY_REGISTRATION, entry.number)
        if entry.country is not None:
            territory = walk(registration, "author", "territorialAuthority")
            country(
                add(
                    territory,
                    "governingPlace",
                    classCode="COUNTRY",
                    determinerCode="INSTANCE",
                ),
                entry.country,
            )
    for element in regional:
        value = icsr.regional.get(element.number) if element.placement == "study" else None
        for one in (value or "").split(";"):
            if one.startswith(_NULL):
                add(_registration(place), "id", nullFlavor=one[len(_NULL) :], root=element.system)
            elif one:
                add(_registration(place), "id", root=element.system, extension=one.strip())


def _registration(place: Element) -> Element:
    return add(
        add(place, "authorization", typeCode="AUTH"),
        "studyRegistration",
        classCode="ACT",
        moodCode="EVN",
    )


def write_regional_facts(
    role: Element, patient: Patient, icsr: Icsr, regional: Sequence[Regional]
) -> None:
    """Write race and ethnicity (codes as told), or the null flavour that stands for them."""
    for element in regional:
        if element.placement != "patient":
            continue
        told = patient.race if element.number == "FDA.D.11.r" else patient.ethnicity
        value = told if isinstance(told, str) else icsr.regional.get(element.number, "")
        for one in value.split(";"):
            if not one:
                continue
            found = observation(role, "subjectOf2", "SBJ", element.code, system=element.system)
            if one.startswith(_NULL):
                add(found, "value", xsi_type="CE", nullFlavor=one[len(_NULL) :])
                continue
            code, _, name = one.strip().partition(" ")
            add(
                found,
                "value",
                xsi_type="CE",
                code=code,
                displayName=name or None,
                codeSystem=element.value_system,
            )
