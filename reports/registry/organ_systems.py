"""
The organ systems that registries know, by the names of MedDRA.

ClinicalTrials.gov has a fixed list of names. EudraCT and CTIS name each by its number in the EU
controlled terms, with the version of that term. Sources: ClinicalTrials.gov, Adverse Event Data
Elements; EUTCT list of MedDRA system organ classes, as the R package eudract 0.10 carries it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganSystem:
    """One organ system: its name in the United States, and its EU number with version."""

    name: str
    eutct_id: int
    version: int


_VERSION = 22
_NUMBERS = {
    "Investigations": 100000004848,
    "Cardiac disorders": 100000004849,
    "Congenital, familial and genetic disorders": 100000004850,
    "Blood and lymphatic system disorders": 100000004851,
    "Nervous system disorders": 100000004852,
    "Eye disorders": 100000004853,
    "Ear and labyrinth disorders": 100000004854,
    "Respiratory, thoracic and mediastinal disorders": 100000004855,
    "Gastrointestinal disorders": 100000004856,
    "Renal and urinary disorders": 100000004857,
    "Skin and subcutaneous tissue disorders": 100000004858,
    "Musculoskeletal and connective tissue disorders": 100000004859,
    "Endocrine disorders": 100000004860,
    "Metabolism and nutrition disorders": 100000004861,
    "Infections and infestations": 100000004862,
    "Injury, poisoning and procedural complications": 100000004863,
    "Neoplasms benign, malignant and unspecified (incl cysts and polyps)": 100000004864,
    "Surgical and medical procedures": 100000004865,
    "Vascular disorders": 100000004866,
    "General disorders and administration site conditions": 100000004867,
    "Pregnancy, puerperium and perinatal conditions": 100000004868,
    "Social circumstances": 100000004869,
    "Immune system disorders": 100000004870,
    "Hepatobiliary disorders": 100000004871,
    "Reproductive system and breast disorders": 100000004872,
    "Psychiatric disorders": 100000004873,
}
# Two are named otherwise in the United States, or came later with a version of their own.
_SHORT = {"General disorders and administration site conditions": "General disorders"}
_BY_NAME = {
    name.casefold(): OrganSystem(_SHORT.get(name, name), number, _VERSION)
    for name, number in _NUMBERS.items()
} | {"product issues": OrganSystem("Product Issues", 100000167503, 3)}


def find_organ_system(name: str | None) -> OrganSystem | None:
    """Give the organ system of a class by its MedDRA name, in any case; None if there is none."""
    return None if name is None else _BY_NAME.get(" ".join(name.split()).casefold())
