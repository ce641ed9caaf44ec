"""Who took part: each subject of DM or ADSL, with what its events and records need to know."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from consumers.cdisc.countries import read_country
from consumers.cdisc.datasets import Row
from consumers.cdisc.exposure import Period, adam_date
from consumers.cdisc.told import Told
from consumers.cdisc.values import (
    Json,
    key_of,
    plain_number,
    read_date,
    read_flag,
    read_number,
    whole_day,
)
from consumers.cdisc.words import (
    AGE_UNITS,
    NOT_AN_ARM,
    SEXES,
    read_cause,
    read_word,
)
from schemas.topics import STUDY_RECORDS

ENROLLED, EXPOSED, ASSESSED, TREATED, MEASURED = (kind.type for kind in STUDY_RECORDS.kinds[:5])

# Population flags of ADSL, in our words.
_POPULATIONS = {
    "SAFFL": "safety",
    "ITTFL": "itt",
    "FASFL": "full_analysis",
    "PPROTFL": "per_protocol",
    "EFFFL": "efficacy",
    "RANDFL": "randomised",
    "ENRLFL": "enrolled",
}
# The same populations as supplemental qualifiers of DM name them, beside the names of ADSL.
_SUPPLEMENTS = {
    "SAFETY": "safety",
    "ITT": "itt",
    "FULLSET": "full_analysis",
    "PPROT": "per_protocol",
    "EFFICACY": "efficacy",
} | _POPULATIONS
_PLANNED, _ACTUAL = ("TRT01P", "ARM", "ARMCD"), ("TRT01A", "ACTARM", "ACTARMCD")
# Baseline columns of ADSL that are shown as characteristics: groups, strata, baseline values.
_CHARACTERISTIC_ENDS = ("GR1", "BL", "ECOG")
_CHARACTERISTICS = ("ETHNIC", "REGION1", "STRATA", "BMRKR", "DURDIS", "EDUCLVL", "DIAGNOS", "BBMI")
_MOST = 1000  # entries a list of a message may have
_A_YEAR_HAS = {
    "a": Decimal(1),
    "mo": Decimal(12),
    "wk": Decimal("52.1775"),
    "d": Decimal("365.25"),
    "h": Decimal(8766),
}


@dataclass(slots=True)
class Subject:
    """
    One subject.

    Attributes:
        known: Whether a row of DM or ADSL tells of it; else it is named by another dataset only.
        cells: That row.
        untreated: The data say that it failed screening or got nothing.
        started: First dose, or the start of participation where no dose is told.
        died: Date of death, or that it is unknown; None where nobody says that it died.
    """

    study: str
    subject: str
    known: bool = False
    cells: Row = field(default_factory=lambda: Row({}, set()))
    row: int = 0
    file: str = ""
    country: str | None = None
    site: str | None = None
    sex: str | None = None
    age: Decimal | None = None
    age_unit: str = "a"
    birth: Json | None = None
    race: str | None = None
    ethnicity: str | None = None
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    planned_arm: str | None = None
    actual_arm: str | None = None
    untreated: bool = False
    consent: Json | None = None
    started: Json | None = None
    first_dose: Json | None = None
    last_dose: Json | None = None
    died: Json | None = None
    cause_of_death: str | None = None
    cause_category: str | None = None
    arm_rank: Decimal | None = None
    randomised: Json | None = None
    populations: list[str] = field(default_factory=list)
    excluded_from: list[str] = field(default_factory=list)
    characteristics: list[Json] = field(default_factory=list)
    history: list[Json] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)

    @property
    def study_key(self) -> str:
        """The study as a key."""
        return key_of(self.study)

    @property
    def key(self) -> str:
        """The subject as a key; unique in its study."""
        return key_of(self.subject)

    @property
    def envelope(self) -> str:
        """Subject of the envelope of its study records."""
        return f"{self.study_key}:{self.key}"

    @property
    def day(self) -> date | None:
        """First day of the subject that is known to the day."""
        return whole_day(self.started) or whole_day(self.consent)


def read_subject(row: Row, number: int, file: str) -> Subject | None:
    """Give the subject of a row of DM or ADSL; None where the row names none."""
    study, name = row.get("STUDYID"), row.get("USUBJID")
    if study is None or name is None:
        return None
    return Subject(
        study=study[:500],
        subject=name,
        known=True,
        cells=row,
        row=number,
        file=file,
        country=read_country(row.get("COUNTRY")),
        site=row.get("SITEID"),
        sex=read_word(row.get("SEX"), SEXES),
        age=read_number(row.get("AGE") or row.get("AAGE")),
        age_unit=read_word(row.get("AGEU"), AGE_UNITS) or "a",
        birth=read_date(row.get("BRTHDTC")) or adam_date(row, "BRTHDT"),
        race=row.get("RACE"),
        ethnicity=row.get("ETHNIC"),
        weight_kg=read_number(row.get("WEIGHTBL") or row.get("WGTBL")),
        height_cm=read_number(row.get("HEIGHTBL") or row.get("HGTBL")),
        planned_arm=_arm(row, *_PLANNED),
        actual_arm=_arm(row, *_ACTUAL),
        untreated=any(_is_no_arm(row.get(name)) for name in (*_PLANNED, *_ACTUAL)),
        consent=read_date(row.get("RFICDTC")) or adam_date(row, "RFICDT"),
        started=read_date(row.get("RFXSTDTC") or row.get("RFSTDTC"))
        or adam_date(row, "TRTSDT")
        or adam_date(row, "RANDDT"),
        first_dose=read_date(row.get("RFXSTDTC")) or adam_date(row, "TRTSDT"),
        last_dose=read_date(row.get("RFXENDTC")) or adam_date(row, "TRTEDT"),
        died=_death(row),
        cause_of_death=row.get("DTHCAUS"),
        cause_category=read_cause(row.get("DTHCAT") or row.get("DTHCAUS")),
        arm_rank=read_number(row.get("TRT01AN") or row.get("TRTAN") or row.get("TRT01PN")),
        randomised=read_date(row.get("RANDDTC")) or adam_date(row, "RANDDT"),
        populations=_flagged(row, answer=True),
        excluded_from=_flagged(row, answer=False),
        characteristics=_characteristics(row),
    )


def _flagged(row: Row, *, answer: bool) -> list[str]:
    return [ours for flag, ours in _POPULATIONS.items() if read_flag(row.get(flag)) is answer]


def _characteristics(row: Row) -> list[Json]:
    named = [
        name
        for name in row.cells
        if name.endswith(_CHARACTERISTIC_ENDS) or name.startswith(_CHARACTERISTICS)
        if not name.startswith(("WEIGHT", "HEIGHT"))
    ]
    return [
        {"name": key_of(name.lower()), "value": row.get(name, "")[:500]} for name in named[:_MOST]
    ]


def _arm(row: Row, *names: str) -> str | None:
    """Give the first arm named; a subject who failed screening or got nothing has none."""
    told = [arm for name in names if (arm := row.get(name)) is not None]
    if not told or any(map(_is_no_arm, told)):
        return None
    return told[0][:500]


def _is_no_arm(arm: str | None) -> bool:
    return " ".join((arm or "").upper().split()) in NOT_AN_ARM


def _death(row: Row) -> Json | None:
    when = read_date(row.get("DTHDTC")) or adam_date(row, "DTHDT")
    if when is not None:
        return when
    return {"null": "UNK"} if read_flag(row.get("DTHFL")) is True else None


def take_population(row: Row, subject: Subject) -> bool:
    """Take what a row of SUPPDM says of a population; False if it says something else."""
    ours, answer = _SUPPLEMENTS.get(row.get("QNAM", "").upper()), read_flag(row.get("QVAL"))
    if ours is None or answer is None:
        return False
    if ours not in {*subject.populations, *subject.excluded_from}:
        (subject.populations if answer else subject.excluded_from).append(ours)
    return True


def read_history(row: Row) -> Json | None:
    """Give a condition of MH or ADMH as a term; None where the row names none."""
    text = row.get("MHTERM") or row.get("MHDECOD")
    return None if text is None else {"text": text[:2000]}


def take_vital_sign(row: Row, subject: Subject) -> bool:
    """Take weight or height from a row of VS, the baseline one before others; False if neither."""
    number = read_number(row.get("VSSTRESN"))
    kind, unit = row.get("VSTESTCD", "").upper(), row.get("VSSTRESU", "").lower()
    wanted = {"WEIGHT": ("weight_kg", "kg"), "HEIGHT": ("height_cm", "cm")}.get(kind)
    if wanted is None or number is None or unit != wanted[1]:
        return False
    baseline = read_flag(row.get("VSBLFL")) or read_flag(row.get("VSLOBXFL"))
    if baseline or getattr(subject, wanted[0]) is None:
        setattr(subject, wanted[0], number)
    return True


def tell_enrolment(subject: Subject) -> Told:
    """Give the message of a subject and its baseline."""
    populations = list(subject.populations)
    dosed = bool(subject.periods) or (subject.first_dose is not None and not subject.untreated)
    if dosed and "safety" not in (*populations, *subject.excluded_from):
        populations.append("safety")  # nobody says otherwise, and it took a dose
    consent = whole_day(subject.consent)
    facts: dict[str, Any] = {
        "site": None if subject.site is None else key_of(subject.site),
        "country": subject.country,
        "consent": None if consent is None else consent.isoformat(),
        "enrolled": subject.started or subject.consent,
        "birth_date": subject.birth,
        "age_years": _years(subject),
        "sex": subject.sex,
        "race": None if subject.race is None else subject.race[:500],
        "weight_kg": None if subject.weight_kg is None else plain_number(subject.weight_kg),
        "height_cm": None if subject.height_cm is None else plain_number(subject.height_cm),
        "planned_arm": subject.planned_arm,
        "actual_arm": subject.actual_arm,
        "arm_rank": None if subject.arm_rank is None else plain_number(subject.arm_rank),
        "populations": populations,
        "excluded_from": subject.excluded_from,
        "randomised": subject.randomised,
        "first_dose": subject.first_dose,
        "last_dose": subject.last_dose,
        "characteristics": subject.characteristics,
        "history": subject.history[:_MOST],
    }
    return Told(
        type=ENROLLED,
        key=subject.envelope,
        name=f"subject/{subject.key}",
        day=subject.day,
        data=record_head(subject, "enrolment")
        | {name: value for name, value in facts.items() if value is not None},
        row=subject.row,
        file=subject.file,
    )


def record_head(subject: Subject, record: str) -> Json:
    """Give what all study records begin with; the instant of recording comes with identity."""
    return {"study_id": subject.study, "subject_id": subject.key, "record_id": key_of(record)}


def tell_death(subject: Subject) -> Iterator[Told]:
    """Give the message of a death that DM or ADSL tells of."""
    if subject.died is None:
        return
    assessed = subject.died if "value" in subject.died else subject.last_dose or subject.started
    if assessed is None:
        return
    data: Json = {"assessed": assessed, "status": "dead"}
    if subject.cause_of_death is not None:
        data["cause_of_death"] = {"text": subject.cause_of_death[:2000]}
    if subject.cause_category is not None:
        data["cause_category"] = subject.cause_category
    if "value" not in subject.died:
        data["comments"] = "The date of death is not known; the date is the last that is known."
    yield Told(
        type=ASSESSED,
        key=subject.envelope,
        name=f"death/{subject.key}",
        day=whole_day(assessed),
        data=record_head(subject, "death") | data,
        row=subject.row,
        file=subject.file,
    )


def _years(subject: Subject) -> int | float | None:
    if subject.age is None:
        return None
    return plain_number(round(subject.age / _A_YEAR_HAS[subject.age_unit], 2))
