"""The patient (D) and the parent (D.10): largely the same facts at two places."""

from dataclasses import dataclass

from schemas.icsr.history import read_history, read_past_drugs
from schemas.icsr.node import Node
from schemas.icsr.reader import Reader, read_code
from schemas.icsr.sorting import Sorted, sort_by_code
from schemas.icsr.texts import NAME
from schemas.icsr.vocabulary import (
    AGE_GROUPS,
    CATEGORIES,
    GP_RECORD,
    HOSPITAL_RECORD,
    INVESTIGATION_NUMBER,
    NCI_THESAURUS,
    RECORD_KINDS,
    ROLES,
    SEXES,
    SPECIALIST_RECORD,
    Category,
    Observation,
)
from schemas.messages.people import CauseOfDeath, Death, Parent, Patient
from schemas.values import Explicit

# FDA.D.11.r and FDA.D.12: codes of the NCI Thesaurus
_RACE = "C17049"
_ETHNICITY = "C16564"

_INITIALS = 60  # characters

_CAUSE_OF_DEATH = "D.9.2.r"
_AUTOPSY_CAUSE = "D.9.4.r"


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands beside a person: observations by their code, organizers by category."""

    observations: Sorted
    organizers: Sorted


def sort_facts(reader: Reader, person: Node, element: str) -> Facts:
    """
    Sort what stands beside the patient or the parent.

    Args:
        reader: Notes what is wrong with the codes.

        person: The primaryRole, or the parent's role.

        element: For findings.
    """
    return Facts(
        sort_by_code(reader, [person], "subjectOf2", element),
        sort_by_code(reader, [person], "subjectOf2", element, tag="organizer", system=CATEGORIES),
    )


def read_patient(reader: Reader, role: Node, facts: Facts) -> Patient:
    """Read the patient from the primaryRole and what stands beside it."""
    player = role.find("player1")
    one = facts.observations
    history = facts.organizers.all(Category.HISTORY)
    texts = sort_by_code(reader, history, "component", "D.7")
    initials = reader.or_null(reader.limited(_INITIALS), player.find("name"), "D.1")
    reader.require(initials, "D.1")
    return Patient(
        initials=initials,
        gp_record=_record(reader, player, "1", GP_RECORD),
        specialist_record=_record(reader, player, "2", SPECIALIST_RECORD),
        hospital_record=_record(reader, player, "3", HOSPITAL_RECORD),
        investigation_number=_record(reader, player, "4", INVESTIGATION_NUMBER),
        birth_date=reader.or_null(reader.partial_date, player.find("birthTime"), "D.2.1"),
        age=reader.or_null(reader.quantity, one.value(Observation.AGE), "D.2.2"),
        gestation=reader.or_null(reader.quantity, one.value(Observation.GESTATION), "D.2.2.1"),
        age_group=reader.coded_or_null(one.value(Observation.AGE_GROUP), "D.2.3", AGE_GROUPS),
        weight_kg=reader.or_null(reader.in_unit("kg"), one.value(Observation.WEIGHT), "D.3"),
        height_cm=reader.or_null(reader.in_unit("cm"), one.value(Observation.HEIGHT), "D.4"),
        sex=reader.coded_or_null(player.find("administrativeGenderCode"), "D.5", SEXES),
        last_menstrual_period=reader.or_null(
            reader.partial_date, one.value(Observation.LAST_MENSTRUAL_PERIOD), "D.6"
        ),
        ethnicity=_regional(role, _ETHNICITY),
        race=_regional(role, _RACE),
        history=read_history(reader, history, "D.7.1.r") or None,
        history_text=reader.or_null(
            reader.long_text, texts.value(Observation.HISTORY_TEXT), "D.7.2"
        ),
        concomitant_therapies=reader.boolean(
            texts.value(Observation.CONCOMITANT_THERAPIES), "D.7.3"
        ),
        past_drugs=read_past_drugs(reader, facts.organizers.all(Category.PAST_DRUGS), "D.8.r")
        or None,
        death=_read_death(reader, player, one),
    )


def read_parent(reader: Reader, role: Node) -> Parent | None:
    """Read the parent, if the report is about a child or foetus exposed through one."""
    parent = role.find("player1", "role")
    if not parent:
        return None
    code = parent.find("code")
    if code.get("code") == "PRN":
        read_code(code, ROLES)
    person = parent.find("associatedPerson")
    facts = sort_facts(reader, parent, "D.10")
    one = facts.observations
    history = facts.organizers.all(Category.HISTORY)
    texts = sort_by_code(reader, history, "component", "D.10.7")
    return Parent(
        initials=reader.or_null(reader.name, person.find("name"), "D.10.1"),
        birth_date=reader.or_null(reader.partial_date, person.find("birthTime"), "D.10.2.1"),
        age=reader.quantity(one.value(Observation.AGE), "D.10.2.2"),
        last_menstrual_period=reader.or_null(
            reader.partial_date, one.value(Observation.LAST_MENSTRUAL_PERIOD), "D.10.3"
        ),
        weight_kg=reader.or_null(reader.in_unit("kg"), one.value(Observation.WEIGHT), "D.10.4"),
        height_cm=reader.or_null(reader.in_unit("cm"), one.value(Observation.HEIGHT), "D.10.5"),
        sex=reader.coded_or_null(person.find("administrativeGenderCode"), "D.10.6", SEXES),
        history=read_history(reader, history, "D.10.7.1.r") or None,
        history_text=reader.or_null(
            reader.long_text, texts.value(Observation.HISTORY_TEXT), "D.10.7.2"
        ),
        past_drugs=read_past_drugs(reader, facts.organizers.all(Category.PAST_DRUGS), "D.10.8.r")
        or None,
    )


def _read_death(reader: Reader, player: Node, one: Sorted) -> Death | None:
    date = reader.or_null(reader.partial_date, player.find("deceasedTime"), "D.9.1")
    autopsy = one.one(Observation.AUTOPSY)
    done = reader.or_null(reader.boolean, autopsy.find("value"), "D.9.3")
    reported = _causes(reader, one.all(Observation.REPORTED_CAUSE), _CAUSE_OF_DEATH)
    found = sort_by_code(reader, [autopsy], "outboundRelationship2", _AUTOPSY_CAUSE)
    causes = _causes(reader, found.all(Observation.AUTOPSY_CAUSE), _AUTOPSY_CAUSE)
    if date is None and done is None and not reported and not causes:
        return None
    return Death(
        date=date, autopsy=done, reported_causes=reported or None, autopsy_causes=causes or None
    )


def _causes(reader: Reader, observations: list[Node], group: str) -> list[CauseOfDeath]:
    return [
        CauseOfDeath(
            cause_id=f"c{position}",
            cause=reader.at(position).term(node.find("value"), f"{group}.2", f"{group}.1"),
        )
        for position, node in enumerate(observations, start=1)
    ]


def _record(reader: Reader, player: Node, kind: str, root: str) -> str | Explicit | None:
    """D.1.1.1 to .4: the record number of one kind of source."""
    for entity in player.all("asIdentifiedEntity"):
        number = entity.id(root)
        if number:
            code = entity.find("code")
            if code.get("code") == kind:
                read_code(code, RECORD_KINDS)
            value = reader.or_null(reader.key, number, f"D.1.1.{kind}")
            if isinstance(value, Explicit):
                number.read("root")
            return value
    return None


def _regional(role: Node, code: str) -> str | None:
    """Read FDA's race or ethnicity: the codes as sent, each with its name."""
    found = []
    for relation in role.all("subjectOf2"):
        for observation in relation.all("observation"):
            kind, value = observation.find("code"), observation.find("value")
            is_meant = kind.get("code") == code and kind.get("codeSystem") == NCI_THESAURUS
            is_listed = value.get("codeSystem") == NCI_THESAURUS
            if is_meant and is_listed and value.get("code") is not None:
                found.append((kind, value))
    names = "; ".join(
        " ".join(part for part in (value.get("code"), value.get("displayName")) if part)
        for _, value in found
    )
    if not names or len(names) > NAME:
        return None
    for kind, value in found:
        read_code(kind)
        read_code(value)
    return names
