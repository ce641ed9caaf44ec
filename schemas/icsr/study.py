"""The study in which the event was observed (C.5)."""

from schemas.icsr.node import Node
from schemas.icsr.reader import Reader
from schemas.icsr.vocabulary import SPONSOR_STUDY, STUDY_REGISTRATION, STUDY_TYPES
from schemas.messages.people import Study, StudyRegistration
from schemas.values import Explicit


def read_study(reader: Reader, role: Node, subject_id: str | Explicit | None) -> Study | None:
    """
    Read the study.

    Args:
        reader: Reads.

        role: The primaryRole.

        subject_id: The patient's number in the study, D.1.1.4.
    """
    study = role.find("subjectOf1", "researchStudy")
    if not study:
        return None
    number = reader.or_null(reader.extension, study.id(SPONSOR_STUDY), "C.5.3")
    registrations = [
        registration
        for position, authorization in enumerate(study.all("authorization"), start=1)
        if (registration := _read_registration(reader.at(position), authorization, position))
    ]
    identifiers = [*(entry.number for entry in registrations), number]
    return Study(
        study_id=next((name for name in identifiers if isinstance(name, str)), None),
        sponsor_study_number=number,
        title=reader.or_null(reader.text, study.find("title"), "C.5.2"),
        study_type=reader.coded(study.find("code"), "C.5.4", STUDY_TYPES),
        subject_id=subject_id if isinstance(subject_id, str) else None,
        registrations=registrations or None,
    )


def _read_registration(
    reader: Reader, authorization: Node, position: int
) -> StudyRegistration | None:
    registration = authorization.find("studyRegistration")
    number = reader.or_null(reader.extension, registration.id(STUDY_REGISTRATION), "C.5.1.r.1")
    place = registration.find("author", "territorialAuthority", "governingPlace", "code")
    country = reader.or_null(reader.country, place, "C.5.1.r.2")
    if number is None and country is None:
        return None
    return StudyRegistration(registration_id=f"g{position}", number=number, country=country)
