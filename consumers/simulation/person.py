"""
Who takes part: one subject with its baseline.

Shares are invented to look like hepatocellular carcinoma in China (mostly men
with chronic hepatitis B and Child-Pugh class A); the reasons why disease is
left after resection are the inclusion criteria of NCT01751763.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from consumers.simulation.chance import Chance
from consumers.simulation.tables import Site, load_sites

STUDY_START = date(2013, 7, 9)
LAST_ENROLMENT = date(2015, 11, 30)
PRIMARY_COMPLETION = date(2016, 12, 31)  # the last observation
STUDY_COMPLETION = date(2017, 9, 8)  # the last entry into the database

# What is left after resection, or what makes it likely: the registry's inclusion criteria.
RESIDUAL_DISEASE = (
    ("tumour rupture or invasion of an adjacent organ", 12),
    ("positive resection margin", 12),
    ("lymph node metastasis", 5),
    ("residual lesion on angiography", 8),
    ("tumour thrombus of vein or bile duct", 38),
    ("three or more tumours", 17),
    ("AFP above the upper limit two months after surgery", 8),
)
CONSONANTS = "BCDFGHJLMNQSTWXYZ"


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject as enrolled."""

    number: int
    subject_id: str
    site: Site
    seed: int
    enrolled: date
    surgery: date
    first_dose: date
    born: int  # year
    age: int  # years at enrolment
    sex: Literal["male", "female"]
    initials: str
    weight_kg: int
    height_cm: int
    hbv: bool
    hcv: bool
    cirrhosis: bool
    child_pugh: str
    bclc: str
    ecog: int
    residual_disease: str
    smoker: bool


def enrol_subject(seed: int, number: int, subjects: int) -> Subject:
    """
    Make up the subject with this *number*, counted from 1.

    Enrolment days are spread over the recruitment period, in the order of the numbers.
    """
    chance = Chance("secure", seed, number, "subject")
    site = chance.pick(load_sites())
    span = (LAST_ENROLMENT - STUDY_START).days
    enrolled = STUDY_START + timedelta(days=span * (number - 1) // subjects)
    age = min(max(chance.bell(53, 11), 19), 84)
    sex: Literal["male", "female"] = "male" if chance.percent(85) else "female"
    tall = 170 if sex == "male" else 159
    child_pugh = "B" if chance.percent(9) else "A"
    return Subject(
        number=number,
        subject_id=f"16621-{site.number:02d}-{number:03d}",
        site=site,
        seed=seed,
        enrolled=enrolled,
        surgery=enrolled - timedelta(days=chance.between(17, 84)),
        first_dose=enrolled + timedelta(days=chance.between(0, 7)),
        born=enrolled.year - age,
        age=age,
        sex=sex,
        initials="".join(chance.pick(CONSONANTS) for _ in range(chance.between(2, 3))),
        weight_kg=max(chance.bell(66 if sex == "male" else 56, 9), 40),
        height_cm=chance.bell(tall, 6),
        hbv=chance.percent(80),
        hcv=chance.percent(4),
        cirrhosis=chance.percent(72),
        child_pugh=child_pugh,
        bclc="C" if child_pugh == "B" else chance.weighted((("A", 30), ("B", 35), ("C", 35))),
        ecog=chance.weighted(((0, 70), (1, 27), (2, 3))),
        residual_disease=chance.weighted(RESIDUAL_DISEASE),
        smoker=chance.percent(38),
    )
