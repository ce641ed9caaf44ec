"""
The people and the study of a report: reporters, sender, patient, parent.

Element numbers in the comments are ICH E2B(R3). `X | Explicit` marks the fields
that may be unknown on purpose.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.messages.parts import Line, Many, Term
from schemas.values import (
    Closed,
    Code,
    Country,
    Explicit,
    Key,
    Name,
    Number,
    PartialDate,
    Quantity,
    Text,
)
from schemas.vocabulary import AgeGroup, Qualification, SenderType, Sex, StudyType


class Study(Closed):
    """The study in which the event was observed."""

    study_id: Name | None = None  # registry number or the sponsor's, used to find the profile
    sponsor_study_number: Name | Explicit | None = None  # C.5.3
    title: Line | Explicit | None = None  # C.5.2
    study_type: StudyType | None = None  # C.5.4
    subject_id: Key | None = None  # D.1.1.4, investigation number
    registrations: Annotated[list["StudyRegistration"], Field(max_length=Many)] | None = None
    products: Annotated[list[Name], Field(max_length=50)] | None = None  # the study's own, by name


class StudyRegistration(Closed):
    """C.5.1.r."""

    registration_id: Key
    number: Name | Explicit | None = None
    country: Country | Explicit | None = None


class Person(Closed):
    """Name and address of a reporter or sender; given only where a partner sends it."""

    title: Name | Explicit | None = None
    given_name: Name | Explicit | None = None
    middle_name: Name | Explicit | None = None
    family_name: Name | Explicit | None = None
    organisation: Name | Explicit | None = None
    department: Name | Explicit | None = None
    street: Name | Explicit | None = None
    city: Name | Explicit | None = None
    state: Name | Explicit | None = None
    postcode: Name | Explicit | None = None
    telephone: Name | Explicit | None = None
    country: Country | Explicit | None = None


class Reporter(Person):
    """C.2.r."""

    reporter_id: Key
    qualification: Qualification | Explicit | None = None  # C.2.r.4
    primary: bool | None = None  # C.2.r.5
    email: Name | Explicit | None = None


class Sender(Person):
    """C.3."""

    type: SenderType | None = None  # C.3.1
    fax: Name | Explicit | None = None
    email: Name | Explicit | None = None


class HistoryEntry(Closed):
    """D.7.1.r (patient) and D.10.7.1.r (parent)."""

    history_id: Key
    condition: Term | None = None
    start: PartialDate | Explicit | None = None
    end: PartialDate | Explicit | None = None
    continuing: bool | Explicit | None = None
    comments: Line | Explicit | None = None
    family_history: bool | None = None


class PastDrug(Closed):
    """D.8.r."""

    past_drug_id: Key
    name: Line | Explicit | None = None
    product_code: Code | None = None
    start: PartialDate | Explicit | None = None
    end: PartialDate | Explicit | None = None
    indication: Term | None = None
    reaction: Term | None = None


class CauseOfDeath(Closed):
    """D.9.2.r (reported) and D.9.4.r (found at autopsy)."""

    cause_id: Key
    cause: Term | None = None


class Death(Closed):
    """D.9."""

    date: PartialDate | Explicit | None = None
    autopsy: bool | Explicit | None = None
    reported_causes: Annotated[list[CauseOfDeath], Field(max_length=Many)] | None = None
    autopsy_causes: Annotated[list[CauseOfDeath], Field(max_length=Many)] | None = None


class Patient(Closed):
    """D. Initials or a code, never a name."""

    initials: Annotated[str, StringConstraints(min_length=1, max_length=60)] | Explicit | None = (
        None  # D.1
    )
    gp_record: Key | Explicit | None = None  # D.1.1.1
    specialist_record: Key | Explicit | None = None  # D.1.1.2
    hospital_record: Key | Explicit | None = None  # D.1.1.3
    investigation_number: Key | Explicit | None = None  # D.1.1.4
    birth_date: PartialDate | Explicit | None = None  # D.2.1
    age: Quantity | Explicit | None = None  # D.2.2
    gestation: Quantity | Explicit | None = None  # D.2.2.1
    age_group: AgeGroup | Explicit | None = None  # D.2.3
    weight_kg: Number | Explicit | None = None  # D.3
    height_cm: Number | Explicit | None = None  # D.4
    sex: Sex | Explicit | None = None  # D.5
    last_menstrual_period: PartialDate | Explicit | None = None  # D.6
    ethnicity: Name | Explicit | None = None
    race: Name | Explicit | None = None
    history: Annotated[list[HistoryEntry], Field(max_length=Many)] | None = None  # D.7.1
    history_text: Text | Explicit | None = None  # D.7.2
    concomitant_therapies: bool | None = None  # D.7.3
    past_drugs: Annotated[list[PastDrug], Field(max_length=Many)] | None = None  # D.8
    death: Death | None = None  # D.9


class Parent(Closed):
    """D.10, for a report about a child or foetus exposed through a parent."""

    initials: Name | Explicit | None = None
    birth_date: PartialDate | Explicit | None = None
    age: Quantity | Explicit | None = None
    last_menstrual_period: PartialDate | Explicit | None = None
    weight_kg: Number | Explicit | None = None
    height_cm: Number | Explicit | None = None
    sex: Sex | Explicit | None = None
    history: Annotated[list[HistoryEntry], Field(max_length=Many)] | None = None
    history_text: Text | Explicit | None = None
    past_drugs: Annotated[list[PastDrug], Field(max_length=Many)] | None = None
