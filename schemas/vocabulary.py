"""
The closed word lists that messages may use.

Each value has the ICH E2B(R3) code it stands for beside it, so that a list and
the standard can be compared line by line. Source of the codes: ICH E2B(R3)
implementation guide, code lists 2 to 16.
"""

from enum import StrEnum


class NullFlavor(StrEnum):
    """Why a value is not there, said on purpose (HL7 V3 NullFlavor, as ICH allows them)."""

    NI = "NI"  # no information
    MSK = "MSK"  # masked
    UNK = "UNK"  # unknown
    NA = "NA"  # not applicable
    ASKU = "ASKU"  # asked but unknown
    NASK = "NASK"  # not asked


class ReportKind(StrEnum):
    """What a report is to the case it belongs to."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    CORRECTION = "correction"  # C.1.11.1 = 2: no new information from the source


class SubmissionState(StrEnum):
    """How far a report that is due to a recipient has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    REJECTED = "rejected"  # the recipient did not take it: it is due again
    NOT_REQUIRED = "not_required"  # somebody decided so, with a reason


class ReportType(StrEnum):
    """Type of report, E2B C.1.3."""

    SPONTANEOUS = "spontaneous"  # 1
    STUDY = "study"  # 2
    OTHER = "other"  # 3
    NOT_AVAILABLE = "not_available"  # 4, not available to sender


class StudyType(StrEnum):
    """Type of study in which the reaction was observed, E2B C.5.4."""

    CLINICAL_TRIAL = "clinical_trial"  # 1
    INDIVIDUAL_USE = "individual_use"  # 2
    OTHER_STUDY = "other_study"  # 3
    PATIENT_SUPPORT = "patient_support"  # 4
    MARKET_RESEARCH = "market_research"  # 5
    DIGITAL_ACTIVITY = "digital_activity"  # 6


class Qualification(StrEnum):
    """Who the reporter is, E2B C.2.r.4."""

    PHYSICIAN = "physician"  # 1
    PHARMACIST = "pharmacist"  # 2
    OTHER_HEALTH_PROFESSIONAL = "other_health_professional"  # 3
    LAWYER = "lawyer"  # 4
    CONSUMER = "consumer"  # 5


class SenderType(StrEnum):
    """Who sends the report, E2B C.3.1."""

    COMPANY = "company"  # 1
    AUTHORITY = "authority"  # 2
    HEALTH_PROFESSIONAL = "health_professional"  # 3
    REGIONAL_CENTRE = "regional_centre"  # 4
    WHO_CENTRE = "who_centre"  # 5
    OTHER = "other"  # 6
    PATIENT = "patient"  # 7


class Sex(StrEnum):
    """E2B D.5 (ISO 5218)."""

    MALE = "male"  # 1
    FEMALE = "female"  # 2


class AgeGroup(StrEnum):
    """E2B D.2.3."""

    FOETUS = "foetus"  # 0
    NEONATE = "neonate"  # 1
    INFANT = "infant"  # 2
    CHILD = "child"  # 3
    ADOLESCENT = "adolescent"  # 4
    ADULT = "adult"  # 5
    ELDERLY = "elderly"  # 6


class Criterion(StrEnum):
    """The six seriousness criteria, E2B E.i.3.2a to f (ICH E2A II.B)."""

    DEATH = "death"
    LIFE_THREATENING = "life_threatening"
    HOSPITALISATION = "hospitalisation"
    DISABILITY = "disability"
    CONGENITAL_ANOMALY = "congenital_anomaly"
    OTHER_IMPORTANT = "other_important"


class Outcome(StrEnum):
    """Outcome of the reaction at the last observation, E2B E.i.7."""

    RECOVERED = "recovered"  # 1
    RECOVERING = "recovering"  # 2
    NOT_RECOVERED = "not_recovered"  # 3
    SEQUELAE = "recovered_with_sequelae"  # 4
    FATAL = "fatal"  # 5
    UNKNOWN = "unknown"  # 0


class Highlight(StrEnum):
    """Term highlighted by the reporter, E2B E.i.3.1."""

    YES_NOT_SERIOUS = "yes_not_serious"  # 1
    NO_NOT_SERIOUS = "no_not_serious"  # 2
    YES_SERIOUS = "yes_serious"  # 3
    NO_SERIOUS = "no_serious"  # 4


class DrugRole(StrEnum):
    """Characterisation of the drug's role, E2B G.k.1."""

    SUSPECT = "suspect"  # 1
    CONCOMITANT = "concomitant"  # 2
    INTERACTING = "interacting"  # 3
    NOT_ADMINISTERED = "not_administered"  # 4


class ActionTaken(StrEnum):
    """Action taken with the drug, E2B G.k.8."""

    WITHDRAWN = "withdrawn"  # 1
    REDUCED = "dose_reduced"  # 2
    INCREASED = "dose_increased"  # 3
    NOT_CHANGED = "dose_not_changed"  # 4
    INTERRUPTED = "interrupted"  # no R3 code of its own; sent as 1 and explained in the narrative
    UNKNOWN = "unknown"  # 0
    NOT_APPLICABLE = "not_applicable"  # 9


class Rechallenge(StrEnum):
    """Did the reaction recur on re-administration, E2B G.k.9.i.4."""

    RECURRED = "recurred"  # 1
    DID_NOT_RECUR = "did_not_recur"  # 2
    OUTCOME_UNKNOWN = "outcome_unknown"  # 3
    NOT_DONE = "not_done"  # 4, no rechallenge or not applicable


class Interpretation(StrEnum):
    """Test result in words, E2B F.r.3.1."""

    POSITIVE = "positive"  # 1
    NEGATIVE = "negative"  # 2
    BORDERLINE = "borderline"  # 3
    INCONCLUSIVE = "inconclusive"  # 4


class Channel(StrEnum):
    """Who in the company's sphere became aware (EU GVP VI.B.7: anyone acting for the holder)."""

    SAFETY_OFFICE = "safety_office"
    AFFILIATE = "affiliate"
    SITE_MONITOR = "site_monitor"
    STUDY_DATABASE = "study_database"
    CALL_CENTRE = "call_centre"
    VENDOR = "vendor"
    PARTNER = "partner"
    OVERSEAS_HOLDER = "overseas_holder"
    AUTHORITY = "authority"


class NullificationReason(StrEnum):
    """
    Reasons given for nullifying a case.

    Only the first four may void a case (EU GVP VI.B.7.2); the others are given
    in practice and are refused with a finding, the case stays as it is.
    """

    DUPLICATE = "duplicate"
    NO_EXPOSURE = "no_exposure"
    NEVER_VALID = "never_valid"
    DATA_ENTRY_ERROR = "data_entry_error"
    DOWNGRADE = "downgrade"
    LOST_TO_FOLLOW_UP = "lost_to_follow_up"
    LATER_UNRELATED = "later_unrelated"
