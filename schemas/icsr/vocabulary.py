"""
The identifiers and code lists of ICH E2B(R3), readable in both directions.

Source: ICH ICSR implementation guide package (code lists 1 to 24, identifier
namespaces 1 to 22) and the HL7, ISO, MedDRA, EDQM and FDA identifiers it refers to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from schemas.vocabulary import (
    ActionTaken,
    AgeGroup,
    Criterion,
    DrugRole,
    Highlight,
    Interpretation,
    Outcome,
    Qualification,
    Rechallenge,
    ReportType,
    SenderType,
    Sex,
    StudyType,
)

Value_co = TypeVar("Value_co", covariant=True)

CODE_LISTS = "2.16.840.1.113883.3.989.2.1.1."
NAMESPACES = "2.16.840.1.113883.3.989.2.1.3."

# Identifier namespaces: what the `root` of an `id` says its `extension` is.
SAFETY_REPORT = f"{NAMESPACES}1"  # N.2.r.1, C.1.1
WORLDWIDE_CASE = f"{NAMESPACES}2"  # C.1.8.1, C.1.10.r
OTHER_CASE = f"{NAMESPACES}3"  # C.1.9.1.r
AUTHORISATION = f"{NAMESPACES}4"  # G.k.3.1
SPONSOR_STUDY = f"{NAMESPACES}5"  # C.5.3
STUDY_REGISTRATION = f"{NAMESPACES}6"  # C.5.1.r.1
GP_RECORD = f"{NAMESPACES}7"  # D.1.1.1
SPECIALIST_RECORD = f"{NAMESPACES}8"  # D.1.1.2
HOSPITAL_RECORD = f"{NAMESPACES}9"  # D.1.1.3
INVESTIGATION_NUMBER = f"{NAMESPACES}10"  # D.1.1.4
MESSAGE_SENDER = f"{NAMESPACES}11"  # N.2.r.2
MESSAGE_RECEIVER = f"{NAMESPACES}12"  # N.2.r.3
BATCH_SENDER = f"{NAMESPACES}13"  # N.1.3
BATCH_RECEIVER = f"{NAMESPACES}14"  # N.1.4
BATCH_NUMBER = f"{NAMESPACES}22"  # N.1.2

# Code lists whose codes only say which element this is.
MESSAGE_TYPES = f"{CODE_LISTS}1"  # N.1.1
RECORD_KINDS = f"{CODE_LISTS}4"  # D.1.1.1 to .4
EVENTS_OF_SUPPLY = f"{CODE_LISTS}18"  # G.k.2.4
OBSERVATIONS = f"{CODE_LISTS}19"
CATEGORIES = f"{CODE_LISTS}20"
AUTHORS = f"{CODE_LISTS}21"
RELATED_REPORTS = f"{CODE_LISTS}22"
CHARACTERISTICS = f"{CODE_LISTS}23"
DOCUMENTS = f"{CODE_LISTS}27"

ISO_COUNTRY = "1.0.3166.1.2.2"
ROLES = "2.16.840.1.113883.5.111"  # PRN, the parent
ABNORMALITY = "2.16.840.1.113883.5.83"  # L and H of a reference range
MEDDRA = "2.16.840.1.113883.6.163"
NCI_THESAURUS = "2.16.840.1.113883.3.26.1.1"

# Terminologies by the name that `schemas.values.Code.system` gives them; any other is given by OID.
TERMINOLOGIES: Mapping[str, str] = {
    MEDDRA: "MedDRA",
    NCI_THESAURUS: "NCIt",
    "2.16.840.1.113883.6.294": "WHODrug",
    "2.16.840.1.113883.6.69": "NDC",
    "2.16.840.1.113883.4.9": "UNII",
    "0.4.0.127.0.16.1.1.2.1": "EDQM dose form",
    "0.4.0.127.0.16.1.1.2.6": "EDQM route",
    f"{CODE_LISTS}14": "ICH route",
    f"{CODE_LISTS}28": "ICH EDQM route",
    f"{CODE_LISTS}29": "ICH EDQM dose form",
}
TERMINOLOGY_OIDS: Mapping[str, str] = {name: oid for oid, name in TERMINOLOGIES.items()}


class Observation:
    """Code list 19: which element an observation is."""

    DOCUMENTS_AVAILABLE = "1"  # C.1.6.1
    ADDITIONAL_DRUG_TEXT = "2"  # G.k.11
    AGE = "3"  # D.2.2
    AGE_GROUP = "4"  # D.2.3
    AUTOPSY = "5"  # D.9.3
    BLINDED = "6"  # G.k.2.5
    WEIGHT = "7"  # D.3
    AUTOPSY_CAUSE = "8"  # D.9.4.r
    ADDITIONAL_DRUG_CODE = "9"  # G.k.10.r
    COMMENT = "10"  # D.7.1.r.5, F.r.6, H.2, H.4
    CONCOMITANT_THERAPIES = "11"  # D.7.3
    CONGENITAL_ANOMALY = "12"  # E.i.3.2e
    CONTINUING = "13"  # D.7.1.r.3
    CUMULATIVE_DOSE = "14"  # G.k.5
    DIAGNOSIS = "15"  # H.3.r
    GESTATION = "16"  # D.2.2.1, G.k.6
    HEIGHT = "17"  # D.4
    HISTORY_TEXT = "18"  # D.7.2
    INDICATION = "19"  # D.8.r.6, G.k.7.r
    DRUG_ROLE = "20"  # G.k.1
    LIFE_THREATENING = "21"  # E.i.3.2b
    LAST_MENSTRUAL_PERIOD = "22"  # D.6
    EXPEDITED = "23"  # C.1.7
    MEDICALLY_CONFIRMED = "24"  # E.i.8
    MORE_INFORMATION = "25"  # F.r.7
    OTHER_IMPORTANT = "26"  # E.i.3.2f
    OUTCOME = "27"  # E.i.7
    PARENT_ROUTE = "28"  # G.k.4.r.11
    REACTION = "29"  # E.i, D.8.r.7
    TRANSLATION = "30"  # E.i.1.2
    RECHALLENGE = "31"  # G.k.9.i.4
    REPORTED_CAUSE = "32"  # D.9.2.r
    HOSPITALISATION = "33"  # E.i.3.2c
    DEATH = "34"  # E.i.3.2a
    DISABILITY = "35"  # E.i.3.2d
    SUMMARY = "36"  # H.5.r
    HIGHLIGHT = "37"  # E.i.3.1
    FAMILY_HISTORY = "38"  # D.7.1.r.6
    RELATEDNESS = "39"  # G.k.9.i.2.r


class Category:
    """Code list 20: which group of entries an organizer holds."""

    HISTORY = "1"  # D.7
    PAST_DRUGS = "2"  # D.8
    TESTS = "3"  # F
    DRUGS = "4"  # G


class Author:
    """Code list 21: who wrote or said it."""

    SENDER = "1"
    REPORTER = "2"
    SOURCE_REPORTER = "3"


@dataclass(frozen=True, slots=True)
class CodeList(Generic[Value_co]):
    """
    One closed code list.

    Attributes:
        oid: Its `codeSystem`.
        values: Code to value.
        written_as: Values that have no code of their own, with the code they are sent as.
    """

    oid: str
    values: Mapping[str, Value_co]
    written_as: tuple[tuple[Value_co, str], ...] = ()

    def code_of(self, value: object) -> str:
        """
        Give the code that a value is sent as.

        Raises:
            KeyError: If the value is not on the list.
        """
        for code, own in (*self.values.items(), *((c, v) for v, c in self.written_as)):
            if own == value:
                return code
        raise KeyError(value)


REPORT_TYPES = CodeList(
    f"{CODE_LISTS}2",
    {
        "1": ReportType.SPONTANEOUS,
        "2": ReportType.STUDY,
        "3": ReportType.OTHER,
        "4": ReportType.NOT_AVAILABLE,
    },
)
FirstSender = Literal["regulator", "other"]
_FIRST_SENDERS: dict[str, FirstSender] = {"1": "regulator", "2": "other"}
FIRST_SENDERS = CodeList(f"{CODE_LISTS}3", _FIRST_SENDERS)
Amendment = Literal["nullification", "amendment"]
_AMENDMENTS: dict[str, Amendment] = {"1": "nullification", "2": "amendment"}
AMENDMENTS = CodeList(f"{CODE_LISTS}5", _AMENDMENTS)
QUALIFICATIONS = CodeList(
    f"{CODE_LISTS}6",
    {
        "1": Qualification.PHYSICIAN,
        "2": Qualification.PHARMACIST,
        "3": Qualification.OTHER_HEALTH_PROFESSIONAL,
        "4": Qualification.LAWYER,
        "5": Qualification.CONSUMER,
    },
)
SENDER_TYPES = CodeList(
    f"{CODE_LISTS}7",
    {
        "1": SenderType.COMPANY,
        "2": SenderType.AUTHORITY,
        "3": SenderType.HEALTH_PROFESSIONAL,
        "4": SenderType.REGIONAL_CENTRE,
        "5": SenderType.WHO_CENTRE,
        "6": SenderType.OTHER,
        "7": SenderType.PATIENT,
    },
)
STUDY_TYPES = CodeList(
    f"{CODE_LISTS}8",
    {
        "1": StudyType.CLINICAL_TRIAL,
        "2": StudyType.INDIVIDUAL_USE,
        "3": StudyType.OTHER_STUDY,
        "4": StudyType.PATIENT_SUPPORT,
        "5": StudyType.MARKET_RESEARCH,
        "6": StudyType.DIGITAL_ACTIVITY,
    },
)
AGE_GROUPS = CodeList(
    f"{CODE_LISTS}9",
    {
        "0": AgeGroup.FOETUS,
        "1": AgeGroup.NEONATE,
        "2": AgeGroup.INFANT,
        "3": AgeGroup.CHILD,
        "4": AgeGroup.ADOLESCENT,
        "5": AgeGroup.ADULT,
        "6": AgeGroup.ELDERLY,
    },
)
HIGHLIGHTS = CodeList(
    f"{CODE_LISTS}10",
    {
        "1": Highlight.YES_NOT_SERIOUS,
        "2": Highlight.NO_NOT_SERIOUS,
        "3": Highlight.YES_SERIOUS,
        "4": Highlight.NO_SERIOUS,
    },
)
OUTCOMES = CodeList(
    f"{CODE_LISTS}11",
    {
        "0": Outcome.UNKNOWN,
        "1": Outcome.RECOVERED,
        "2": Outcome.RECOVERING,
        "3": Outcome.NOT_RECOVERED,
        "4": Outcome.SEQUELAE,
        "5": Outcome.FATAL,
    },
)
INTERPRETATIONS = CodeList(
    f"{CODE_LISTS}12",
    {
        "1": Interpretation.POSITIVE,
        "2": Interpretation.NEGATIVE,
        "3": Interpretation.BORDERLINE,
        "4": Interpretation.INCONCLUSIVE,
    },
)
DRUG_ROLES = CodeList(
    f"{CODE_LISTS}13",
    {
        "1": DrugRole.SUSPECT,
        "2": DrugRole.CONCOMITANT,
        "3": DrugRole.INTERACTING,
        "4": DrugRole.NOT_ADMINISTERED,
    },
)
ACTIONS = CodeList(
    f"{CODE_LISTS}15",
    {
        "0": ActionTaken.UNKNOWN,
        "1": ActionTaken.WITHDRAWN,
        "2": ActionTaken.REDUCED,
        "3": ActionTaken.INCREASED,
        "4": ActionTaken.NOT_CHANGED,
        "9": ActionTaken.NOT_APPLICABLE,
    },
    written_as=((ActionTaken.INTERRUPTED, "1"),),
)
RECHALLENGES = CodeList(
    f"{CODE_LISTS}16",
    {
        "1": Rechallenge.RECURRED,
        "2": Rechallenge.DID_NOT_RECUR,
        "3": Rechallenge.OUTCOME_UNKNOWN,
        "4": Rechallenge.NOT_DONE,
    },
)
ADDITIONAL_DRUG_INFORMATION = f"{CODE_LISTS}17"  # G.k.10.r: an open list, kept as codes
SEXES = CodeList("1.0.5218", {"1": Sex.MALE, "2": Sex.FEMALE})

# E.i.3.2a to f: the observation that carries each criterion, in the order of the standard.
CRITERIA: Mapping[str, tuple[str, Criterion]] = {
    "a": (Observation.DEATH, Criterion.DEATH),
    "b": (Observation.LIFE_THREATENING, Criterion.LIFE_THREATENING),
    "c": (Observation.HOSPITALISATION, Criterion.HOSPITALISATION),
    "d": (Observation.DISABILITY, Criterion.DISABILITY),
    "e": (Observation.CONGENITAL_ANOMALY, Criterion.CONGENITAL_ANOMALY),
    "f": (Observation.OTHER_IMPORTANT, Criterion.OTHER_IMPORTANT),
}
