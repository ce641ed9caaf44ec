"""What do the study records of one subject say that somebody has to know?"""

from safety.subjects.advance import (
    LiveSubject,
    SubjectOutcome,
    SubjectVersion,
    advance_subject,
    begin_subject,
    restore_subject,
    seal_subject,
)
from safety.subjects.assess import SubjectAssessment, assess_subject, screen_records
from safety.subjects.beside import BesideCase, BesideGrade, derive_beside
from safety.subjects.edish import EdishPoint, derive_edish
from safety.subjects.records import (
    RELEVANT,
    Held,
    SubjectFact,
    hold,
    read_fact,
)

__all__ = [
    "RELEVANT",
    "BesideCase",
    "BesideGrade",
    "EdishPoint",
    "Held",
    "LiveSubject",
    "SubjectAssessment",
    "SubjectFact",
    "SubjectOutcome",
    "SubjectVersion",
    "advance_subject",
    "assess_subject",
    "begin_subject",
    "derive_beside",
    "derive_edish",
    "hold",
    "read_fact",
    "restore_subject",
    "screen_records",
    "seal_subject",
]
